"""What the library calls back with, on a thread of its own: copied, and told on at once."""

import ctypes
import logging
import threading
import time
from collections.abc import Callable
from typing import Final, Literal

from kernel.drivers.native.convert import Converters
from kernel.drivers.native.events import Events
from kernel.drivers.native.facts import facts
from kernel.records.events import TradeEvent, UserEvent
from kernel.records.trades import Trade

Due = Callable[["Signals", str], None]
_USERS: Final = 3
_TRADES: Final = 9
_START: Final = 0
_STOP: Final = 14
_ASKS: Final = {_START: "start", 1: "symbols", 5: "prices", 13: "levels", _STOP: "stop"}
"""``PUMP_`` codes without data that we use, and what they ask for; 15 is the sign of life."""
_USER_CHANGES: Final[tuple[Literal["add", "delete", "update", "group"], ...]] = ("add", "delete", "update", "group")
_TRADE_CHANGES: Final[tuple[Literal["add", "close", "update"], ...]] = ("add", "close", "update")
_log = logging.getLogger(__name__)


class Signals:
    """The ear of one pumping object. It never calls the library and lets no exception back into it."""

    def __init__(self, converters: Converters, events: Events, due: Due) -> None:
        """Tell records to ``events`` and everything that needs a call to ``due``, each kind once until ``taken``."""
        self._converters, self._events, self._due = converters, events, due
        self._lock = threading.Lock()
        self._waiting: set[str] = set()
        self._heard = time.monotonic()
        self.started = self.stopped = self.filled = False

    @property
    def running(self) -> bool:
        """Whether the tables are loaded, as ``filled`` says, and MT4 has not stopped."""
        return self.filled and not self.stopped

    @property
    def silence(self) -> float:
        """Seconds since the last sign of any kind."""
        return time.monotonic() - self._heard

    def hear(self, code: int, change: int, data: int | None, _param: int | None) -> None:
        """``MTAPI_NOTIFY_FUNC_EX``."""
        self._heard = time.monotonic()
        try:
            self.started = self.started or code == _START
            self.stopped = self.stopped or code == _STOP
            if (what := _ASKS.get(code)) is not None:
                self._ask(what)
            elif data and self.started:
                self._pass_on(code, change, data)
        except Exception:  # noqa: BLE001 - nothing may be raised into the library
            _log.exception("a sign of the pump (code %d, type %d) was lost", code, change)

    def taken(self, what: str) -> None:
        """Let the next sign of this kind ask again; called before the question is put to the library."""
        with self._lock:
            self._waiting.discard(what)

    def _ask(self, what: str) -> None:
        with self._lock:
            if what in self._waiting:
                return
            self._waiting.add(what)
        self._due(self, what)

    def _pass_on(self, code: int, change: int, data: int) -> None:
        if code == _USERS and 0 <= change < len(_USER_CHANGES):
            (user,) = self._converters.users.read(_copied(data, "UserRecord"))
            self._events.put(UserEvent(_USER_CHANGES[change], user))
        elif code == _TRADES and 0 <= change < len(_TRADE_CHANGES):
            (trade,) = self._converters.trades.read(_copied(data, "TradeRecord"))
            self._events.put(_trade_event(change, trade))


def _trade_event(change: int, trade: Trade) -> TradeEvent:
    """Give the event; an update without a login means that the order was deleted (behaviour.md §4)."""
    if _TRADE_CHANGES[change] == "update" and trade.login == 0:
        return TradeEvent("delete", trade)
    return TradeEvent(_TRADE_CHANGES[change], trade)


def _copied(data: int, structure: str) -> bytes:
    """Copy what the pointer points to: it is valid only during the call."""
    return ctypes.string_at(data, facts().structs[structure].size)
