// The plan of faults: which call fails, how, and when. A plan with a seed always does the same.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace standin {

enum class Kind {
  refuse,       // gives code, nothing done (lists: NULL)
  lost_before,  // 255 without the effect, the line is gone
  lost_after,   // 255 with the effect; with ms the effect comes so much later
  latency,      // takes ms longer
  hang,         // blocks before the effect until released, or for ms; 255 then
  hang_after,   // the same after the effect
  kill,         // ends the process before the effect
  kill_after,   // ends the process after the effect
  drop,         // answers, and the line is gone in silence
  empty,        // from here on the session is one that is connected and logged out
  none,         // gives 1, RET_OK_NONE, without effect
  pump_gap,     // answers, and pumps are silent for ms
};

struct Fault {
  std::string call;  // name of a method, or * for every call to the server
  Kind kind = Kind::refuse;
  std::int64_t nth = 0;
  std::int64_t every = 0;
  double probability = -1;
  std::int64_t times = 0;
  std::int32_t code = 2;
  std::int64_t ms = -1;  // -1: not given
};

// Adds "CALL KIND [nth=N|every=N|probability=P] [times=N] [code=N] [ms=N]"; gives what is wrong with it, or "".
std::string add_fault(const std::string& line);

void clear_faults();

// What happens to the call that is being made.
std::optional<Fault> next_fault(const std::string& call);

// Waits until release(), or for ms when it is not negative.
void hang(std::int64_t ms);

// Lets everyone go who hangs now.
void release();

std::int64_t hanging();

// A number from the plan's own random sequence: for codes that mean nothing, and chances.
double chance();

void seed_chance(std::uint64_t seed);

}  // namespace standin
