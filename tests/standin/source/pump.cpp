// A thread that says what happens on the server.
#include "pump.h"

#include <algorithm>
#include <chrono>

#include "clock.h"
#include "faults.h"
#include "market.h"
#include "script.h"
#include "texts.h"

namespace standin {
namespace {

std::atomic<std::int64_t> threads{0};
std::atomic<std::int64_t> made{0};

constexpr double kTurn = 0.02;  // seconds between two looks at the clocks
double last_move = 0;           // of the prices, under the server's mutex

void move_prices_when_due() {
  Server& all = server();
  const std::lock_guard lock(all.mutex);
  const double now = steady_now();
  if (all.settings.tick_seconds <= 0 || now - last_move < all.settings.tick_seconds) return;
  last_move = now;
  move_prices(all);
}

}  // namespace

std::int64_t pump_threads() { return threads; }

std::int64_t callbacks() { return made; }

void reset_callbacks() { made = 0; }

void move_prices(Server& server) {
  for (const ConSymbol& symbol : server.symbols) {
    const auto found = server.quotes.find(text(symbol.symbol));
    if (found == server.quotes.end()) continue;
    const double spread = found->second.ask - found->second.bid;
    const double step = std::max(symbol.point, found->second.bid * 1e-5) * (chance() < 0.5 ? -1 : 1);
    const double bid = std::max(found->second.bid + step, symbol.point);
    server.quote(symbol, bid - (symbol.spread != 0 ? symbol.spread_balance * symbol.point : 0), bid + spread);
  }
  tell_levels(server);
}

Pump::Pump(Line& line, Authority authority, Callback callback, std::int32_t flags)
    : line_(line), authority_(std::move(authority)), callback_(callback), flags_(flags) {}

void Pump::start(const std::shared_ptr<Pump>& pump) {
  ++threads;
  pump->thread_ = std::thread([pump] {
    pump->run();
    --threads;
  });
}

void Pump::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
}

void Pump::finish() {
  mute_ = true;
  stop();
  if (!thread_.joinable()) return;
  if (thread_.get_id() == std::this_thread::get_id()) {
    thread_.detach();
  } else {
    thread_.join();
  }
}

bool Pump::shown(const Event& event) const {
  if (event.code == PUMP_UPDATE_USERS && (flags_ & CLIENT_FLAGS_HIDEUSERS) != 0) return false;
  if (event.code == PUMP_UPDATE_ONLINE && (flags_ & CLIENT_FLAGS_HIDEONLINE) != 0) return false;
  if (event.code == PUMP_UPDATE_MAIL && (flags_ & CLIENT_FLAGS_HIDEMAIL) != 0) return false;
  return event.group.empty() || authority_.sees_group(event.group);
}

void Pump::hear(const Event& event) {
  if (!loaded_ || stopping_ || !shown(event)) return;
  Event copy = event;
  if (copy.code == PUMP_UPDATE_USERS) authority_.shape(*reinterpret_cast<UserRecord*>(copy.data.data()));
  const std::lock_guard lock(mutex_);
  events_.push_back(std::move(copy));
  changed_.notify_all();
}

void Pump::quoted(const std::string& symbol) {
  if (!loaded_ || stopping_ || (flags_ & CLIENT_FLAGS_HIDETICKS) != 0) return;
  const std::lock_guard lock(mutex_);
  if (!watched_.contains(symbol)) return;
  updated_.insert(symbol);
  fresh_prices_ = true;
  changed_.notify_all();
}

void Pump::silence(double seconds) {
  const std::lock_guard lock(mutex_);
  const double now = steady_now();
  if (silent_since_ == 0) silent_since_ = now;
  silent_until_ = now + seconds;
}

void Pump::watch(const std::string& symbol) {
  const std::lock_guard lock(mutex_);
  watched_.insert(symbol);
}

void Pump::unwatch(const std::string& symbol) {
  const std::lock_guard lock(mutex_);
  watched_.erase(symbol);
  updated_.erase(symbol);
}

bool Pump::watches(const std::string& symbol) {
  const std::lock_guard lock(mutex_);
  return watched_.contains(symbol);
}

std::vector<std::string> Pump::updated(std::size_t most) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> taken;
  while (!updated_.empty() && taken.size() < most) taken.push_back(updated_.extract(updated_.begin()).value());
  return taken;
}

void Pump::run() {
  load();
  while (turn()) {
  }
  loaded_ = false;
  if (!mute_) call({.code = PUMP_STOP_PUMPING});
}

void Pump::load() {
  std::unique_lock lock(mutex_);
  const auto wait = std::chrono::duration<double>(server().settings.pump_start);
  changed_.wait_for(lock, wait, [&] { return stopping_.load(); });
  if (stopping_) return;
  next_ping_ = steady_now() + server().settings.ping_seconds;
  loaded_ = true;
  lock.unlock();
  if (!mute_) call({.code = PUMP_START_PUMPING});
}

bool Pump::turn() {
  follow_script();
  if (!stopping_) move_prices_when_due();
  std::unique_lock lock(mutex_);
  if (stopping_) return false;
  const double now = steady_now();
  if (!line_.alive() && silent_since_ == 0) silent_since_ = now;
  if (silent_since_ != 0) {
    if (now - silent_since_ >= server().settings.pump_timeout) {
      stopping_ = true;
      return false;
    }
    if (line_.alive() && now >= silent_until_) silent_since_ = 0;
  }
  if (silent_since_ == 0) deliver(lock);
  if (!stopping_ && (events_.empty() || silent_since_ != 0)) {
    changed_.wait_for(lock, std::chrono::duration<double>(kTurn));
  }
  return true;
}

void Pump::deliver(std::unique_lock<std::mutex>& lock) {
  std::deque<Event> events;
  events.swap(events_);
  if (fresh_prices_) events.push_back({.code = PUMP_UPDATE_BIDASK});
  fresh_prices_ = false;
  const double now = steady_now();
  if (now >= next_ping_) {
    events.push_back({.code = PUMP_PING});
    next_ping_ = now + server().settings.ping_seconds;
  }
  line_.touch();
  lock.unlock();
  for (const Event& event : events) {
    if (stopping_) break;
    call(event);
  }
  lock.lock();
}

void Pump::call(const Event& event) {
  ++made;
  if (callback_.plain != nullptr) return callback_.plain(event.code);
  if (callback_.extended == nullptr) return;
  std::vector<char> copy(event.data);  // gone when the callback is back, as in the real one
  void* const data = copy.empty() ? reinterpret_cast<void*>(static_cast<std::intptr_t>(event.value)) : copy.data();
  callback_.extended(event.code, event.type, data, callback_.param);
}

}  // namespace standin
