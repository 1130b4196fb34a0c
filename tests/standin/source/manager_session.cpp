// The life of an object: made, connected, logged in, disconnected, released.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <set>
#include <thread>

#include "clock.h"
#include "manager_calls.h"
#include "texts.h"

namespace standin {
namespace {

struct Objects {
  std::mutex mutex;
  std::set<Line*> lines;
};

Objects& all_objects() {
  static auto* const one = new Objects;
  return *one;
}

const char* description(std::int32_t code) {
  static const std::map<std::int32_t, const char*> texts = {
      {1, "OK/None"},          {2, "Common error"},     {3, "Invalid parameters"},  {6, "No connection"},
      {7, "Not enough rights"}, {65, "Invalid account"}, {129, "Invalid prices"},    {130, "Invalid S/L or T/P"},
      {255, "Network problem"},
  };
  const auto found = texts.find(code);
  return found == texts.end() ? "Unknown error" : found->second;
}

}  // namespace

std::int64_t objects() {
  Objects& all = all_objects();
  const std::lock_guard lock(all.mutex);
  return std::ssize(all.lines);
}

void cut_all() {
  Objects& all = all_objects();
  const std::lock_guard lock(all.mutex);
  for (Line* const line : all.lines) line->cut();
}

Manager::Manager() {
  Objects& all = all_objects();
  const std::lock_guard lock(all.mutex);
  all.lines.insert(&line_);
}

Manager::~Manager() {
  end_pump();
  Objects& all = all_objects();
  const std::lock_guard lock(all.mutex);
  all.lines.erase(&line_);
}

std::int32_t Manager::Release() {
  count_call(2);
  // A call is still under way on another thread: the real one would crash. Counted as an overlap, and left alone.
  if (!line_.begin()) return RET_ERROR;
  delete this;
  return 0;
}

void Manager::MemFree(void* block) {
  count_call(3);
  take_back(block);
}

const char* Manager::ErrorDescription(std::int32_t code) { return count_call(4), description(code); }

void Manager::WorkingDirectory(const char*) { count_call(5); }

void Manager::LogsOut(std::int32_t, const char*, const char*) { count_call(177); }

void Manager::LogsMode(std::int32_t) { count_call(178); }

// What the plan does to Connect and Login; "gone" is the code when nobody answers.
std::int32_t Manager::open_line(int slot, std::int32_t gone) {
  follow_script();
  count_call(slot);
  const auto fault = next_fault(slot_name(slot));
  if (!fault) return RET_OK;
  switch (fault->kind) {
    case Kind::refuse:
      return fault->code;
    case Kind::latency:
      std::this_thread::sleep_for(std::chrono::milliseconds(fault->ms));
      return RET_OK;
    case Kind::hang:
      hang(fault->ms);  // the server accepts and says nothing
      return gone;
    case Kind::kill:
      std::abort();
    default:
      return gone;
  }
}

std::int32_t Manager::Connect(const char* address) {
  if (const std::int32_t code = open_line(6, RET_NO_CONNECT)) return code;
  if (text(address).empty()) return RET_INVALID_DATA;
  const Settings& settings = server().settings;
  if (settings.refuse_connect != 0) {
    std::this_thread::sleep_for(std::chrono::duration<double>(settings.connect_timeout.load()));
    return RET_NO_CONNECT;
  }
  return line_.connect();
}

std::int32_t Manager::Disconnect() {
  count_call(7);
  line_.begin();  // under another thread's call it counts as an overlap
  end_pump();
  symbols_loaded_ = false;
  line_.spoilt_at_end();
  line_.close();
  return RET_OK;
}

std::int32_t Manager::IsConnected() { return count_call(8), line_.connected() ? 1 : 0; }

std::int32_t Manager::Login(std::int32_t login, const char* password) {
  if (const std::int32_t code = open_line(9, line_.connected() ? kNetworkProblem : RET_NO_CONNECT)) return code;
  if (!line_.connected()) return RET_NO_CONNECT;
  if (!line_.alive()) return line_.lose();
  Server& all = server();
  const std::lock_guard lock(all.mutex);
  if (all.settings.old_version != 0) return RET_OLD_VERSION;
  const auto found = all.managers.find(login);
  if (found == all.managers.end() || found->second.password != text(password)) return RET_BAD_ACCOUNT_INFO;
  if (found->second.disabled) return RET_ACCOUNT_DISABLED;
  authority_ = Authority(found->second.config);
  line_.touch();
  line_.log_in();
  return RET_OK;
}

std::int32_t Manager::Ping() {
  return make_call(line_, 12, [](Server&) { return RET_OK; }, true);
}

std::int32_t Manager::PasswordChange(const char* password, std::int32_t is_investor) {
  return request(13, [&](Server& all) {
    const std::string_view wanted = text(password);
    if (wanted.size() < 5 || wanted.size() > 15) return RET_INVALID_DATA;
    // A manager's second password opens nothing here.
    if (is_investor == 0) all.managers.at(authority_.manager().login).password = wanted;
    return RET_OK;
  });
}

std::int32_t Manager::ManagerRights(ConManager* manager) {
  return make_call(line_, 14, [&](Server&) {
    if (manager == nullptr) return RET_INVALID_DATA;
    *manager = authority_.manager();
    return RET_OK;
  });
}

std::int32_t Manager::ManagerCommon(ConCommon* common) {
  return make_call(line_, 176, [&](Server& all) {
    if (common == nullptr) return RET_INVALID_DATA;
    *common = all.common;
    return RET_OK;
  });
}

std::int32_t Manager::CfgRequestCommon(ConCommon* common) {
  return request(19, [&](Server& all) {
    if (!authority_.has(&ConManager::admin)) return RET_NOT_ENOUGH_RIGHTS;
    if (common == nullptr) return RET_INVALID_DATA;
    *common = all.common;
    return RET_OK;
  });
}

std::int32_t Manager::ServerTime() {
  std::int32_t now = 0;
  const std::int32_t code = make_call(line_, 147, [&](Server&) { return now = server_now(), RET_OK; }, true);
  return code == RET_OK ? now : 0;
}

std::int32_t Manager::SrvRestart() {
  const std::int32_t code = request(15, [&](Server&) {
    return authority_.has(&ConManager::admin) ? RET_OK : RET_NOT_ENOUGH_RIGHTS;
  });
  if (code == RET_OK) cut_all();
  return code;
}

}  // namespace standin
