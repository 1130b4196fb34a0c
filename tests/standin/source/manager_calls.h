// How an object makes its calls: requests on the line, reads from what the pump keeps.
#pragma once

#include "manager.h"
#include "names.h"
#include "passage.h"
#include "script.h"

namespace standin {

template <typename Work>
std::int32_t Manager::request(int slot, Work work) {
  if (stop_pump()) {
    count_call(slot);
    return RET_ERROR;
  }
  return make_call(line_, slot, std::move(work));
}

template <typename Row, typename Work>
Row* Manager::request_list(int slot, std::int32_t* total, Work work) {
  none(total);
  if (stop_pump()) {
    count_call(slot);
    return nullptr;
  }
  return make_list<Row>(line_, slot, total, std::move(work));
}

template <typename Work>
std::int32_t Manager::read(int slot, Work work) {
  follow_script();
  count_call(slot);
  if (!pumping()) return RET_ERROR;
  const auto fault = next_fault(slot_name(slot));
  if (fault && fault->kind == Kind::refuse) return fault->code;
  if (fault && fault->kind == Kind::hang) hang(fault->ms);
  Server& all = server();
  const std::lock_guard lock(all.mutex);
  return work(all);
}

template <typename Row, typename Work>
Row* Manager::read_list(int slot, std::int32_t* total, Work work) {
  none(total);
  if (total == nullptr) return nullptr;
  Row* rows = nullptr;
  read(slot, [&](Server& all) {
    rows = work(all, total);
    return 0;
  });
  return rows;
}

}  // namespace standin
