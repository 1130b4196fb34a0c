"""One MT4 trade server, in memory over SQLite: synchronous, and whole on disk after each call."""

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final, Protocol

from kernel.drivers.simulator import opening
from kernel.drivers.simulator.accounts import Accounts
from kernel.drivers.simulator.admin import Admin
from kernel.drivers.simulator.balance_ops import Balances
from kernel.drivers.simulator.clock import HOUR
from kernel.drivers.simulator.dealing import Dealing
from kernel.drivers.simulator.positions import Positions
from kernel.drivers.simulator.rollover import Rollover
from kernel.drivers.simulator.settings import IN_MEMORY, Settings
from kernel.drivers.simulator.state import State
from kernel.drivers.simulator.stopout import StopOut
from kernel.drivers.simulator.storage import Storage
from kernel.drivers.simulator.triggers import Triggers
from kernel.records.events import PriceEvent
from kernel.records.server import Manager

_DATABASE: Final = "simulator.sqlite3"
USUAL_CODE_PAGE: Final = "cp1252"
_AT_ONCE: Final = 1000
"""Accounts or orders looked at in one step: at the start of a large broker, some ten milliseconds' work."""


class Ticked(Protocol):
    """A quote as the feed brings it."""

    @property
    def symbol(self) -> str:
        """Name a symbol of the server."""
        ...

    @property
    def bid(self) -> float:
        """Give the raw bid."""
        ...

    @property
    def ask(self) -> float:
        """Give the raw ask."""
        ...


class TradeServer:
    """A broker's server; its parts exist between ``load`` and ``close``.

    ``clock`` gives Unix seconds; ``data`` is the folder that relative paths of the settings are in;
    ``code_page`` is the ANSI one in which texts are cut to the bytes that their structures have.
    """

    state: State
    accounts: Accounts
    balances: Balances
    positions: Positions
    dealing: Dealing
    admin: Admin

    def __init__(
        self,
        settings: Settings,
        data: Path,
        clock: Callable[[], float] = time.time,
        *,
        code_page: str = USUAL_CODE_PAGE,
    ) -> None:
        """Note what to load; nothing is opened yet."""
        self.code_page = code_page
        self.settings = settings
        self.data = data
        self._clock = clock
        self._loaded = False

    @property
    def loaded(self) -> bool:
        """Whether the server runs."""
        return self._loaded

    def load(self, stopped: Callable[[], bool] = lambda: False) -> None:
        """Open the state, generating the broker at the first start; ``stopped`` says to give up on that.

        Raises ``UnusableDatabase`` for a file that is another's, in use or of another version.
        """
        if self._loaded:
            return
        name = self.settings.database or _DATABASE
        storage = Storage(name if name == IN_MEMORY else str(self.data / name))
        try:
            if storage.new:
                opening.fill(storage, self.settings, self.code_page, self.now(), stopped)
            storage.journal()
            ledger = self.data / self.settings.ledger if self.settings.ledger else None
            self.state = State(storage, self.settings, self.code_page, self._clock, ledger)
        except BaseException:
            storage.close()
            raise
        self._assemble()
        self.state.managers.put(self._manager(), self.settings.manager_password)
        self._loaded = True

    def close(self) -> None:
        """Stop; everything is on disk already. May be called twice, and ``load`` starts again."""
        if self._loaded:
            self._loaded = False
            self.state.close()

    def now(self) -> int:
        """Tell the server's time, in whole seconds of its own zone."""
        return int(self._clock() + self.settings.timezone * HOUR)

    def monotonic(self) -> float:
        """Tell the clock itself, for how long ago something was."""
        return self._clock()

    def apply_ticks(self, ticks: Iterable[Ticked]) -> None:
        """Take quotes, and do what they set off: stops, pending orders, margin calls and stop-outs.

        Only orders and accounts that wait for such a price are looked at.
        """
        market, names = self.state.market, dict[str, None]()
        with self.state.transaction():
            self._look()
            for tick in ticks:
                quote = market.tick(tick.symbol, tick.bid, tick.ask, self.now())
                names[tick.symbol] = None
                self._triggers.ticked(tick.symbol, quote.bid, quote.ask)
                self._stopout.ticked(tick.symbol, quote.bid, quote.ask)
            if names:
                market.keep(names)
                prices = [price for name in names if (price := market.price(name)) is not None]
                for price in prices:
                    self.state.book.note(PriceEvent(price))
            self._look()

    def advance(self) -> None:
        """Do everything that is due by the clock."""
        for _ in self.advancing():
            pass

    def advancing(self) -> Iterator[None]:
        """Do the same in steps, between which others may have their turn."""
        now = self.now()
        yield from self._settling()
        with self.state.transaction():
            self._triggers.expire(now)
        if self.settings.expire_credits:
            self._rollover.write_credits_off(now)
        yield from self._rollover.steps(now)
        yield from self._settling()

    def _settling(self) -> Iterator[None]:
        book = self.state.book
        while book.touched_orders or book.touched_logins:
            with self.state.transaction():
                self._look()
            yield

    def _assemble(self) -> None:
        state = self.state
        self.accounts = Accounts(state)
        self.balances = Balances(state)
        self.positions = Positions(state, self.balances)
        self.dealing = Dealing(state, self.balances, self.positions)
        self.admin = Admin(state)
        self._triggers = Triggers(state, self.positions)
        self._stopout = StopOut(state, self.positions)
        self._rollover = Rollover(state, self.balances, self.positions)

    def _look(self) -> None:
        """Look at what changed, until nothing more follows from it."""
        book, left = self.state.book, _AT_ONCE
        while left > 0 and (book.touched_orders or book.touched_logins):
            orders = _some(book.touched_orders, left)
            for order in orders:
                self._triggers.watch(order)
            logins = _some(book.touched_logins, left)
            for login in logins:
                self._stopout.watch(login)
            left -= len(orders) + len(logins)

    def _manager(self) -> Manager:
        settings = self.settings
        return Manager(
            login=settings.manager_login,
            name="Manager",
            mailbox=settings.manager_mailbox,
            groups=settings.manager_groups,
            rights=settings.manager_rights,
            info_depth=settings.info_depth,
        )


def _some(waiting: set[int], most: int) -> list[int]:
    taken = sorted(islice(waiting, most))
    waiting.difference_update(taken)
    return taken
