// The way of one call to the server and back, with what the line and the plan of faults do to it.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <utility>

#include "faults.h"
#include "line.h"
#include "memory.h"
#include "server.h"

namespace standin {

class Passage {
 public:
  // Waits, hangs or ends the process where the plan says so. A call on a line that is in use spoils both.
  Passage(Line& line, int slot, bool answered_without_login = false);
  ~Passage();
  Passage(const Passage&) = delete;
  Passage& operator=(const Passage&) = delete;

  // What the call gives without having its effect, if so.
  std::optional<std::int32_t> stopped() const { return stopped_; }

  // Milliseconds by which the effect comes after the answer.
  std::optional<std::int64_t> late() const { return late_; }

  // What the call gives after its effect.
  std::int32_t done(std::int32_t code);

 private:
  std::int32_t before();

  Line& line_;
  std::optional<Fault> fault_;
  std::optional<std::int32_t> stopped_;
  std::optional<std::int64_t> late_;
  bool open_ = true;
};

// Carries work out so many milliseconds later, if the server has not been reset by then; it takes the mutex itself.
void carry_out_late(std::int64_t ms, std::function<void(Server&)> work);

// Effects that have still to come.
std::int64_t late_effects();

// Makes a call that gives a code.
template <typename Work>
std::int32_t make_call(Line& line, int slot, Work work, bool answered_without_login = false) {
  Passage passage(line, slot, answered_without_login);
  if (const auto code = passage.stopped()) return *code;
  std::int32_t code = 0;
  {
    Server& all = server();
    const std::lock_guard lock(all.mutex);
    code = work(all);
  }
  return passage.done(code);
}

// Makes a call that gives an array: NULL and 0 whatever goes wrong.
template <typename Row, typename Work>
Row* make_list(Line& line, int slot, std::int32_t* total, Work work) {
  Row* rows = nullptr;
  std::int32_t count = 0;
  if (total == nullptr) return nullptr;
  const std::int32_t code = make_call(line, slot, [&](Server& all) {
    rows = work(all, &count);
    return 0;
  });
  *total = code == 0 ? count : 0;
  if (code == 0) return rows;
  take_back(rows);
  return nullptr;
}

}  // namespace standin
