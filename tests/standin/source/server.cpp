// The tables of the server and their elementary edits.
#include "server.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "clock.h"
#include "pump.h"
#include "texts.h"

namespace standin {
namespace {

template <typename Row>
std::vector<char> bytes(const Row& row) {
  std::vector<char> copy(sizeof(Row));
  std::memcpy(copy.data(), &row, sizeof(Row));
  return copy;
}

constexpr std::int32_t kDay = 86400;
constexpr double kSlack = 1 + 1e-14;  // a double that should be an exact half may lie a few of its last bits below

}  // namespace

double money(double value) { return rounded(value, 2); }

double rounded(double value, std::int32_t digits) {
  const double scale = std::pow(10.0, digits);
  return std::round(value * scale * kSlack) / scale;
}

Server& server() {
  static auto* const one = new Server;
  return *one;
}

const ConGroup* Server::group(std::string_view name) const {
  const auto found = std::ranges::find_if(groups, [&](const ConGroup& group) { return text(group.group) == name; });
  return found == groups.end() ? nullptr : &*found;
}

const ConSymbol* Server::symbol(std::string_view name) const {
  const auto found = std::ranges::find_if(symbols, [&](const ConSymbol& row) { return text(row.symbol) == name; });
  return found == symbols.end() ? nullptr : &*found;
}

Account* Server::user(std::int32_t login) {
  const auto found = users.find(login);
  return found == users.end() ? nullptr : &found->second;
}

const ConGroup* Server::group_of(std::int32_t login) {
  const Account* const account = user(login);
  return account == nullptr ? nullptr : group(text(account->record.group));
}

std::int32_t Server::next_order() { return ++common.lastorder; }

std::int32_t Server::next_login() {
  do {
    ++common.lastlogin;
  } while (users.contains(common.lastlogin));
  return common.lastlogin;
}

void Server::put_user(const UserRecord& record, std::int32_t change) {
  UserRecord& kept = users[record.login].record;
  kept = record;
  kept.timestamp = server_now();
  tell({.code = PUMP_UPDATE_USERS, .type = change, .group = std::string(text(kept.group)), .data = bytes(kept)});
}

void Server::drop_user(std::int32_t login) {
  const UserRecord gone = users.at(login).record;
  for (const std::int32_t order : std::set(closed_by_login_[login])) erase(order);
  users.erase(login);
  tell({.code = PUMP_UPDATE_USERS, .type = TRANS_DELETE, .group = std::string(text(gone.group)), .data = bytes(gone)});
}

void Server::load_open(const TradeRecord& trade) {
  open[trade.order] = trade;
  open_by_login_[trade.login].insert(trade.order);
  common.lastorder = std::max(common.lastorder, trade.order);
}

void Server::load_closed(const TradeRecord& trade) {
  closed[trade.order] = {trade, 0};
  closed_by_login_[trade.login].insert(trade.order);
  common.lastorder = std::max(common.lastorder, trade.order);
}

void Server::put_open(const TradeRecord& trade) {
  const bool known = open.contains(trade.order);
  TradeRecord kept = trade;
  kept.timestamp = server_now();
  load_open(kept);
  tell_trade(kept, known ? TRANS_UPDATE : TRANS_ADD);
}

void Server::put_closed(const TradeRecord& trade) {
  const bool known = closed.contains(trade.order);
  TradeRecord kept = trade;
  kept.timestamp = server_now();
  open.erase(kept.order);
  open_by_login_[kept.login].erase(kept.order);
  load_closed(kept);
  closed[kept.order].visible = steady_now() + (known ? 0.0 : settings.history_lag.load());
  // Type 1 is "closed" for trades: the change that means deleting everywhere else.
  tell_trade(kept, known ? TRANS_UPDATE : TRANS_DELETE);
}

void Server::erase(std::int32_t order) {
  TradeRecord gone{};
  if (const auto found = open.find(order); found != open.end()) {
    gone = found->second;
    open.erase(found);
    open_by_login_[gone.login].erase(order);
  } else if (const auto old = closed.find(order); old != closed.end()) {
    gone = old->second.record;
    closed.erase(old);
    closed_by_login_[gone.login].erase(order);
  } else {
    return;
  }
  const Account* const owner = user(gone.login);
  const std::string group(owner == nullptr ? std::string_view() : text(owner->record.group));
  gone.login = 0;  // that is how a pump says that an order was deleted
  tell({.code = PUMP_UPDATE_TRADES, .type = TRANS_UPDATE, .group = group, .data = bytes(gone)});
}

void Server::move_balance(std::int32_t login, double amount) {
  UserRecord record = users.at(login).record;
  record.balance = money(record.balance + amount);
  put_user(record, TRANS_UPDATE);
}

std::vector<const TradeRecord*> Server::open_of(std::int32_t login) const {
  std::vector<const TradeRecord*> found;
  if (const auto orders = open_by_login_.find(login); orders != open_by_login_.end()) {
    for (const std::int32_t order : orders->second) found.push_back(&open.at(order));
  }
  return found;
}

std::vector<const TradeRecord*> Server::history_of(std::int32_t login, std::int32_t from, std::int32_t to) const {
  std::vector<const TradeRecord*> found;
  const auto orders = closed_by_login_.find(login);
  if (orders == closed_by_login_.end()) return found;
  for (const std::int32_t order : orders->second) {
    const TradeRecord* const record = visible_closed(order);
    if (record != nullptr && record->close_time >= from && record->close_time <= to) found.push_back(record);
  }
  return found;
}

const TradeRecord* Server::visible_closed(std::int32_t order) const {
  const auto found = closed.find(order);
  return found == closed.end() || found->second.visible > steady_now() ? nullptr : &found->second.record;
}

void Server::quote(const ConSymbol& symbol, double bid, double ask) {
  Quote& last = quotes[std::string(text(symbol.symbol))];
  const std::int32_t now = server_now();
  if (symbol.spread != 0) {
    bid += symbol.spread_balance * symbol.point;
    ask = bid + symbol.spread * symbol.point;
  }
  bid = rounded(bid, symbol.digits);
  ask = rounded(ask, symbol.digits);
  const bool first = last.bid == 0;
  last.direction = first || bid == last.bid ? SDIR_NONE : bid > last.bid ? SDIR_UP : SDIR_DOWN;
  const bool new_day = first || now / kDay != last.time / kDay;
  last.high = new_day ? bid : std::max(last.high, bid);
  last.low = new_day ? bid : std::min(last.low, bid);
  last.bid = bid;
  last.ask = ask;
  last.time = now;
  for (const auto& pump : pumps) pump->quoted(std::string(text(symbol.symbol)));
}

void Server::tell(Event event) {
  for (const auto& pump : pumps) pump->hear(event);
}

void Server::tell_trade(const TradeRecord& trade, std::int32_t type) {
  const Account* const owner = user(trade.login);
  const std::string group(owner == nullptr ? std::string_view() : text(owner->record.group));
  tell({.code = PUMP_UPDATE_TRADES, .type = type, .group = group, .data = bytes(trade)});
}

void Server::clear() {
  common = ConCommon{};
  managers.clear();
  groups.clear();
  symbols.clear();
  quotes.clear();
  users.clear();
  open.clear();
  closed.clear();
  online.clear();
  levels.clear();
  mails.clear();
  open_by_login_.clear();
  closed_by_login_.clear();
  ++epoch;
}

}  // namespace standin
