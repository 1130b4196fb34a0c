"""A whole service over each stack of drivers, and a session of our own at the same server to tell what is true."""

import asyncio
import re
import runpy
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
import pytest_asyncio
import structlog
from httpx2 import ASGITransport, AsyncClient

from kernel.app import Application
from kernel.config import load
from kernel.drivers import Session
from kernel.enabled import enabled_plugins
from kernel.records.trades import Command, Transaction, TransactionType
from kernel.service import Service
from kernel.store.sqlite import MEMORY, SqliteStore

STACKS: Final[Mapping[str, Any]] = runpy.run_path(str(Path(__file__).parents[1] / "drivers/conftest.py"))["STACKS"]
EVER: Final = 2**31 - 1
_PASSWORD: Final = "long enough for a test"
_MOVING: Final = ("close_price", "profit", "storage", "timestamp")
"""What prices and the night change in an open trade, whatever the service does."""


class Stacked:
    """A running service over one stack, and the desk: a session beside the service's own.

    Accounts and trades are our own, so that no stop and no pending order of others comes between.
    """

    def __init__(self, service: Service, application: Any, stack: Any, desk: Session) -> None:
        """Hold what ``_served`` has started."""
        self.service, self.stack, self.desk = service, stack, desk
        self._application = application
        self.client = self.stranger()
        self._clients: dict[tuple[str, ...], AsyncClient] = {}
        self.names: dict[str, Any] = {}

    def stranger(self) -> AsyncClient:
        """Give a client without a token."""
        return AsyncClient(transport=ASGITransport(self._application), base_url="http://test")

    async def client_with(self, *scopes: str) -> AsyncClient:
        """Give a client that holds exactly these scopes."""
        if scopes not in self._clients:
            name, client = f"user {len(self._clients)}", self.stranger()
            await self.service.auth.users.add(name, _PASSWORD, scopes)
            client.headers["Authorization"] = f"Bearer {(await self.service.auth.login(name, _PASSWORD)).value}"
            self._clients[scopes] = client
        return self._clients[scopes]

    @property
    def target(self) -> dict[str, Any]:
        """What ``POST /api/test/connect`` is told to reach our server."""
        return {each: getattr(self.stack.target, each) for each in ("server", "login", "password")}

    async def connect(self) -> None:
        """Have the service connected again."""
        answer = await self.client.post("/api/test/connect", json=self.target)
        assert answer.status_code == 200, answer.text

    async def opened(self, money: float = 0.0) -> int:
        """Open an account over HTTP, with money in it."""
        body = {"group": self.stack.group, "name": "Zoë Ång", "password": "Secret1"}
        made = await self.client.post("/api/users/", json=body)
        assert made.status_code == 201, made.text
        if money:
            await self.booked(made.json()["login"], money)
        return made.json()["login"]

    async def booked(self, login: int, amount: float) -> int:
        """Book money past the service; the ticket."""
        asked = {"type": TransactionType.BALANCE, "cmd": Command.BALANCE, "orderby": login, "comment": "desk"}
        return await self.desk.trade_transaction(Transaction(price=amount, **asked))

    async def bought(self, login: int) -> int:
        """Open a position of 0.1 lot past the service, without stops; the ticket."""
        price = await self.desk.symbol_info(self.stack.symbol)
        assert price is not None
        asked = {"type": TransactionType.OPEN, "cmd": Command.BUY, "symbol": self.stack.symbol, "volume": 10}
        return await self.desk.trade_transaction(Transaction(orderby=login, price=price.ask, **asked))

    async def sold(self, ticket: int) -> int:
        """Close such a position; the ticket."""
        price = await self.desk.symbol_info(self.stack.symbol)
        assert price is not None
        asked = {"type": TransactionType.CLOSE, "cmd": Command.BUY, "symbol": self.stack.symbol, "volume": 10}
        await self.desk.trade_transaction(Transaction(order=ticket, price=price.bid, **asked))
        return ticket

    async def fresh(self) -> dict[str, Any]:
        """Name accounts and trades of every kind, for tables; those that a test used up are made again."""
        names = self.names
        if not names:
            login, other = await self.opened(10_000.0), await self.opened(10_000.0)
            found = {"group": self.stack.group, "symbol": self.stack.symbol, "login": login, "other": other}
            names |= found | {"nobody": EVER - 1, "no_order": EVER, "order": await self.bought(login), "closed": 0}
        if not await self.desk.trade_records([names["closed"]]):
            names["closed"] = await self.sold(await self.bought(names["other"]))
        return names

    async def send(self, route: Mapping[str, Any], client: AsyncClient | None = None) -> Any:
        """Send a request of a table, its names filled in."""
        names = await self.fresh()
        path = re.sub(r"\{(\w+)\}", lambda name: str(names.get(name[1], name[0])), route["path"])
        body = {"json": _filled(route["json"], names)} if "json" in route else {}
        return await (client or self.client).request(route["method"], path, **body)

    async def user(self, login: int) -> dict[str, Any]:
        """Give one account as MT4 holds it."""
        return (await self.users([login]))[0]

    async def users(self, logins: Sequence[int]) -> list[dict[str, Any]]:
        """Give those of the accounts that there are."""
        return plain(await self.desk.user_records(logins))

    async def trade(self, order: int) -> dict[str, Any]:
        """Give one trade as answers show it."""
        return shown((await self.desk.trade_records([order]))[0])

    async def open_trades(self) -> list[dict[str, Any]]:
        """Give positions and pending orders of all accounts as answers show them."""
        return [shown(trade) for trade in await self.desk.trades()]

    async def history(self, login: int) -> list[dict[str, Any]]:
        """Give what was ever closed for an account, as answers show it."""
        return [shown(trade) for trade in await self.desk.trades_history(login, 0, EVER)]

    async def books(self) -> dict[str, Any]:
        """Give all that a write to our accounts could have changed."""
        names = await self.fresh()
        accounts = (names["login"], names["other"])
        trades = plain(await self.desk.adm_trades(",".join(map(str, accounts)), open_only=False))
        still = [{key: trade[key] for key in trade if trade["state"] > 2 or key not in _MOVING} for trade in trades]
        logins = [user.login for user in await self.desk.users()]
        return {"logins": logins, "ours": [await self.user(login) for login in accounts], "trades": still}

    async def steady(self, read: Callable[[], Awaitable[Any]], ask: Callable[[], Awaitable[Any]]) -> tuple[Any, Any]:
        """Ask the desk, the service and the desk again until prices stood still: what was true, and the answer."""
        for _ in range(200):
            before, answer, after = await read(), await ask(), await read()
            if before == after:
                return after, answer
        raise AssertionError("the server never stood still")


def plain(records: Any) -> Any:
    """Give records as JSON would show them."""
    return msgspec.json.decode(msgspec.json.encode(records))


def shown(trade: Any) -> dict[str, Any]:
    """Give a trade as answers show it: with the command's name and the volume in lots."""
    return plain(trade) | {"cmd_str": Command(trade.cmd).name.lower(), "lots": trade.volume / 100}


def _filled(content: Any, names: Mapping[str, Any]) -> Any:
    """Put our names in the place of ``$name`` in a body of a table."""
    if isinstance(content, dict):
        return {key: _filled(value, names) for key, value in content.items()}
    if isinstance(content, list):
        return [_filled(value, names) for value in content]
    return names[content[1:]] if isinstance(content, str) and content.startswith("$") else content


@asynccontextmanager
async def _served(name: str, folder: Path) -> AsyncGenerator[Stacked]:
    async with STACKS[name](folder) as stack:
        driver = {"simulator": "simulator", "native over the stand-in": "native"}.get(name, "remote")
        target = {f"mt4.{each}": getattr(stack.target, each) for each in ("server", "login", "password")}
        settings = load(None, {}, {"kernel.data": str(folder / "api"), "mt4.driver": driver, **target})
        service = Service(settings, stack.driver, enabled_plugins(settings), store=SqliteStore(MEMORY))
        application = Application(service)
        async with application.litestar.lifespan():
            desk = await stack.driver.open(stack.target)
            stacked = Stacked(service, application, stack, desk)
            stacked.client = await stacked.client_with("*")
            try:
                yield stacked
            finally:
                await desk.close()


@pytest.fixture(scope="module", autouse=True)
def plain_log() -> Iterator[None]:
    """Write the log in plain lines: coloured tracebacks of refusals would take most of the time."""
    structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()])
    yield
    structlog.reset_defaults()


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=list(STACKS))
async def stacked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Stacked]:
    """A service for all tests of a module: whoever uses it leaves it connected.

    It starts and stops in one task, as it needs to: a fixture's two halves run in two.
    """
    started: asyncio.Future[Stacked] = asyncio.get_running_loop().create_future()
    over = asyncio.Event()

    async def live() -> None:
        async with _served(request.param, tmp_path_factory.mktemp("stack")) as service:
            started.set_result(service)
            await over.wait()

    host = asyncio.create_task(live())
    await asyncio.wait({host, started}, return_when=asyncio.FIRST_COMPLETED)
    if host.done():
        await host
    yield started.result()
    over.set()
    await host
