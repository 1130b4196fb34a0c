// The line of one object to the server: alive, silently gone, known to be gone, or closed (behaviour.md §2, §18).
#pragma once

#include <atomic>
#include <cstdint>

namespace standin {

class Line {
 public:
  // 2 when it was not disconnected before.
  std::int32_t connect();
  void log_in() { logged_in_ = true; }
  void close();

  // What this end believes: stays true after the peer has gone, until a call fails.
  bool connected() const { return connected_; }
  bool logged_in() const { return logged_in_; }
  bool alive() const { return connected_ && !broken_; }

  // Passes for a call: 0, 6 when there is no session or its loss is known, 255 when it is found now.
  std::int32_t use();

  // Breaks it without this end knowing.
  void cut() { broken_ = true; }

  // Finds out that it is broken; gives 255.
  std::int32_t lose();

  // From here on only Ping and ServerTime are answered.
  void log_out_in_silence() { hollow_ = true; }
  bool hollow() const { return hollow_; }

  // A pump's traffic keeps the line from being idle.
  void touch();

  // One call at a time. False when another one is under way: both are spoilt then, and the line with them.
  bool begin();
  bool spoilt_at_end();

  // 8 when there were more calls this second than the server takes.
  std::int32_t too_many();

 private:
  std::atomic<bool> connected_{false};
  std::atomic<bool> logged_in_{false};
  std::atomic<bool> broken_{false};
  std::atomic<bool> hollow_{false};
  std::atomic<bool> spoilt_{false};
  std::atomic<int> under_way_{0};
  std::atomic<double> last_{0};
  std::atomic<std::int64_t> second_{0};
  std::atomic<std::int64_t> in_second_{0};
};

// Overlapping calls of all lines, since the last reset.
std::int64_t overlaps();
void reset_overlaps();

}  // namespace standin
