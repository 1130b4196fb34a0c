// What a test may set of the server; names are those of the control command "setting".
#pragma once

#include <atomic>
#include <string>

namespace standin {

using Setting = std::atomic<double>;  // read by every thread, set by tests

struct Settings {
  Setting idle_seconds{180};      // a line without traffic dies after so long
  Setting pump_timeout{12};       // seconds of silence after which the pump stops
  Setting ping_seconds{1};        // between two PUMP_PING
  Setting pump_start{0.02};       // seconds until the tables of a pump are loaded
  Setting tick_seconds{0.25};     // between two moves of all prices; 0 moves nothing
  Setting history_lag{0};         // seconds after which a closed record shows in the history
  Setting latency{0};             // seconds that every call to the server takes
  Setting connect_timeout{5};     // seconds after which a connection to nobody is given up
  Setting timezone{2};            // hours that the server's clock is ahead of UTC
  Setting comment_bytes{31};      // what is kept of a comment
  Setting calls_per_second{0};    // more get 8; 0 is any number
  Setting refuse_connect{0};      // 1: nobody answers, Connect gives 6
  Setting old_version{0};         // 1: Login gives 5
  Setting refuse_overdraw{0};     // 1: taking more than the free margin gives 134
  Setting check_money{0};         // 1: a manager's opening without margin gives 134
  Setting admin_hangs{0};         // 1: AdmTradesRequest without the right blocks
  Setting balance_volume{0};      // volume that balance rows show
  Setting random{1};              // seed of codes, prices and chances

  // The member with this name, NULL where there is none.
  Setting* named(const std::string& name);

  // Sets all of them to what they are at the start.
  void reset();
};

}  // namespace standin
