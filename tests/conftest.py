"""The service under test as every folder of tests may start it, and what its trade server holds."""

import asyncio
import logging
import re
import zlib
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final

import msgspec
import pytest
from msgspec.structs import replace

from kernel.drivers.simulator.faults import Fault, Plan
from kernel.drivers.simulator.session import SimulatorSession
from kernel.drivers.simulator.trouble import Trouble
from kernel.records.server import RIGHTS
from kernel.testing import Bench, bench

_MANAGER: Final = (224, "your_manager_password")
_PASSWORD: Final = "long enough for a test"
_OPERATION: Final = re.compile(r"op_[0-9A-HJKMNP-TV-Z]{26}\Z")


class Served:
    """A running service: ways in, and a desk at its trade server that goes past the service.

    Tests expect what the desk says. Only this class knows that the server is a simulator.
    """

    def __init__(self, running: Bench) -> None:
        """Sit down at the desk: a session of our own, with every right and without faults."""
        self.bench, self.client = running, running.client
        self.stranger, self.filled = running.stranger, filled
        self._past: list[int] = []
        manager = replace(running.server.state.managers.log_in(*_MANAGER), rights=RIGHTS, groups="*")
        self.desk = SimulatorSession(running.server, manager, Trouble(Plan()))

    async def client_with(self, *scopes: str) -> Any:
        """Give a client that holds exactly these scopes."""
        auth, client = self.bench.service.auth, self.stranger()
        name = f"user {zlib.crc32(' '.join(scopes).encode())}"
        if await auth.users.find(name) is None:
            await auth.users.add(name, _PASSWORD, scopes)
        client.headers["Authorization"] = f"Bearer {(await auth.login(name, _PASSWORD)).value}"
        return client

    def suffer(self, *faults: dict[str, Any]) -> None:
        """Make the server misbehave from now on; without faults, end that."""
        self.bench.driver._trouble.plan = Plan([Fault(**fault) for fault in faults], seed=1)

    async def log_in(self, *rights: str, **manager: Any) -> None:
        """Have the service work as a manager with these rights only; called like this, with every right."""
        login, password = _MANAGER
        if rights or manager:
            login = 225
            colleague = replace(self.desk.manager, login=login, rights=rights, **manager)
            self.bench.server.state.managers.put(colleague, password)
        target = {"server": "203.0.113.10:443", "login": login, "password": password}
        assert (await self.client.post("/api/test/connect", json=target)).status_code == 200
        for _ in range(50):  # the service looks at a new session by itself: before the test's faults, not among them
            await asyncio.sleep(0)

    def stop_mt4_service(self) -> None:
        """Take away what hosts the Manager API."""
        self.bench.server.close()

    def forget_quote(self, symbol: str) -> None:
        """Have a symbol as it is before its first quote."""
        del self.bench.server.state.market._quotes[symbol]

    def last_mail(self) -> tuple[Any, ...]:
        """Give the last mail that was taken: sender, subject, body, recipients."""
        return self.bench.server.state.storage._db.execute(
            "SELECT sender, subject, body, logins FROM mails ORDER BY id DESC"
        ).fetchone()

    async def everything(self) -> dict[str, Any]:
        """Give all that the server holds, and how many rows it ever wrote."""
        return {
            "users": await self.users(),
            "trades": plain(await self.desk.adm_trades("*", open_only=False)),
            "common": plain(await self.desk.common()),
            "rows written": self.bench.server.state.storage._db.total_changes,
        }

    async def users(self) -> list[dict[str, Any]]:
        """Give every account, by login."""
        return plain(await self.desk.users())

    async def user(self, login: int) -> dict[str, Any]:
        """Give one account."""
        return next(user for user in await self.users() if user["login"] == login)

    async def open_trades(self) -> list[dict[str, Any]]:
        """Give positions and pending orders as answers show them, by ticket."""
        return [shown(trade) for trade in await self.desk.trades()]

    async def history(self, login: int) -> list[dict[str, Any]]:
        """Give what was ever closed for an account, as answers show it, by ticket."""
        return [shown(trade) for trade in await self.desk.trades_history(login, 0, 2**31 - 1)]

    async def names(self) -> dict[str, Any]:
        """Find accounts and trades of every kind, for ``filled``."""
        users, trades = await self.users(), await self.open_trades()
        positions = {trade["login"]: trade["order"] for trade in trades if trade["cmd"] < 2}
        holders = [user for user in users if user["login"] in positions and user["balance"] > 1000]
        return {
            "login": holders[0]["login"],
            "other": holders[1]["login"],
            "group": holders[0]["group"],
            "symbol": "EURUSD",
            "order": positions[holders[0]["login"]],
            "closed": await self._closed(),
            "nobody": users[-1]["login"] + 1000,
            "no_order": 2**31 - 1,
        }

    async def _closed(self) -> int:
        """Find a closed position that is still there."""
        while self._past:
            if await self.desk.trade_records(self._past[:1]):
                return self._past[0]
            del self._past[0]
        past = await self.desk.adm_trades("*", open_only=False)
        self._past = [trade.order for trade in past if trade.state >= 3 and trade.cmd < 2]
        return self._past[0]

    async def send(self, route: Mapping[str, Any], client: Any = None) -> Any:
        """Send a request of a table, its names filled in."""
        names = await self.names()
        path = re.sub(r"\{(\w+)\}", lambda name: str(names.get(name[1], name[0])), route["path"])
        body = {"json": filled(route["json"], names)} if "json" in route else {}
        return await (client or self.client).request(route["method"], path, **body)


def plain(records: Any) -> Any:
    """Give records as JSON would show them."""
    return msgspec.json.decode(msgspec.json.encode(records))


def shown(trade: Any) -> dict[str, Any]:
    """Give a trade as answers show it: with the command's name and the volume in lots."""
    kinds = ("buy", "sell", "buy_limit", "sell_limit", "buy_stop", "sell_stop", "balance", "credit")
    return plain(trade) | {"cmd_str": kinds[trade.cmd], "lots": trade.volume / 100}


def filled(content: Any, names: Mapping[str, Any]) -> Any:
    """Put numbers in the place of ``$name`` in a body of a table."""
    if isinstance(content, dict):
        return {key: filled(value, names) for key, value in content.items()}
    if isinstance(content, list):
        return [filled(value, names) for value in content]
    return names[content[1:]] if isinstance(content, str) and content.startswith("$") else content


Serving = Callable[..., AbstractAsyncContextManager[Served]]


@asynccontextmanager
async def _serving(*faults: dict[str, Any], **options: Any) -> AsyncGenerator[Served]:
    settings = {"mt4.simulator.accounts": 12, **options.pop("settings", {})}
    async with bench(settings, **options) as running:
        served = Served(running)
        served.suffer(*faults)
        yield served


@pytest.fixture(autouse=True)
def _quiet_again() -> Iterator[None]:
    """Undo what a started service does to the logging of the whole process."""
    root = logging.getLogger()
    level = root.level
    yield
    root.setLevel(level)


@pytest.fixture(scope="session")
def serving() -> Serving:
    """Start services: ``async with serving({"call": "ping", "kind": "hang"}, settings={…}) as service``."""
    return _serving


@pytest.fixture(scope="session")
def settled() -> Callable[[Any], Any]:
    """Give an answer's body with what differs each time checked by kind and taken away."""

    def settle(answer: Any) -> Any:
        body = answer.json()
        if "request_id" in body:
            assert body.pop("request_id") == answer.headers["X-Request-ID"]
        if "operation_id" in body:
            assert _OPERATION.match(body.pop("operation_id"))
        return body

    return settle


@pytest.fixture(scope="session")
def failure() -> Callable[..., dict[str, Any]]:
    """Make the body that a failure has, without its ids."""

    def make(code: str, message: str, *, retryable: bool = False, **more: Any) -> dict[str, Any]:
        body = {"status": "error", "code": code, "message": message, "detail": message, "retryable": retryable}
        return body | more

    return make


@pytest.fixture(scope="session")
def invalid(failure: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Make the body of a 422 for one place."""

    def make(loc: list[str | int], words: str, *, code: str = "validation_error", **more: Any) -> dict[str, Any]:
        kind = more.pop("type", "value_error" if code == "validation_error" else code)
        where = ".".join(map(str, loc[1:])) or loc[0]
        return failure(code, f"{where}: {words}", errors=[{"loc": loc, "message": words, "type": kind}], **more)

    return make
