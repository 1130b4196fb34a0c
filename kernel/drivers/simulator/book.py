"""The accounts and open trades in memory, changed together with SQLite or not at all.

Memory holds accounts and what is open; closed records are in SQLite only, so that a broker of 100,000
accounts with a year of history fits.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, Final, Literal

from kernel.drivers.simulator.storage import Digest, Storage
from kernel.records.events import Event, TradeEvent, UserEvent
from kernel.records.trades import Trade
from kernel.records.users import User

LASTORDER: Final = "lastorder"
LASTLOGIN: Final = "lastlogin"
_ABSENT: Final = object()


class Book:
    """Tables with one way to change them: inside ``transaction``."""

    def __init__(self, storage: Storage, committed: Callable[[list[Event]], None]) -> None:
        """Take what the storage holds; ``committed`` is told what happened, once it is on disk."""
        self._storage = storage
        self._committed = committed
        self.users: dict[int, User] = {user.login: user for user in storage.users()}
        self.trades: dict[int, Trade] = {}
        self._by_login: dict[int, dict[int, Trade]] = {}
        for trade in storage.open_trades():
            self.trades[trade.order] = trade
            self._by_login.setdefault(trade.login, {})[trade.order] = trade
        self._counters = {name: storage.mark(name) for name in (LASTORDER, LASTLOGIN)}
        self._undo: list[tuple[dict[Any, Any], Any, Any]] = []
        self._events: list[Event] = []
        self._inside = False
        self.touched_orders: set[int] = set(self.trades)
        self.touched_logins: set[int] = set(self._by_login)
        """Orders and accounts that changed since the stop-out and the triggers looked at them."""

    @contextmanager
    def transaction(self) -> Generator[None, None, None]:
        """Keep all that is changed within, or nothing; then tell what happened.

        A transaction within another is a part of it.
        """
        if self._inside:
            yield
            return
        self._inside = True
        try:
            yield
            self._storage.commit()
        except BaseException:
            self._storage.rollback()
            self._take_back()
            self._events = []
            raise
        finally:
            self._inside = False
            self._undo.clear()
        events, self._events = self._events, []
        self._committed(events)

    def open_of(self, login: int) -> list[Trade]:
        """List an account's positions and pending orders, by ticket."""
        held = self._by_login.get(login)
        return [held[order] for order in sorted(held)] if held else []

    def positions_of(self, login: int) -> list[Trade]:
        """List an account's open positions, by ticket."""
        return [trade for trade in self.open_of(login) if trade.market]

    def counter(self, name: str) -> int:
        """Say the last number that was given out."""
        return self._counters[name]

    def next(self, name: str) -> int:
        """Give out the next number; orders and balance rows share one counter."""
        return self.count(name, self._counters[name] + 1)

    def count(self, name: str, value: int) -> int:
        """Move a counter up to ``value``."""
        self._put(self._counters, name, value)
        self._storage.set_mark(name, value)
        return value

    def add_user(self, user: User, digest: Digest) -> None:
        """Open an account."""
        self._storage.add_user(user, digest)
        self._put(self.users, user.login, user)
        self._events.append(UserEvent("add", user))

    def set_user(self, user: User) -> None:
        """Replace an account's record."""
        before = self.users[user.login]
        self._storage.set_user(user)
        self._put(self.users, user.login, user)
        self.touched_logins.add(user.login)
        self._events.append(UserEvent("update" if before.group == user.group else "group", user))

    def drop_user(self, login: int) -> None:
        """Delete an account that holds nothing open, with its history."""
        self._storage.drop_user(login)
        self._events.append(UserEvent("delete", self.users[login]))
        self._take(self.users, login)

    def set_digest(self, login: int, digest: Digest) -> None:
        """Replace an account's passwords."""
        self._storage.set_digest(login, digest)

    def put_open(self, trade: Trade) -> None:
        """Write an open trade, new or changed."""
        change = "update" if trade.order in self.trades else "add"
        self._storage.put_trade(trade)
        self._put(self.trades, trade.order, trade)
        self._put(self._by_login.setdefault(trade.login, {}), trade.order, trade)
        self._touch(trade, change)

    def put_closed(self, trade: Trade, change: Literal["update", "close"] = "close") -> None:
        """Write a closed record; a trade that was open is open no more. Balance rows come here too."""
        self._storage.put_trade(trade)
        self._forget(trade)
        self._touch(trade, change)

    def erase(self, trade: Trade) -> None:
        """Take a record out for good, open or closed."""
        self._storage.drop_trade(trade.order)
        self._forget(trade)
        self._touch(trade, "delete")

    def note(self, event: Event) -> None:
        """Tell of something once the transaction is on disk."""
        self._events.append(event)

    def _touch(self, trade: Trade, change: Literal["add", "update", "close", "delete"]) -> None:
        self.touched_orders.add(trade.order)
        self.touched_logins.add(trade.login)
        self._events.append(TradeEvent(change, trade))

    def _forget(self, trade: Trade) -> None:
        if trade.order in self.trades:
            self._take(self.trades, trade.order)
            self._take(self._by_login[trade.login], trade.order)

    def _put(self, table: dict[Any, Any], key: Any, value: Any) -> None:
        self._undo.append((table, key, table.get(key, _ABSENT)))
        table[key] = value

    def _take(self, table: dict[Any, Any], key: Any) -> None:
        self._undo.append((table, key, table.pop(key)))

    def _take_back(self) -> None:
        for table, key, value in reversed(self._undo):
            if value is _ABSENT:
                del table[key]
            else:
                table[key] = value
