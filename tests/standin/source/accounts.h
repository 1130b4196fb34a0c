// Opening, changing and deleting accounts, their passwords, and batch commands (behaviour.md §7).
#pragma once

#include <string_view>
#include <vector>

#include "server.h"

namespace standin {

// Opens an account; a login of 0 becomes the server's next. 3 for bad data, 2 for a login that is taken.
std::int32_t create_user(Server& server, UserRecord& asked);

// Replaces the record but for passwords, money and what only the server writes.
std::int32_t update_user(Server& server, const UserRecord& asked);

std::int32_t set_password(Server& server, std::int32_t login, std::string_view password, bool investor);

std::int32_t check_password(Server& server, std::int32_t login, std::string_view password);

// One command for those of the accounts that exist; accounts with open orders are not deleted.
std::int32_t batch(Server& server, const GroupCommandInfo& command, const std::vector<std::int32_t>& logins);

}  // namespace standin
