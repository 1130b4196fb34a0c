// The object that MtManCreate gives: the slots that have this server behind them.
#pragma once

#include <memory>
#include <mutex>

#include "../abi/unsupported.h"
#include "authority.h"
#include "line.h"
#include "pump.h"

namespace standin {

class Manager final : public Unsupported {
 public:
  Manager();
  ~Manager();
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;

  // manager_session.cpp
  std::int32_t STANDIN_CALL Release() override;
  void STANDIN_CALL MemFree(void* block) override;
  const char* STANDIN_CALL ErrorDescription(std::int32_t code) override;
  void STANDIN_CALL WorkingDirectory(const char* path) override;
  void STANDIN_CALL LogsOut(std::int32_t code, const char* source, const char* message) override;
  void STANDIN_CALL LogsMode(std::int32_t mode) override;
  std::int32_t STANDIN_CALL Connect(const char* address) override;
  std::int32_t STANDIN_CALL Disconnect() override;
  std::int32_t STANDIN_CALL IsConnected() override;
  std::int32_t STANDIN_CALL Login(std::int32_t login, const char* password) override;
  std::int32_t STANDIN_CALL Ping() override;
  std::int32_t STANDIN_CALL PasswordChange(const char* password, std::int32_t is_investor) override;
  std::int32_t STANDIN_CALL ManagerRights(ConManager* manager) override;
  std::int32_t STANDIN_CALL ManagerCommon(ConCommon* common) override;
  std::int32_t STANDIN_CALL ServerTime() override;
  std::int32_t STANDIN_CALL SrvRestart() override;
  std::int32_t STANDIN_CALL CfgRequestCommon(ConCommon* common) override;

  // manager_market.cpp
  ConGroup* STANDIN_CALL CfgRequestGroup(std::int32_t* total) override;
  ConSymbol* STANDIN_CALL CfgRequestSymbol(std::int32_t* total) override;
  std::int32_t STANDIN_CALL SymbolsRefresh() override;
  ConSymbol* STANDIN_CALL SymbolsGetAll(std::int32_t* total) override;
  std::int32_t STANDIN_CALL SymbolGet(const char* symbol, ConSymbol* found) override;
  std::int32_t STANDIN_CALL SymbolInfoGet(const char* symbol, SymbolInfo* info) override;
  std::int32_t STANDIN_CALL SymbolAdd(const char* symbol) override;
  std::int32_t STANDIN_CALL SymbolHide(const char* symbol) override;
  std::int32_t STANDIN_CALL SymbolInfoUpdated(SymbolInfo* infos, std::int32_t most) override;
  std::int32_t STANDIN_CALL SymbolSendTick(const char* symbol, double bid, double ask) override;
  ConGroup* STANDIN_CALL GroupsRequest(std::int32_t* total) override;
  ConGroup* STANDIN_CALL GroupsGet(std::int32_t* total) override;
  std::int32_t STANDIN_CALL GroupRecordGet(const char* name, ConGroup* group) override;

  // manager_users.cpp
  UserRecord* STANDIN_CALL UsersRequest(std::int32_t* total) override;
  UserRecord* STANDIN_CALL UserRecordsRequest(const std::int32_t* logins, std::int32_t* total) override;
  UserRecord* STANDIN_CALL AdmUsersRequest(const char* request, std::int32_t* total) override;
  std::int32_t STANDIN_CALL UserRecordNew(UserRecord* user) override;
  std::int32_t STANDIN_CALL UserRecordUpdate(const UserRecord* user) override;
  std::int32_t STANDIN_CALL UsersGroupOp(const GroupCommandInfo* info, const std::int32_t* logins) override;
  std::int32_t STANDIN_CALL UserPasswordCheck(std::int32_t login, const char* password) override;
  std::int32_t STANDIN_CALL UserPasswordSet(std::int32_t login, const char* password, std::int32_t change_investor,
                                            std::int32_t clean_pubkey) override;
  OnlineRecord* STANDIN_CALL OnlineRequest(std::int32_t* total) override;
  UserRecord* STANDIN_CALL UsersGet(std::int32_t* total) override;
  std::int32_t STANDIN_CALL UserRecordGet(std::int32_t login, UserRecord* user) override;
  OnlineRecord* STANDIN_CALL OnlineGet(std::int32_t* total) override;
  std::int32_t STANDIN_CALL MailSend(const MailBox* mail, const std::int32_t* logins) override;

  // manager_trades.cpp
  std::int32_t STANDIN_CALL TradeTransaction(TradeTransInfo* info) override;
  TradeRecord* STANDIN_CALL TradesRequest(std::int32_t* total) override;
  TradeRecord* STANDIN_CALL TradeRecordsRequest(const std::int32_t* orders, std::int32_t* total) override;
  TradeRecord* STANDIN_CALL TradesUserHistory(std::int32_t login, std::int32_t from, std::int32_t to,
                                              std::int32_t* total) override;
  TradeRecord* STANDIN_CALL AdmTradesRequest(const char* request, std::int32_t open_only, std::int32_t* total) override;
  std::int32_t STANDIN_CALL AdmTradesDelete(const std::int32_t* orders, std::int32_t total) override;
  std::int32_t STANDIN_CALL AdmTradeRecordModify(const TradeRecord* trade) override;
  std::int32_t STANDIN_CALL MarginLevelRequest(std::int32_t login, MarginLevel* level) override;
  TradeRecord* STANDIN_CALL TradesGet(std::int32_t* total) override;
  TradeRecord* STANDIN_CALL TradesGetByLogin(std::int32_t login, const char* group, std::int32_t* total) override;
  TradeRecord* STANDIN_CALL TradesGetBySymbol(const char* symbol, std::int32_t* total) override;
  std::int32_t STANDIN_CALL TradeRecordGet(std::int32_t order, TradeRecord* trade) override;
  MarginLevel* STANDIN_CALL MarginsGet(std::int32_t* total) override;
  std::int32_t STANDIN_CALL MarginLevelGet(std::int32_t login, const char* group, MarginLevel* margin) override;

  // manager_pump.cpp
  std::int32_t STANDIN_CALL PumpingSwitch(NotifyFunc callback, void* window, std::uint32_t message,
                                          std::int32_t flags) override;
  std::int32_t STANDIN_CALL PumpingSwitchEx(NotifyFuncEx callback, std::int32_t flags, void* param) override;

 private:
  // A call that is not for a pumping object: it stops the pump, and gives 2.
  template <typename Work>
  std::int32_t request(int slot, Work work);
  template <typename Row, typename Work>
  Row* request_list(int slot, std::int32_t* total, Work work);

  // A call that reads what the pump keeps: 2 or NULL before its tables are loaded. Any thread may make it.
  template <typename Work>
  std::int32_t read(int slot, Work work);
  template <typename Row, typename Work>
  Row* read_list(int slot, std::int32_t* total, Work work);

  bool pumping() const;
  bool stop_pump();
  void end_pump();
  std::int32_t switch_on(Callback callback, std::int32_t flags);
  std::int32_t open_line(int slot, std::int32_t gone);
  std::shared_ptr<Pump> pump() const;

  Line line_;
  Authority authority_;
  bool symbols_loaded_ = false;
  mutable std::mutex pump_mutex_;
  std::shared_ptr<Pump> pump_;
};

// Objects that were made and not released.
std::int64_t objects();

// Breaks the lines of all objects without their knowing, as a restart of the server does.
void cut_all();

}  // namespace standin
