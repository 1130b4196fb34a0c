// Every counter by its name.
#include "report.h"

#include <filesystem>
#include <fstream>
#include <system_error>

#include "names.h"

namespace standin {

std::string write_report(const std::string& path) {
  const std::string draft = path + ".new";
  {
    std::ofstream file(draft);
    for (const char* const name :
         {"allocated", "freed", "live_blocks", "live_bytes", "peak_bytes", "double_frees", "foreign_frees", "objects",
          "pump_threads", "callbacks", "overlaps", "hanging", "late", "unsupported", "calls", "users", "open", "closed",
          "mails", "ledger"}) {
      file << name << ' ' << counter(name) << '\n';
    }
    for (int slot = 0; slot < kSlots; ++slot) file << slot_name(slot) << ' ' << calls(slot_name(slot)) << '\n';
    if (!file.flush()) return draft + " cannot be written";
  }
  std::error_code error;
  std::filesystem::rename(draft, path, error);
  return error ? path + " cannot be written" : "";
}

}  // namespace standin
