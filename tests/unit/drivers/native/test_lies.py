"""A library that answers nonsense is not believed, and what it gave is given back."""

import ctypes
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from kernel.drivers import Indeterminate, NotSent
from kernel.drivers.native.convert import Converters
from kernel.drivers.native.library import Library
from kernel.drivers.native.requests import Requests
from kernel.drivers.native.texts import Texts
from kernel.records.trades import Trade
from kernel.records.users import NewUser, User

SOURCE = """
#include <stddef.h>
#include <stdint.h>
int frees = 0, writes = 0, pings = 0;
int32_t total = 1, now = 0, number = 5;
static int32_t row[300];
static int32_t yes(void *self) { (void)self; return 0; }
static int32_t ping(void *self) { (void)self; ++pings; return 0; }
static int32_t server_time(void *self) { (void)self; return now; }
static void mem_free(void *self, void *block) { (void)self; frees += block == row; }
static void *all(void *self, int32_t *count) { (void)self; *count = total; return row; }
static void *some(void *self, const int32_t *asked, int32_t *count) {
  (void)self; (void)asked; *count = total; row[0] = number; return row;
}
static int32_t create(void *self, int32_t *user) { (void)self; ++writes; user[0] = number; return 0; }
static int32_t change(void *self, const void *record) { (void)self; (void)record; ++writes; return 0; }
static void *table[195] = {
  [2] = yes, [3] = mem_free, [7] = yes, [12] = ping, [84] = change, [97] = all, [98] = some,
  [99] = create, [100] = change, [107] = some, [147] = server_time,
};
static void **object = table;
int32_t MtManVersion(void) { return 400 << 16 | 1403; }
int32_t MtManCreate(int32_t version, void **made) { (void)version; *made = &object; return 0; }
"""


class Liar:
    """Requests on such a library, and its counters."""

    def __init__(self, path: Path) -> None:
        self._own = ctypes.CDLL(str(path))
        self.library = Library(path)
        self.interface = self.library.create()
        self.requests = Requests(self.interface, Converters(Texts("cp1252")))

    def __getitem__(self, name: str) -> int:
        return ctypes.c_int32.in_dll(self._own, name).value

    def __setitem__(self, name: str, value: int) -> None:
        ctypes.c_int32.in_dll(self._own, name).value = value


@pytest.fixture
def liar(compile_for: Callable[..., Path]) -> Generator[Liar, None, None]:
    liar = Liar(compile_for(SOURCE))
    yield liar
    liar.interface.release()
    assert liar.library.close()


@pytest.mark.parametrize("total", [0, -1, -(2**31)])
def test_rows_that_are_none_are_freed_and_the_line_is_asked(liar: Liar, total: int) -> None:
    liar["total"] = total

    assert liar.requests.users() == []
    assert (liar["frees"], liar["pings"]) == (1, 1)


def test_more_rows_than_any_memory_holds_end_the_session_unread(liar: Liar) -> None:
    liar["total"] = 2**31 - 1

    with pytest.raises(Indeterminate, match="UsersRequest counted 2147483647 rows"):
        liar.requests.users()
    assert liar["frees"] == 1
    with pytest.raises(NotSent):
        liar.requests.ping()


def test_rows_are_freed_when_reading_them_fails(liar: Liar) -> None:
    def fail(_: memoryview) -> Any:
        raise ValueError("a fault of ours")

    with pytest.raises(ValueError, match="a fault of ours"):
        liar.interface.rows("UsersRequest", 1120, fail)
    assert liar["frees"] == 1


def test_a_record_of_another_account_or_order_is_never_written_over(liar: Liar) -> None:
    with pytest.raises(NotSent, match="UserRecordsRequest gave login 5 for 6"):
        liar.requests.user_record_update(User(login=6), None)
    with pytest.raises(NotSent, match="TradeRecordsRequest gave order 5 for 6"):
        liar.requests.adm_trade_record_modify(Trade(order=6))
    assert liar["writes"] == 0

    liar.requests.user_record_update(User(login=5), None)
    liar.requests.adm_trade_record_modify(Trade(order=5))
    assert liar["writes"] == 2


@pytest.mark.parametrize(("asked", "given"), [(0, 0), (0, -7), (7, 8)])
def test_a_new_account_with_a_login_that_cannot_be_is_in_doubt(liar: Liar, asked: int, given: int) -> None:
    liar["number"] = given

    with pytest.raises(Indeterminate, match=f"gave it the login {given}"):
        liar.requests.user_record_new(NewUser(group="g", name="n", password="Abc12", login=asked))


def test_a_time_that_is_none_is_not_given(liar: Liar) -> None:
    with pytest.raises(Indeterminate, match="MT4 gave no time"):
        liar.requests.server_time()
    liar["now"] = 1_700_000_000
    assert (liar.requests.server_time(), liar["pings"]) == (1_700_000_000, 1)
