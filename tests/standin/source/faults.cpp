// Faults in their order; the first one that meets a call has it.
#include "faults.h"

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <random>
#include <sstream>
#include <vector>

#include "names.h"
#include "script.h"

namespace standin {
namespace {

struct Planned {
  Fault fault;
  std::int64_t matched = 0;
  std::int64_t met = 0;
};

struct Plan {
  std::mutex mutex;
  std::vector<Planned> faults;
  std::mt19937_64 random{1};
  std::condition_variable gate;
  std::int64_t releases = 0;
  std::int64_t hanging = 0;
};

Plan& plan() {
  static auto* const one = new Plan;
  return *one;
}

const std::map<std::string, Kind>& kinds() {
  static const std::map<std::string, Kind> all = {
      {"refuse", Kind::refuse},         {"lost_before", Kind::lost_before}, {"lost_after", Kind::lost_after},
      {"latency", Kind::latency},       {"hang", Kind::hang},               {"hang_after", Kind::hang_after},
      {"kill", Kind::kill},             {"kill_after", Kind::kill_after},   {"drop", Kind::drop},
      {"empty", Kind::empty},           {"none", Kind::none},               {"pump_gap", Kind::pump_gap},
  };
  return all;
}

double draw(Plan& all) { return std::uniform_real_distribution<double>(0, 1)(all.random); }

std::string set_member(Fault& fault, const std::string& name, const std::string& value) {
  try {
    if (name == "probability") {
      fault.probability = std::stod(value);
    } else if (name == "nth") {
      fault.nth = std::stoll(value);
    } else if (name == "every") {
      fault.every = std::stoll(value);
    } else if (name == "times") {
      fault.times = std::stoll(value);
    } else if (name == "code") {
      fault.code = std::stoi(value);
    } else if (name == "ms") {
      fault.ms = std::stoll(value);
    } else {
      return "a fault has no member " + name;
    }
  } catch (const std::exception&) {
    return name + ": " + value + " is no number";
  }
  return "";
}

bool meets(Plan& all, Planned& planned) {
  const Fault& fault = planned.fault;
  ++planned.matched;
  if (fault.times > 0 && planned.met >= fault.times) return false;
  if (fault.nth > 0) return planned.matched == fault.nth;
  if (fault.every > 0) return planned.matched % fault.every == 0;
  return fault.probability < 0 || draw(all) < fault.probability;
}

}  // namespace

std::string add_fault(const std::string& line) {
  std::istringstream parts(line);
  std::string kind;
  Fault fault;
  parts >> fault.call >> kind;
  if (fault.call != "*" && !is_call(fault.call)) return "there is no call " + fault.call;
  const auto found = kinds().find(kind);
  if (found == kinds().end()) return "there is no kind of fault " + kind;
  fault.kind = found->second;
  for (std::string part; parts >> part;) {
    const std::size_t sign = part.find('=');
    if (sign == std::string::npos) return "write NAME=NUMBER instead of " + part;
    if (auto problem = set_member(fault, part.substr(0, sign), part.substr(sign + 1)); !problem.empty()) return problem;
  }
  if (fault.ms < 0 && (fault.kind == Kind::latency || fault.kind == Kind::pump_gap)) return kind + " needs ms";
  Plan& all = plan();
  const std::lock_guard lock(all.mutex);
  all.faults.push_back({fault});
  return "";
}

void clear_faults() {
  Plan& all = plan();
  const std::lock_guard lock(all.mutex);
  all.faults.clear();
}

std::optional<Fault> next_fault(const std::string& call) {
  Plan& all = plan();
  const std::lock_guard lock(all.mutex);
  std::optional<Fault> chosen;
  for (Planned& planned : all.faults) {
    if (planned.fault.call != call && planned.fault.call != "*") continue;
    if (meets(all, planned) && !chosen) {
      ++planned.met;
      chosen = planned.fault;
    }
  }
  return chosen;
}

void hang(std::int64_t ms) {
  using namespace std::chrono;
  Plan& all = plan();
  const auto end = steady_clock::now() + milliseconds(ms);
  std::unique_lock lock(all.mutex);
  const std::int64_t before = all.releases;
  ++all.hanging;
  while (all.releases == before && (ms < 0 || steady_clock::now() < end)) {
    all.gate.wait_for(lock, milliseconds(5));
    lock.unlock();
    follow_script();  // whoever releases may do so from another process
    lock.lock();
  }
  --all.hanging;
}

void release() {
  Plan& all = plan();
  const std::lock_guard lock(all.mutex);
  ++all.releases;
  all.gate.notify_all();
}

std::int64_t hanging() {
  Plan& all = plan();
  const std::lock_guard lock(all.mutex);
  return all.hanging;
}

double chance() {
  Plan& all = plan();
  const std::lock_guard lock(all.mutex);
  return draw(all);
}

void seed_chance(std::uint64_t seed) {
  Plan& all = plan();
  const std::lock_guard lock(all.mutex);
  all.random.seed(seed);
}

}  // namespace standin
