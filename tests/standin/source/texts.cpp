// Masks such as "demo*,!demo-vip".
#include "texts.h"

namespace standin {
namespace {

bool fits(std::string_view mask, std::string_view name) {
  const std::size_t star = mask.find('*');
  if (star == std::string_view::npos) return mask == name;
  if (!name.starts_with(mask.substr(0, star))) return false;
  const std::string_view rest = mask.substr(star + 1);
  for (std::size_t from = star; from <= name.size(); ++from) {
    if (fits(rest, name.substr(from))) return true;
  }
  return false;
}

std::string_view trimmed(std::string_view part) {
  while (part.starts_with(' ')) part.remove_prefix(1);
  while (part.ends_with(' ')) part.remove_suffix(1);
  return part;
}

}  // namespace

bool matches(std::string_view masks, std::string_view name) {
  bool included = false;
  bool any_included = false;
  while (!masks.empty()) {
    const std::size_t comma = masks.find(',');
    const std::string_view part = trimmed(masks.substr(0, comma));
    masks = comma == std::string_view::npos ? std::string_view() : masks.substr(comma + 1);
    if (part.starts_with('!')) {
      if (fits(part.substr(1), name)) return false;
    } else if (!part.empty()) {
      any_included = true;
      included = included || fits(part, name);
    }
  }
  return included || !any_included;
}

}  // namespace standin
