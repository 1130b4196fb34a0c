// Groups, symbols and prices.
#include <algorithm>
#include <cmath>

#include "manager_calls.h"
#include "texts.h"

namespace standin {
namespace {

SymbolInfo info_of(const ConSymbol& symbol, const Quote& quote) {
  SymbolInfo info{};
  put(info.symbol, text(symbol.symbol));
  info.digits = symbol.digits;
  info.count = symbol.count;
  info.visible = 1;
  info.type = symbol.type;
  info.point = symbol.point;
  info.spread = symbol.spread;
  if (symbol.spread == 0 && symbol.point > 0) {
    info.spread = static_cast<std::int32_t>(std::lround((quote.ask - quote.bid) / symbol.point));
  }
  info.spread_balance = symbol.spread_balance;
  info.direction = quote.direction;
  info.updateflag = 1;
  info.lasttime = quote.time;
  info.bid = quote.bid;
  info.ask = quote.ask;
  info.high = quote.high;
  info.low = quote.low;
  return info;
}

ConGroup* groups_of(const Server& all, const Authority& authority, std::int32_t* total) {
  std::vector<const ConGroup*> found;
  for (const ConGroup& group : all.groups) {
    if (authority.sees_group(text(group.group))) found.push_back(&group);
  }
  return hand_out_rows(found, total, [](ConGroup& group) { put(group.smtp_password, ""); });
}

}  // namespace

ConGroup* Manager::GroupsRequest(std::int32_t* total) {
  return request_list<ConGroup>(93, total, [&](Server& all, std::int32_t* n) { return groups_of(all, authority_, n); });
}

ConGroup* Manager::GroupsGet(std::int32_t* total) {
  return read_list<ConGroup>(115, total, [&](Server& all, std::int32_t* n) { return groups_of(all, authority_, n); });
}

std::int32_t Manager::GroupRecordGet(const char* name, ConGroup* group) {
  return read(116, [&](Server& all) {
    const ConGroup* const found = all.group(text(name));
    if (found == nullptr || group == nullptr || !authority_.sees_group(text(name))) return RET_ERROR;
    *group = *found;
    return RET_OK;
  });
}

ConGroup* Manager::CfgRequestGroup(std::int32_t* total) {
  return request_list<ConGroup>(27, total, [&](Server& all, std::int32_t* n) {
    return authority_.has(&ConManager::admin) ? hand_out_rows(all.groups, n) : nullptr;
  });
}

ConSymbol* Manager::CfgRequestSymbol(std::int32_t* total) {
  return request_list<ConSymbol>(26, total, [&](Server& all, std::int32_t* n) {
    return authority_.has(&ConManager::admin) ? hand_out_rows(all.symbols, n) : nullptr;
  });
}

std::int32_t Manager::SymbolsRefresh() {
  const std::int32_t code = request(85, [](Server&) { return RET_OK; });
  if (code == RET_OK) symbols_loaded_ = true;
  return code;
}

// Answered from what SymbolsRefresh or the pump has brought: no line, nothing before.
ConSymbol* Manager::SymbolsGetAll(std::int32_t* total) {
  none(total);
  count_call(86);
  if (total == nullptr || (!symbols_loaded_ && !pumping())) return nullptr;
  if (const auto fault = next_fault(slot_name(86)); fault && fault->kind == Kind::refuse) return nullptr;
  Server& all = server();
  const std::lock_guard lock(all.mutex);
  return hand_out_rows(all.symbols, total);
}

std::int32_t Manager::SymbolGet(const char* symbol, ConSymbol* found) {
  count_call(87);
  if (found == nullptr || (!symbols_loaded_ && !pumping())) return RET_ERROR;
  Server& all = server();
  const std::lock_guard lock(all.mutex);
  const ConSymbol* const row = all.symbol(text(symbol));
  if (row == nullptr) return RET_ERROR;
  *found = *row;
  return RET_OK;
}

std::int32_t Manager::SymbolInfoGet(const char* symbol, SymbolInfo* info) {
  return read(88, [&](Server& all) {
    const ConSymbol* const row = all.symbol(text(symbol));
    const auto own = pump();
    const bool watched = own != nullptr && own->watches(std::string(text(symbol)));
    if (row == nullptr || info == nullptr || !watched) return RET_ERROR;
    const auto quote = all.quotes.find(text(symbol));
    *info = info_of(*row, quote == all.quotes.end() ? Quote{} : quote->second);
    return RET_OK;
  });
}

std::int32_t Manager::SymbolAdd(const char* symbol) {
  return read(89, [&](Server& all) {
    const auto own = pump();
    if (all.symbol(text(symbol)) == nullptr || own == nullptr) return RET_ERROR;
    own->watch(std::string(text(symbol)));
    return RET_OK;
  });
}

std::int32_t Manager::SymbolHide(const char* symbol) {
  return read(90, [&](Server& all) {
    const auto own = pump();
    if (all.symbol(text(symbol)) == nullptr || own == nullptr) return RET_ERROR;
    own->unwatch(std::string(text(symbol)));
    return RET_OK;
  });
}

// Gives how many symbols it has written, and not a code.
std::int32_t Manager::SymbolInfoUpdated(SymbolInfo* infos, std::int32_t most) {
  std::int32_t written = 0;
  if (infos == nullptr || most <= 0) return count_call(117), 0;
  read(117, [&](Server& all) {
    const auto own = pump();
    if (own == nullptr) return RET_ERROR;
    for (const std::string& name : own->updated(static_cast<std::size_t>(most))) {
      const ConSymbol* const row = all.symbol(name);
      const auto quote = all.quotes.find(name);
      if (row != nullptr && quote != all.quotes.end()) infos[written++] = info_of(*row, quote->second);
    }
    return RET_OK;
  });
  return written;
}

std::int32_t Manager::SymbolSendTick(const char* symbol, double bid, double ask) {
  return request(92, [&](Server& all) {
    const ConSymbol* const row = all.symbol(text(symbol));
    if (!authority_.has(&ConManager::market_watch)) return RET_NOT_ENOUGH_RIGHTS;
    if (row == nullptr || !(bid > 0) || !(ask >= bid) || !std::isfinite(ask)) return RET_INVALID_DATA;
    all.quote(*row, bid, ask);
    return RET_OK;
  });
}

}  // namespace standin
