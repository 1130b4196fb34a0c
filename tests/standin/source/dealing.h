// TradeTransaction: balance operations and a manager's orders (behaviour.md §8, §10).
#pragma once

#include "server.h"

namespace standin {

// Carries a transaction out; the ticket stands in asked.order afterwards.
std::int32_t transact(Server& server, TradeTransInfo& asked);

// A TT_BR_BALANCE.
std::int32_t move_money(Server& server, TradeTransInfo& asked);

// Writes a balance or credit row under a ticket and moves the account's money.
void put_money(Server& server, const TradeRecord& row);

// The login that a transaction is about, 0 when its order is not there.
std::int32_t login_of(const Server& server, const TradeTransInfo& asked);

// What an order has to satisfy, and the code for what it does not; 0 when all is well.
std::int32_t refusal_of_opening(Server& server, const TradeTransInfo& asked);
std::int32_t refusal_of_stops(const ConSymbol& symbol, std::int32_t cmd, double against, double sl, double tp);
std::int32_t refusal_of_expiration(const ConGroup& group, std::int32_t expiration);
bool possible_price(double price);

}  // namespace standin
