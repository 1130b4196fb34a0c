// Loads the library as the driver does on Windows, and makes one deposit through it.
//
// "loader.exe LIBRARY" prints "VERSION ACCOUNTS CODE TICKET", the numbers that every platform has to give.
#include <cstdio>

#include <windows.h>

#include "../abi/interface.h"

namespace {

using namespace standin;

using Version = int (*)();
using Create = int (*)(int, ManagerInterface**);

template <typename Function>
Function exported(HMODULE library, const char* name) {
  return reinterpret_cast<Function>(reinterpret_cast<void*>(GetProcAddress(library, name)));
}

}  // namespace

int main(int count, char** words) {
  const HMODULE library = count == 2 ? LoadLibraryA(words[1]) : nullptr;
  if (library == nullptr) return std::fprintf(stderr, "the library cannot be loaded\n"), 1;
  const auto version = exported<Version>(library, "MtManVersion");
  const auto create = exported<Create>(library, "MtManCreate");
  if (version == nullptr || create == nullptr) return std::fprintf(stderr, "an export is missing\n"), 1;
  ManagerInterface* manager = nullptr;
  create(version(), &manager);
  if (manager == nullptr) return std::fprintf(stderr, "there is no object\n"), 1;
  if (manager->Connect("127.0.0.1:443") != RET_OK || manager->Login(224, "your_manager_password") != RET_OK) {
    return std::fprintf(stderr, "the login is refused\n"), 1;
  }
  std::int32_t total = 0;
  manager->MemFree(manager->UsersRequest(&total));
  TradeTransInfo info{};
  info.type = TT_BR_BALANCE;
  info.cmd = OP_BALANCE;
  info.orderby = 1001;
  info.price = 12.5;
  const std::int32_t code = manager->TradeTransaction(&info);
  std::printf("%d %d %d %d\n", version(), total, code, info.order);
  manager->Disconnect();
  manager->Release();
  return 0;
}
