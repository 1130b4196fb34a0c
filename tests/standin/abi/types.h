// What the generated declarations stand on: conventions of calling, kinds of callbacks, all structures.
#pragma once

#include <cstdint>

#include "codes.h"
#include "records_server.h"
#include "records_groups.h"
#include "records_symbols.h"
#include "records_services.h"
#include "records_dealing.h"
#include "records_market.h"

// Methods and callbacks are __stdcall on 32-bit Windows; 64-bit Windows and Linux know one convention only.
// The two exports are plain C functions on all of them.
#if defined(_WIN32)
#define STANDIN_EXPORT extern "C" __declspec(dllexport)
#else
#define STANDIN_EXPORT extern "C" __attribute__((visibility("default")))
#endif
#if defined(_WIN32) && !defined(_WIN64)
#define STANDIN_CALL __stdcall
#else
#define STANDIN_CALL
#endif

namespace standin {

using NotifyFunc = void(STANDIN_CALL*)(std::int32_t code);
using NotifyFuncEx = void(STANDIN_CALL*)(std::int32_t code, std::int32_t type, void* data, void* param);

// Counts a call of a slot that this server has nothing behind.
void unsupported(int slot);

inline void none(std::int32_t* total) {
  if (total != nullptr) *total = 0;
}

}  // namespace standin
