// How calls go, and go wrong.
#include "passage.h"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "clock.h"
#include "names.h"
#include "pump.h"
#include "script.h"

namespace standin {
namespace {

std::atomic<std::int64_t> to_come{0};

std::int32_t garbage() { return 14 + static_cast<std::int32_t>(chance() * 238); }  // 14 to 251, as logged

void sleep_ms(double ms) { std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(ms)); }

void silence_pumps(std::int64_t ms) {
  Server& all = server();
  const std::lock_guard lock(all.mutex);
  for (const auto& pump : all.pumps) pump->silence(static_cast<double>(ms) / 1000);
}

}  // namespace

Passage::Passage(Line& line, int slot, bool answered_without_login) : line_(line) {
  follow_script();
  count_call(slot);
  if (!line_.begin()) {
    stopped_ = garbage();
    return;
  }
  if (const std::int32_t code = line_.use()) {
    stopped_ = code;
    return;
  }
  if (const double latency = server().settings.latency; latency > 0) sleep_ms(latency * 1000);
  fault_ = next_fault(slot_name(slot));
  if (const std::int32_t code = before()) {
    stopped_ = code;
  } else if (const std::int32_t frequent = line_.too_many()) {
    stopped_ = frequent;
  } else if (line_.hollow() && !answered_without_login) {
    stopped_ = RET_NO_CONNECT;
  }
}

Passage::~Passage() {
  if (open_) line_.spoilt_at_end();
}

std::int32_t Passage::before() {
  if (!fault_) return 0;
  switch (fault_->kind) {
    case Kind::refuse:
      return fault_->code;
    case Kind::none:
      return RET_OK_NONE;
    case Kind::lost_before:
      return line_.lose();
    case Kind::lost_after:
      if (fault_->ms > 0) late_ = fault_->ms;
      return 0;
    case Kind::latency:
      sleep_ms(static_cast<double>(fault_->ms));
      return 0;
    case Kind::hang:
      hang(fault_->ms);
      return line_.lose();
    case Kind::kill:
      std::abort();
    case Kind::empty:
      line_.log_out_in_silence();
      return 0;
    default:
      return 0;
  }
}

std::int32_t Passage::done(std::int32_t code) {
  if (fault_ && fault_->kind == Kind::kill_after) std::abort();
  if (fault_ && fault_->kind == Kind::hang_after) hang(fault_->ms);
  open_ = false;
  if (line_.spoilt_at_end()) return garbage();
  if (!fault_) return code;
  switch (fault_->kind) {
    case Kind::lost_after:
    case Kind::hang_after:
      return line_.lose();
    case Kind::drop:
      line_.cut();
      return code;
    case Kind::pump_gap:
      silence_pumps(fault_->ms);
      return code;
    default:
      return code;
  }
}

void carry_out_late(std::int64_t ms, std::function<void(Server&)> work) {
  ++to_come;
  Server& all = server();
  std::int64_t epoch = 0;
  {
    const std::lock_guard lock(all.mutex);
    epoch = all.epoch;
  }
  std::thread([ms, epoch, &all, work = std::move(work)] {
    sleep_ms(static_cast<double>(ms));
    {
      const std::lock_guard lock(all.mutex);
      if (all.epoch == epoch) work(all);
    }
    --to_come;
  }).detach();
}

std::int64_t late_effects() { return to_come; }

}  // namespace standin
