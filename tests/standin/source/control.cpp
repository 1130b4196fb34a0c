// The C control functions.
#include "../control.h"

#include <algorithm>
#include <cstring>
#include <map>

#include "faults.h"
#include "ledger.h"
#include "line.h"
#include "loading.h"
#include "manager.h"
#include "memory.h"
#include "names.h"
#include "passage.h"
#include "pump.h"
#include "report.h"
#include "script.h"

namespace standin {
namespace {

static_assert(sizeof(standin_row) == sizeof(LedgerRow) && alignof(standin_row) == alignof(LedgerRow));

thread_local std::string problem;

template <typename Row>
int copy_out(const Row* row, void* record, int room) {
  if (row == nullptr) return -1;
  std::memcpy(record, row, static_cast<std::size_t>(std::clamp<int>(room, 0, sizeof(Row))));
  return sizeof(Row);
}

int copy_text(const std::string& text, void* record, int room) {
  const auto size = std::min(text.size() + 1, static_cast<std::size_t>(std::max(room, 0)));
  std::memcpy(record, text.c_str(), size);
  return static_cast<int>(text.size() + 1);
}

std::string mail_text(const SentMail& mail) {
  std::string logins;
  for (const std::int32_t login : mail.logins) logins += (logins.empty() ? "" : ",") + std::to_string(login);
  return std::to_string(mail.sender) + "|" + mail.from + "|" + mail.subject + "|" + logins + "|" + mail.body;
}

template <typename Table>
const typename Table::mapped_type* find(const Table& table, int key) {
  const auto found = table.find(key);
  return found == table.end() ? nullptr : &found->second;
}

std::int64_t table_size(const std::string& name) {
  Server& all = server();
  const std::lock_guard lock(all.mutex);
  if (name == "users") return std::ssize(all.users);
  if (name == "open") return std::ssize(all.open);
  if (name == "closed") return std::ssize(all.closed);
  if (name == "mails") return std::ssize(all.mails);
  if (name == "ledger") return std::ssize(ledger());
  return -1;
}

}  // namespace

std::int64_t counter(const std::string& name) {
  const MemoryCounts memory = memory_counts();
  const std::map<std::string, std::int64_t> plain = {
      {"allocated", memory.allocated},       {"freed", memory.freed},
      {"live_blocks", memory.live_blocks},   {"live_bytes", memory.live_bytes},
      {"peak_bytes", memory.peak_bytes},     {"double_frees", memory.double_frees},
      {"foreign_frees", memory.foreign_frees}, {"objects", objects()},
      {"pump_threads", pump_threads()},      {"callbacks", callbacks()},
      {"overlaps", overlaps()},              {"hanging", hanging()},
      {"late", late_effects()},              {"unsupported", unsupported_calls()},
      {"calls", calls("")},
  };
  if (const auto found = plain.find(name); found != plain.end()) return found->second;
  return is_call(name) ? calls(name) : table_size(name);
}

}  // namespace standin

using namespace standin;

int standin_run(const char* command) {
  problem = command == nullptr ? "no command" : run_command(command);
  return problem.empty() ? 0 : -1;
}

const char* standin_problem(void) { return problem.c_str(); }

int standin_put(const char* kind, const void* record, int size, const char* more) {
  if (kind == nullptr || record == nullptr || size < 0) {
    problem = "no record";
  } else {
    Server& all = server();
    const std::lock_guard lock(all.mutex);
    problem = load_record(all, kind, record, static_cast<std::size_t>(size), more == nullptr ? "" : more);
  }
  return problem.empty() ? 0 : -1;
}

int standin_get(const char* kind, int key, void* record, int room) {
  Server& all = server();
  const std::lock_guard lock(all.mutex);
  const std::string_view wanted = kind == nullptr ? "" : kind;
  if (wanted == "user") {
    const Account* const account = all.user(key);
    return copy_out(account == nullptr ? nullptr : &account->record, record, room);
  }
  if (wanted == "open") return copy_out(find(all.open, key), record, room);
  if (wanted == "closed") {
    const Closed* const row = find(all.closed, key);
    return copy_out(row == nullptr ? nullptr : &row->record, record, room);
  }
  const bool mail = wanted == "mail" && key >= 0 && key < std::ssize(all.mails);
  return mail ? copy_text(mail_text(all.mails[static_cast<std::size_t>(key)]), record, room) : -1;
}

int64_t standin_count(const char* name) { return counter(name == nullptr ? "" : name); }

int standin_ledger(struct standin_row* rows, int room) {
  Server& all = server();
  const std::lock_guard lock(all.mutex);
  const std::vector<LedgerRow> booked = ledger();
  const auto copied = std::min(booked.size(), static_cast<std::size_t>(std::max(room, 0)));
  if (copied > 0) std::memcpy(rows, booked.data(), copied * sizeof(LedgerRow));
  return static_cast<int>(booked.size());
}
