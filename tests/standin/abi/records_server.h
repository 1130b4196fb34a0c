// Structures of the Manager API, as the facts give them: server. Written by generate.py.
#pragma once

#include <cstdint>

namespace standin {

struct ConCommon {
  char owner[128];
  char name[32];
  std::uint32_t address;
  std::int32_t port;
  std::uint32_t timeout;
  std::int32_t typeofdemo;
  std::int32_t timeofdemo;
  std::int32_t daylightcorrection;
  char internal[60];
  std::int32_t timezone_real;
  std::int32_t timezone;
  char timesync[64];
  std::int32_t minclient;
  std::int32_t minapi;
  std::uint32_t feeder_timeout;
  std::int32_t keepemails;
  std::int32_t endhour;
  std::int32_t endminute;
  std::int32_t optimization_time;
  std::int32_t optimization_lasttime;
  std::int32_t optimization_counter;
  std::int32_t optimization_unused[8];
  std::int32_t antiflood;
  std::int32_t floodcontrol;
  std::int32_t liveupdate_mode;
  std::int32_t lastorder;
  std::int32_t lastlogin;
  std::int32_t lostlogin;
  std::int32_t rollovers_mode;
  char path_database[256];
  char path_history[256];
  char path_log[256];
  std::int32_t overnight_last_day;
  std::int32_t overnight_last_time;
  std::int32_t overnight_prev_time;
  std::int32_t overmonth_last_month;
  char adapters[256];
  std::uint32_t bind_adresses[8];
  std::int16_t server_version;
  std::int16_t server_build;
  std::uint32_t web_adresses[8];
  std::int32_t statement_mode;
  std::int32_t monthly_state_mode;
  std::int32_t keepticks;
  std::int32_t statement_weekend;
  std::int32_t last_activate;
  std::int32_t stop_last;
  std::int32_t stop_delay;
  std::int32_t stop_reason;
  char account_url[128];
  std::int32_t reserved[16];
};

struct ConAccess {
  std::int32_t action;
  std::uint32_t from;
  std::uint32_t to;
  char comment[64];
  std::int32_t reserved[17];
};

struct ConDataServer {
  char server[64];
  std::uint32_t ip;
  char description[64];
  std::int32_t isproxy;
  std::int32_t priority;
  std::uint32_t loading;
  std::uint32_t ip_internal;
  std::int32_t reserved[2];
  std::uint32_t next;
};

struct ConTime {
  std::int32_t days[7][24];
  std::int32_t dayscontrol;
  std::int32_t reserved[3];
};

struct ConBackup {
  char fullbackup_path[256];
  std::int32_t fullbackup_period;
  std::int32_t fullbackup_store;
  std::int32_t fullbackup_lasttime;
  std::int16_t fullbackup_shift;
  char external_path[256];
  std::int32_t archive_period;
  std::int32_t archive_store;
  std::int32_t archive_lasttime;
  char export_securities[512];
  char export_path[256];
  std::int32_t export_period;
  std::int32_t export_lasttime;
  std::int32_t watch_role;
  char watch_password[16];
  char watch_opposite[24];
  std::int32_t watch_ip;
  char archive_shift;
  char watch_state;
  char watch_failover;
  std::uint8_t watch_timeout;
  std::int32_t watch_login;
  std::int32_t watch_timestamp;
};

struct ConFeeder {
  char name[64];
  char file[256];
  char server[64];
  char login[32];
  char pass[32];
  char keywords[256];
  std::int32_t enable;
  std::int32_t mode;
  std::int32_t timeout;
  std::int32_t timeout_reconnect;
  std::int32_t timeout_sleep;
  std::int32_t attemps_sleep;
  std::int32_t news_langid;
  std::int32_t unused[33];
};

}  // namespace standin
