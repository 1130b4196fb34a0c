// How records get into the tables: one by one, from a file of them, or made from a seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "server.h"

namespace standin {

// Puts one structure into its table; the caller holds the mutex. Gives what is wrong with it, or "".
std::string load_record(Server& server, std::string_view kind, const void* record, std::size_t size,
                        const std::string& more);

// Loads a world: records one after the other, each "kind" in 8 bytes filled with NUL, its size and the size of
// what is more as 32-bit little-endian numbers, the structure, and what is more.
std::string load_world(Server& server, const std::string& path);

// Makes a small broker: manager 224 with every right, three groups, eight symbols with quotes, and accounts from
// login 1001 on, each with a deposit, one closed and one open position. The same seed makes the same broker.
void make_broker(Server& server, std::int32_t accounts, std::uint64_t seed);

}  // namespace standin
