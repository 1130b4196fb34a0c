// Prices, conversion and profit.
#include "market.h"

#include <cmath>

#include "texts.h"

namespace standin {
namespace {

struct Leg {
  const Quote* quote;
  bool divide;
};

const Quote* quote_of(const Server& server, const std::string& name) {
  const auto found = server.quotes.find(name);
  return server.symbol(name) == nullptr || found == server.quotes.end() ? nullptr : &found->second;
}

std::optional<Leg> pair_of(const Server& server, std::string_view from, std::string_view to, std::string_view suffix) {
  for (const std::string_view end : {suffix, std::string_view()}) {
    const std::string inverse = std::string(to).append(from).append(end);
    const std::string direct = std::string(from).append(to).append(end);
    if (const Quote* const quote = quote_of(server, inverse)) return Leg{quote, true};
    if (const Quote* const quote = quote_of(server, direct)) return Leg{quote, false};
  }
  return std::nullopt;
}

void follow(Rates& rates, const Leg& leg) {
  rates.bid = leg.divide ? rates.bid / leg.quote->bid : rates.bid * leg.quote->bid;
  rates.ask = leg.divide ? rates.ask / leg.quote->ask : rates.ask * leg.quote->ask;
}

const ConGroupSec& terms(const ConGroup& group, const ConSymbol& symbol) { return group.secgroups[symbol.type & 31]; }

double fee(const Server& server, const TradeRecord& trade, const ConSymbol& symbol, std::string_view currency,
           double base, std::int32_t kind, std::int32_t per_deal) {
  const double lots = trade.volume / 100.0;
  if (base == 0) return 0;
  if (kind == 0) return money(per_deal != 0 ? base : base * lots);
  const auto found = profit_rates(server, symbol, currency);
  if (!found) return 0;
  if (kind == 1) return money(base * symbol.point * symbol.contract_size * lots * found->bid);
  double turnover = trade.open_price * symbol.contract_size;
  if (symbol.profit_mode == 2) turnover = symbol.tick_size > 0 ? trade.open_price / symbol.tick_size * symbol.tick_value : 0;
  return money(base / 100 * turnover * found->bid * lots);
}

}  // namespace

std::optional<Rates> rates(const Server& server, std::string_view from, std::string_view to, std::string_view suffix) {
  from = from.substr(0, 3);
  to = to.substr(0, 3);
  Rates found;
  if (from == to) return found;
  if (const auto direct = pair_of(server, from, to, suffix)) {
    follow(found, *direct);
    return found;
  }
  const auto first = pair_of(server, from, "USD", suffix);
  const auto second = pair_of(server, "USD", to, suffix);
  if (!first || !second) return std::nullopt;
  follow(found, *first);
  follow(found, *second);
  return found;
}

std::optional<Rates> profit_rates(const Server& server, const ConSymbol& symbol, std::string_view currency) {
  const std::string_view name = text(symbol.symbol);
  if (symbol.profit_mode == 0 && name.size() >= 6) {
    return rates(server, name.substr(3, 3), currency, name.substr(6));
  }
  auto found = rates(server, text(symbol.currency), currency, {});
  if (found) found->ask = found->bid;  // only pairs know two sides
  return found;
}

double margin_rate(const Server& server, const ConSymbol& symbol, std::string_view currency) {
  const std::string_view name = text(symbol.symbol);
  const auto found = symbol.margin_mode == 0 && name.size() >= 6
                         ? rates(server, name.substr(0, 3), currency, name.substr(6))
                         : rates(server, text(symbol.margin_currency), currency, {});
  return found ? found->bid : 1.0;
}

std::optional<std::pair<double, double>> group_prices(const Server& server, const ConSymbol& symbol,
                                                      const ConGroup& group) {
  const auto found = server.quotes.find(text(symbol.symbol));
  if (found == server.quotes.end()) return std::nullopt;
  const Quote& quote = found->second;
  const double wider = symbol.point * terms(group, symbol).spread_diff;
  if (wider == 0) return std::pair(quote.bid, quote.ask);
  const double bid = rounded(quote.bid - wider / 2, symbol.digits);
  return std::pair(bid, rounded(bid + (quote.ask - quote.bid) + wider, symbol.digits));
}

double close_price(const Server& server, const TradeRecord& trade, const ConGroup& group) {
  const ConSymbol* const symbol = server.symbol(text(trade.symbol));
  const auto prices = symbol == nullptr ? std::nullopt : group_prices(server, *symbol, group);
  if (!prices) return 0;
  const bool sells = trade.cmd % 2 != 0;
  return sells == is_position(trade) ? prices->second : prices->first;
}

double profit(const Server& server, const TradeRecord& trade, double price, std::string_view currency) {
  const ConSymbol* const symbol = server.symbol(text(trade.symbol));
  if (symbol == nullptr || !is_position(trade)) return 0;
  const auto found = profit_rates(server, *symbol, currency);
  if (!found) return 0;
  const bool buys = trade.cmd == OP_BUY;
  const double unit = symbol->profit_mode == 2 ? symbol->tick_value : symbol->contract_size;
  const double worth = trade.volume * unit * (buys ? found->bid : found->ask) / 100;
  const double sign = buys ? 1 : -1;
  // MT4 rounds the two turnovers apart, which may differ by a cent from rounding once.
  if (symbol->profit_mode == 0) return money(sign * (money(price * worth) - money(trade.open_price * worth)));
  const double move = sign * (price - trade.open_price);
  if (symbol->profit_mode == 1) return money(move * worth);
  return symbol->tick_size > 0 ? money(move * worth / symbol->tick_size) : 0;
}

TradeRecord valued(const Server& server, const TradeRecord& trade, const ConGroup& group) {
  TradeRecord shown = trade;
  const double price = close_price(server, trade, group);
  if (price == 0) return shown;
  shown.close_price = price;
  shown.profit = profit(server, trade, price, text(group.currency));
  return shown;
}

void charge(const Server& server, TradeRecord& trade, const ConGroup& group) {
  const ConSymbol& symbol = *server.symbol(text(trade.symbol));
  const ConGroupSec& sec = terms(group, symbol);
  const std::string_view currency = text(group.currency);
  const double paid = fee(server, trade, symbol, currency, sec.comm_base, sec.comm_type, sec.comm_lots);
  trade.commission = paid == 0 ? 0 : -paid;
  trade.commission_agent = fee(server, trade, symbol, currency, sec.comm_agent, sec.comm_agent_type, sec.comm_agent_lots);
  const double tax = money(paid * sec.comm_tax / 100);
  trade.taxes = tax == 0 ? 0 : -tax;
}

}  // namespace standin
