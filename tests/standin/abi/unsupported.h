// Every slot answered as by a server that cannot: counted, 2 or NULL. Written by generate.py.
#pragma once

#include "interface.h"

namespace standin {

class Unsupported : public ManagerInterface {
 public:
  std::int32_t STANDIN_CALL QueryInterface(const void*, void**) override { return unsupported(0), RET_ERROR; }
  std::int32_t STANDIN_CALL AddRef() override { return unsupported(1), RET_ERROR; }
  std::int32_t STANDIN_CALL Release() override { return unsupported(2), RET_ERROR; }
  void STANDIN_CALL MemFree(void*) override { unsupported(3); }
  const char* STANDIN_CALL ErrorDescription(std::int32_t) override { return unsupported(4), nullptr; }
  void STANDIN_CALL WorkingDirectory(const char*) override { unsupported(5); }
  std::int32_t STANDIN_CALL Connect(const char*) override { return unsupported(6), RET_ERROR; }
  std::int32_t STANDIN_CALL Disconnect() override { return unsupported(7), RET_ERROR; }
  std::int32_t STANDIN_CALL IsConnected() override { return unsupported(8), RET_ERROR; }
  std::int32_t STANDIN_CALL Login(std::int32_t, const char*) override { return unsupported(9), RET_ERROR; }
  std::int32_t STANDIN_CALL LoginSecured(const char*) override { return unsupported(10), RET_ERROR; }
  std::int32_t STANDIN_CALL KeysSend(const char*) override { return unsupported(11), RET_ERROR; }
  std::int32_t STANDIN_CALL Ping() override { return unsupported(12), RET_ERROR; }
  std::int32_t STANDIN_CALL PasswordChange(const char*, std::int32_t) override { return unsupported(13), RET_ERROR; }
  std::int32_t STANDIN_CALL ManagerRights(ConManager*) override { return unsupported(14), RET_ERROR; }
  std::int32_t STANDIN_CALL SrvRestart() override { return unsupported(15), RET_ERROR; }
  std::int32_t STANDIN_CALL SrvChartsSync() override { return unsupported(16), RET_ERROR; }
  std::int32_t STANDIN_CALL SrvLiveUpdateStart() override { return unsupported(17), RET_ERROR; }
  std::int32_t STANDIN_CALL SrvFeedsRestart() override { return unsupported(18), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgRequestCommon(ConCommon*) override { return unsupported(19), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgRequestTime(ConTime*) override { return unsupported(20), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgRequestBackup(ConBackup*) override { return unsupported(21), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgRequestSymbolGroup(ConSymbolGroup*) override { return unsupported(22), RET_ERROR; }
  ConAccess* STANDIN_CALL CfgRequestAccess(std::int32_t* total) override { none(total); return unsupported(23), nullptr; }
  ConDataServer* STANDIN_CALL CfgRequestDataServer(std::int32_t* total) override { none(total); return unsupported(24), nullptr; }
  ConHoliday* STANDIN_CALL CfgRequestHoliday(std::int32_t* total) override { none(total); return unsupported(25), nullptr; }
  ConSymbol* STANDIN_CALL CfgRequestSymbol(std::int32_t* total) override { none(total); return unsupported(26), nullptr; }
  ConGroup* STANDIN_CALL CfgRequestGroup(std::int32_t* total) override { none(total); return unsupported(27), nullptr; }
  ConManager* STANDIN_CALL CfgRequestManager(std::int32_t* total) override { none(total); return unsupported(28), nullptr; }
  ConFeeder* STANDIN_CALL CfgRequestFeeder(std::int32_t* total) override { none(total); return unsupported(29), nullptr; }
  ConLiveUpdate* STANDIN_CALL CfgRequestLiveUpdate(std::int32_t* total) override { none(total); return unsupported(30), nullptr; }
  ConSync* STANDIN_CALL CfgRequestSync(std::int32_t* total) override { none(total); return unsupported(31), nullptr; }
  ConPluginParam* STANDIN_CALL CfgRequestPlugin(std::int32_t* total) override { none(total); return unsupported(32), nullptr; }
  std::int32_t STANDIN_CALL CfgUpdateCommon(const ConCommon*) override { return unsupported(33), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgUpdateAccess(const ConAccess*, std::int32_t) override { return unsupported(34), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgUpdateDataServer(const ConDataServer*, std::int32_t) override { return unsupported(35), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgUpdateTime(const ConTime*) override { return unsupported(36), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgUpdateHoliday(const ConHoliday*, std::int32_t) override { return unsupported(37), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgUpdateSymbol(const ConSymbol*) override { return unsupported(38), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgUpdateSymbolGroup(const ConSymbolGroup*, std::int32_t) override { return unsupported(39), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgUpdateGroup(const ConGroup*) override { return unsupported(40), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgUpdateManager(const ConManager*) override { return unsupported(41), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgUpdateFeeder(const ConFeeder*) override { return unsupported(42), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgUpdateBackup(const ConBackup*) override { return unsupported(43), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgUpdateLiveUpdate(const ConLiveUpdate*) override { return unsupported(44), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgUpdateSync(const ConSync*) override { return unsupported(45), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgUpdatePlugin(const ConPlugin*, const PluginCfg*, std::int32_t) override { return unsupported(46), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgDeleteAccess(std::int32_t) override { return unsupported(47), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgDeleteDataServer(std::int32_t) override { return unsupported(48), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgDeleteHoliday(std::int32_t) override { return unsupported(49), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgDeleteSymbol(std::int32_t) override { return unsupported(50), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgDeleteGroup(std::int32_t) override { return unsupported(51), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgDeleteManager(std::int32_t) override { return unsupported(52), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgDeleteFeeder(std::int32_t) override { return unsupported(53), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgDeleteLiveUpdate(std::int32_t) override { return unsupported(54), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgDeleteSync(std::int32_t) override { return unsupported(55), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgShiftAccess(std::int32_t, std::int32_t) override { return unsupported(56), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgShiftDataServer(std::int32_t, std::int32_t) override { return unsupported(57), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgShiftHoliday(std::int32_t, std::int32_t) override { return unsupported(58), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgShiftSymbol(std::int32_t, std::int32_t) override { return unsupported(59), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgShiftGroup(std::int32_t, std::int32_t) override { return unsupported(60), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgShiftManager(std::int32_t, std::int32_t) override { return unsupported(61), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgShiftFeeder(std::int32_t, std::int32_t) override { return unsupported(62), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgShiftLiveUpdate(std::int32_t, std::int32_t) override { return unsupported(63), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgShiftSync(std::int32_t, std::int32_t) override { return unsupported(64), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgShiftPlugin(std::int32_t, std::int32_t) override { return unsupported(65), RET_ERROR; }
  ServerFeed* STANDIN_CALL SrvFeeders(std::int32_t* total) override { none(total); return unsupported(66), nullptr; }
  char* STANDIN_CALL SrvFeederLog(const char*, std::int32_t*) override { return unsupported(67), nullptr; }
  RateInfoOld* STANDIN_CALL ChartRequestObsolete(const ChartInfo*, std::int32_t*, std::int32_t* total) override { none(total); return unsupported(68), nullptr; }
  std::int32_t STANDIN_CALL ChartAddObsolete(const char*, std::int32_t, const RateInfoOld*, std::int32_t*) override { return unsupported(69), RET_ERROR; }
  std::int32_t STANDIN_CALL ChartUpdateObsolete(const char*, std::int32_t, const RateInfoOld*, std::int32_t*) override { return unsupported(70), RET_ERROR; }
  std::int32_t STANDIN_CALL ChartDeleteObsolete(const char*, std::int32_t, const RateInfoOld*, std::int32_t*) override { return unsupported(71), RET_ERROR; }
  PerformanceInfo* STANDIN_CALL PerformanceRequest(std::int32_t, std::int32_t* total) override { none(total); return unsupported(72), nullptr; }
  BackupInfo* STANDIN_CALL BackupInfoUsers(std::int32_t, std::int32_t* total) override { none(total); return unsupported(73), nullptr; }
  BackupInfo* STANDIN_CALL BackupInfoOrders(std::int32_t, std::int32_t* total) override { none(total); return unsupported(74), nullptr; }
  UserRecord* STANDIN_CALL BackupRequestUsers(const char*, const char*, std::int32_t* total) override { none(total); return unsupported(75), nullptr; }
  TradeRecord* STANDIN_CALL BackupRequestOrders(const char*, const char*, std::int32_t* total) override { none(total); return unsupported(76), nullptr; }
  std::int32_t STANDIN_CALL BackupRestoreUsers(const UserRecord*, std::int32_t) override { return unsupported(77), RET_ERROR; }
  TradeRestoreResult* STANDIN_CALL BackupRestoreOrders(const TradeRecord*, std::int32_t* total) override { none(total); return unsupported(78), nullptr; }
  UserRecord* STANDIN_CALL AdmUsersRequest(const char*, std::int32_t* total) override { none(total); return unsupported(79), nullptr; }
  TradeRecord* STANDIN_CALL AdmTradesRequest(const char*, std::int32_t, std::int32_t* total) override { none(total); return unsupported(80), nullptr; }
  std::int32_t STANDIN_CALL AdmBalanceCheckObsolete(std::int32_t*, std::int32_t*) override { return unsupported(81), RET_ERROR; }
  std::int32_t STANDIN_CALL AdmBalanceFix(const std::int32_t*, std::int32_t) override { return unsupported(82), RET_ERROR; }
  std::int32_t STANDIN_CALL AdmTradesDelete(const std::int32_t*, std::int32_t) override { return unsupported(83), RET_ERROR; }
  std::int32_t STANDIN_CALL AdmTradeRecordModify(const TradeRecord*) override { return unsupported(84), RET_ERROR; }
  std::int32_t STANDIN_CALL SymbolsRefresh() override { return unsupported(85), RET_ERROR; }
  ConSymbol* STANDIN_CALL SymbolsGetAll(std::int32_t* total) override { none(total); return unsupported(86), nullptr; }
  std::int32_t STANDIN_CALL SymbolGet(const char*, ConSymbol*) override { return unsupported(87), RET_ERROR; }
  std::int32_t STANDIN_CALL SymbolInfoGet(const char*, SymbolInfo*) override { return unsupported(88), RET_ERROR; }
  std::int32_t STANDIN_CALL SymbolAdd(const char*) override { return unsupported(89), RET_ERROR; }
  std::int32_t STANDIN_CALL SymbolHide(const char*) override { return unsupported(90), RET_ERROR; }
  std::int32_t STANDIN_CALL SymbolChangeObsolete(const SymbolPropertiesOld*) override { return unsupported(91), RET_ERROR; }
  std::int32_t STANDIN_CALL SymbolSendTick(const char*, double, double) override { return unsupported(92), RET_ERROR; }
  ConGroup* STANDIN_CALL GroupsRequest(std::int32_t* total) override { none(total); return unsupported(93), nullptr; }
  std::int32_t STANDIN_CALL MailSend(const MailBox*, const std::int32_t*) override { return unsupported(94), RET_ERROR; }
  std::int32_t STANDIN_CALL NewsSend(const NewsTopic*) override { return unsupported(95), RET_ERROR; }
  ServerLog* STANDIN_CALL JournalRequest(std::int32_t, std::int32_t, std::int32_t, const char*, std::int32_t* total) override { none(total); return unsupported(96), nullptr; }
  UserRecord* STANDIN_CALL UsersRequest(std::int32_t* total) override { none(total); return unsupported(97), nullptr; }
  UserRecord* STANDIN_CALL UserRecordsRequest(const std::int32_t*, std::int32_t* total) override { none(total); return unsupported(98), nullptr; }
  std::int32_t STANDIN_CALL UserRecordNew(UserRecord*) override { return unsupported(99), RET_ERROR; }
  std::int32_t STANDIN_CALL UserRecordUpdate(const UserRecord*) override { return unsupported(100), RET_ERROR; }
  std::int32_t STANDIN_CALL UsersGroupOp(const GroupCommandInfo*, const std::int32_t*) override { return unsupported(101), RET_ERROR; }
  std::int32_t STANDIN_CALL UserPasswordCheck(std::int32_t, const char*) override { return unsupported(102), RET_ERROR; }
  std::int32_t STANDIN_CALL UserPasswordSet(std::int32_t, const char*, std::int32_t, std::int32_t) override { return unsupported(103), RET_ERROR; }
  OnlineRecord* STANDIN_CALL OnlineRequest(std::int32_t* total) override { none(total); return unsupported(104), nullptr; }
  std::int32_t STANDIN_CALL TradeTransaction(TradeTransInfo*) override { return unsupported(105), RET_ERROR; }
  TradeRecord* STANDIN_CALL TradesRequest(std::int32_t* total) override { none(total); return unsupported(106), nullptr; }
  TradeRecord* STANDIN_CALL TradeRecordsRequest(const std::int32_t*, std::int32_t* total) override { none(total); return unsupported(107), nullptr; }
  TradeRecord* STANDIN_CALL TradesUserHistory(std::int32_t, std::int32_t, std::int32_t, std::int32_t* total) override { none(total); return unsupported(108), nullptr; }
  std::int32_t STANDIN_CALL TradeCheckStops(const TradeTransInfo*, double) override { return unsupported(109), RET_ERROR; }
  TradeRecord* STANDIN_CALL ReportsRequest(const ReportGroupRequest*, const std::int32_t*, std::int32_t* total) override { none(total); return unsupported(110), nullptr; }
  DailyReport* STANDIN_CALL DailyReportsRequest(const DailyGroupRequest*, const std::int32_t*, std::int32_t* total) override { none(total); return unsupported(111), nullptr; }
  std::int32_t STANDIN_CALL ExternalCommand(const char*, std::int32_t, char**, std::int32_t*) override { return unsupported(112), RET_ERROR; }
  std::int32_t STANDIN_CALL PluginUpdate(const ConPluginParam*) override { return unsupported(113), RET_ERROR; }
  std::int32_t STANDIN_CALL PumpingSwitch(NotifyFunc, void*, std::uint32_t, std::int32_t) override { return unsupported(114), RET_ERROR; }
  ConGroup* STANDIN_CALL GroupsGet(std::int32_t* total) override { none(total); return unsupported(115), nullptr; }
  std::int32_t STANDIN_CALL GroupRecordGet(const char*, ConGroup*) override { return unsupported(116), RET_ERROR; }
  std::int32_t STANDIN_CALL SymbolInfoUpdated(SymbolInfo*, std::int32_t) override { return unsupported(117), RET_ERROR; }
  UserRecord* STANDIN_CALL UsersGet(std::int32_t* total) override { none(total); return unsupported(118), nullptr; }
  std::int32_t STANDIN_CALL UserRecordGet(std::int32_t, UserRecord*) override { return unsupported(119), RET_ERROR; }
  OnlineRecord* STANDIN_CALL OnlineGet(std::int32_t* total) override { none(total); return unsupported(120), nullptr; }
  std::int32_t STANDIN_CALL OnlineRecordGet(std::int32_t, OnlineRecord*) override { return unsupported(121), RET_ERROR; }
  TradeRecord* STANDIN_CALL TradesGet(std::int32_t* total) override { none(total); return unsupported(122), nullptr; }
  TradeRecord* STANDIN_CALL TradesGetBySymbol(const char*, std::int32_t* total) override { none(total); return unsupported(123), nullptr; }
  TradeRecord* STANDIN_CALL TradesGetByLogin(std::int32_t, const char*, std::int32_t* total) override { none(total); return unsupported(124), nullptr; }
  TradeRecord* STANDIN_CALL TradesGetByMarket(std::int32_t* total) override { none(total); return unsupported(125), nullptr; }
  std::int32_t STANDIN_CALL TradeRecordGet(std::int32_t, TradeRecord*) override { return unsupported(126), RET_ERROR; }
  std::int32_t STANDIN_CALL TradeClearRollback(std::int32_t) override { return unsupported(127), RET_ERROR; }
  MarginLevel* STANDIN_CALL MarginsGet(std::int32_t* total) override { none(total); return unsupported(128), nullptr; }
  std::int32_t STANDIN_CALL MarginLevelGet(std::int32_t, const char*, MarginLevel*) override { return unsupported(129), RET_ERROR; }
  RequestInfo* STANDIN_CALL RequestsGet(std::int32_t* total) override { none(total); return unsupported(130), nullptr; }
  std::int32_t STANDIN_CALL RequestInfoGet(std::int32_t, RequestInfo*) override { return unsupported(131), RET_ERROR; }
  ConPlugin* STANDIN_CALL PluginsGet(std::int32_t* total) override { none(total); return unsupported(132), nullptr; }
  std::int32_t STANDIN_CALL PluginParamGet(std::int32_t, ConPluginParam*) override { return unsupported(133), RET_ERROR; }
  std::int32_t STANDIN_CALL MailLast(char*, std::int32_t*) override { return unsupported(134), RET_ERROR; }
  NewsTopic* STANDIN_CALL NewsGet(std::int32_t* total) override { none(total); return unsupported(135), nullptr; }
  std::int32_t STANDIN_CALL NewsTotal() override { return unsupported(136), RET_ERROR; }
  std::int32_t STANDIN_CALL NewsTopicGet(std::int32_t, NewsTopic*) override { return unsupported(137), RET_ERROR; }
  void STANDIN_CALL NewsBodyRequest(std::int32_t) override { unsupported(138); }
  char* STANDIN_CALL NewsBodyGet(std::int32_t) override { return unsupported(139), nullptr; }
  std::int32_t STANDIN_CALL DealerSwitch(NotifyFunc, void*, std::uint32_t) override { return unsupported(140), RET_ERROR; }
  std::int32_t STANDIN_CALL DealerRequestGet(RequestInfo*) override { return unsupported(141), RET_ERROR; }
  std::int32_t STANDIN_CALL DealerSend(const RequestInfo*, std::int32_t, std::int32_t) override { return unsupported(142), RET_ERROR; }
  std::int32_t STANDIN_CALL DealerReject(std::int32_t) override { return unsupported(143), RET_ERROR; }
  std::int32_t STANDIN_CALL DealerReset(std::int32_t) override { return unsupported(144), RET_ERROR; }
  TickInfo* STANDIN_CALL TickInfoLast(const char*, std::int32_t* total) override { none(total); return unsupported(145), nullptr; }
  std::int32_t STANDIN_CALL SymbolsGroupsGet(ConSymbolGroup*) override { return unsupported(146), RET_ERROR; }
  std::int32_t STANDIN_CALL ServerTime() override { return unsupported(147), RET_ERROR; }
  MailBox* STANDIN_CALL MailsRequest(std::int32_t* total) override { none(total); return unsupported(148), nullptr; }
  SymbolSummary* STANDIN_CALL SummaryGetAll(std::int32_t* total) override { none(total); return unsupported(149), nullptr; }
  std::int32_t STANDIN_CALL SummaryGet(const char*, SymbolSummary*) override { return unsupported(150), RET_ERROR; }
  std::int32_t STANDIN_CALL SummaryGetByCount(std::int32_t, SymbolSummary*) override { return unsupported(151), RET_ERROR; }
  std::int32_t STANDIN_CALL SummaryGetByType(std::int32_t, SymbolSummary*) override { return unsupported(152), RET_ERROR; }
  std::int32_t STANDIN_CALL SummaryCurrency(char*, std::int32_t) override { return unsupported(153), RET_ERROR; }
  ExposureValue* STANDIN_CALL ExposureGet(std::int32_t* total) override { none(total); return unsupported(154), nullptr; }
  std::int32_t STANDIN_CALL ExposureValueGet(const char*, ExposureValue*) override { return unsupported(155), RET_ERROR; }
  std::int32_t STANDIN_CALL MarginLevelRequest(std::int32_t, MarginLevel*) override { return unsupported(156), RET_ERROR; }
  std::int32_t STANDIN_CALL HistoryCorrect(const char*, std::int32_t*) override { return unsupported(157), RET_ERROR; }
  RateInfo* STANDIN_CALL ChartRequest(const ChartInfo*, std::int32_t*, std::int32_t* total) override { none(total); return unsupported(158), nullptr; }
  std::int32_t STANDIN_CALL ChartAdd(const char*, std::int32_t, const RateInfo*, std::int32_t*) override { return unsupported(159), RET_ERROR; }
  std::int32_t STANDIN_CALL ChartUpdate(const char*, std::int32_t, const RateInfo*, std::int32_t*) override { return unsupported(160), RET_ERROR; }
  std::int32_t STANDIN_CALL ChartDelete(const char*, std::int32_t, const RateInfo*, std::int32_t*) override { return unsupported(161), RET_ERROR; }
  TickRecord* STANDIN_CALL TicksRequest(const TickRequest*, std::int32_t* total) override { none(total); return unsupported(162), nullptr; }
  std::int32_t STANDIN_CALL PumpingSwitchEx(NotifyFuncEx, std::int32_t, void*) override { return unsupported(163), RET_ERROR; }
  std::int32_t STANDIN_CALL UsersSyncStart(std::int32_t) override { return unsupported(164), RET_ERROR; }
  UserRecord* STANDIN_CALL UsersSyncRead(std::int32_t* users_total) override { none(users_total); return unsupported(165), nullptr; }
  std::int32_t* STANDIN_CALL UsersSnapshot(std::int32_t* users_total) override { none(users_total); return unsupported(166), nullptr; }
  std::int32_t STANDIN_CALL TradesSyncStart(std::int32_t) override { return unsupported(167), RET_ERROR; }
  TradeRecord* STANDIN_CALL TradesSyncRead(std::int32_t* trades_total) override { none(trades_total); return unsupported(168), nullptr; }
  std::int32_t* STANDIN_CALL TradesSnapshot(std::int32_t* trades_total) override { none(trades_total); return unsupported(169), nullptr; }
  std::int32_t STANDIN_CALL DailySyncStart(std::int32_t) override { return unsupported(170), RET_ERROR; }
  DailyReport* STANDIN_CALL DailySyncRead(std::int32_t* daily_total) override { none(daily_total); return unsupported(171), nullptr; }
  std::int32_t STANDIN_CALL TradeCalcProfit(TradeRecord*) override { return unsupported(172), RET_ERROR; }
  std::int32_t STANDIN_CALL SymbolChange(const SymbolProperties*) override { return unsupported(173), RET_ERROR; }
  std::int32_t STANDIN_CALL BytesSent() override { return unsupported(174), RET_ERROR; }
  std::int32_t STANDIN_CALL BytesReceived() override { return unsupported(175), RET_ERROR; }
  std::int32_t STANDIN_CALL ManagerCommon(ConCommon*) override { return unsupported(176), RET_ERROR; }
  void STANDIN_CALL LogsOut(std::int32_t, const char*, const char*) override { unsupported(177); }
  void STANDIN_CALL LogsMode(std::int32_t) override { unsupported(178); }
  std::int32_t STANDIN_CALL LicenseCheck(const char*) override { return unsupported(179), RET_ERROR; }
  ConGatewayAccount* STANDIN_CALL CfgRequestGatewayAccount(std::int32_t* total) override { none(total); return unsupported(180), nullptr; }
  ConGatewayMarkup* STANDIN_CALL CfgRequestGatewayMarkup(std::int32_t* total) override { none(total); return unsupported(181), nullptr; }
  ConGatewayRule* STANDIN_CALL CfgRequestGatewayRule(std::int32_t* total) override { none(total); return unsupported(182), nullptr; }
  std::int32_t STANDIN_CALL CfgUpdateGatewayAccount(const ConGatewayAccount*) override { return unsupported(183), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgUpdateGatewayMarkup(const ConGatewayMarkup*) override { return unsupported(184), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgUpdateGatewayRule(const ConGatewayRule*) override { return unsupported(185), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgDeleteGatewayAccount(std::int32_t) override { return unsupported(186), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgDeleteGatewayMarkup(std::int32_t) override { return unsupported(187), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgDeleteGatewayRule(std::int32_t) override { return unsupported(188), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgShiftGatewayAccount(std::int32_t, std::int32_t) override { return unsupported(189), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgShiftGatewayMarkup(std::int32_t, std::int32_t) override { return unsupported(190), RET_ERROR; }
  std::int32_t STANDIN_CALL CfgShiftGatewayRule(std::int32_t, std::int32_t) override { return unsupported(191), RET_ERROR; }
  BalanceDiff* STANDIN_CALL AdmBalanceCheck(std::int32_t*, std::int32_t* total) override { none(total); return unsupported(192), nullptr; }
  std::int32_t STANDIN_CALL NotificationsSendLogins(const std::int32_t*, std::uint32_t, const std::uint16_t*) override { return unsupported(193), RET_ERROR; }
  std::int32_t STANDIN_CALL NotificationsSendIds(std::uint16_t*, const std::uint16_t*) override { return unsupported(194), RET_ERROR; }

 protected:
  ~Unsupported() = default;
};

}  // namespace standin
