/* What a test does to the stand-in from its own process: C functions beside the two exports of the Manager API.
 *
 * They may be called from any thread, at any time. Texts are NUL-terminated bytes. Structures are those of the
 * Manager API, checked by their size. See README.md for the commands and the environment variables. */
#ifndef STANDIN_CONTROL_H
#define STANDIN_CONTROL_H

#include <stdint.h>

#if defined(_WIN32)
#define STANDIN_CONTROL __declspec(dllexport)
#else
#define STANDIN_CONTROL __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Carries one command out, such as "fault TradeTransaction lost_after nth=3". 0, or -1 with the reason in
 * standin_problem(). */
STANDIN_CONTROL int standin_run(const char* command);

/* Why the last command or load of this thread failed; "" when it did not. Valid until the thread's next one. */
STANDIN_CONTROL const char* standin_problem(void);

/* Puts one record into the server, without telling the pumps. kind is user (UserRecord, passwords in its fields),
 * group (ConGroup), symbol (ConSymbol), open or closed (TradeRecord), manager (ConManager, its password in more),
 * common (ConCommon), online (OnlineRecord) or quote (TickInfo: symbol, bid, ask). 0 or -1. */
STANDIN_CONTROL int standin_put(const char* kind, const void* record, int size, const char* more);

/* Copies the record with this key, as the server keeps it: user, open, closed, or mail (the index; a text of
 * "sender|from|subject|logins|body"). Gives its size, which may be above room; -1 when there is none. */
STANDIN_CONTROL int standin_get(const char* kind, int key, void* record, int room);

/* A counter by its name; -1 for a name that is none. allocated, freed, live_blocks, live_bytes, peak_bytes,
 * double_frees, foreign_frees, objects, pump_threads, callbacks, overlaps, hanging, late, unsupported, calls, users,
 * open, closed, mails, ledger, and the name of any method for its calls. */
STANDIN_CONTROL int64_t standin_count(const char* name);

/* One booked balance or credit row. */
struct standin_row {
  int32_t order;
  int32_t login;
  int32_t cmd;
  int32_t time;
  int32_t expiration;
  char comment[32];
  double amount;
};

/* Copies the first rows of the ledger, in the order of booking; gives how many there are. */
STANDIN_CONTROL int standin_ledger(struct standin_row* rows, int room);

#ifdef __cplusplus
}
#endif
#endif
