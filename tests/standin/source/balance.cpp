// Money and credit in and out of accounts.
#include <algorithm>
#include <cmath>

#include "clock.h"
#include "dealing.h"
#include "ledger.h"
#include "market.h"
#include "texts.h"

namespace standin {
namespace {

double available(Server& server, const Account& account, std::int32_t cmd) {
  if (cmd == OP_CREDIT) return account.record.credit;
  return std::min(account.record.balance, margin_level(server, account).margin_free - account.record.credit);
}

TradeRecord row_of(Server& server, const TradeTransInfo& asked, double amount) {
  TradeRecord row{};
  row.order = server.next_order();
  row.login = asked.orderby;
  row.cmd = asked.cmd;
  row.volume = static_cast<std::int32_t>(server.settings.balance_volume);
  row.open_time = row.close_time = server_now();
  row.expiration = asked.expiration;
  row.state = TS_CLOSED_NORMAL;
  row.profit = amount;
  put(row.comment, text(asked.comment), static_cast<std::size_t>(server.settings.comment_bytes));
  return row;
}

}  // namespace

std::int32_t move_money(Server& server, TradeTransInfo& asked) {
  const Account* const account = server.user(asked.orderby);
  const double amount = std::isfinite(asked.price) ? money(asked.price) : 0;
  if (account == nullptr || amount == 0) return RET_INVALID_DATA;
  if (asked.cmd != OP_BALANCE && asked.cmd != OP_CREDIT) return RET_INVALID_DATA;
  if (asked.cmd == OP_CREDIT && amount > 0 && asked.expiration <= server_now()) return RET_INVALID_DATA;
  if (amount < 0 && server.settings.refuse_overdraw != 0 && -amount > available(server, *account, asked.cmd)) {
    return RET_TRADE_NO_MONEY;
  }
  const TradeRecord row = row_of(server, asked, amount);
  if (!book(row)) return RET_TECH_PROBLEM;
  put_money(server, row);
  asked.order = row.order;
  return RET_OK;
}

void put_money(Server& server, const TradeRecord& row) {
  server.put_closed(row);
  if (row.cmd == OP_BALANCE) return server.move_balance(row.login, row.profit);
  UserRecord record = server.users.at(row.login).record;
  record.credit = money(record.credit + row.profit);
  server.put_user(record, TRANS_UPDATE);
}

}  // namespace standin
