// What the server keeps beside the structures of the interface.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../abi/types.h"

namespace standin {

// Codes that are in no header and do come.
inline constexpr std::int32_t kBadRecord = 151;
inline constexpr std::int32_t kNetworkProblem = 255;

// An account; the password fields of its record are always empty, so that none can be read.
struct Account {
  UserRecord record{};
  std::string main;
  std::string investor;
  std::string phone;
};

// A record of the history, and the steady second from which it shows.
struct Closed {
  TradeRecord record{};
  double visible = 0;
};

struct Quote {
  double bid = 0;
  double ask = 0;
  double high = 0;
  double low = 0;
  std::int32_t time = 0;
  std::int32_t direction = SDIR_NONE;
};

struct ManagerAccount {
  ConManager config{};
  std::string password;
  bool disabled = false;
};

struct SentMail {
  std::int32_t time = 0;
  std::int32_t sender = 0;
  std::string from{};
  std::string subject{};
  std::string body{};
  std::vector<std::int32_t> logins{};
};

// Something that pumps tell of. An empty group is for everyone, otherwise for managers who see the group.
struct Event {
  std::int32_t code = 0;
  std::int32_t type = 0;
  std::string group{};
  std::vector<char> data{};    // the structure, or
  std::int32_t value = 0;    // what stands in the place of its address
};

inline bool is_position(const TradeRecord& trade) { return trade.cmd == OP_BUY || trade.cmd == OP_SELL; }
inline bool is_pending(const TradeRecord& trade) { return trade.cmd >= OP_BUY_LIMIT && trade.cmd <= OP_SELL_STOP; }

// To cents, whatever the currency.
double money(double value);

// To a symbol's digits, halves away from zero in spite of what doubles make of them.
double rounded(double value, std::int32_t digits);

}  // namespace standin
