// Prices as groups see them, money turned over the symbol table, profit and margin (trading-math.md).
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "server.h"

namespace standin {

// What one unit of a currency is in another: for what closes at the bid, and for what closes at the ask.
struct Rates {
  double bid = 1;
  double ask = 1;
};

// A direct pair, or two by way of the dollar; nothing where there is no way or no quote.
std::optional<Rates> rates(const Server& server, std::string_view from, std::string_view to, std::string_view suffix);

// From the currency of a symbol's profit to the account's.
std::optional<Rates> profit_rates(const Server& server, const ConSymbol& symbol, std::string_view currency);

// From the currency of a symbol's margin to the account's, at the bid; 1 where there is no way.
double margin_rate(const Server& server, const ConSymbol& symbol, std::string_view currency);

// Bid and ask with the group's extra spread.
std::optional<std::pair<double, double>> group_prices(const Server& server, const ConSymbol& symbol,
                                                      const ConGroup& group);

// What an order stands against: a position closes, a pending order would open.
double close_price(const Server& server, const TradeRecord& trade, const ConGroup& group);

// At a price, without commission, swap and taxes.
double profit(const Server& server, const TradeRecord& trade, double price, std::string_view currency);

// An open trade with its price and its profit as of now.
TradeRecord valued(const Server& server, const TradeRecord& trade, const ConGroup& group);

// Commission, the agent's commission and taxes of a new position, as they stand in its record.
void charge(const Server& server, TradeRecord& trade, const ConGroup& group);

// The margin of positions; with order_check as a new order is asked for it.
double margin(const Server& server, const std::vector<const TradeRecord*>& trades, std::int32_t leverage,
              const ConGroup& group, bool order_check = false);

MarginLevel margin_level(Server& server, const Account& account);

// Tells the pumps (code 13, without data) when the account came to another level.
void tell_level(Server& server, std::int32_t login);

// The same of every account with positions, after prices have moved.
void tell_levels(Server& server);

}  // namespace standin
