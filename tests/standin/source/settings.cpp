// The settings by their names.
#include "settings.h"

#include <map>

namespace standin {

namespace {

const std::map<std::string, Setting Settings::*>& all() {
  static const std::map<std::string, Setting Settings::*> members = {
      {"idle_seconds", &Settings::idle_seconds},
      {"pump_timeout", &Settings::pump_timeout},
      {"ping_seconds", &Settings::ping_seconds},
      {"pump_start", &Settings::pump_start},
      {"tick_seconds", &Settings::tick_seconds},
      {"history_lag", &Settings::history_lag},
      {"latency", &Settings::latency},
      {"connect_timeout", &Settings::connect_timeout},
      {"timezone", &Settings::timezone},
      {"comment_bytes", &Settings::comment_bytes},
      {"calls_per_second", &Settings::calls_per_second},
      {"refuse_connect", &Settings::refuse_connect},
      {"old_version", &Settings::old_version},
      {"refuse_overdraw", &Settings::refuse_overdraw},
      {"check_money", &Settings::check_money},
      {"admin_hangs", &Settings::admin_hangs},
      {"balance_volume", &Settings::balance_volume},
      {"random", &Settings::random},
  };
  return members;
}

}  // namespace

Setting* Settings::named(const std::string& name) {
  const auto found = all().find(name);
  return found == all().end() ? nullptr : &(this->*found->second);
}

void Settings::reset() {
  const Settings fresh;
  for (const auto& [name, member] : all()) (this->*member).store((fresh.*member).load());
}

}  // namespace standin
