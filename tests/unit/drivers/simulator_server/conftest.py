"""A trade server without accounts, on a Wednesday noon of its own, and ways to fill it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kernel.drivers.simulator.clock import ManualClock
from kernel.drivers.simulator.server import TradeServer
from kernel.drivers.simulator.settings import Settings
from kernel.drivers.simulator.ticks import Tick
from kernel.records.trades import Transaction, TransactionType
from kernel.records.users import NewUser

Serve = Callable[..., TradeServer]
Account = Callable[..., int]
Order = Callable[..., int]
Quote = Callable[..., None]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def serve(tmp_path: Path, clock: ManualClock) -> Iterator[Serve]:
    served: list[TradeServer] = []

    def make(*, code_page: str = "cp1252", **options: object) -> TradeServer:
        settings = {"accounts": 0, "database": ":memory:", "tick_seconds": 0, **options}
        server = TradeServer(Settings(**settings), tmp_path, clock, code_page=code_page)
        served.append(server)
        server.load()
        return server

    yield make
    for server in served:
        server.close()


@pytest.fixture
def server(serve: Serve) -> TradeServer:
    return serve()


@pytest.fixture
def account() -> Account:
    def make(server: TradeServer, login: int = 1001, group: str = "demoforex", money: float = 10_000.0) -> int:
        new = NewUser(login=login, group=group, name="Ada", password="Abc12", password_investor="Xyz98")
        login = server.accounts.create(new)
        if money:
            server.balances.apply(Transaction(type=TransactionType.BALANCE, cmd=6, orderby=login, price=money))
        return login

    return make


@pytest.fixture
def order() -> Order:
    def make(server: TradeServer, cmd: int, price: float, volume: int = 100, **more: object) -> int:
        asked = {"orderby": 1001, "symbol": "EURUSD", "type": TransactionType.OPEN, **more}
        return server.dealing.transact(Transaction(cmd=cmd, price=price, volume=volume, **asked))

    return make


@pytest.fixture
def quote() -> Quote:
    def make(server: TradeServer, bid: float, ask: float, symbol: str = "EURUSD") -> None:
        server.apply_ticks([Tick(symbol, bid, ask)])

    return make
