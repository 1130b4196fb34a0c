// Rows in memory and, on request, in a file: "order login cmd time expiration amount comment-as-hexadecimal".
#include "ledger.h"

#include <cstdio>
#include <iomanip>
#include <fstream>
#include <sstream>

#if defined(_WIN32)
#include <io.h>
#else
#include <unistd.h>
#endif

#include "texts.h"

namespace standin {
namespace {

struct Kept {
  std::vector<LedgerRow> rows;
  std::FILE* file = nullptr;
};

Kept& kept() {
  static auto* const one = new Kept;  // guarded by the server's mutex, like everything that books
  return *one;
}

bool on_disk(std::FILE* file) {
#if defined(_WIN32)
  return std::fflush(file) == 0 && _commit(_fileno(file)) == 0;
#else
  return std::fflush(file) == 0 && fsync(fileno(file)) == 0;
#endif
}

std::string line_of(const LedgerRow& row) {
  std::ostringstream line;
  line << row.order << ' ' << row.login << ' ' << row.cmd << ' ' << row.time << ' ' << row.expiration << ' '
       << std::fixed << std::setprecision(2) << row.amount << " x";
  for (const char byte : text(row.comment)) {
    line << std::hex << std::setw(2) << std::setfill('0') << static_cast<int>(static_cast<unsigned char>(byte));
  }
  line << '\n';
  return line.str();
}

bool read_line(const std::string& line, LedgerRow& row) {
  std::istringstream parts(line);
  std::string hex;
  if (!(parts >> row.order >> row.login >> row.cmd >> row.time >> row.expiration >> row.amount >> hex)) return false;
  if (hex.size() % 2 != 1 || hex.size() > 63 || hex[0] != 'x') return false;
  std::string comment;
  for (std::size_t at = 1; at < hex.size(); at += 2) {
    comment += static_cast<char>(std::stoi(hex.substr(at, 2), nullptr, 16));
  }
  put(row.comment, comment);
  return true;
}

}  // namespace

bool open_ledger(const std::string& path, std::vector<LedgerRow>& booked) {
  Kept& all = kept();
  if (all.file != nullptr) std::fclose(all.file);
  all.file = nullptr;
  booked.clear();
  if (path.empty()) return true;
  std::ifstream old(path);
  for (std::string line; std::getline(old, line);) {
    LedgerRow row{};
    if (read_line(line, row)) booked.push_back(row);  // a last line that was cut was never answered
  }
  all.file = std::fopen(path.c_str(), "ab");
  return all.file != nullptr;
}

bool book(const TradeRecord& row) {
  Kept& all = kept();
  LedgerRow entry{row.order, row.login, row.cmd, row.close_time, row.expiration, {}, row.profit};
  put(entry.comment, text(row.comment));
  if (all.file != nullptr) {
    const std::string line = line_of(entry);
    if (std::fwrite(line.data(), 1, line.size(), all.file) != line.size() || !on_disk(all.file)) return false;
  }
  all.rows.push_back(entry);
  return true;
}

std::vector<LedgerRow> ledger() { return kept().rows; }

void clear_ledger() {
  std::vector<LedgerRow> none;
  open_ledger("", none);
  kept().rows.clear();
}

}  // namespace standin
