// A line that dies when idle or broken, and says so late.
#include "line.h"

#include "clock.h"
#include "server.h"

namespace standin {
namespace {

std::atomic<std::int64_t> overlapping{0};

}  // namespace

std::int32_t Line::connect() {
  if (connected_ || logged_in_) return RET_ERROR;
  connected_ = true;
  broken_ = hollow_ = spoilt_ = false;
  touch();
  return RET_OK;
}

void Line::close() { connected_ = logged_in_ = broken_ = hollow_ = spoilt_ = false; }

std::int32_t Line::use() {
  if (!connected_ || !logged_in_) return RET_NO_CONNECT;
  if (broken_ || steady_now() - last_ > server().settings.idle_seconds) return lose();
  touch();
  return RET_OK;
}

std::int32_t Line::lose() {
  broken_ = true;
  connected_ = false;
  return kNetworkProblem;
}

void Line::touch() { last_ = steady_now(); }

bool Line::begin() {
  if (under_way_++ == 0) return true;
  spoilt_ = true;
  broken_ = true;  // the stream of bytes has lost step
  ++overlapping;
  return false;
}

bool Line::spoilt_at_end() {
  const bool last = --under_way_ == 0;
  return last ? spoilt_.exchange(false) : spoilt_.load();
}

std::int32_t Line::too_many() {
  const double most = server().settings.calls_per_second;
  const auto now = static_cast<std::int64_t>(steady_now());
  if (second_.exchange(now) != now) in_second_ = 0;
  return most > 0 && static_cast<double>(++in_second_) > most ? RET_TOO_FREQUENT : RET_OK;
}

std::int64_t overlaps() { return overlapping; }

void reset_overlaps() { overlapping = 0; }

}  // namespace standin
