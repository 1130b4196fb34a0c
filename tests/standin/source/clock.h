// The clocks of the server: its local time, and a steady one; tests can move both on.
#pragma once

#include <cstdint>

namespace standin {

// Seconds that never go back, those that a test has added included.
double steady_now();

// Server seconds: local time counted as if it were UTC, in 32 bits.
std::int32_t server_now();

// Lets time pass for both.
void advance(double seconds);

// Sets what server_now gives from here on; it goes on running. The hours of the time zone are not added to it.
void set_server_time(double seconds);

void reset_clock(double timezone_hours);

}  // namespace standin
