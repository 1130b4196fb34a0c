// The commands, and the file of them that another process may write.
#include "script.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>

#include "clock.h"
#include "dealing.h"
#include "faults.h"
#include "ledger.h"
#include "loading.h"
#include "manager.h"
#include "market.h"
#include "memory.h"
#include "names.h"
#include "pump.h"
#include "report.h"
#include "texts.h"

namespace standin {
namespace {

using Rest = std::istringstream;
using Command = std::function<std::string(Rest&)>;

template <typename Act>
std::string locked(Act act) {
  Server& all = server();
  const std::lock_guard lock(all.mutex);
  return act(all);
}

std::string remainder(Rest& rest) {
  std::string text;
  std::getline(rest >> std::ws, text);
  return text;
}

std::string set(Rest& rest) {
  std::string name;
  double value = 0;
  if (!(rest >> name >> value)) return "setting NAME NUMBER";
  Setting* const setting = server().settings.named(name);
  if (setting == nullptr) return "there is no setting " + name;
  *setting = value;
  if (name == "timezone") reset_clock(value);
  return "";
}

std::string reset(Rest&) {
  cut_all();
  release();
  clear_faults();
  seed_chance(1);
  reset_calls();
  reset_callbacks();
  reset_overlaps();
  reset_memory_counts();
  return locked([](Server& all) {
    all.clear();
    all.settings.reset();
    reset_clock(all.settings.timezone);
    clear_ledger();
    return "";
  });
}

std::string broker(Rest& rest) {
  std::int32_t accounts = 0;
  std::uint64_t seed = 1;
  if (!(rest >> accounts) || accounts < 0) return "broker ACCOUNTS [SEED]";
  rest >> seed;
  return locked([&](Server& all) {
    if (!all.groups.empty()) return "there is a broker already: reset first";
    make_broker(all, accounts, seed);
    return "";
  });
}

std::string quote(Rest& rest) {
  std::string name;
  double bid = 0;
  double ask = 0;
  if (!(rest >> name >> bid >> ask) || bid <= 0 || ask < bid) return "quote SYMBOL BID ASK";
  return locked([&](Server& all) -> std::string {
    const ConSymbol* const symbol = all.symbol(name);
    if (symbol == nullptr) return "there is no symbol " + name;
    all.quote(*symbol, bid, ask);
    tell_levels(all);
    return "";
  });
}

// Rows of the ledger that other processes have booked are booked here as well: the server survives its worker.
std::string keep_ledger(Rest& rest) {
  const std::string path = remainder(rest);
  return locked([&](Server& all) -> std::string {
    std::vector<LedgerRow> booked;
    if (!open_ledger(path, booked)) return path + " cannot be written";
    for (const LedgerRow& old : booked) {
      if (!all.users.contains(old.login) || all.closed.contains(old.order)) continue;
      TradeRecord row{};
      row.order = old.order;
      row.login = old.login;
      row.cmd = old.cmd;
      row.state = TS_CLOSED_NORMAL;
      row.open_time = row.close_time = old.time;
      row.expiration = old.expiration;
      row.profit = old.amount;
      put(row.comment, text(old.comment));
      put_money(all, row);
    }
    return "";
  });
}

const std::map<std::string, Command>& commands() {
  static const std::map<std::string, Command> all = {
      {"setting", set},
      {"reset", reset},
      {"broker", broker},
      {"quote", quote},
      {"ledger", keep_ledger},
      {"world", [](Rest& rest) { return locked([&](Server& all) { return load_world(all, remainder(rest)); }); }},
      {"fault", [](Rest& rest) { return add_fault(remainder(rest)); }},
      {"clear_faults", [](Rest&) { return clear_faults(), std::string(); }},
      {"release", [](Rest&) { return release(), std::string(); }},
      {"cut", [](Rest&) { return cut_all(), std::string(); }},
      {"report", [](Rest& rest) { return write_report(remainder(rest)); }},
      {"tick", [](Rest&) { return locked([](Server& all) { return move_prices(all), std::string(); }); }},
      {"random",
       [](Rest& rest) {
         std::uint64_t seed = 0;
         return rest >> seed ? (seed_chance(seed), std::string()) : std::string("random SEED");
       }},
      {"advance",
       [](Rest& rest) {
         double seconds = 0;
         return rest >> seconds && seconds >= 0 ? (advance(seconds), std::string()) : std::string("advance SECONDS");
       }},
      {"server_time",
       [](Rest& rest) {
         double seconds = 0;
         return rest >> seconds ? (set_server_time(seconds), std::string()) : std::string("server_time SECONDS");
       }},
      {"pump_gap",
       [](Rest& rest) {
         double ms = 0;
         if (!(rest >> ms)) return std::string("pump_gap MILLISECONDS");
         return locked([&](Server& all) {
           for (const auto& pump : all.pumps) pump->silence(ms / 1000);
           return std::string();
         });
       }},
  };
  return all;
}

struct Followed {
  std::mutex mutex;
  const std::string path = std::getenv("MT4_STANDIN_SCRIPT") == nullptr ? "" : std::getenv("MT4_STANDIN_SCRIPT");
  std::streamoff at = 0;
};

Followed& followed() {
  static auto* const one = new Followed;
  return *one;
}

void give_up(const std::string& line, const std::string& problem) {
  std::fprintf(stderr, "stand-in: %s: %s\n", line.c_str(), problem.c_str());
  std::exit(70);
}

}  // namespace

std::string run_command(const std::string& line) {
  Rest rest(line);
  std::string name;
  if (!(rest >> name) || name.starts_with('#')) return "";
  const auto found = commands().find(name);
  return found == commands().end() ? "there is no command " + name : found->second(rest);
}

void follow_script() {
  static const bool none = followed().path.empty();
  if (none) return;
  Followed& script = followed();
  const std::unique_lock lock(script.mutex, std::try_to_lock);
  if (!lock.owns_lock()) return;  // another thread is at it
  std::ifstream file(script.path, std::ios::binary);
  file.seekg(0, std::ios::end);
  const std::streamoff end = file.tellg();  // what comes later is for the next call: writers may be quick
  file.seekg(script.at);
  std::string line;
  while (script.at < end && std::getline(file, line) && !file.eof()) {  // a line without its end is not whole yet
    script.at += std::ssize(line) + 1;
    if (line.ends_with('\r')) line.pop_back();
    if (const std::string problem = run_command(line); !problem.empty()) give_up(line, problem);
  }
}

}  // namespace standin
