// Texts in fixed arrays of bytes, and the masks over names.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace standin {

// The text up to its NUL, or the whole array where there is none.
template <std::size_t Size>
std::string_view text(const char (&array)[Size]) {
  const std::string_view whole(array, Size);
  return whole.substr(0, whole.find('\0'));
}

inline std::string_view text(const char* pointer) { return pointer == nullptr ? std::string_view() : pointer; }

// Copies what fits and cuts the rest; all behind is zero.
template <std::size_t Size>
void put(char (&array)[Size], std::string_view value, std::size_t most = Size - 1) {
  const std::size_t kept = std::min({value.size(), most, Size - 1});
  for (std::size_t index = 0; index < Size; ++index) array[index] = index < kept ? value[index] : '\0';
}

// MT4's masks: a comma between choices, * for anything, ! before an exclusion; only exclusions mean all others.
bool matches(std::string_view masks, std::string_view name);

}  // namespace standin
