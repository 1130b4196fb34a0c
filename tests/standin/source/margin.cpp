// What positions need as margin, and an account's figures (trading-math.md §4, §5).
#include <algorithm>
#include <cfloat>
#include <map>
#include <set>
#include <utility>

#include "clock.h"
#include "market.h"
#include "texts.h"

namespace standin {
namespace {

constexpr std::size_t kMostWatched = 10'000;  // open trades; with more, prices alone are no cause to look at all

// Sums over one direction of one symbol, prices and rates weighted with the volume.
struct Side {
  double volume = 0;
  double prices = 0;
  double rates = 0;

  void add(const TradeRecord& trade) {
    volume += trade.volume;
    prices += trade.open_price * trade.volume;
    rates += trade.margin_rate * trade.volume;
  }
};

double ticks(const ConSymbol& symbol) { return symbol.tick_size > 0 ? symbol.tick_value / symbol.tick_size : 0; }

// One open lot before leverage and divider.
double full(const ConSymbol& symbol, double price, bool order_check) {
  const double initial = symbol.margin_initial;
  switch (symbol.margin_mode) {
    case 0:
      return initial > 0 ? initial : symbol.contract_size;
    case 2:
      return order_check && initial > 0 ? initial : symbol.margin_maintenance;
    case 3:
      return ticks(symbol) == 0 ? 0 : initial > 0 ? initial : price * symbol.contract_size * ticks(symbol);
    default:
      return initial > 0 ? initial : price * symbol.contract_size;
  }
}

// One hedged lot.
double hedged(const ConSymbol& symbol, double price) {
  if (symbol.margin_mode == 0 || symbol.margin_mode == 2) return symbol.margin_hedged;
  const double factor = symbol.margin_mode == 3 ? ticks(symbol) : 1;
  if (symbol.margin_initial > 0) return factor == 0 ? 0 : symbol.margin_hedged;
  return symbol.margin_hedged * price * factor;
}

double symbol_margin(const ConSymbol& symbol, const Side& bought, const Side& sold, bool large_leg, bool order_check) {
  const auto leg = [&](const Side& side) { return full(symbol, side.prices / side.volume, order_check) * side.rates; };
  if (large_leg && bought.volume > 0 && sold.volume > 0) return std::max(leg(bought), leg(sold));
  const double volume = bought.volume + sold.volume;
  const double price = (bought.prices + sold.prices) / volume;
  const double unhedged = bought.volume > sold.volume ? bought.volume - sold.volume : sold.volume - bought.volume;
  const double needed = full(symbol, price, order_check) * unhedged + hedged(symbol, price) * (volume - unhedged);
  return needed * (bought.rates + sold.rates) / volume;
}

double divider(const ConSymbol& symbol, const ConGroup& group) {
  for (int index = 0; index < std::clamp(group.secmargins_total, 0, 128); ++index) {
    const ConGroupMargin& own = group.secmargins[index];
    if (text(own.symbol) == text(symbol.symbol) && own.margin_divider > 0 && own.margin_divider != DBL_MAX) {
      return own.margin_divider;
    }
  }
  return symbol.margin_divider > 0 ? symbol.margin_divider : 1;
}

double counted(std::int32_t mode, double floating) {
  switch (mode) {
    case 0:
      return 0;
    case 2:
      return std::max(floating, 0.0);
    case 3:
      return std::min(floating, 0.0);
    default:
      return floating;
  }
}

std::int32_t level_type(const ConGroup& group, const MarginLevel& level) {
  if (level.margin == 0) return MARGINLEVEL_OK;
  const double figure = group.margin_type == 1 ? level.margin_free : level.equity / level.margin * 100;
  if (figure <= group.margin_stopout) return MARGINLEVEL_STOPOUT;
  return figure <= group.margin_call ? MARGINLEVEL_MARGINCALL : MARGINLEVEL_OK;
}

}  // namespace

double margin(const Server& server, const std::vector<const TradeRecord*>& trades, std::int32_t leverage,
              const ConGroup& group, bool order_check) {
  std::map<std::string_view, std::pair<Side, Side>> books;
  for (const TradeRecord* const trade : trades) {
    if (!is_position(*trade) || trade->volume == 0) continue;
    auto& book = books[text(trade->symbol)];
    (trade->cmd == OP_BUY ? book.first : book.second).add(*trade);
  }
  const double lever = leverage > 0 ? leverage : std::max(group.default_leverage, 1);
  double total = 0;
  for (const auto& [name, book] : books) {
    const ConSymbol* const symbol = server.symbol(name);
    if (symbol == nullptr) continue;
    const bool leveraged = symbol->margin_mode == 0 || symbol->margin_mode == 4;
    const double hundred = symbol_margin(*symbol, book.first, book.second, group.hedge_largeleg != 0, order_check);
    total += hundred / divider(*symbol, group) / (leveraged ? lever : 1);
  }
  return money(total / 100);
}

MarginLevel margin_level(Server& server, const Account& account) {
  const UserRecord& user = account.record;
  MarginLevel level{};
  level.login = user.login;
  put(level.group, text(user.group));
  level.balance = level.equity = level.margin_free = money(user.balance + user.credit);
  level.leverage = user.leverage;
  const ConGroup* const group = server.group(text(user.group));
  if (group == nullptr) return level;
  if (level.leverage == 0) level.leverage = group->default_leverage;
  const auto trades = server.open_of(user.login);
  double floating = 0;
  for (const TradeRecord* const trade : trades) {
    if (!is_position(*trade)) continue;
    floating += valued(server, *trade, *group).profit + trade->commission + trade->storage + trade->taxes;
    level.volume += trade->volume;
  }
  level.margin = margin(server, trades, user.leverage, *group);
  level.equity = money(level.balance + money(floating));
  level.margin_free = money(level.balance - level.margin + counted(group->margin_mode, money(floating)));
  level.margin_level = level.margin == 0 ? 0 : money(level.equity / level.margin * 100);
  level.margin_type = group->margin_type;
  level.level_type = level_type(*group, level);
  return level;
}

void tell_level(Server& server, std::int32_t login) {
  const Account* const account = server.user(login);
  if (account == nullptr || server.pumps.empty()) return;  // nobody would hear it
  const std::int32_t now = margin_level(server, *account).level_type;
  std::int32_t& before = server.levels[login];
  if (std::exchange(before, now) == now) return;
  server.tell({.code = PUMP_UPDATE_MARGINCALL, .group = std::string(text(account->record.group))});
}

void tell_levels(Server& server) {
  if (server.pumps.empty() || server.open.size() > kMostWatched) return;
  std::set<std::int32_t> logins;
  for (const auto& [order, trade] : server.open) logins.insert(trade.login);
  for (const std::int32_t login : logins) tell_level(server, login);
}

}  // namespace standin
