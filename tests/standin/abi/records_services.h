// Structures of the Manager API, as the facts give them: services. Written by generate.py.
#pragma once

#include <cstdint>

namespace standin {

struct PluginInfo {
  char name[128];
  std::uint32_t version;
  char copyright[128];
  std::int32_t reserved[32];
};

struct PluginCfg {
  char name[32];
  char value[128];
  std::int32_t reserved[16];
};

struct ConPlugin {
  char file[256];
  PluginInfo info;
  std::int32_t enabled;
  std::int32_t configurable;
  std::int32_t manager_access;
  std::int32_t reserved[62];
};

struct ConPluginParam {
  ConPlugin plugin;
  std::uint32_t params;
  std::int32_t total;
};

struct ConGatewayAccount {
  std::int32_t enable;
  char name[64];
  std::int32_t id;
  std::int32_t type;
  std::int32_t login;
  char address[64];
  char password[64];
  std::int32_t notify_logins[8];
  std::int32_t flags;
  std::int32_t reserved[23];
};

struct ConGatewayMarkup {
  std::int32_t enable;
  char source[128];
  char symbol[12];
  char account_name[64];
  std::int32_t account_id;
  std::int32_t bid_markup;
  std::int32_t ask_markup;
  std::int32_t reserved[16];
};

struct ConGatewayRule {
  std::int32_t enable;
  char name[64];
  char request_symbol[128];
  char request_group[128];
  std::int32_t request_reserved[32];
  char exe_account_name[64];
  std::int32_t exe_account_id;
  std::int32_t exe_max_deviation;
  std::int32_t exe_max_profit_slippage;
  std::int32_t exe_max_profit_slippage_lots;
  std::int32_t exe_max_losing_slippage;
  std::int32_t exe_max_losing_slippage_lots;
  std::int32_t exe_account_pos;
  std::int32_t exe_volume_percent;
  std::int32_t exe_flags;
  std::int32_t exe_reserved[25];
};

struct FeedDescription {
  std::int32_t version;
  char name[128];
  char copyright[128];
  char web[128];
  char email[128];
  char server[128];
  char username[32];
  char userpass[32];
  std::int32_t modes;
  char description[512];
  char module[32];
  std::int32_t reserved[54];
};

struct ServerFeed {
  char file[256];
  FeedDescription feed;
};

struct ChartInfo {
  char symbol[12];
  std::int32_t period;
  std::int32_t start;
  std::int32_t end;
  std::int32_t timesign;
  std::int32_t mode;
};

#pragma pack(push, 1)
struct RateInfoOld {
  std::int32_t ctm;
  std::int32_t open;
  std::int16_t high;
  std::int16_t low;
  std::int16_t close;
  double vol;
};
#pragma pack(pop)

#pragma pack(push, 1)
struct RateInfo {
  std::int32_t ctm;
  std::int32_t open;
  std::int32_t high;
  std::int32_t low;
  std::int32_t close;
  double vol;
};
#pragma pack(pop)

#pragma pack(push, 1)
struct TickRecord {
  std::int32_t ctm;
  double bid;
  double ask;
  std::int32_t datafeed;
  char flags;
};
#pragma pack(pop)

#pragma pack(push, 1)
struct TickRequest {
  char symbol[12];
  std::int32_t from;
  std::int32_t to;
  char flags;
};
#pragma pack(pop)

#pragma pack(push, 1)
struct PerformanceInfo {
  std::int32_t ctm;
  std::int16_t users;
  std::int16_t cpu;
  std::int32_t freemem;
  std::int32_t network;
  std::int32_t sockets;
};
#pragma pack(pop)

struct BackupInfo {
  char file[256];
  std::int32_t size;
  std::int32_t time;
  std::int32_t reserved[6];
};

}  // namespace standin
