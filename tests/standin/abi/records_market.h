// Structures of the Manager API, as the facts give them: market. Written by generate.py.
#pragma once

#include <cstdint>

namespace standin {

struct SymbolInfo {
  char symbol[12];
  std::int32_t digits;
  std::int32_t count;
  std::int32_t visible;
  std::int32_t type;
  double point;
  std::int32_t spread;
  std::int32_t spread_balance;
  std::int32_t direction;
  std::int32_t updateflag;
  std::int32_t lasttime;
  double bid;
  double ask;
  double high;
  double low;
  double commission;
  std::int32_t comm_type;
};

struct SymbolSummary {
  char symbol[12];
  std::int32_t count;
  std::int32_t digits;
  std::int32_t type;
  std::int32_t orders;
  std::int64_t buylots;
  std::int64_t selllots;
  double buyprice;
  double sellprice;
  double profit;
  std::int32_t covorders;
  std::int64_t covbuylots;
  std::int64_t covselllots;
  double covbuyprice;
  double covsellprice;
  double covprofit;
};

struct ExposureValue {
  char currency[4];
  double clients;
  double coverage;
};

#pragma pack(push, 1)
struct SymbolPropertiesOld {
  char symbol[12];
  std::uint32_t color;
  std::int32_t spread;
  std::int32_t spread_balance;
  std::int32_t stops_level;
  std::int32_t exemode;
};
#pragma pack(pop)

#pragma pack(push, 1)
struct SymbolProperties {
  char symbol[12];
  std::uint32_t color;
  std::int32_t spread;
  std::int32_t spread_balance;
  std::int32_t stops_level;
  std::int32_t smoothing;
  std::int32_t exemode;
  std::int32_t reserved[8];
};
#pragma pack(pop)

struct TickInfo {
  char symbol[12];
  std::int32_t ctm;
  double bid;
  double ask;
};

struct MailBox {
  std::int32_t time;
  std::int32_t sender;
  char from[64];
  std::int32_t to;
  char subject[128];
  std::int32_t readed;
  std::uint32_t body;
  std::int32_t bodylen;
  std::int16_t build_min;
  std::int16_t build_max;
  std::int32_t reserved;
};

struct NewsTopic {
  std::uint32_t key;
  std::int32_t time;
  char ctm[32];
  char topic[256];
  char category[64];
  char keywords[256];
  std::uint32_t body;
  std::int32_t bodylen;
  std::int32_t readed;
  std::int32_t priority;
  std::int32_t langid;
  std::int32_t reserved[1];
};

#pragma pack(push, 1)
struct NewsTopicNew {
  std::uint32_t key;
  std::uint32_t language;
  std::uint16_t subject[256];
  std::uint16_t category[256];
  std::uint32_t flags;
  std::uint32_t body;
  std::uint32_t body_len;
  std::uint32_t languages_list[32];
  std::int64_t datetime;
  std::uint32_t reserved[30];
};
#pragma pack(pop)

struct ServerLog {
  std::int32_t code;
  char time[24];
  char ip[256];
  char message[512];
};

#pragma pack(push, 1)
struct BalanceDiff {
  std::int32_t login;
  double diff;
};
#pragma pack(pop)

}  // namespace standin
