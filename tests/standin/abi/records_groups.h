// Structures of the Manager API, as the facts give them: groups. Written by generate.py.
#pragma once

#include <cstdint>

namespace standin {

struct ConGroupSec {
  std::int32_t show;
  std::int32_t trade;
  std::int32_t execution;
  double comm_base;
  std::int32_t comm_type;
  std::int32_t comm_lots;
  double comm_agent;
  std::int32_t comm_agent_type;
  std::int32_t spread_diff;
  std::int32_t lot_min;
  std::int32_t lot_max;
  std::int32_t lot_step;
  std::int32_t ie_deviation;
  std::int32_t confirmation;
  std::int32_t trade_rights;
  std::int32_t ie_quick_mode;
  std::int32_t autocloseout_mode;
  double comm_tax;
  std::int32_t comm_agent_lots;
  std::int32_t freemargin_mode;
  std::int32_t reserved[3];
};

struct ConGroupMargin {
  char symbol[12];
  double swap_long;
  double swap_short;
  double margin_divider;
  std::int32_t reserved[7];
};

struct ConGroup {
  char group[16];
  std::int32_t enable;
  std::int32_t timeout;
  std::int32_t otp_mode;
  char company[128];
  char signature[128];
  char support_page[128];
  char smtp_server[64];
  char smtp_login[32];
  char smtp_password[32];
  char support_email[64];
  char templates[32];
  std::int32_t copies;
  std::int32_t reports;
  std::int32_t default_leverage;
  double default_deposit;
  std::int32_t maxsecurities;
  ConGroupSec secgroups[32];
  ConGroupMargin secmargins[128];
  std::int32_t secmargins_total;
  char currency[12];
  double credit;
  std::int32_t margin_call;
  std::int32_t margin_mode;
  std::int32_t margin_stopout;
  double interestrate;
  std::int32_t use_swap;
  std::int32_t news;
  std::int32_t rights;
  std::int32_t check_ie_prices;
  std::int32_t maxpositions;
  std::int32_t close_reopen;
  std::int32_t hedge_prohibited;
  std::int32_t close_fifo;
  std::int32_t hedge_largeleg;
  std::int32_t unused_rights[2];
  char securities_hash[16];
  std::int32_t margin_type;
  std::int32_t archive_period;
  std::int32_t archive_max_balance;
  std::int32_t stopout_skip_hedged;
  std::int32_t archive_pending_period;
  std::uint32_t news_languages[8];
  std::uint32_t news_languages_total;
  std::int32_t reserved[17];
};

struct ConHoliday {
  std::int32_t year;
  std::int32_t month;
  std::int32_t day;
  std::int32_t from;
  std::int32_t to;
  char symbol[32];
  char description[128];
  std::int32_t enable;
  std::int32_t reserved[13];
  std::uint32_t next;
};

struct LiveInfoFile {
  char file[256];
  std::int32_t size;
  char hash[36];
  std::int32_t reserved[10];
};

struct ConLiveUpdate {
  char company[128];
  char path[256];
  std::int32_t version;
  std::int32_t build;
  std::int32_t maxconnect;
  std::int32_t connections;
  std::int32_t type;
  std::int32_t enable;
  std::int32_t totalfiles;
  LiveInfoFile files[128];
  std::int32_t reserved[16];
  std::uint32_t next;
};

struct ConManagerSec {
  std::int32_t internal;
  std::int32_t enable;
  std::int32_t minimum_lots;
  std::int32_t maximum_lots;
  std::int32_t unused[16];
};

struct ConManager {
  std::int32_t login;
  std::int32_t manager;
  std::int32_t money;
  std::int32_t online;
  std::int32_t riskman;
  std::int32_t broker;
  std::int32_t admin;
  std::int32_t logs;
  std::int32_t reports;
  std::int32_t trades;
  std::int32_t market_watch;
  std::int32_t email;
  std::int32_t user_details;
  std::int32_t see_trades;
  std::int32_t news;
  std::int32_t plugins;
  std::int32_t server_reports;
  std::int32_t techsupport;
  std::int32_t market;
  std::int32_t notifications;
  std::int32_t unused[9];
  std::int32_t ipfilter;
  std::uint32_t ip_from;
  std::uint32_t ip_to;
  char mailbox[64];
  char groups[1024];
  ConManagerSec secgroups[32];
  std::uint32_t exp_time;
  char name[32];
  std::int32_t info_depth;
  std::int32_t reserved[22];
};

}  // namespace standin
