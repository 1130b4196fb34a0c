// What an order has to satisfy (trading-math.md §4, behaviour.md §10).
#include <algorithm>
#include <cmath>

#include "clock.h"
#include "dealing.h"
#include "market.h"
#include "texts.h"

namespace standin {
namespace {

constexpr std::int32_t kAllowExpiration = 8;  // ALLOW_FLAG_EXPIRATION of ConGroup.rights

std::int32_t refusal_of_volume(const ConGroupSec& terms, std::int32_t volume) {
  const bool between = volume >= std::max(terms.lot_min, 1) && volume <= terms.lot_max;
  return between && volume % std::max(terms.lot_step, 1) == 0 ? RET_OK : RET_TRADE_BAD_VOLUME;
}

std::int32_t refusal_of_side(const ConSymbol& symbol, const ConGroup& group, std::int32_t cmd,
                             const std::vector<const TradeRecord*>& held) {
  if (symbol.long_only != 0 && cmd % 2 != 0) return RET_TRADE_LONG_ONLY;
  if (group.hedge_prohibited == 0 || cmd > OP_SELL) return RET_OK;
  for (const TradeRecord* const other : held) {
    if (other->cmd == 1 - cmd && text(other->symbol) == text(symbol.symbol)) return RET_TRADE_HEDGE_PROHIBITED;
  }
  return RET_OK;
}

}  // namespace

bool possible_price(double price) { return price > 0 && price < 1e9; }

std::int32_t refusal_of_stops(const ConSymbol& symbol, std::int32_t cmd, double against, double sl, double tp) {
  if (!std::isfinite(sl) || !std::isfinite(tp) || sl < 0 || tp < 0) return RET_TRADE_BAD_STOPS;
  const double sign = cmd % 2 == 0 ? 1 : -1;
  // Half a point less than the level: doubles are not exact.
  const double least = std::max(symbol.stops_level - 0.5, 0.5) * symbol.point;
  const bool bad = (sl != 0 && sign * (against - sl) < least) || (tp != 0 && sign * (tp - against) < least);
  return bad ? RET_TRADE_BAD_STOPS : RET_OK;
}

std::int32_t refusal_of_expiration(const ConGroup& group, std::int32_t expiration) {
  if (expiration == 0) return RET_OK;
  const bool good = expiration > server_now() && (group.rights & kAllowExpiration) != 0;
  return good ? RET_OK : RET_TRADE_EXPIRATION_DENIED;
}

std::int32_t refusal_of_opening(Server& server, const TradeTransInfo& asked) {
  const Account* const account = server.user(asked.orderby);
  const ConSymbol* const symbol = server.symbol(text(asked.symbol));
  const ConGroup* const group = server.group_of(asked.orderby);
  if (account == nullptr || group == nullptr || symbol == nullptr) return RET_INVALID_DATA;
  if (asked.cmd < OP_BUY || asked.cmd > OP_SELL_STOP) return RET_INVALID_DATA;
  if (account->record.enable == 0) return RET_ACCOUNT_DISABLED;
  const ConGroupSec& terms = group->secgroups[symbol->type & 31];
  if (account->record.enable_read_only != 0 || terms.trade == 0 || symbol->trade != 2) return RET_TRADE_DISABLE;
  if (const auto code = refusal_of_volume(terms, asked.volume)) return code;
  if (!possible_price(asked.price)) return RET_TRADE_BAD_PRICES;
  if (const auto code = refusal_of_stops(*symbol, asked.cmd, asked.price, asked.sl, asked.tp)) return code;
  const auto held = server.open_of(asked.orderby);
  if (const auto code = refusal_of_side(*symbol, *group, asked.cmd, held)) return code;
  if (group->maxpositions != 0 && std::ssize(held) >= group->maxpositions) return RET_TRADE_TOO_MANY_ORDERS;
  return asked.cmd > OP_SELL ? refusal_of_expiration(*group, asked.expiration) : RET_OK;
}

}  // namespace standin
