"""What every part of the trade server works on: the book, the market, the configuration and the clock."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import msgspec

from kernel.drivers import Rejected
from kernel.drivers.simulator.book import LASTLOGIN, LASTORDER, Book
from kernel.drivers.simulator.clock import HOUR
from kernel.drivers.simulator.ledger import Ledger
from kernel.drivers.simulator.managers import Managers
from kernel.drivers.simulator.passwords import Digests
from kernel.drivers.simulator.quotes import StoredMarket
from kernel.drivers.simulator.settings import Settings
from kernel.drivers.simulator.storage import Storage
from kernel.records.events import Event, TradeEvent
from kernel.records.market import Group, Symbol
from kernel.records.server import Common
from kernel.records.trades import Command, Margin
from kernel.records.users import User
from kernel.retcodes import Retcode

Listener = Callable[[Event], None]
DAY_ENDED = "overnight_last_time"
DAY_ENDED_BEFORE = "overnight_prev_time"


class State:
    """One loaded trade server."""

    def __init__(
        self,
        storage: Storage,
        settings: Settings,
        code_page: str,
        clock: Callable[[], float],
        ledger: Path | None,
    ) -> None:
        """Load what the storage holds."""
        self.storage = storage
        self.settings = settings
        self.code_page = code_page
        self._clock = clock
        self._common = msgspec.json.decode(storage.config("common")[0], type=Common)
        groups = [msgspec.json.decode(record, type=Group) for record in storage.config("group")]
        self.groups: dict[str, Group] = {group.group: group for group in groups}
        symbols = [msgspec.json.decode(record, type=Symbol) for record in storage.config("symbol")]
        self.market = StoredMarket(symbols, storage)
        self.book = Book(storage, self._tell)
        self.digests = Digests(storage.secret())
        self.managers = Managers(storage, self.digests)
        self.listeners: list[Listener] = []
        self.levels: dict[int, Margin] = {}
        """Accounts that are at margin call or stop-out, as they were last told."""
        self._ledger = None if ledger is None else Ledger(ledger, self.book.counter(LASTORDER))
        if self._ledger is not None:
            self._ledger.append(storage.money_rows(self._ledger.last))

    def now(self) -> int:
        """Tell the server's time, in whole seconds of its own zone."""
        return int(self._clock() + self.settings.timezone * HOUR)

    def monotonic(self) -> float:
        """Tell the clock itself, for how long ago something was."""
        return self._clock()

    @property
    def common(self) -> Common:
        """The server's configuration with its counters as they are now."""
        return msgspec.structs.replace(
            self._common,
            timezone=self.settings.timezone,
            timezone_real=self.settings.timezone,
            lastorder=self.book.counter(LASTORDER),
            lastlogin=self.book.counter(LASTLOGIN),
            overnight_last_time=self.storage.mark(DAY_ENDED),
            overnight_prev_time=self.storage.mark(DAY_ENDED_BEFORE),
        )

    def group_of(self, user: User) -> Group:
        """Give the group of an account."""
        return self.groups[user.group]

    def user(self, login: int) -> User:
        """Give an account; ``Rejected(3)`` where there is none."""
        user = self.book.users.get(login)
        if user is None:
            raise Rejected(Retcode.INVALID_DATA)
        return user

    def transaction(self) -> AbstractContextManager[None]:
        """Change the book: all or nothing, on disk and in the ledger before it returns, then told."""
        return self.book.transaction()

    def _tell(self, events: list[Event]) -> None:
        if self._ledger is not None:
            self._ledger.append([e.trade for e in events if isinstance(e, TradeEvent) and _booked(e)])
        for event in events:
            self.publish(event)

    def publish(self, event: Event) -> None:
        """Tell everyone who listens."""
        for listener in tuple(self.listeners):
            listener(event)

    def close(self) -> None:
        """Let go of the files."""
        self.storage.close()
        if self._ledger is not None:
            self._ledger.close()


def _booked(event: TradeEvent) -> bool:
    return event.change == "close" and event.trade.cmd >= Command.BALANCE
