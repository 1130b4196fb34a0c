// Names and counts of the 195 slots.
#include "names.h"

#include <array>
#include <atomic>

#include "../abi/types.h"

namespace standin {
namespace {

constexpr std::array<const char*, kSlots> kNames = {
#define STANDIN_SLOT(index, name) #name,
#include "../abi/slots.inc"
#undef STANDIN_SLOT
};

std::array<std::atomic<std::int64_t>, kSlots> counts;
std::atomic<std::int64_t> not_supported;

}  // namespace

const char* slot_name(int slot) { return kNames.at(static_cast<std::size_t>(slot)); }

bool is_call(const std::string& name) {
  for (const char* const known : kNames) {
    if (name == known) return true;
  }
  return false;
}

void count_call(int slot) { ++counts.at(static_cast<std::size_t>(slot)); }

std::int64_t calls(const std::string& name) {
  std::int64_t sum = name.empty() || is_call(name) ? 0 : -1;
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    if (name.empty() || name == kNames[slot]) sum += counts[slot];
  }
  return sum;
}

std::int64_t unsupported_calls() { return not_supported; }

void unsupported(int slot) {
  count_call(slot);
  ++not_supported;
}

void reset_calls() {
  for (auto& count : counts) count = 0;
  not_supported = 0;
}

}  // namespace standin
