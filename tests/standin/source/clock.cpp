// Real time with what tests have added to it.
#include "clock.h"

#include <atomic>
#include <chrono>

namespace standin {
namespace {

std::atomic<double> added{0};
std::atomic<double> ahead{7200};  // of UTC, in seconds

double real_steady() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double real_utc() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

double steady_now() { return real_steady() + added; }

std::int32_t server_now() { return static_cast<std::int32_t>(real_utc() + added + ahead); }

void advance(double seconds) { added = added + seconds; }

void set_server_time(double seconds) { ahead = seconds - real_utc() - added; }

void reset_clock(double timezone_hours) { ahead = timezone_hours * 3600; }

}  // namespace standin
