// The ledger: every balance and credit row in the order of booking, for a checker that trusts nobody.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model.h"

namespace standin {

// One booked row. Amounts are signed.
struct LedgerRow {
  std::int32_t order;
  std::int32_t login;
  std::int32_t cmd;
  std::int32_t time;
  std::int32_t expiration;
  char comment[32];
  double amount;
};

// Writes further rows to a file as well, each on disk before its call is answered; "" stops it.
// Gives the rows that the file holds already, which another process has booked; false when it cannot be used.
bool open_ledger(const std::string& path, std::vector<LedgerRow>& booked);

// False when the file could not be written: the row is not booked then.
bool book(const TradeRecord& row);

std::vector<LedgerRow> ledger();

void clear_ledger();

}  // namespace standin
