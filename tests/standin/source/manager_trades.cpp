// Orders, history and margins.
#include <algorithm>
#include <cmath>

#include "clock.h"
#include "dealing.h"
#include "manager_calls.h"
#include "market.h"
#include "texts.h"

namespace standin {
namespace {

TradeRecord* give(Server& all, const std::vector<const TradeRecord*>& found, std::int32_t* total) {
  return hand_out_rows(found, total, [&](TradeRecord& trade) {
    const ConGroup* const group = trade.close_time == 0 ? all.group_of(trade.login) : nullptr;
    if (group != nullptr) trade = valued(all, trade, *group);
  });
}

// Open trades that the manager sees and the test takes.
template <typename Test>
TradeRecord* open_trades(Server& all, const Authority& authority, std::int32_t* total, Test test) {
  if (!authority.has(&ConManager::see_trades)) return nullptr;
  std::vector<const TradeRecord*> found;
  for (const auto& [order, trade] : all.open) {
    if (test(trade) && authority.sees(all, trade.login)) found.push_back(&trade);
  }
  return give(all, found, total);
}

bool any(const TradeRecord&) { return true; }

const TradeRecord* record_of(Server& all, std::int32_t order) {
  const auto found = all.open.find(order);
  return found != all.open.end() ? &found->second : all.visible_closed(order);
}

// Whether an account's trade is meant by a comma list of logins, tickets and group masks.
bool meant(std::string_view request, const UserRecord& user, std::int32_t order) {
  while (!request.empty()) {
    const std::size_t comma = request.find(',');
    const std::string_view part = request.substr(0, comma);
    if (part == std::to_string(user.login) || part == std::to_string(order)) return true;
    if (!part.empty() && matches(part, text(user.group))) return true;
    request = comma == std::string_view::npos ? std::string_view() : request.substr(comma + 1);
  }
  return false;
}

bool finite(const TradeRecord& trade) {
  for (const double value : {double{trade.open_price}, double{trade.sl}, double{trade.tp}, double{trade.conv_rates[0]},
                             double{trade.conv_rates[1]}, double{trade.commission}, double{trade.commission_agent},
                             double{trade.storage}, double{trade.close_price}, double{trade.profit},
                             double{trade.taxes}, double{trade.margin_rate}}) {
    if (!std::isfinite(value)) return false;
  }
  return true;
}

bool may_see_margins(const Authority& authority) {
  return authority.has(&ConManager::riskman) || authority.has(&ConManager::see_trades);
}

std::int32_t carry_out(Server& all, const Authority& authority, TradeTransInfo& asked) {
  const bool balance = asked.type == TT_BR_BALANCE;
  if (!authority.has(balance ? &ConManager::money : &ConManager::trades)) return RET_NOT_ENOUGH_RIGHTS;
  const std::int32_t login = login_of(all, asked);
  if (!authority.sees(all, login)) return RET_INVALID_DATA;
  const std::int32_t code = transact(all, asked);
  if (code == RET_OK) tell_level(all, login);
  return code;
}

}  // namespace

std::int32_t Manager::TradeTransaction(TradeTransInfo* info) {
  if (stop_pump()) return count_call(105), RET_ERROR;
  Passage passage(line_, 105);
  if (const auto code = passage.stopped()) return *code;
  if (info == nullptr) return passage.done(RET_INVALID_DATA);
  if (const auto late = passage.late()) {
    carry_out_late(*late, [asked = *info, authority = authority_](Server& all) mutable {
      carry_out(all, authority, asked);
    });
    return passage.done(RET_OK);
  }
  TradeTransInfo asked = *info;
  std::int32_t code = 0;
  {
    Server& all = server();
    const std::lock_guard lock(all.mutex);
    code = carry_out(all, authority_, asked);
  }
  code = passage.done(code);
  if (code == RET_OK) info->order = asked.order;
  return code;
}

TradeRecord* Manager::TradesRequest(std::int32_t* total) {
  return request_list<TradeRecord>(106, total, [&](Server& all, std::int32_t* n) {
    return open_trades(all, authority_, n, any);
  });
}

TradeRecord* Manager::TradeRecordsRequest(const std::int32_t* orders, std::int32_t* total) {
  const std::int32_t asked = total == nullptr ? 0 : *total;
  return request_list<TradeRecord>(107, total, [&](Server& all, std::int32_t* n) -> TradeRecord* {
    if (orders == nullptr || asked <= 0 || !authority_.has(&ConManager::see_trades)) return nullptr;
    std::vector<const TradeRecord*> found;
    for (std::int32_t index = 0; index < asked; ++index) {
      const TradeRecord* const record = record_of(all, orders[index]);
      if (record != nullptr && authority_.sees(all, record->login)) found.push_back(record);
    }
    return give(all, found, n);
  });
}

TradeRecord* Manager::TradesUserHistory(std::int32_t login, std::int32_t from, std::int32_t to, std::int32_t* total) {
  return request_list<TradeRecord>(108, total, [&](Server& all, std::int32_t* n) -> TradeRecord* {
    if (!authority_.has(&ConManager::see_trades) || !authority_.sees(all, login) || from < 0) return nullptr;
    return give(all, all.history_of(login, std::max(from, authority_.oldest()), to), n);
  });
}

TradeRecord* Manager::AdmTradesRequest(const char* request_text, std::int32_t open_only, std::int32_t* total) {
  const bool may = authority_.has(&ConManager::admin);
  if (!may && server().settings.admin_hangs != 0) hang(-1);
  return request_list<TradeRecord>(80, total, [&](Server& all, std::int32_t* n) -> TradeRecord* {
    if (!may) return nullptr;
    std::vector<const TradeRecord*> found;
    const auto add = [&](const TradeRecord& trade) {
      const Account* const owner = all.user(trade.login);
      if (owner != nullptr && authority_.sees_group(text(owner->record.group)) &&
          meant(text(request_text), owner->record, trade.order)) {
        found.push_back(&trade);
      }
    };
    for (const auto& [order, trade] : all.open) add(trade);
    for (const auto& [order, closed] : all.closed) {
      if (open_only == 0 && all.visible_closed(order) != nullptr) add(closed.record);
    }
    std::ranges::sort(found, {}, [](const TradeRecord* trade) { return trade->order; });
    return give(all, found, n);
  });
}

std::int32_t Manager::AdmTradesDelete(const std::int32_t* orders, std::int32_t total) {
  return request(83, [&](Server& all) -> std::int32_t {
    if (!authority_.has(&ConManager::trades) || !authority_.has(&ConManager::admin)) return RET_NOT_ENOUGH_RIGHTS;
    bool any_found = false;
    for (std::int32_t index = 0; orders != nullptr && index < total; ++index) {
      const TradeRecord* const record = record_of(all, orders[index]);
      if (record == nullptr || !authority_.sees(all, record->login)) continue;
      any_found = true;
      all.erase(orders[index]);
    }
    return any_found ? RET_OK : RET_INVALID_DATA;
  });
}

std::int32_t Manager::AdmTradeRecordModify(const TradeRecord* trade) {
  return request(84, [&](Server& all) -> std::int32_t {
    if (!authority_.has(&ConManager::trades) || !authority_.has(&ConManager::admin)) return RET_NOT_ENOUGH_RIGHTS;
    const TradeRecord* const before = trade == nullptr ? nullptr : record_of(all, trade->order);
    if (before == nullptr || !authority_.sees(all, before->login) || !finite(*trade)) return RET_INVALID_DATA;
    const bool whole = trade->login == before->login && text(trade->symbol) == text(before->symbol) &&
                       trade->digits == before->digits && trade->cmd == before->cmd &&
                       trade->volume == before->volume && trade->state == before->state;
    if (!whole) return kBadRecord;
    TradeRecord after = *trade;
    put(after.comment, std::string(text(trade->comment)));
    after.state < TS_CLOSED_NORMAL ? all.put_open(after) : all.put_closed(after);
    return RET_OK;
  });
}

std::int32_t Manager::MarginLevelRequest(std::int32_t login, MarginLevel* level) {
  return request(156, [&](Server& all) {
    if (!may_see_margins(authority_)) return RET_NOT_ENOUGH_RIGHTS;
    if (level == nullptr || !authority_.sees(all, login)) return RET_INVALID_DATA;
    *level = margin_level(all, *all.user(login));
    return RET_OK;
  });
}

TradeRecord* Manager::TradesGet(std::int32_t* total) {
  return read_list<TradeRecord>(122, total, [&](Server& all, std::int32_t* n) {
    return open_trades(all, authority_, n, any);
  });
}

TradeRecord* Manager::TradesGetByLogin(std::int32_t login, const char*, std::int32_t* total) {
  return read_list<TradeRecord>(124, total, [&](Server& all, std::int32_t* n) {
    return open_trades(all, authority_, n, [&](const TradeRecord& trade) { return trade.login == login; });
  });
}

TradeRecord* Manager::TradesGetBySymbol(const char* symbol, std::int32_t* total) {
  return read_list<TradeRecord>(123, total, [&](Server& all, std::int32_t* n) {
    return open_trades(all, authority_, n, [&](const TradeRecord& trade) { return text(trade.symbol) == text(symbol); });
  });
}

std::int32_t Manager::TradeRecordGet(std::int32_t order, TradeRecord* trade) {
  return read(126, [&](Server& all) {
    const auto found = all.open.find(order);
    if (trade == nullptr || found == all.open.end() || !authority_.sees(all, found->second.login)) return RET_ERROR;
    *trade = valued(all, found->second, *all.group_of(found->second.login));
    return RET_OK;
  });
}

MarginLevel* Manager::MarginsGet(std::int32_t* total) {
  return read_list<MarginLevel>(128, total, [&](Server& all, std::int32_t* n) -> MarginLevel* {
    if (!may_see_margins(authority_)) return nullptr;
    std::vector<MarginLevel> rows;
    for (const auto& [login, account] : all.users) {
      if (!authority_.sees_group(text(account.record.group))) continue;
      MarginLevel level = margin_level(all, account);
      if (level.volume > 0) rows.push_back(level);  // an account without positions has no margin to show
    }
    return hand_out_rows(rows, n);
  });
}

std::int32_t Manager::MarginLevelGet(std::int32_t login, const char* group, MarginLevel* margin) {
  return read(129, [&](Server& all) {
    const Account* const account = all.user(login);
    if (margin == nullptr || account == nullptr || !authority_.sees(all, login)) return RET_ERROR;
    if (text(account->record.group) != text(group)) return RET_ERROR;
    const MarginLevel level = margin_level(all, *account);
    if (level.volume == 0) return RET_ERROR;
    *margin = level;
    return RET_OK;
  });
}

}  // namespace standin
