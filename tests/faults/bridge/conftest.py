"""Bridges with a worker that can be killed, hung and broken, and clients of them."""

import asyncio
import os
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from kernel.bridge.running import Bridge
from kernel.bridge.settings import BridgeSettings
from kernel.bridge.supervisor import Care
from kernel.bridge.worker import Job
from kernel.drivers import DriverFault
from kernel.drivers.remote import RemoteDriver, RemoteSession
from kernel.drivers.remote import Settings as RemoteSettings
from kernel.drivers.simulator import Settings as SimulatorSettings
from kernel.records.server import Target

US: Final = Target(server="203.0.113.10:443", login=224, password="your_manager_password")
SWIFT: Final = Care(
    start_seconds=20, grace_seconds=0.3, look_seconds=0.05, first_wait_seconds=0.01, longest_wait_seconds=0.05
)
THOROUGH: Final = bool(os.environ.get("LONG_TRIALS"))


class Running:
    """A bridge in this process, with its worker in another."""

    def __init__(self, bridge: Bridge, folder: Path) -> None:
        self.bridge, self.folder = bridge, folder
        self._drivers: list[RemoteDriver] = []

    target = US

    @property
    def pid(self) -> int:
        """The worker's."""
        pid = self.bridge.supervisor.worker.pid
        assert pid is not None
        return pid

    async def client(self, **options: Any) -> RemoteDriver:
        given = {"address": f"127.0.0.1:{self.bridge.port}", "ready_seconds": 2.0} | options
        driver = RemoteDriver(RemoteSettings(**given))
        await driver.start()
        self._drivers.append(driver)
        return driver

    async def session(self, **options: Any) -> RemoteSession:
        return await (await self.client(**options)).open(US)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something to become true."""
        async with asyncio.timeout(10):
            while not condition():  # noqa: ASYNC110 - what it looks at belongs to others, who set no event
                await asyncio.sleep(0.01)

    async def close(self) -> None:
        for driver in self._drivers:
            await driver.close()
        await self.bridge.stop()


async def eventually(work: Callable[[], Awaitable[Any]], seconds: float = 15.0) -> Any:
    """Try until it goes well; what a driver raises meanwhile is expected."""
    ends = time.monotonic() + seconds
    while True:
        try:
            return await work()
        except DriverFault:
            if time.monotonic() > ends:
                raise
        await asyncio.sleep(0.02)


Running_ = Callable[..., AbstractAsyncContextManager[Running]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what ``tox -e long`` runs in full."""
    for item in items:
        if {"rounds", "trials"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("long")


@pytest.fixture(scope="session")
def rounds() -> Callable[[int, int], int]:
    """Give the first number for a sample, the second for a trial in full: ``LONG_TRIALS=1``, ``--timeout 0``."""
    return lambda sample, full: full if THOROUGH else sample


@pytest.fixture(scope="session")
def trials() -> int:
    """Kills and hangs."""
    return 100 if THOROUGH else 20


@pytest.fixture
def again() -> Callable[..., Awaitable[Any]]:
    return eventually


@pytest.fixture
def bridged(tmp_path: Path) -> Running_:
    """Start a bridge: ``async with bridged('[[fault]]…', grace_seconds=1) as running``."""

    @asynccontextmanager
    async def start(
        plan: str = "", *, care: Care = SWIFT, job: Job | None = None, **options: Any
    ) -> AsyncGenerator[Running]:
        (tmp_path / "plan.toml").write_text(plan)
        simulated = SimulatorSettings(accounts=12, database=":memory:", tick_seconds=0.1, faults="plan.toml")
        job = job or Job(
            driver="simulator", settings=simulated, data=tmp_path, code_page="cp1252", log_level="critical"
        )
        bridge = Bridge(BridgeSettings(**{"listen": "127.0.0.1:0"} | options), job, care)
        await bridge.start()
        running = Running(bridge, tmp_path)
        try:
            yield running
        finally:
            await running.close()

    return start


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Job:
    """A driver that blocks, dies and raises: installed by its entry point, as any other is."""
    monkeypatch.syspath_prepend(Path(__file__).parent / "drivers")
    monkeypatch.syspath_prepend(tmp_path / "site")
    info = tmp_path / "site" / "hostile-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hostile\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[mt4api.drivers]\nhostile = hostile_driver\n")
    settings = SimulatorSettings(accounts=3, database=":memory:", tick_seconds=0)
    return Job(driver="hostile", settings=settings, data=tmp_path, code_page="cp1252", log_level="critical")
