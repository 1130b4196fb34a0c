// Accounts, who is online, mail.
#include <algorithm>
#include <set>

#include "accounts.h"
#include "clock.h"
#include "manager_calls.h"
#include "texts.h"

namespace standin {
namespace {

constexpr std::int32_t kMostRecipients = 1024;

UserRecord* users_of(Server& all, const Authority& authority, std::int32_t* total) {
  std::vector<const UserRecord*> found;
  for (const auto& [login, account] : all.users) {
    if (authority.sees_group(text(account.record.group))) found.push_back(&account.record);
  }
  return hand_out_rows(found, total, [&](UserRecord& user) { authority.shape(user); });
}

OnlineRecord* online_of(Server& all, const Authority& authority, std::int32_t* total) {
  std::vector<const OnlineRecord*> found;
  if (!authority.has(&ConManager::online)) return nullptr;
  for (const OnlineRecord& row : all.online) {
    if (authority.sees_group(text(row.group))) found.push_back(&row);
  }
  return hand_out_rows(found, total, [](OnlineRecord&) {});
}

// An address that a 64-bit structure holds in 32 bits.
const char* near_pointer(std::uint32_t address) {
  return reinterpret_cast<const char*>(static_cast<std::intptr_t>(static_cast<std::int32_t>(address)));
}

std::vector<std::int32_t> ours(Server& all, const Authority& authority, const std::int32_t* logins, std::int32_t total) {
  std::vector<std::int32_t> found;
  std::set<std::int32_t> seen;
  for (std::int32_t index = 0; index < total; ++index) {
    if (seen.insert(logins[index]).second && authority.sees(all, logins[index])) found.push_back(logins[index]);
  }
  return found;
}

// Whether an account is meant by a comma list of logins and group masks.
bool meant(std::string_view request, const UserRecord& user) {
  const std::string login = std::to_string(user.login);
  while (!request.empty()) {
    const std::size_t comma = request.find(',');
    const std::string_view part = request.substr(0, comma);
    if (part == login || (!part.empty() && part[0] != '!' && matches(part, text(user.group)))) return true;
    request = comma == std::string_view::npos ? std::string_view() : request.substr(comma + 1);
  }
  return false;
}

}  // namespace

UserRecord* Manager::UsersRequest(std::int32_t* total) {
  return request_list<UserRecord>(97, total, [&](Server& all, std::int32_t* n) { return users_of(all, authority_, n); });
}

UserRecord* Manager::UsersGet(std::int32_t* total) {
  return read_list<UserRecord>(118, total, [&](Server& all, std::int32_t* n) { return users_of(all, authority_, n); });
}

UserRecord* Manager::UserRecordsRequest(const std::int32_t* logins, std::int32_t* total) {
  const std::int32_t asked = total == nullptr ? 0 : *total;
  return request_list<UserRecord>(98, total, [&](Server& all, std::int32_t* n) -> UserRecord* {
    if (logins == nullptr || asked <= 0) return nullptr;
    std::vector<const UserRecord*> found;
    for (const std::int32_t login : ours(all, authority_, logins, asked)) found.push_back(&all.users.at(login).record);
    return hand_out_rows(found, n, [&](UserRecord& user) { authority_.shape(user); });
  });
}

UserRecord* Manager::AdmUsersRequest(const char* request_text, std::int32_t* total) {
  return request_list<UserRecord>(79, total, [&](Server& all, std::int32_t* n) -> UserRecord* {
    if (!authority_.has(&ConManager::admin)) return nullptr;
    std::vector<const UserRecord*> found;
    for (const auto& [login, account] : all.users) {
      if (meant(text(request_text), account.record)) found.push_back(&account.record);
    }
    return hand_out_rows(found, n, [](UserRecord&) {});
  });
}

std::int32_t Manager::UserRecordGet(std::int32_t login, UserRecord* user) {
  return read(119, [&](Server& all) {
    if (user == nullptr || !authority_.sees(all, login)) return RET_ERROR;
    *user = all.user(login)->record;
    authority_.shape(*user);
    return RET_OK;
  });
}

std::int32_t Manager::UserRecordNew(UserRecord* user) {
  if (stop_pump()) return count_call(99), RET_ERROR;
  Passage passage(line_, 99);
  if (const auto code = passage.stopped()) return *code;
  if (user == nullptr) return passage.done(RET_INVALID_DATA);
  if (!authority_.has(&ConManager::manager)) return passage.done(RET_NOT_ENOUGH_RIGHTS);
  if (!authority_.sees_group(text(user->group))) return passage.done(RET_INVALID_DATA);
  if (const auto late = passage.late()) {
    carry_out_late(*late, [asked = *user](Server& all) mutable { create_user(all, asked); });
    return passage.done(RET_OK);
  }
  UserRecord asked = *user;
  std::int32_t code = 0;
  {
    Server& all = server();
    const std::lock_guard lock(all.mutex);
    code = create_user(all, asked);
  }
  code = passage.done(code);
  if (code == RET_OK) user->login = asked.login;
  return code;
}

std::int32_t Manager::UserRecordUpdate(const UserRecord* user) {
  return request(100, [&](Server& all) {
    if (!authority_.has(&ConManager::manager)) return static_cast<std::int32_t>(RET_NOT_ENOUGH_RIGHTS);
    if (user == nullptr || !authority_.sees(all, user->login)) return static_cast<std::int32_t>(RET_INVALID_DATA);
    if (!authority_.sees_group(text(user->group))) return static_cast<std::int32_t>(RET_INVALID_DATA);
    UserRecord asked = *user;
    authority_.unshape(asked, all.user(user->login)->record);
    return update_user(all, asked);
  });
}

std::int32_t Manager::UsersGroupOp(const GroupCommandInfo* info, const std::int32_t* logins) {
  return request(101, [&](Server& all) {
    if (!authority_.has(&ConManager::manager)) return static_cast<std::int32_t>(RET_NOT_ENOUGH_RIGHTS);
    if (info == nullptr || logins == nullptr || info->len <= 0) return static_cast<std::int32_t>(RET_INVALID_DATA);
    if (info->command == GROUP_SETGROUP && !authority_.sees_group(text(info->newgroup))) {
      return static_cast<std::int32_t>(RET_INVALID_DATA);
    }
    return batch(all, *info, ours(all, authority_, logins, info->len));
  });
}

std::int32_t Manager::UserPasswordCheck(std::int32_t login, const char* password) {
  return request(102, [&](Server& all) {
    if (!authority_.sees(all, login)) return static_cast<std::int32_t>(RET_INVALID_DATA);
    return check_password(all, login, text(password));
  });
}

std::int32_t Manager::UserPasswordSet(std::int32_t login, const char* password, std::int32_t change_investor,
                                      std::int32_t) {
  return request(103, [&](Server& all) {
    if (!authority_.has(&ConManager::manager)) return static_cast<std::int32_t>(RET_NOT_ENOUGH_RIGHTS);
    if (!authority_.sees(all, login)) return static_cast<std::int32_t>(RET_INVALID_DATA);
    return set_password(all, login, text(password), change_investor != 0);
  });
}

OnlineRecord* Manager::OnlineRequest(std::int32_t* total) {
  return request_list<OnlineRecord>(104, total, [&](Server& all, std::int32_t* n) { return online_of(all, authority_, n); });
}

OnlineRecord* Manager::OnlineGet(std::int32_t* total) {
  return read_list<OnlineRecord>(120, total, [&](Server& all, std::int32_t* n) { return online_of(all, authority_, n); });
}

std::int32_t Manager::MailSend(const MailBox* mail, const std::int32_t* logins) {
  return request(94, [&](Server& all) -> std::int32_t {
    if (!authority_.has(&ConManager::email)) return RET_NOT_ENOUGH_RIGHTS;
    if (mail == nullptr || logins == nullptr || mail->to <= 0 || mail->to > kMostRecipients) return RET_INVALID_DATA;
    if (mail->body == 0 || mail->bodylen <= 0 || text(mail->from).empty()) return kBadRecord;
    SentMail sent{.time = server_now(), .sender = mail->sender};
    sent.logins = ours(all, authority_, logins, mail->to);
    if (sent.logins.empty()) return RET_INVALID_DATA;
    sent.from = text(mail->from);
    sent.subject = text(mail->subject);
    sent.body.assign(near_pointer(mail->body), static_cast<std::size_t>(mail->bodylen));
    all.mails.push_back(sent);
    return RET_OK;
  });
}

}  // namespace standin
