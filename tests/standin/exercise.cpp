// Works the stand-in hard, to be built with sanitizers.
//
// "exercise" runs threads with an object each, a pump, and tests that change faults and prices meanwhile; the last line
// says what was done. "exercise deposit LOGIN AMOUNT COMMENT" makes one deposit and prints "CODE TICKET".
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "abi/interface.h"
#include "control.h"

extern "C" int MtManVersion();
extern "C" int MtManCreate(int version, standin::ManagerInterface** manager);

namespace {

using namespace standin;

constexpr int kThreads = 4;
constexpr int kRounds = 400;

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "failed: %s\n", why.c_str());
  std::exit(1);
}

void expect(bool good, const char* what) {
  if (!good) fail(what);
}

ManagerInterface* create() {
  ManagerInterface* manager = nullptr;
  MtManCreate(MtManVersion(), &manager);
  expect(manager != nullptr, "an object is made");
  return manager;
}

bool log_in(ManagerInterface& manager) {
  manager.Disconnect();
  return manager.Connect("127.0.0.1:443") == RET_OK && manager.Login(224, "your_manager_password") == RET_OK;
}

template <typename Row>
int free_rows(ManagerInterface& manager, Row* rows, int total) {
  manager.MemFree(rows);
  return total;
}

int deposit(ManagerInterface& manager, int login, double amount, const char* comment, int* ticket) {
  TradeTransInfo info{};
  info.type = TT_BR_BALANCE;
  info.cmd = OP_BALANCE;
  info.orderby = login;
  info.price = amount;
  std::strncpy(info.comment, comment, sizeof info.comment - 1);
  const int code = manager.TradeTransaction(&info);
  *ticket = info.order;
  return code;
}

// One thread's work on an object of its own; a lost line is opened again.
void work(int index, std::atomic<long>& rows) {
  ManagerInterface& manager = *create();
  expect(log_in(manager), "the login is taken");
  for (int round = 0; round < kRounds; ++round) {
    int total = 0;
    int ticket = 0;
    rows += free_rows(manager, manager.UsersRequest(&total), total);
    rows += free_rows(manager, manager.TradesRequest(&total), total);
    rows += free_rows(manager, manager.GroupsRequest(&total), total);
    rows += free_rows(manager, manager.TradesUserHistory(1001 + index, 0, 0x7FFFFFFF, &total), total);
    const int code = deposit(manager, 1001 + index, 1, "exercise", &ticket);
    if (code == 255 || code == RET_NO_CONNECT) expect(log_in(manager), "a lost line comes back");
    total = 1;
    rows += free_rows(manager, manager.TradeRecordsRequest(&ticket, &total), total);
    MarginLevel level{};
    manager.MarginLevelRequest(1001 + index, &level);
    manager.Ping();
  }
  manager.Disconnect();
  manager.Release();
}

struct Heard {
  std::atomic<long> events{0};
  std::atomic<bool> started{false};
};

void STANDIN_CALL hear(std::int32_t code, std::int32_t, void* data, void* param) {
  Heard& heard = *static_cast<Heard*>(param);
  ++heard.events;
  if (code == PUMP_START_PUMPING) heard.started = true;
  if (code == PUMP_UPDATE_TRADES && static_cast<TradeRecord*>(data)->order < 0) fail("a ticket is above zero");
}

void read_pump(ManagerInterface& manager, const std::atomic<bool>& over, std::atomic<long>& rows) {
  SymbolInfo infos[32];
  manager.SymbolAdd("EURUSD");
  while (!over) {
    int total = 0;
    rows += free_rows(manager, manager.UsersGet(&total), total);
    rows += free_rows(manager, manager.MarginsGet(&total), total);
    rows += manager.SymbolInfoUpdated(infos, 32);
  }
}

void disturb(const std::atomic<bool>& over) {
  while (!over) {
    standin_run("tick");
    standin_run("setting latency 0");
    standin_count("calls");
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

// Two threads in one object: both are spoilt, the session is dead, nothing else is hurt.
void overlap() {
  ManagerInterface& manager = *create();
  expect(log_in(manager), "the login is taken");
  standin_run("clear_faults");
  standin_run("fault Ping latency ms=100 times=1");
  std::thread first([&] { expect(manager.Ping() >= 14, "the call that was under way is spoilt"); });
  while (standin_count("Ping") == 0) std::this_thread::yield();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  int total = 0;
  expect(manager.UsersRequest(&total) == nullptr, "the second call is spoilt");
  first.join();
  expect(manager.Ping() == 255 && manager.Ping() == RET_NO_CONNECT, "the session is dead");
  expect(standin_count("overlaps") == 1, "the overlap is counted");
  manager.Release();
}

void bad_frees() {
  ManagerInterface& manager = *create();
  expect(log_in(manager), "the login is taken");
  int total = 0;
  char foreign = 0;
  ConGroup* const groups = manager.GroupsRequest(&total);
  manager.MemFree(groups);
  manager.MemFree(groups);
  manager.MemFree(&foreign);
  expect(standin_count("double_frees") == 1 && standin_count("foreign_frees") == 1, "bad frees are counted");
  manager.Release();
}

int run_all() {
  standin_run("broker 200");
  standin_run("setting tick_seconds 0.005");
  standin_run("fault TradeTransaction lost_after every=97");
  standin_run("fault TradeTransaction lost_before every=89");
  Heard heard;
  ManagerInterface& pump = *create();
  expect(log_in(pump) && pump.PumpingSwitchEx(hear, 0, &heard) == RET_OK, "the pump starts");
  while (!heard.started) std::this_thread::yield();
  std::atomic<long> rows{0};
  std::atomic<bool> over{false};
  std::thread reader([&] { read_pump(pump, over, rows); });
  std::thread disturber([&] { disturb(over); });
  std::vector<std::thread> workers;
  for (int index = 0; index < kThreads; ++index) workers.emplace_back([&, index] { work(index, rows); });
  for (std::thread& worker : workers) worker.join();
  over = true;
  reader.join();
  disturber.join();
  pump.Disconnect();
  pump.Release();
  expect(standin_count("overlaps") == 0, "no call overlaps");
  const auto called = standin_count("calls");
  standin_run("reset");
  overlap();
  bad_frees();
  expect(standin_count("live_blocks") == 0 && standin_count("objects") == 0, "everything is back");
  std::printf("%lld calls, %ld rows, %ld callbacks\n", static_cast<long long>(called), rows.load(), heard.events.load());
  return 0;
}

int run_deposit(char** words) {
  ManagerInterface& manager = *create();
  int ticket = 0;
  const int code = log_in(manager) ? deposit(manager, std::atoi(words[0]), std::atof(words[1]), words[2], &ticket) : -1;
  std::printf("%d %d\n", code, ticket);
  manager.Release();
  return 0;
}

}  // namespace

int main(int count, char** words) {
  if (count == 5 && std::string(words[1]) == "deposit") return run_deposit(words + 2);
  return run_all();
}
