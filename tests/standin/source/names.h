// The methods by their slots, and how often each was called.
#pragma once

#include <cstdint>
#include <string>

namespace standin {

inline constexpr int kSlots = 195;

const char* slot_name(int slot);

bool is_call(const std::string& name);

void count_call(int slot);

// Calls of one method, or of all when the name is empty; -1 for a name that is none.
std::int64_t calls(const std::string& name);

std::int64_t unsupported_calls();

void reset_calls();

}  // namespace standin
