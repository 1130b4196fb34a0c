// Records as they are, from tests and from files.
#include "loading.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <optional>

#include "texts.h"

namespace standin {
namespace {

template <typename Row>
std::optional<Row> row_of(const void* record, std::size_t size) {
  Row row{};
  if (size != sizeof(Row)) return std::nullopt;
  std::memcpy(&row, record, sizeof(Row));
  return row;
}

template <typename Row, typename Load>
std::string load(const void* record, std::size_t size, Load load_row) {
  const auto row = row_of<Row>(record, size);
  if (!row) return "the structure has " + std::to_string(sizeof(Row)) + " bytes, not " + std::to_string(size);
  load_row(*row);
  return "";
}

// Replaces what has the same name, or appends.
template <typename Row, std::size_t Size>
void upsert(std::vector<Row>& rows, const Row& row, char (Row::*name)[Size]) {
  const auto same = [&](const Row& other) { return text(other.*name) == text(row.*name); };
  const auto found = std::ranges::find_if(rows, same);
  if (found == rows.end()) {
    rows.push_back(row);
  } else {
    *found = row;
  }
}

void load_user(Server& server, const UserRecord& record) {
  Account& account = server.users[record.login];
  account.main = text(record.password);
  account.investor = text(record.password_investor);
  account.phone = text(record.password_phone);
  account.record = record;
  put(account.record.password, "");
  put(account.record.password_investor, "");
  put(account.record.password_phone, "");
  server.common.lastlogin = std::max(server.common.lastlogin, record.login);
}

void load_quote(Server& server, const TickInfo& tick) {
  const ConSymbol* const symbol = server.symbol(text(tick.symbol));
  if (symbol != nullptr) server.quote(*symbol, tick.bid, tick.ask);
}

std::uint32_t number(const char* bytes) {
  std::uint32_t value = 0;
  for (int at = 3; at >= 0; --at) value = value << 8 | static_cast<unsigned char>(bytes[at]);
  return value;
}

}  // namespace

std::string load_record(Server& server, std::string_view kind, const void* record, std::size_t size,
                        const std::string& more) {
  if (kind == "user") return load<UserRecord>(record, size, [&](const auto& row) { load_user(server, row); });
  if (kind == "group") {
    return load<ConGroup>(record, size, [&](const auto& row) { upsert(server.groups, row, &ConGroup::group); });
  }
  if (kind == "symbol") {
    return load<ConSymbol>(record, size, [&](const auto& row) { upsert(server.symbols, row, &ConSymbol::symbol); });
  }
  if (kind == "open") return load<TradeRecord>(record, size, [&](const auto& row) { server.load_open(row); });
  if (kind == "closed") return load<TradeRecord>(record, size, [&](const auto& row) { server.load_closed(row); });
  if (kind == "manager") {
    return load<ConManager>(record, size, [&](const auto& row) { server.managers[row.login] = {row, more, false}; });
  }
  if (kind == "common") {
    // Counters never go back: tables that were loaded before hold higher numbers.
    const std::int32_t order = server.common.lastorder;
    const std::int32_t login = server.common.lastlogin;
    return load<ConCommon>(record, size, [&](const auto& row) {
      server.common = row;
      server.common.lastorder = std::max(row.lastorder, order);
      server.common.lastlogin = std::max(row.lastlogin, login);
    });
  }
  if (kind == "online") return load<OnlineRecord>(record, size, [&](const auto& row) { server.online.push_back(row); });
  if (kind == "quote") return load<TickInfo>(record, size, [&](const auto& row) { load_quote(server, row); });
  return "there is no kind of record " + std::string(kind);
}

std::string load_world(Server& server, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return path + " cannot be read";
  for (char head[16]; file.read(head, sizeof head);) {
    std::string record(number(head + 8), '\0');
    std::string more(number(head + 12), '\0');
    if (!file.read(record.data(), std::ssize(record)) || !file.read(more.data(), std::ssize(more))) {
      return path + " ends in the middle of a record";
    }
    const std::string_view kind(head, strnlen(head, 8));
    if (auto problem = load_record(server, kind, record.data(), record.size(), more); !problem.empty()) return problem;
  }
  return file.gcount() == 0 ? "" : path + " ends in the middle of a record";
}

}  // namespace standin
