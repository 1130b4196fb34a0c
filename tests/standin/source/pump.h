// The pump of one object: its thread, the events on their way to the callback, the symbols it watches.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "authority.h"
#include "line.h"
#include "model.h"

namespace standin {

struct Callback {
  NotifyFunc plain = nullptr;
  NotifyFuncEx extended = nullptr;
  void* param = nullptr;

  bool none() const { return plain == nullptr && extended == nullptr; }
};

class Pump {
 public:
  Pump(Line& line, Authority authority, Callback callback, std::int32_t flags);

  // Starts the thread that a pump keeps itself; the line outlives it, for finish() comes before.
  static void start(const std::shared_ptr<Pump>& pump);

  // Whether its tables are loaded and its changes arrive.
  bool running() const { return loaded_ && !stopping_; }

  // The code 14 goes to the callback, and nothing after it.
  void stop();

  // Nothing goes to the callback any more once this is back; called from the callback itself it does not wait.
  void finish();

  // What the server says. The caller holds the server's mutex.
  void hear(const Event& event);
  void quoted(const std::string& symbol);

  // Nothing arrives for so long; above the pump's time-out it stops.
  void silence(double seconds);

  void watch(const std::string& symbol);
  void unwatch(const std::string& symbol);
  bool watches(const std::string& symbol);

  // Takes some of the symbols that were quoted since.
  std::vector<std::string> updated(std::size_t most);

 private:
  void run();
  void load();
  bool turn();  // false when it is over
  void deliver(std::unique_lock<std::mutex>& lock);
  void call(const Event& event);
  bool shown(const Event& event) const;

  Line& line_;
  const Authority authority_;
  const Callback callback_;
  const std::int32_t flags_;
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Event> events_;
  std::set<std::string> watched_;
  std::set<std::string> updated_;
  bool fresh_prices_ = false;
  double silent_since_ = 0;  // 0: not silent
  double silent_until_ = 0;
  double next_ping_ = 0;
  std::atomic<bool> loaded_{false};
  std::atomic<bool> stopping_{false};
  std::atomic<bool> mute_{false};
};

// Threads of pumps that run, and callbacks made since the last reset.
std::int64_t pump_threads();
std::int64_t callbacks();
void reset_callbacks();

// Moves all prices by one step; whoever calls holds the server's mutex.
void move_prices(Server& server);

}  // namespace standin
