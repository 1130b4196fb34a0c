"""What the library calls back with becomes events, each kind as MT4 means it."""

import asyncio
import ctypes
from typing import Any

import pytest

from kernel.drivers.native.convert import Converters
from kernel.drivers.native.events import Events
from kernel.drivers.native.signals import Signals
from kernel.drivers.native.texts import Texts
from kernel.drivers.native.writing import Buffer
from kernel.records.events import Event, TradeEvent, UserEvent

TEXTS = Texts("cp1252")
START, USERS, ONLINE, BIDASK, TRADES, MARGINCALL, STOP, PING = 0, 3, 4, 5, 9, 13, 14, 15


class Ear:
    """Signals of one pump, what they asked for, and what they told."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.events = Events(1000)
        self.signals = Signals(Converters(TEXTS), self.events, due=lambda _, what: self.asked.append(what))

    def hear(self, code: int, change: int = 0, data: int | None = None) -> None:
        self.signals.hear(code, change, data, None)

    async def told(self) -> list[Event]:
        self.events.close()
        return [event async for event in self.events.stream()]


@pytest.fixture
async def ear() -> Ear:
    return Ear()


def record(structure: str, **values: Any) -> Buffer:
    buffer = Buffer(structure, TEXTS)
    buffer.put(**values)
    return buffer


@pytest.mark.parametrize(
    ("change", "login", "meaning"), [(0, 7, "add"), (1, 7, "close"), (2, 7, "update"), (2, 0, "delete")]
)
async def test_a_trade_is_opened_closed_changed_or_deleted(ear: Ear, change: int, login: int, meaning: str) -> None:
    ear.hear(START)
    trade = record("TradeRecord", order=5, login=login)
    ear.hear(TRADES, change, trade.address)

    (event,) = await ear.told()
    assert isinstance(event, TradeEvent)
    assert (event.change, event.trade.order, event.trade.login) == (meaning, 5, login)


@pytest.mark.parametrize(("change", "meaning"), [(0, "add"), (1, "delete"), (2, "update"), (3, "group")])
async def test_an_account_is_opened_deleted_changed_or_moved(ear: Ear, change: int, meaning: str) -> None:
    ear.hear(START)
    user = record("UserRecord", login=7, group="vip")
    ear.hear(USERS, change, user.address)

    (event,) = await ear.told()
    assert isinstance(event, UserEvent)
    assert (event.change, event.user.login, event.user.group) == (meaning, 7, "vip")


async def test_what_is_told_is_a_copy_of_what_the_pointer_pointed_to(ear: Ear) -> None:
    ear.hear(START)
    trade = record("TradeRecord", order=5)
    ear.hear(TRADES, 0, trade.address)
    ctypes.memset(trade.address, 0xFF, 224)

    (event,) = await ear.told()
    assert isinstance(event, TradeEvent)
    assert event.trade.order == 5


async def test_while_the_tables_load_nothing_is_told(ear: Ear) -> None:
    trade = record("TradeRecord", order=5)
    ear.hear(TRADES, 0, trade.address)

    assert await ear.told() == []


@pytest.mark.parametrize("code", [TRADES, USERS, ONLINE, 6, 16, 99, -1])
@pytest.mark.parametrize("change", [-1, 4, 99])
async def test_signs_that_mean_nothing_here_are_passed_over(ear: Ear, code: int, change: int) -> None:
    ear.hear(START)
    user = record("UserRecord", login=7)
    ear.hear(code, change, None)
    ear.hear(code, change, user.address)

    assert (await ear.told(), ear.asked) == ([], ["start"])


async def test_a_sign_asks_once_until_it_is_taken(ear: Ear) -> None:
    for _ in range(3):
        ear.hear(BIDASK)
        ear.hear(MARGINCALL)
    ear.signals.taken("prices")
    ear.hear(BIDASK)

    assert ear.asked == ["prices", "levels", "prices"]


async def test_a_pump_runs_from_its_tables_to_its_stop(ear: Ear) -> None:
    states = [ear.signals.running]
    ear.hear(START)
    states.append(ear.signals.running)
    ear.signals.filled = True
    states.append(ear.signals.running)
    ear.hear(STOP)
    states.append(ear.signals.running)

    assert (states, ear.asked) == ([False, False, True, False], ["start", "stop"])


async def test_every_sign_ends_the_silence(ear: Ear) -> None:
    began = ear.signals.silence
    await asyncio.to_thread(ear.hear, PING)

    assert 0 <= began < 5
    assert 0 <= ear.signals.silence < 5


async def test_nothing_is_raised_into_the_library(ear: Ear, caplog: pytest.LogCaptureFixture) -> None:
    def fail(_signals: Signals, _what: str) -> None:
        raise ValueError("a fault of ours")

    signals = Signals(Converters(TEXTS), ear.events, due=fail)
    signals.hear(START, 0, None, None)

    assert caplog.messages == ["a sign of the pump (code 0, type 0) was lost"]
