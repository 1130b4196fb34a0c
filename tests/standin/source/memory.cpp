// Counts every block between its making and its MemFree.
#include "memory.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <mutex>
#include <new>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace standin {
namespace {

// Blocks that came back are kept for a while, filled with a pattern: their addresses are nobody else's then, so that a
// double free can be told from a foreign pointer, and whoever still reads one does not read what it held.
constexpr std::size_t kMostKept = 256;
constexpr std::size_t kMostKeptBytes = 4 << 20;
constexpr int kPattern = 0xDD;

struct Blocks {
  std::mutex mutex;
  std::unordered_map<void*, std::size_t> live;
  std::unordered_set<void*> gone;
  std::deque<std::pair<void*, std::size_t>> kept;
  std::size_t kept_bytes = 0;
  MemoryCounts counts;
};

Blocks& blocks() {
  static auto* const all = new Blocks;  // lives as long as the process: callers may free while it ends
  return *all;
}

void keep_a_while(Blocks& all, void* block, std::size_t bytes) {
  std::memset(block, kPattern, std::min(bytes, kMostKeptBytes));
  all.gone.insert(block);
  all.kept.emplace_back(block, bytes);
  all.kept_bytes += bytes;
  while (all.kept.size() > kMostKept || all.kept_bytes > kMostKeptBytes) {
    const auto [oldest, size] = all.kept.front();
    all.kept.pop_front();
    all.kept_bytes -= size;
    all.gone.erase(oldest);
    std::free(oldest);
  }
}

}  // namespace

void* hand_out(std::size_t bytes) {
  void* const block = std::calloc(1, std::max<std::size_t>(bytes, 1));
  if (block == nullptr) throw std::bad_alloc();
  Blocks& all = blocks();
  const std::lock_guard lock(all.mutex);
  all.live.emplace(block, bytes);
  ++all.counts.allocated;
  ++all.counts.live_blocks;
  all.counts.live_bytes += static_cast<std::int64_t>(bytes);
  all.counts.peak_bytes = std::max(all.counts.peak_bytes, all.counts.live_bytes);
  return block;
}

void take_back(void* block) {
  if (block == nullptr) return;
  Blocks& all = blocks();
  const std::lock_guard lock(all.mutex);
  const auto found = all.live.find(block);
  if (found == all.live.end()) {
    ++(all.gone.contains(block) ? all.counts.double_frees : all.counts.foreign_frees);
    return;
  }
  const std::size_t bytes = found->second;
  all.counts.live_bytes -= static_cast<std::int64_t>(bytes);
  --all.counts.live_blocks;
  ++all.counts.freed;
  all.live.erase(found);
  keep_a_while(all, block, bytes);
}

MemoryCounts memory_counts() {
  Blocks& all = blocks();
  const std::lock_guard lock(all.mutex);
  return all.counts;
}

void reset_memory_counts() {
  Blocks& all = blocks();
  const std::lock_guard lock(all.mutex);
  const MemoryCounts before = all.counts;
  all.counts = MemoryCounts{};
  all.counts.allocated = before.live_blocks;  // what is still out can still be freed
  all.counts.live_blocks = before.live_blocks;
  all.counts.live_bytes = before.live_bytes;
  all.counts.peak_bytes = before.live_bytes;
}

}  // namespace standin
