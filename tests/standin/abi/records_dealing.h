// Structures of the Manager API, as the facts give them: dealing. Written by generate.py.
#pragma once

#include <cstdint>

namespace standin {

struct UserRecord {
  std::int32_t login;
  char group[16];
  char password[16];
  std::int32_t enable;
  std::int32_t enable_change_password;
  std::int32_t enable_read_only;
  std::int32_t enable_otp;
  std::int32_t enable_reserved[2];
  char password_investor[16];
  char password_phone[32];
  char name[128];
  char country[32];
  char city[32];
  char state[32];
  char zipcode[16];
  char address[96];
  char lead_source[32];
  char phone[32];
  char email[48];
  char comment[64];
  char id[32];
  char status[16];
  std::int32_t regdate;
  std::int32_t lastdate;
  std::int32_t leverage;
  std::int32_t agent_account;
  std::int32_t timestamp;
  std::int32_t last_ip;
  double balance;
  double prevmonthbalance;
  double prevbalance;
  double credit;
  double interestrate;
  double taxes;
  double prevmonthequity;
  double prevequity;
  double reserved2[2];
  char otp_secret[32];
  char secure_reserved[240];
  std::int32_t send_reports;
  std::uint32_t mqid;
  std::uint32_t user_color;
  char unused[40];
  char api_data[16];
};

#pragma pack(push, 1)
struct GroupCommandInfo {
  std::int32_t len;
  char command;
  char newgroup[16];
  std::int32_t leverage;
  std::int32_t reserved[8];
};
#pragma pack(pop)

struct OnlineRecord {
  std::int32_t counter;
  std::int32_t reserved;
  std::int32_t login;
  std::uint32_t ip;
  char group[16];
};

#pragma pack(push, 1)
struct TradeRecord {
  std::int32_t order;
  std::int32_t login;
  char symbol[12];
  std::int32_t digits;
  std::int32_t cmd;
  std::int32_t volume;
  std::int32_t open_time;
  std::int32_t state;
  double open_price;
  double sl;
  double tp;
  std::int32_t close_time;
  std::int32_t gw_volume;
  std::int32_t expiration;
  char reason;
  char conv_reserv[3];
  double conv_rates[2];
  double commission;
  double commission_agent;
  double storage;
  double close_price;
  double profit;
  double taxes;
  std::int32_t magic;
  char comment[32];
  std::int32_t gw_order;
  std::int32_t activation;
  std::int16_t gw_open_price;
  std::int16_t gw_close_price;
  double margin_rate;
  std::int32_t timestamp;
  std::int32_t api_data[4];
  std::uint32_t next;
};
#pragma pack(pop)

#pragma pack(push, 1)
struct TradeRestoreResult {
  std::int32_t order;
  std::uint8_t res;
};
#pragma pack(pop)

#pragma pack(push, 1)
struct TradeTransInfo {
  std::uint8_t type;
  char flags;
  std::int16_t cmd;
  std::int32_t order;
  std::int32_t orderby;
  char symbol[12];
  std::int32_t volume;
  double price;
  double sl;
  double tp;
  std::int32_t ie_deviation;
  char comment[32];
  std::int32_t expiration;
  std::int32_t crc;
};
#pragma pack(pop)

struct MarginLevel {
  std::int32_t login;
  char group[16];
  std::int32_t leverage;
  std::int32_t updated;
  double balance;
  double equity;
  std::int32_t volume;
  double margin;
  double margin_free;
  double margin_level;
  std::int32_t margin_type;
  std::int32_t level_type;
};

struct RequestInfo {
  std::int32_t id;
  char status;
  std::uint32_t time;
  std::int32_t manager;
  std::int32_t login;
  char group[16];
  double balance;
  double credit;
  double prices[2];
  TradeTransInfo trade;
  std::int32_t gw_volume;
  std::int32_t gw_order;
  std::int16_t gw_price;
  std::uint32_t prev;
  std::uint32_t next;
};

struct DailyReport {
  std::int32_t login;
  std::int32_t ctm;
  char group[16];
  char bank[64];
  double balance_prev;
  double balance;
  double deposit;
  double credit;
  double profit_closed;
  double profit;
  double equity;
  double margin;
  double margin_free;
  std::int32_t next;
  std::int32_t reserved[3];
};

#pragma pack(push, 1)
struct ReportGroupRequest {
  char name[32];
  std::int32_t from;
  std::int32_t to;
  std::int32_t total;
};
#pragma pack(pop)

struct DailyGroupRequest {
  char name[32];
  std::int32_t from;
  std::int32_t to;
  std::int32_t total;
  std::int32_t reserved;
};

}  // namespace standin
