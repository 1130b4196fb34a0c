// Switching an object to pumping, and back.
#include <algorithm>

#include "manager_calls.h"

namespace standin {

std::shared_ptr<Pump> Manager::pump() const {
  const std::lock_guard lock(pump_mutex_);
  return pump_;
}

bool Manager::pumping() const {
  const auto own = pump();
  return own != nullptr && own->running();
}

// A request on a pumping object: the pump ends with code 14, and the session is of no more use.
bool Manager::stop_pump() {
  const auto own = pump();
  if (own == nullptr) return false;
  own->stop();
  line_.lose();
  return true;
}

void Manager::end_pump() {
  std::shared_ptr<Pump> own;
  {
    const std::lock_guard lock(pump_mutex_);
    own.swap(pump_);
  }
  if (own == nullptr) return;
  {
    Server& all = server();
    const std::lock_guard lock(all.mutex);
    std::erase(all.pumps, own);
  }
  own->finish();
}

std::int32_t Manager::switch_on(Callback callback, std::int32_t flags) {
  if (pump() != nullptr) return RET_ERROR;
  const std::int32_t code = make_call(line_, callback.plain != nullptr ? 114 : 163, [](Server&) { return RET_OK; });
  if (code != RET_OK) return code;
  const auto own = std::make_shared<Pump>(line_, authority_, callback, flags);
  {
    Server& all = server();
    const std::lock_guard lock(all.mutex);
    all.pumps.push_back(own);
  }
  const std::lock_guard lock(pump_mutex_);
  pump_ = own;
  Pump::start(own);
  return RET_OK;
}

std::int32_t Manager::PumpingSwitch(NotifyFunc callback, void*, std::uint32_t, std::int32_t flags) {
  return switch_on({.plain = callback}, flags);
}

std::int32_t Manager::PumpingSwitchEx(NotifyFuncEx callback, std::int32_t flags, void* param) {
  return switch_on({.extended = callback, .param = param}, flags);
}

}  // namespace standin
