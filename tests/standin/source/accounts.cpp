// The users of the server.
#include "accounts.h"

#include <algorithm>
#include <cctype>

#include "clock.h"
#include "texts.h"

namespace standin {
namespace {

// 5 to 15 bytes with a digit, and at least two kinds of lower, upper and digit; a special counts as two.
bool acceptable(std::string_view password) {
  if (password.size() < 5 || password.size() > 15) return false;
  const auto has = [&](int (*kind)(int)) {
    return std::ranges::any_of(password, [&](char byte) { return kind(static_cast<unsigned char>(byte)) != 0; });
  };
  const bool special = std::ranges::any_of(
      password, [](char byte) { return std::isalnum(static_cast<unsigned char>(byte)) == 0; });
  return has(std::isdigit) && 1 + has(std::islower) + has(std::isupper) + 2 * special >= 2;
}

bool named(std::string_view name) { return name.find_first_not_of(' ') != std::string_view::npos; }

template <std::size_t Size>
void wipe(char (&array)[Size]) {
  put(array, "");
}

void hide(UserRecord& record) {
  wipe(record.password);
  wipe(record.password_investor);
  wipe(record.password_phone);
  wipe(record.otp_secret);
}

// Bytes behind a text's NUL are not kept.
void tidy(UserRecord& record) {
  const auto again = [](auto& array) { put(array, std::string(text(array))); };
  again(record.group);
  again(record.name);
  again(record.country);
  again(record.city);
  again(record.state);
  again(record.zipcode);
  again(record.address);
  again(record.lead_source);
  again(record.phone);
  again(record.email);
  again(record.comment);
  again(record.id);
  again(record.status);
}

}  // namespace

std::int32_t create_user(Server& server, UserRecord& asked) {
  const std::string main(text(asked.password));
  const std::string investor(text(asked.password_investor));
  const ConGroup* const group = server.group(text(asked.group));
  if (group == nullptr || !named(text(asked.name)) || asked.login < 0) return RET_INVALID_DATA;
  if (!acceptable(main) || main == investor || (!investor.empty() && !acceptable(investor))) return RET_INVALID_DATA;
  if (asked.login != 0 && server.users.contains(asked.login)) return RET_ERROR;
  if (asked.login == 0) asked.login = server.next_login();
  UserRecord record = asked;
  hide(record);
  tidy(record);
  record.balance = record.credit = 0;
  record.prevbalance = record.prevmonthbalance = record.prevequity = record.prevmonthequity = 0;
  record.regdate = server_now();
  record.lastdate = record.last_ip = 0;
  if (record.leverage == 0) record.leverage = group->default_leverage;
  Account& account = server.users[record.login];
  account.main = main;
  account.investor = investor;
  account.phone = text(asked.password_phone);
  server.put_user(record, TRANS_ADD);
  return RET_OK;
}

std::int32_t update_user(Server& server, const UserRecord& asked) {
  Account* const account = server.user(asked.login);
  if (account == nullptr || server.group(text(asked.group)) == nullptr || !named(text(asked.name))) {
    return RET_INVALID_DATA;
  }
  const UserRecord& before = account->record;
  const bool moved = text(before.group) != text(asked.group);
  UserRecord record = asked;
  hide(record);
  tidy(record);
  record.balance = before.balance;
  record.credit = before.credit;
  record.prevbalance = before.prevbalance;
  record.prevmonthbalance = before.prevmonthbalance;
  record.prevequity = before.prevequity;
  record.prevmonthequity = before.prevmonthequity;
  record.regdate = before.regdate;
  record.lastdate = before.lastdate;
  record.last_ip = before.last_ip;
  // The phone password is no trading password: it is sent with every text, and is set by it.
  if (!text(asked.password_phone).empty()) account->phone = text(asked.password_phone);
  server.put_user(record, moved ? TRANS_CHANGE_GRP : TRANS_UPDATE);
  return RET_OK;
}

std::int32_t set_password(Server& server, std::int32_t login, std::string_view password, bool investor) {
  Account* const account = server.user(login);
  if (account == nullptr || !acceptable(password)) return RET_INVALID_DATA;
  if (password == (investor ? account->main : account->investor)) return RET_INVALID_DATA;
  (investor ? account->investor : account->main) = password;
  return RET_OK;
}

std::int32_t check_password(Server& server, std::int32_t login, std::string_view password) {
  const Account* const account = server.user(login);
  if (account == nullptr) return RET_INVALID_DATA;
  return account->main == password ? RET_OK : RET_BAD_ACCOUNT_INFO;
}

std::int32_t batch(Server& server, const GroupCommandInfo& command, const std::vector<std::int32_t>& logins) {
  if (command.command < GROUP_DELETE || command.command > GROUP_SETGROUP) return RET_INVALID_DATA;
  if (command.command == GROUP_SETGROUP && server.group(text(command.newgroup)) == nullptr) return RET_INVALID_DATA;
  if (command.command == GROUP_LEVERAGE && command.leverage <= 0) return RET_INVALID_DATA;
  bool any = false;
  for (const std::int32_t login : logins) {
    const Account* const account = server.user(login);
    if (account == nullptr) continue;
    any = true;
    UserRecord record = account->record;
    switch (command.command) {
      case GROUP_DELETE:
        if (server.open_of(login).empty()) server.drop_user(login);
        continue;
      case GROUP_LEVERAGE:
        record.leverage = command.leverage;
        break;
      case GROUP_SETGROUP:
        put(record.group, text(command.newgroup));
        break;
      default:
        record.enable = command.command == GROUP_ENABLE ? 1 : 0;
    }
    server.put_user(record, command.command == GROUP_SETGROUP ? TRANS_CHANGE_GRP : TRANS_UPDATE);
  }
  return any ? RET_OK : RET_INVALID_DATA;
}

}  // namespace standin
