// Rights and visibility.
#include "authority.h"

#include "clock.h"
#include "texts.h"

namespace standin {
namespace {

constexpr std::int32_t kDay = 86400;

// What the right user_details is about.
template <typename Act>
void each_private(Act act) {
  act(&UserRecord::name);
  act(&UserRecord::country);
  act(&UserRecord::city);
  act(&UserRecord::state);
  act(&UserRecord::zipcode);
  act(&UserRecord::address);
  act(&UserRecord::phone);
  act(&UserRecord::email);
  act(&UserRecord::id);
}

}  // namespace

bool Authority::sees_group(std::string_view group) const {
  const std::string_view masks = text(manager_.groups);
  return masks == "*" || (!masks.empty() && matches(masks, group));
}

bool Authority::sees(Server& server, std::int32_t login) const {
  const Account* const account = server.user(login);
  return account != nullptr && sees_group(text(account->record.group));
}

void Authority::shape(UserRecord& user) const {
  if (has(&ConManager::user_details)) return;
  each_private([&](auto member) { put(user.*member, ""); });
}

void Authority::unshape(UserRecord& user, const UserRecord& before) const {
  if (has(&ConManager::user_details)) return;
  each_private([&](auto member) { put(user.*member, text(before.*member)); });
}

std::int32_t Authority::oldest() const { return manager_.info_depth == 0 ? 0 : server_now() - manager_.info_depth * kDay; }

}  // namespace standin
