// The counters as a file, for a test that watches from another process.
#pragma once

#include <cstdint>
#include <string>

namespace standin {

// The counter with this name; -1 where there is none.
std::int64_t counter(const std::string& name);

// Writes "name value" lines and then renames the file into place; gives what went wrong, or "".
std::string write_report(const std::string& path);

}  // namespace standin
