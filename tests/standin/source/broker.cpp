// A small broker made from a seed.
#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include "clock.h"
#include "loading.h"
#include "market.h"
#include "texts.h"

namespace standin {
namespace {

constexpr std::int32_t kFirstLogin = 1001;
constexpr std::int32_t kFirstTicket = 1'000'000;
constexpr std::int32_t kDay = 86400;

struct Pair {
  const char* name;
  std::int32_t digits;
  std::int32_t type;
  double bid;
  std::int32_t spread;  // points of the first quote
};

constexpr Pair kPairs[] = {
    {"EURUSD", 5, 0, 1.08500, 12}, {"GBPUSD", 5, 0, 1.26500, 15}, {"USDJPY", 3, 0, 150.150, 14},
    {"USDCHF", 5, 0, 0.88300, 16}, {"AUDUSD", 5, 0, 0.65500, 14}, {"EURGBP", 5, 0, 0.85800, 18},
    {"EURJPY", 3, 0, 162.900, 20}, {"XAUUSD", 2, 1, 2350.50, 35},
};

ConSymbol symbol_of(const Pair& pair, std::int32_t index) {
  const bool metal = pair.type == 1;
  ConSymbol symbol{};
  put(symbol.symbol, pair.name);
  put(symbol.description, metal ? "Gold against the US dollar" : "Currency pair");
  put(symbol.currency, std::string_view(pair.name).substr(metal ? 3 : 0, 3));
  put(symbol.margin_currency, std::string_view(pair.name).substr(metal ? 3 : 0, 3));
  symbol.type = pair.type;
  symbol.digits = pair.digits;
  symbol.count = symbol.count_original = index;
  symbol.trade = 2;
  symbol.background_color = 0xFF000000U;
  symbol.realtime = 1;
  symbol.exemode = 2;
  symbol.swap_enable = 1;
  symbol.swap_rollover3days = 2;
  symbol.gtc_pendings = 1;
  symbol.profit_mode = symbol.margin_mode = metal ? 1 : 0;
  symbol.contract_size = metal ? 100 : 100000;
  symbol.margin_hedged = symbol.contract_size / 2;
  symbol.margin_divider = metal ? 100 : 1;
  symbol.point = std::pow(10.0, -pair.digits);
  symbol.multiply = std::pow(10.0, pair.digits);
  for (int day = 1; day <= 5; ++day) {
    for (ConSession* const session : {&symbol.sessions[day].quote[0], &symbol.sessions[day].trade[0]}) {
      session->close_hour = 24;
      session->close = 1440;
    }
  }
  return symbol;
}

ConGroup group_of(const char* name, const char* currency, std::int32_t spread_diff) {
  ConGroup group{};
  put(group.group, name);
  put(group.company, "Example Brokerage Ltd");
  put(group.currency, currency);
  group.enable = 1;
  group.timeout = 60;
  group.reports = 1;
  group.default_leverage = 100;
  group.margin_call = 100;
  group.margin_stopout = 50;
  group.margin_mode = 1;
  group.use_swap = 1;
  group.news = 1;
  group.rights = 14;
  group.maxsecurities = 32;
  for (ConGroupSec& security : group.secgroups) {
    security.show = security.trade = 1;
    security.spread_diff = spread_diff;
    security.lot_min = security.lot_step = 1;
    security.lot_max = 10000;
    security.ie_deviation = 2;
  }
  return group;
}

ConManager manager_of() {
  ConManager manager{};
  manager.login = 224;
  // The rights stand one after the other, from "manager" to "notifications".
  for (std::int32_t* right = &manager.manager; right <= &manager.notifications; ++right) *right = 1;
  put(manager.mailbox, "Support");
  put(manager.groups, "*");
  put(manager.name, "Stand-in manager");
  return manager;
}

UserRecord user_of(const Server& server, std::int32_t login, std::mt19937_64& random) {
  constexpr const char* kNames[] = {"Anna Berg", "Ivan Petrov", "Maria Silva", "Wei Chen", "John Carter"};
  UserRecord user{};
  user.login = login;
  put(user.group, text(server.groups[login == kFirstLogin ? 0 : random() % server.groups.size()].group));
  put(user.name, kNames[random() % std::size(kNames)]);
  put(user.email, "client." + std::to_string(login) + "@example.com");
  put(user.country, "Cyprus");
  put(user.password, "Main" + std::to_string(login));
  put(user.password_investor, "Look" + std::to_string(login));
  user.enable = user.enable_change_password = user.send_reports = 1;
  user.leverage = 100;
  user.regdate = server_now() - 300 * kDay;
  user.lastdate = user.timestamp = server_now() - static_cast<std::int32_t>(random() % kDay);
  user.user_color = 0xFF000000U;
  return user;
}

TradeRecord deposit_of(const UserRecord& user, double amount) {
  TradeRecord row{};
  row.login = user.login;
  row.cmd = OP_BALANCE;
  row.open_time = row.close_time = row.timestamp = user.regdate + 600;
  row.state = TS_CLOSED_NORMAL;
  row.profit = amount;
  put(row.comment, "Deposit");
  return row;
}

TradeRecord position_of(const Server& server, const UserRecord& user, std::mt19937_64& random) {
  const ConSymbol& symbol = server.symbols[random() % server.symbols.size()];
  const ConGroup& group = *server.group(text(user.group));
  TradeRecord trade{};
  trade.login = user.login;
  put(trade.symbol, text(symbol.symbol));
  trade.digits = symbol.digits;
  trade.cmd = static_cast<std::int32_t>(random() % 2);
  trade.volume = 10 * (1 + static_cast<std::int32_t>(random() % 10));
  const double moved = 1 + (static_cast<double>(random() % 2001) - 1000) / 100000;  // within a percent
  trade.open_price = rounded(server.quotes.find(text(symbol.symbol))->second.bid * moved, symbol.digits);
  trade.open_time = trade.timestamp = server_now() - kDay - static_cast<std::int32_t>(random() % (100 * kDay));
  trade.margin_rate = margin_rate(server, symbol, text(group.currency));
  const auto conversion = profit_rates(server, symbol, text(group.currency));
  trade.conv_rates[0] = conversion ? conversion->bid : 0;
  return trade;
}

void add_account(Server& server, std::int32_t login, std::mt19937_64& random) {
  UserRecord user = user_of(server, login, random);
  TradeRecord deposit = deposit_of(user, 10'000 + 100.0 * static_cast<double>(random() % 900));
  deposit.order = server.next_order();
  TradeRecord ended = position_of(server, user, random);
  ended.order = server.next_order();
  ended.state = TS_CLOSED_NORMAL;
  ended.close_time = ended.timestamp = ended.open_time + 3600;
  const ConGroup& group = *server.group(text(user.group));
  ended.close_price = close_price(server, ended, group);
  ended.conv_rates[1] = ended.conv_rates[0];
  ended.profit = profit(server, ended, ended.close_price, text(group.currency));
  TradeRecord held = position_of(server, user, random);
  held.order = server.next_order();
  user.balance = user.prevbalance = user.prevequity = money(deposit.profit + ended.profit);
  load_record(server, "user", &user, sizeof user, "");
  server.load_closed(deposit);
  server.load_closed(ended);
  server.load_open(held);
}

}  // namespace

void make_broker(Server& server, std::int32_t accounts, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  put(server.common.name, "StandIn-Demo");
  put(server.common.owner, "Example Brokerage Ltd");
  server.common.port = 443;
  server.common.timeout = 180;
  server.common.timezone = server.common.timezone_real = static_cast<std::int32_t>(server.settings.timezone);
  server.common.endhour = 23;
  server.common.endminute = 59;
  server.common.server_version = 400;
  server.common.server_build = 1420;
  server.common.lastorder = std::max(server.common.lastorder, kFirstTicket);
  server.managers[224] = {manager_of(), "your_manager_password", false};
  server.groups = {group_of("demoforex", "USD", 0), group_of("real-eur", "EUR", 2), group_of("vip", "USD", -2)};
  for (std::int32_t index = 0; index < std::ssize(kPairs); ++index) {
    server.symbols.push_back(symbol_of(kPairs[index], index));
    const double wide = kPairs[index].spread * server.symbols.back().point;
    server.quote(server.symbols.back(), kPairs[index].bid, kPairs[index].bid + wide);
  }
  for (std::int32_t index = 0; index < accounts; ++index) add_account(server, kFirstLogin + index, random);
}

}  // namespace standin
