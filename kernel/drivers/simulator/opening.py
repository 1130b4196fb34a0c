"""The first start: makes the broker and writes all of it in one transaction."""

from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from kernel.drivers.simulator import catalogue
from kernel.drivers.simulator.book import LASTLOGIN, LASTORDER
from kernel.drivers.simulator.clock import DAY, day_end
from kernel.drivers.simulator.generator import Opened, accounts
from kernel.drivers.simulator.market import Market
from kernel.drivers.simulator.passwords import Digests
from kernel.drivers.simulator.settings import Settings
from kernel.drivers.simulator.state import DAY_ENDED
from kernel.drivers.simulator.storage import Digest, Storage
from kernel.records.market import Group, Symbol
from kernel.records.server import Common

_NAME: Final = "Simulator-Demo"
_OWNER: Final = "Example Brokerage Ltd"


class Interrupted(Exception):
    """The first start was asked to stop: nothing was written."""


def fill(storage: Storage, settings: Settings, code_page: str, now: int, stopped: Callable[[], bool]) -> None:
    """Generate the broker into an empty file; cut short, by whatever, the file is as empty as before."""
    try:
        storage.create()
        market = _priced(catalogue.symbols(), now)
        groups = catalogue.groups()
        _configure(storage, market, groups)
        book = accounts(settings.seed, settings.accounts, now, market, groups, code_page)
        lastorder, lastlogin = _write(storage, book, stopped)
        common = Common(name=_NAME, owner=_OWNER)
        storage.put_config("common", "", 0, msgspec.json.encode(common))
        storage.set_mark(LASTORDER, lastorder)
        storage.set_mark(LASTLOGIN, lastlogin)
        storage.set_mark(DAY_ENDED, day_end(now - DAY, common.endhour, common.endminute))
        storage.set_mark("credits_until", now)
        storage.finish_creating()
    except BaseException:
        storage.rollback()
        raise


def _priced(symbols: Iterable[Symbol], now: int) -> Market:
    market = Market(symbols)
    for name, (bid, ask) in catalogue.first_prices().items():
        market.tick(name, bid, ask, now)
    return market


def _configure(storage: Storage, market: Market, groups: Iterable[Group]) -> None:
    for position, symbol in enumerate(market.symbols.values()):
        storage.put_config("symbol", symbol.symbol, position, msgspec.json.encode(symbol))
    for position, group in enumerate(groups):
        storage.put_config("group", group.group, position, msgspec.json.encode(group))
    quotes = [(name, market.quote(name)) for name in market.symbols]
    storage.put_quotes((name, q.bid, q.ask, q.high, q.low, q.time, q.direction) for name, q in quotes if q is not None)


def _write(storage: Storage, book: Iterable[Opened], stopped: Callable[[], bool]) -> tuple[int, int]:
    """Write accounts and trades; gives the last ticket and the last login."""
    digest = Digests(storage.secret()).digest
    lastorder = lastlogin = 1000
    for opened in book:
        if stopped():
            raise Interrupted
        login = opened.user.login
        main, investor = digest(login, "main", opened.password), digest(login, "investor", opened.investor)
        storage.add_user(opened.user, Digest(main, investor, digest(login, "phone", "")))
        trades = (*opened.history, *opened.open_trades)
        storage.put_trades(trades)
        lastlogin = max(lastlogin, login)
        lastorder = max(lastorder, max((trade.order for trade in trades), default=0))
    return lastorder, lastlogin
