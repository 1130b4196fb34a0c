// The two exports of the Manager API.
#include "loading.h"
#include "manager.h"
#include "script.h"

namespace {

constexpr int kVersion = 400;
constexpr int kBuild = 1403;  // of the header whose facts the declarations come from
constexpr int kAccounts = 100;

// A server that nobody has filled until someone wants an object is a small broker.
void fill() {
  standin::Server& all = standin::server();
  const std::lock_guard lock(all.mutex);
  if (all.managers.empty()) standin::make_broker(all, kAccounts, 1);
}

}  // namespace

STANDIN_EXPORT int MtManVersion() { return (kVersion << 16) | kBuild; }

// NULL for another generation of the interface. The result says the same, and callers go by the pointer.
STANDIN_EXPORT int MtManCreate(int version, standin::ManagerInterface** manager) {
  if (manager == nullptr) return 0;
  *manager = nullptr;
  if ((version >> 16) != kVersion) return 0;
  standin::follow_script();
  fill();
  *manager = new standin::Manager;
  return 1;
}
