// The trade server that all objects of the process share: its tables, their edits, and who hears of them.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model.h"
#include "settings.h"

namespace standin {

class Pump;

// Whoever calls anything here holds the mutex; edits tell the pumps.
class Server {
 public:
  std::mutex mutex;
  Settings settings;
  ConCommon common{};
  std::map<std::int32_t, ManagerAccount> managers;
  std::vector<ConGroup> groups;
  std::vector<ConSymbol> symbols;
  std::map<std::string, Quote, std::less<>> quotes;
  std::map<std::int32_t, Account> users;
  std::map<std::int32_t, TradeRecord> open;
  std::map<std::int32_t, Closed> closed;
  std::vector<OnlineRecord> online;
  std::map<std::int32_t, std::int32_t> levels;  // the last MARGINLEVEL_* of accounts that were not ok
  std::vector<SentMail> mails;
  std::vector<std::shared_ptr<Pump>> pumps;
  std::int64_t epoch = 0;  // counts the resets: what an older one still wanted to do is void

  const ConGroup* group(std::string_view name) const;
  const ConSymbol* symbol(std::string_view name) const;
  Account* user(std::int32_t login);
  const ConGroup* group_of(std::int32_t login);

  std::int32_t next_order();
  std::int32_t next_login();

  void put_user(const UserRecord& record, std::int32_t change);
  void drop_user(std::int32_t login);
  void put_open(const TradeRecord& trade);
  void put_closed(const TradeRecord& trade);
  void erase(std::int32_t order);
  void move_balance(std::int32_t login, double amount);

  // Loads without telling anyone, for the filling of the tables.
  void load_open(const TradeRecord& trade);
  void load_closed(const TradeRecord& trade);

  std::vector<const TradeRecord*> open_of(std::int32_t login) const;
  std::vector<const TradeRecord*> history_of(std::int32_t login, std::int32_t from, std::int32_t to) const;
  const TradeRecord* visible_closed(std::int32_t order) const;

  void quote(const ConSymbol& symbol, double bid, double ask);
  void tell(Event event);
  void tell_trade(const TradeRecord& trade, std::int32_t type);

  // Empties everything but the pumps.
  void clear();

 private:
  std::unordered_map<std::int32_t, std::set<std::int32_t>> open_by_login_;
  std::unordered_map<std::int32_t, std::set<std::int32_t>> closed_by_login_;
};

// The one server of the process; it is never taken down, for threads may outlive main.
Server& server();

}  // namespace standin
