// What one manager may do and see: rights, and the groups of ConManager.groups (behaviour.md §15).
#pragma once

#include <initializer_list>

#include "server.h"

namespace standin {

using Right = std::int32_t ConManager::*;

// One manager as the rights were at login.
class Authority {
 public:
  Authority() = default;
  explicit Authority(const ConManager& manager) : manager_(manager) {}

  const ConManager& manager() const { return manager_; }
  bool has(Right right) const { return manager_.*right != 0; }

  bool sees_group(std::string_view group) const;
  bool sees(Server& server, std::int32_t login) const;

  // Blanks the person of an account where we may not know it.
  void shape(UserRecord& user) const;

  // Puts back what we were not shown.
  void unshape(UserRecord& user, const UserRecord& before) const;

  // The first server second of which we may read.
  std::int32_t oldest() const;

 private:
  ConManager manager_{};
};

}  // namespace standin
