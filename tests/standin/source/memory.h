// The blocks that callers get, and have to give back through MemFree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

namespace standin {

struct MemoryCounts {
  std::int64_t allocated = 0;
  std::int64_t freed = 0;
  std::int64_t live_blocks = 0;
  std::int64_t live_bytes = 0;
  std::int64_t peak_bytes = 0;
  std::int64_t double_frees = 0;
  std::int64_t foreign_frees = 0;
};

// A zeroed block that counts as the caller's until it comes back.
void* hand_out(std::size_t bytes);

// Takes a block back. NULL is passed over; a block that came back a short while before, and any other
// address that is not ours, is counted and left alone.
void take_back(void* block);

MemoryCounts memory_counts();

// Forgets the counts, not the blocks.
void reset_memory_counts();

// An array for the caller: NULL with total 0 when there is nothing, as everywhere in this interface.
template <typename Row, typename Shape>
Row* hand_out_rows(const std::vector<const Row*>& found, std::int32_t* total, Shape shape) {
  static_assert(std::is_trivially_copyable_v<Row>);
  if (found.empty()) return nullptr;
  auto* rows = static_cast<Row*>(hand_out(found.size() * sizeof(Row)));
  for (std::size_t index = 0; index < found.size(); ++index) {
    rows[index] = *found[index];
    shape(rows[index]);
  }
  *total = static_cast<std::int32_t>(found.size());
  return rows;
}

template <typename Row>
Row* hand_out_rows(const std::vector<Row>& made, std::int32_t* total) {
  std::vector<const Row*> found;
  found.reserve(made.size());
  for (const Row& row : made) found.push_back(&row);
  return hand_out_rows(found, total, [](Row&) {});
}

}  // namespace standin
