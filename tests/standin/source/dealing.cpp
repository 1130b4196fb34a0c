// Orders: how they come to be, change and end.
#include "dealing.h"

#include <algorithm>
#include <deque>
#include <string>

#include "clock.h"
#include "market.h"
#include "texts.h"

namespace standin {
namespace {

std::size_t room(const Server& server) { return static_cast<std::size_t>(server.settings.comment_bytes); }

// Fixes what opening fixes: rates, commission, the price against which it stands.
void open_position(Server& server, TradeRecord& trade, double price) {
  const ConGroup& group = *server.group_of(trade.login);
  const ConSymbol& symbol = *server.symbol(text(trade.symbol));
  trade.cmd %= 2;
  trade.open_time = server_now();
  trade.open_price = rounded(price, symbol.digits);
  trade.expiration = 0;
  trade.margin_rate = margin_rate(server, symbol, text(group.currency));
  const auto conversion = profit_rates(server, symbol, text(group.currency));
  trade.conv_rates[0] = conversion ? conversion->bid : 0;
  const double against = close_price(server, trade, group);
  trade.close_price = against == 0 ? trade.open_price : against;
  charge(server, trade, group);
}

bool has_money(Server& server, const TradeRecord& trade) {
  auto held = server.open_of(trade.login);
  const Account& account = *server.user(trade.login);
  const ConGroup& group = *server.group_of(trade.login);
  const double before = margin(server, held, account.record.leverage, group, true);
  held.push_back(&trade);
  const double after = margin(server, held, account.record.leverage, group, true);
  const double free = margin_level(server, account).margin_free + before - after + trade.commission + group.credit;
  const bool strong = server.symbol(text(trade.symbol))->margin_hedged_strong != 0;
  return free >= 0 || (!strong && after < before);
}

std::int32_t open_order(Server& server, TradeTransInfo& asked) {
  if (const auto code = refusal_of_opening(server, asked)) return code;
  const ConSymbol& symbol = *server.symbol(text(asked.symbol));
  TradeRecord trade{};
  trade.login = asked.orderby;
  put(trade.symbol, text(symbol.symbol));
  trade.digits = symbol.digits;
  trade.cmd = asked.cmd;
  trade.volume = asked.volume;
  trade.open_time = server_now();
  trade.open_price = rounded(asked.price, symbol.digits);
  trade.sl = rounded(asked.sl, symbol.digits);
  trade.tp = rounded(asked.tp, symbol.digits);
  trade.reason = 2;  // TR_REASON_DEALER
  put(trade.comment, text(asked.comment), room(server));
  if (is_pending(trade)) trade.expiration = asked.expiration;
  if (is_position(trade)) open_position(server, trade, asked.price);
  if (is_position(trade) && server.settings.check_money != 0 && !has_money(server, trade)) return RET_TRADE_NO_MONEY;
  trade.order = asked.order = server.next_order();
  server.put_open(trade);
  return RET_OK;
}

// Ends a position or a part of it; what is left is a new ticket with the same opening, which is given back or 0.
std::int32_t close_position(Server& server, TradeRecord trade, double price, std::int32_t volume,
                            const std::string& comment, std::int32_t state) {
  const std::string currency(text(server.group_of(trade.login)->currency));
  const ConSymbol* const symbol = server.symbol(text(trade.symbol));
  const auto conversion = symbol == nullptr ? std::nullopt : profit_rates(server, *symbol, currency);
  const double share = static_cast<double>(volume) / trade.volume;
  TradeRecord rest = trade;
  for (const auto member : {&TradeRecord::commission, &TradeRecord::commission_agent, &TradeRecord::storage,
                            &TradeRecord::taxes}) {
    trade.*member = money(trade.*member * share);
    rest.*member = money(rest.*member - trade.*member);
  }
  trade.volume = volume;
  rest.volume -= volume;
  trade.state = state;
  trade.close_time = server_now();
  trade.close_price = rounded(price, trade.digits);
  trade.profit = profit(server, trade, trade.close_price, currency);
  trade.conv_rates[1] = conversion ? conversion->bid : 0;
  if (!comment.empty()) put(trade.comment, comment, room(server));
  if (rest.volume > 0) {
    put(rest.comment, "from #" + std::to_string(trade.order));
    rest.order = server.next_order();
    if (comment.empty()) put(trade.comment, "to #" + std::to_string(rest.order));
    trade.state = std::max<std::int32_t>(state, TS_CLOSED_PART);
    server.put_open(rest);
  }
  server.put_closed(trade);
  server.move_balance(trade.login, trade.profit + trade.commission + trade.storage + trade.taxes);
  return rest.volume > 0 ? rest.order : 0;
}

bool oldest(const Server& server, const TradeRecord& trade) {
  for (const TradeRecord* const other : server.open_of(trade.login)) {
    if (is_position(*other) && text(other->symbol) == text(trade.symbol) &&
        std::pair(other->open_time, other->order) < std::pair(trade.open_time, trade.order)) {
      return false;
    }
  }
  return true;
}

std::int32_t close_order(Server& server, const TradeRecord& trade, TradeTransInfo& asked) {
  const ConSymbol* const symbol = server.symbol(text(trade.symbol));
  const ConGroup& group = *server.group_of(trade.login);
  if (!is_position(trade) || symbol == nullptr) return RET_INVALID_DATA;
  if (!possible_price(asked.price)) return RET_TRADE_BAD_PRICES;
  if (asked.volume <= 0 || asked.volume > trade.volume) return RET_TRADE_BAD_VOLUME;
  const ConGroupSec& terms = group.secgroups[symbol->type & 31];
  if (terms.trade == 0 || symbol->trade == 0) return RET_TRADE_DISABLE;
  const bool part = asked.volume < trade.volume;
  if (part && (asked.volume < terms.lot_min || asked.volume % std::max(terms.lot_step, 1) != 0)) {
    return RET_TRADE_BAD_VOLUME;
  }
  if (group.close_fifo != 0 && !oldest(server, trade)) return RET_TRADE_PROHIBITED_BY_FIFO;
  const std::string comment(part ? std::string_view() : text(asked.comment));
  close_position(server, trade, asked.price, asked.volume, comment, TS_CLOSED_NORMAL);
  return RET_OK;
}

std::int32_t delete_order(Server& server, const TradeRecord& trade) {
  if (is_position(trade)) {
    server.erase(trade.order);
    return RET_OK;
  }
  TradeRecord ended = trade;
  ended.state = TS_DELETED;
  ended.close_time = server_now();
  ended.close_price = close_price(server, trade, *server.group_of(trade.login));
  ended.profit = 0;
  server.put_closed(ended);
  return RET_OK;
}

// Closes two opposite positions by each other: the whole result stands with the first. Gives the rest's ticket.
std::int32_t cancel_out(Server& server, const TradeRecord& first, const TradeRecord& second) {
  const std::int32_t volume = std::min(first.volume, second.volume);
  const double price = second.open_price;
  const auto by = [](const TradeRecord& other) { return "close hedge by #" + std::to_string(other.order); };
  const TradeRecord one = first;  // the tables change below
  const TradeRecord two = second;
  const std::int32_t rest = close_position(server, one, price, volume, by(two), TS_CLOSED_BY);
  return std::max(rest, close_position(server, two, price, volume, by(one), TS_CLOSED_BY));
}

std::int32_t close_by(Server& server, const TradeRecord& first, std::int32_t order) {
  const auto second = server.open.find(order);
  if (second == server.open.end() || !is_position(first) || !is_position(second->second)) return RET_INVALID_DATA;
  const TradeRecord& other = second->second;
  const bool opposite = first.cmd != other.cmd && text(first.symbol) == text(other.symbol);
  if (!opposite || first.login != other.login) return RET_INVALID_DATA;
  cancel_out(server, first, other);
  return RET_OK;
}

std::int32_t close_all(Server& server, TradeTransInfo& asked) {
  const auto next = [&](std::int32_t cmd) -> const TradeRecord* {
    for (const TradeRecord* const trade : server.open_of(asked.orderby)) {
      if (trade->cmd == cmd && text(trade->symbol) == text(asked.symbol)) return trade;
    }
    return nullptr;
  };
  if (next(OP_BUY) == nullptr || next(OP_SELL) == nullptr) return RET_INVALID_DATA;
  asked.order = std::min(next(OP_BUY)->order, next(OP_SELL)->order);
  while (next(OP_BUY) != nullptr && next(OP_SELL) != nullptr) cancel_out(server, *next(OP_BUY), *next(OP_SELL));
  return RET_OK;
}

std::int32_t modify(Server& server, TradeRecord trade, const TradeTransInfo& asked) {
  const ConSymbol* const symbol = server.symbol(text(trade.symbol));
  const ConGroup& group = *server.group_of(trade.login);
  if (symbol == nullptr) return RET_INVALID_DATA;
  if (!possible_price(asked.price)) return RET_TRADE_BAD_PRICES;
  // A position's stop follows the market, and may have passed the opening price.
  const double market = is_position(trade) ? close_price(server, trade, group) : 0;
  const double against = market == 0 ? asked.price : market;
  if (const auto code = refusal_of_stops(*symbol, trade.cmd, against, asked.sl, asked.tp)) return code;
  if (is_pending(trade)) {
    if (const auto code = refusal_of_expiration(group, asked.expiration)) return code;
    trade.expiration = asked.expiration;
  }
  trade.open_price = rounded(asked.price, trade.digits);
  trade.sl = rounded(asked.sl, trade.digits);
  trade.tp = rounded(asked.tp, trade.digits);
  server.put_open(trade);
  return RET_OK;
}

std::int32_t activate(Server& server, TradeRecord trade, const TradeTransInfo& asked) {
  if (!is_pending(trade) || server.symbol(text(trade.symbol)) == nullptr) return RET_INVALID_DATA;
  if (!possible_price(asked.price)) return RET_TRADE_BAD_PRICES;
  open_position(server, trade, asked.price);
  server.put_open(trade);
  return RET_OK;
}

}  // namespace

std::int32_t login_of(const Server& server, const TradeTransInfo& asked) {
  if (asked.type == TT_BR_ORDER_OPEN || asked.type == TT_BR_ORDER_CLOSE_ALL || asked.type == TT_BR_BALANCE) {
    return asked.orderby;
  }
  const auto found = server.open.find(asked.order);
  return found == server.open.end() ? 0 : found->second.login;
}

std::int32_t transact(Server& server, TradeTransInfo& asked) {
  if (asked.type == TT_BR_BALANCE) return move_money(server, asked);
  if (asked.type == TT_BR_ORDER_OPEN) return open_order(server, asked);
  if (asked.type == TT_BR_ORDER_CLOSE_ALL) return close_all(server, asked);
  const auto found = server.open.find(asked.order);
  if (found == server.open.end() || server.group_of(found->second.login) == nullptr) return RET_INVALID_DATA;
  TradeRecord trade = found->second;
  switch (asked.type) {
    case TT_BR_ORDER_CLOSE:
      return close_order(server, trade, asked);
    case TT_BR_ORDER_DELETE:
      return delete_order(server, trade);
    case TT_BR_ORDER_CLOSE_BY:
      return close_by(server, trade, asked.orderby);
    case TT_BR_ORDER_MODIFY:
      return modify(server, trade, asked);
    case TT_BR_ORDER_ACTIVATE:
      return activate(server, trade, asked);
    case TT_BR_ORDER_COMMENT:
      put(trade.comment, text(asked.comment), room(server));
      server.put_open(trade);
      return RET_OK;
    default:
      return RET_INVALID_DATA;  // the transactions of clients
  }
}

}  // namespace standin
