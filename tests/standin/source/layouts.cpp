// Every size, alignment and offset of the 57 structures, asserted while compiling.
#include <cstddef>

#include "../abi/types.h"

namespace standin {

#define STANDIN_STRUCT(type, size, alignment)                         \
  static_assert(sizeof(type) == (size), #type " has another size");   \
  static_assert(alignof(type) == (alignment), #type " aligns in another way");
#define STANDIN_FIELD(type, field, offset, size)                                              \
  static_assert(offsetof(type, field) == (offset), #type "." #field " is at another offset"); \
  static_assert(sizeof(type::field) == (size), #type "." #field " has another size");

#include "../abi/layout_server.inc"
#include "../abi/layout_groups.inc"
#include "../abi/layout_symbols.inc"
#include "../abi/layout_services.inc"
#include "../abi/layout_dealing.inc"
#include "../abi/layout_market.inc"

#undef STANDIN_STRUCT
#undef STANDIN_FIELD

}  // namespace standin
