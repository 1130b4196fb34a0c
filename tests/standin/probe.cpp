// Prints what this compiler makes of the structures and of the slots, for a comparison with other compilers and ctypes.
//
// One line each: "struct NAME SIZE ALIGNMENT", "field STRUCT NAME OFFSET SIZE", "slot INDEX NAME".
#include <cstddef>
#include <cstdio>
#include <cstring>

#include "abi/interface.h"

namespace {

// The slot behind a pointer to a virtual method: g++ on x86 keeps its offset in the table, plus one.
template <typename Method>
long slot(Method method) {
  static_assert(sizeof(method) == 2 * sizeof(void*));
  std::ptrdiff_t first = 0;
  std::memcpy(&first, &method, sizeof(first));
  return static_cast<long>((first - 1) / static_cast<std::ptrdiff_t>(sizeof(void*)));
}

}  // namespace

int main() {
  using namespace standin;
#define STANDIN_STRUCT(type, size, alignment) \
  std::printf("struct %s %d %d\n", #type, static_cast<int>(sizeof(type)), static_cast<int>(alignof(type)));
#define STANDIN_FIELD(type, field, offset, size)                                              \
  std::printf("field %s %s %d %d\n", #type, #field, static_cast<int>(offsetof(type, field)), \
              static_cast<int>(sizeof(type::field)));
#include "abi/layout_server.inc"
#include "abi/layout_groups.inc"
#include "abi/layout_symbols.inc"
#include "abi/layout_services.inc"
#include "abi/layout_dealing.inc"
#include "abi/layout_market.inc"
#define STANDIN_SLOT(index, name) std::printf("slot %ld %s\n", slot(&ManagerInterface::name), #name);
#include "abi/slots.inc"
  return 0;
}
