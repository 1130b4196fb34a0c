"""Plugins made in memory, and the kernel without its web side over a trade server with two accounts."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kernel.config import Mt4
from kernel.connection import Connection
from kernel.drivers.simulator.clock import ManualClock
from kernel.drivers.simulator.driver import SimulatorDriver
from kernel.drivers.simulator.faults import Fault, Plan
from kernel.drivers.simulator.server import TradeServer
from kernel.drivers.simulator.settings import Settings
from kernel.gateway import Gateway
from kernel.loader import GROUP, Plugin
from kernel.metrics import Metrics
from kernel.records.principal import Principal
from kernel.records.server import Target
from kernel.records.trades import Transaction, TransactionType
from kernel.records.users import NewUser
from kernel.registry import Registry

BY = Principal(name="crm", scopes=frozenset({"*"}))


class Rig:
    """A gateway over a link to a simulated server, and what they told."""

    def __init__(
        self, folder: Path, faults: Sequence[Fault], plugins: Sequence[Plugin], pace: Mt4, options: Any
    ) -> None:
        self.clock = ManualClock()
        self.by = BY
        given = {"accounts": 0, "database": ":memory:", "tick_seconds": 0, **options}
        self.server = TradeServer(Settings(**given), folder, self.clock)
        self.driver = SimulatorDriver(self.server, Plan(faults, seed=1))
        self.events: list[Any] = []
        self.changes: list[Any] = []
        target = Target(server="mt4", login=224, password="your_manager_password")
        self.link = Connection(self.driver, target, pace, on_event=self.events.append, on_change=self.changes.append)
        self.metrics = Metrics()
        self.registry = Registry(plugins, hook_seconds=0.3)
        self.gateway = Gateway(self.link, self.registry, pace, self.metrics)

    def suffer(self, *faults: Fault) -> None:
        """Make the server misbehave from now on."""
        self.driver._trouble.plan = Plan(faults, seed=1)

    @property
    def sessions(self) -> list[Any]:
        """The sessions that the server believes to be open."""
        return [session for session in self.driver._sessions if session.connected]

    def money_rows(self, login: int = 1001) -> list[tuple[float, str]]:
        """What was ever booked into or out of an account."""
        rows = self.server.state.storage.history(login, 0, 2**31 - 1)
        return [(row.profit, row.comment) for row in rows if row.cmd >= 6]

    def open_account(self, login: int, money: float = 10_000.0) -> None:
        """Open an account and pay it in, past the gateway."""
        new = NewUser(login=login, group="demoforex", name="Ada", password="Abc12", password_investor="Xyz98")
        self.server.accounts.create(new)
        if money:
            self.server.balances.apply(
                Transaction(type=TransactionType.BALANCE, cmd=6, orderby=login, price=money, comment="first")
            )


Rigging = Callable[..., AbstractAsyncContextManager[Rig]]


@pytest.fixture
def rigging(tmp_path: Path) -> Rigging:
    """Start one: ``async with rigging(Fault(…), plugins=(…), read_seconds=1, options={…}) as rig``."""

    @asynccontextmanager
    async def start(
        *faults: Fault, plugins: Sequence[Plugin] = (), options: Any = None, **pace: Any
    ) -> AsyncGenerator[Rig]:
        rig = Rig(tmp_path, faults, plugins, Mt4(**pace), options or {})
        await rig.link.start()
        rig.open_account(1001)
        rig.open_account(1002)
        try:
            yield rig
        finally:
            await rig.gateway.stop()
            await rig.registry.drain(1)
            await rig.link.close()

    return start


@pytest.fixture
def until() -> Callable[..., Any]:
    """Wait for something to come true; fails after twenty seconds."""

    async def wait(true: Callable[[], object]) -> None:
        async with asyncio.timeout(20):
            while not true():  # noqa: ASYNC110 - whatever comes true sets no event
                await asyncio.sleep(0.002)

    return wait


@pytest.fixture
def module() -> Iterator[Callable[..., ModuleType]]:
    """Make an importable module of the given members; ``api`` is 1 unless told otherwise."""
    made: list[str] = []

    def make(name: str, **members: Any) -> ModuleType:
        module = ModuleType(f"{name}_made_for_a_test")
        vars(module).update({"api": 1, **members})
        sys.modules[module.__name__] = module
        made.append(module.__name__)
        return module

    yield make
    for name in made:
        sys.modules.pop(name, None)


@pytest.fixture
def entry(module: Callable[..., ModuleType]) -> Callable[..., EntryPoint]:
    """Make an entry point of a module with the given members."""
    return lambda name, **members: EntryPoint(name, module(name, **members).__name__, GROUP)


@pytest.fixture
def plugin(module: Callable[..., ModuleType]) -> Callable[..., Plugin]:
    """Make a loaded plugin with the given members, and its settings."""

    def make(name: str, settings: Any = None, **members: Any) -> Plugin:
        return Plugin(name=name, module=module(name, **members), distribution="acme", version="2.0", settings=settings)

    return make
