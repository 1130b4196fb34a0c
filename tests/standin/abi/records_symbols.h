// Structures of the Manager API, as the facts give them: symbols. Written by generate.py.
#pragma once

#include <cstdint>

namespace standin {

struct ConSession {
  std::int16_t open_hour;
  std::int16_t open_min;
  std::int16_t close_hour;
  std::int16_t close_min;
  std::int32_t open;
  std::int32_t close;
  std::int16_t align[7];
};

struct ConSessions {
  ConSession quote[3];
  ConSession trade[3];
  std::int32_t quote_overnight;
  std::int32_t trade_overnight;
  std::int32_t reserved[2];
};

struct ConSymbol {
  char symbol[12];
  char description[64];
  char source[12];
  char currency[12];
  std::int32_t type;
  std::int32_t digits;
  std::int32_t trade;
  std::uint32_t background_color;
  std::int32_t count;
  std::int32_t count_original;
  std::int32_t external_unused[7];
  std::int32_t realtime;
  std::int32_t starting;
  std::int32_t expiration;
  ConSessions sessions[7];
  std::int32_t profit_mode;
  std::int32_t profit_reserved;
  std::int32_t filter;
  std::int32_t filter_counter;
  double filter_limit;
  std::int32_t filter_smoothing;
  float filter_reserved;
  std::int32_t logging;
  std::int32_t spread;
  std::int32_t spread_balance;
  std::int32_t exemode;
  std::int32_t swap_enable;
  std::int32_t swap_type;
  double swap_long;
  double swap_short;
  std::int32_t swap_rollover3days;
  double contract_size;
  double tick_value;
  double tick_size;
  std::int32_t stops_level;
  std::int32_t gtc_pendings;
  std::int32_t margin_mode;
  double margin_initial;
  double margin_maintenance;
  double margin_hedged;
  double margin_divider;
  double point;
  double multiply;
  double bid_tickvalue;
  double ask_tickvalue;
  std::int32_t long_only;
  std::int32_t instant_max_volume;
  char margin_currency[12];
  std::int32_t freeze_level;
  std::int32_t margin_hedged_strong;
  std::int32_t value_date;
  std::int32_t quotes_delay;
  std::int32_t swap_openprice;
  std::int32_t swap_variation_margin;
  std::int32_t unused[21];
};

struct ConSymbolGroup {
  char name[16];
  char description[64];
};

struct ConSync {
  char server[64];
  std::int32_t unusedport;
  char login[32];
  char password[32];
  std::int32_t enable;
  std::int32_t mode;
  std::int32_t from;
  std::int32_t to;
  char securities[1024];
  std::int32_t timecorrection;
  std::int32_t reserved[13];
  std::uint32_t next;
};

}  // namespace standin
