"""Pumping: the thread, its callbacks, what can be read, and how it ends (behaviour.md §4)."""

import ctypes
import struct
import threading
from typing import Any, Final

import pytest

_START, _USERS, _BIDASK, _TRADES, _STOP, _PING = 0, 3, 5, 9, 14, 15


class Heard:
    """What a callback was told: codes with types, and copies of the structures."""

    sizes: Final = {_USERS: 1120, _TRADES: 224}

    def __init__(self) -> None:
        self.events: list[tuple[int, int, bytes]] = []
        self.threads: set[int] = set()

    def __call__(self, code: int, kind: int, data: int) -> None:
        self.threads.add(threading.get_ident())
        copy = ctypes.string_at(data, self.sizes[code]) if data and code in self.sizes else b""
        self.events.append((code, kind, copy))

    def of(self, code: int) -> list[tuple[int, bytes]]:
        return [(kind, data) for heard, kind, data in self.events if heard == code]

    @property
    def codes(self) -> list[int]:
        return [code for code, _, _ in self.events]


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def pump(make: Any, raw: Any, heard: Heard) -> Any:
    """A second object, which pumps."""
    api = make().on_line()
    assert api.pump(heard) == 0
    raw.until(lambda: _START in heard.codes)
    return api


def test_nothing_can_be_read_before_the_tables_are_loaded(standin: Any, make: Any, raw: Any, heard: Heard) -> None:
    standin.run("setting pump_start 0.2")
    api = make().on_line()
    assert api.pump(heard) == 0
    info = ctypes.create_string_buffer(112)

    early = (len(api.rows(118, 1120)), api.call(88, b"EURUSD", info, kinds=(raw.text, raw.ptr)))
    raw.until(lambda: _START in heard.codes)

    assert (early, len(api.rows(118, 1120)), heard.codes[0]) == ((0, 2), 50, _START)


def test_the_getters_give_nothing_on_a_direct_object(api: Any, raw: Any) -> None:
    level = ctypes.create_string_buffer(88)

    assert (len(api.rows(128, 88)), len(api.rows(122, 224)), api.call(89, b"EURUSD", kinds=(raw.text,))) == (0, 0, 2)
    assert api.call(129, 1001, b"demoforex", level, kinds=(raw.i32, raw.text, raw.ptr)) == 2


def test_callbacks_come_on_a_thread_of_the_library(pump: Any, heard: Heard) -> None:
    assert pump.ping() == 0
    assert heard.threads
    assert threading.get_ident() not in heard.threads


def test_trades_are_told_as_opened_changed_closed_and_deleted(api: Any, pump: Any, raw: Any, heard: Heard) -> None:
    del pump
    info = raw.transaction(type=75, orderby=1001, symbol=b"EURUSD", volume=10, price=1.085)
    api.trade(info)
    order = raw.ticket(info)
    api.trade(raw.transaction(type=82, order=order, comment=b"x"))
    api.trade(raw.transaction(type=76, order=order, volume=10, price=1.085))
    api.call(83, (raw.i32 * 1)(order), 1, kinds=(raw.ptr, raw.i32))
    raw.until(lambda: len(heard.of(_TRADES)) == 4)

    told = [(kind, *struct.unpack_from("<ii", data)) for kind, data in heard.of(_TRADES)]
    assert told == [(0, order, 1001), (2, order, 1001), (1, order, 1001), (2, order, 0)]


def test_accounts_are_told_as_added_changed_moved_and_deleted(api: Any, pump: Any, raw: Any, heard: Heard) -> None:
    del pump
    command = ctypes.create_string_buffer(57)
    api.call(99, raw.user(login=8000), kinds=(raw.ptr,))
    for code, group in ((1, b""), (4, b"vip"), (0, b"")):
        struct.pack_into("<ib16s", command, 0, 1, code, group)
        api.call(101, command, (raw.i32 * 1)(8000), kinds=(raw.ptr, raw.ptr))
    raw.until(lambda: len(heard.of(_USERS)) == 4)

    assert [(kind, struct.unpack_from("<i", data)[0]) for kind, data in heard.of(_USERS)] == [
        (0, 8000),
        (2, 8000),
        (3, 8000),
        (1, 8000),
    ]
    assert {data[20:36] + data[60:108] for _, data in heard.of(_USERS)} == {bytes(64)}


def test_prices_come_for_symbols_that_were_added_and_only_those(
    standin: Any, pump: Any, raw: Any, heard: Heard
) -> None:
    infos = ctypes.create_string_buffer(112 * 32)
    standin.run("quote EURUSD 1.1 1.1001")
    before = pump.call(117, infos, 32, kinds=(raw.ptr, raw.i32))
    assert pump.call(89, b"EURUSD", kinds=(raw.text,)) == 0
    standin.run("quote EURUSD 1.2 1.2001")
    standin.run("quote GBPUSD 1.3 1.3001")
    raw.until(lambda: _BIDASK in heard.codes)

    first = pump.call(117, infos, 32, kinds=(raw.ptr, raw.i32))
    second = pump.call(117, infos, 32, kinds=(raw.ptr, raw.i32))

    assert (before, first, second, infos[:6]) == (0, 1, 0, b"EURUSD")
    assert struct.unpack_from("<dddd", infos, 64) == (1.2, 1.2001, 1.2, 1.085)


def test_pings_arrive_while_nothing_happens(standin: Any, make: Any, raw: Any, heard: Heard) -> None:
    standin.run("setting ping_seconds 0.02")
    make().on_line().pump(heard)

    raw.until(lambda: heard.codes.count(_PING) >= 3)

    assert heard.codes[0] == _START


def test_prices_move_by_themselves(standin: Any, pump: Any, raw: Any, heard: Heard) -> None:
    pump.call(89, b"EURUSD", kinds=(raw.text,))
    standin.run("setting tick_seconds 0.01")

    raw.until(lambda: heard.codes.count(_BIDASK) >= 3)

    assert _STOP not in heard.codes


def test_a_request_on_a_pumping_object_stops_the_pump_and_gives_nothing(pump: Any, raw: Any, heard: Heard) -> None:
    rows = pump.history(1001)
    raw.until(lambda: _STOP in heard.codes)

    assert (len(rows), heard.codes[-1], len(pump.rows(118, 1120)), pump.ping()) == (0, _STOP, 0, 6)


def test_a_pump_that_was_stopped_starts_anew_after_a_new_login(pump: Any, raw: Any) -> None:
    pump.history(1001)
    again = Heard()
    pump.disconnect()

    assert pump.on_line().pump(again) == 0
    raw.until(lambda: _START in again.codes)
    assert len(pump.rows(118, 1120)) == 50


def test_a_silence_of_12_seconds_stops_the_pump_and_a_shorter_one_does_not(
    standin: Any, api: Any, pump: Any, raw: Any, heard: Heard
) -> None:
    standin.run("pump_gap 60")
    api.deposit(1001, 1.0)
    raw.until(lambda: heard.of(_TRADES))  # late, and not lost
    running = len(pump.rows(118, 1120))
    standin.run("pump_gap 60000")
    standin.run("advance 13")
    raw.until(lambda: _STOP in heard.codes)

    assert (running, len(pump.rows(118, 1120)), pump.connected()) == (50, 0, 1)


def test_a_line_that_breaks_stops_the_pump_after_its_time(standin: Any, pump: Any, raw: Any, heard: Heard) -> None:
    standin.run("setting pump_timeout 0.05")
    standin.run("cut")

    raw.until(lambda: _STOP in heard.codes)

    assert (pump.ping(), pump.ping()) == (255, 6)


def test_nothing_is_told_after_disconnect(standin: Any, api: Any, pump: Any, heard: Heard) -> None:
    pump.disconnect()
    before = list(heard.events)

    api.deposit(1001, 1.0)

    assert (heard.events, standin.count("pump_threads")) == (before, 0)


def test_a_manager_hears_of_the_own_groups_only(standin: Any, make: Any, api: Any, raw: Any, heard: Heard) -> None:
    manager = ctypes.create_string_buffer(3904)
    struct.pack_into("<20i", manager, 0, 300, *[1] * 19)
    ctypes.memmove(ctypes.addressof(manager) + 192, b"vip", 3)
    standin.put(b"manager", manager, b"secret")
    other = make()
    assert (other.connect(), other.login(300, b"secret"), other.pump(heard)) == (0, 0, 0)
    raw.until(lambda: _START in heard.codes)

    api.call(99, raw.user(login=8000), kinds=(raw.ptr,))
    api.call(99, raw.user(login=8001, group=b"vip"), kinds=(raw.ptr,))
    raw.until(lambda: heard.of(_USERS))

    assert [struct.unpack_from("<i", data)[0] for _, data in heard.of(_USERS)] == [8001]


def test_flags_hide_what_they_name(standin: Any, make: Any, api: Any, raw: Any, heard: Heard) -> None:
    other = make().on_line()
    other.pump(heard, 64 | 1)
    raw.until(lambda: _START in heard.codes)
    other.call(89, b"EURUSD", kinds=(raw.text,))

    standin.run("quote EURUSD 1.2 1.2001")
    api.deposit(1001, 1.0)
    raw.until(lambda: heard.of(_TRADES))

    assert {_USERS, _BIDASK} & set(heard.codes) == set()


def test_margins_are_those_of_accounts_with_positions(api: Any, pump: Any, raw: Any) -> None:
    api.call(99, raw.user(login=8000), kinds=(raw.ptr,))
    level = ctypes.create_string_buffer(88)

    logins = pump.rows(128, 88).read(0)

    assert (len(logins), 8000 in logins) == (50, False)
    assert pump.call(129, 1001, b"demoforex", level, kinds=(raw.i32, raw.text, raw.ptr)) == 0
    assert pump.call(129, 8000, b"demoforex", level, kinds=(raw.i32, raw.text, raw.ptr)) == 2


def test_a_margin_call_is_told_when_the_level_changes(
    standin: Any, api: Any, pump: Any, raw: Any, heard: Heard
) -> None:
    del pump
    api.call(99, raw.user(login=8000, enable=1), kinds=(raw.ptr,))
    api.deposit(8000, 1500.0)
    api.trade(raw.transaction(type=75, orderby=8000, symbol=b"EURUSD", volume=100, price=1.085))
    before = heard.codes.count(13)

    standin.run("quote EURUSD 1.080 1.0801")  # 500 lost of 1500, with a margin of 1085
    raw.until(lambda: heard.codes.count(13) > before)

    level = ctypes.create_string_buffer(88)
    api.call(156, 8000, level, kinds=(raw.i32, raw.ptr))
    assert struct.unpack_from("<i", level, 84) == (1,)
