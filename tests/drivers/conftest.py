"""The stacks that the driver contract runs over: each a driver, and a trade server with something on it.

A stack is an async context manager in ``STACKS`` that takes a folder and gives a ``Stack``.
"""

import ctypes
import runpy
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pytest
import pytest_asyncio

from kernel.bridge.running import Bridge
from kernel.bridge.settings import BridgeSettings
from kernel.bridge.worker import Job
from kernel.drivers import Driver, Session
from kernel.drivers import native as native_module
from kernel.drivers import simulator as simulator_module
from kernel.drivers.native import Settings as NativeSettings
from kernel.drivers.remote import RemoteDriver
from kernel.drivers.remote import Settings as RemoteSettings
from kernel.drivers.simulator import Settings as SimulatorSettings
from kernel.records.server import Target

_BROKER: Final = ("reset", "broker 12", "setting tick_seconds 0.05")
_SIMULATED: Final = SimulatorSettings(accounts=12, database=":memory:", tick_seconds=0.1, check_sessions=False)

US: Final = Target(server="203.0.113.10:443", login=224, password="your_manager_password")


@dataclass(frozen=True, kw_only=True)
class Stack:
    """A started driver, and what is known of the server behind it."""

    driver: Driver
    target: Target = US
    group: str = "demoforex"
    symbol: str = "EURUSD"


@asynccontextmanager
async def simulator(folder: Path) -> AsyncGenerator[Stack]:
    """The simulator, in this process."""
    driver = simulator_module.make(_SIMULATED, folder)
    await driver.start()
    try:
        yield Stack(driver=driver)
    finally:
        await driver.close()


@asynccontextmanager
async def bridged(folder: Path) -> AsyncGenerator[Stack]:
    """The simulator in the worker of a bridge."""
    job = Job(driver="simulator", settings=_SIMULATED, data=folder, code_page="cp1252", log_level="error")
    async with _behind_a_bridge(job) as driver:
        yield Stack(driver=driver)


@asynccontextmanager
async def _behind_a_bridge(job: Job) -> AsyncGenerator[RemoteDriver]:
    """Any driver in the worker of a bridge, and the remote driver that reaches it."""
    bridge = Bridge(BridgeSettings(listen="127.0.0.1:0", driver=job.driver), job)
    await bridge.start()
    driver = RemoteDriver(RemoteSettings(address=f"127.0.0.1:{bridge.port}"))
    try:
        await driver.start()
        yield driver
    finally:
        await driver.close()
        await bridge.stop()


@asynccontextmanager
async def native(folder: Path) -> AsyncGenerator[Stack]:
    """The native driver over the stand-in of MetaQuotes' library, in this process."""
    path = _standin()
    controls = ctypes.CDLL(str(path))
    for command in _BROKER:
        assert controls.standin_run(command.encode()) == 0, command
    driver = native_module.make(_native(path), folder, code_page="cp1252")
    await driver.start()
    try:
        yield Stack(driver=driver)
    finally:
        await driver.close()
        controls.standin_run(b"reset")


@asynccontextmanager
async def bridged_native(folder: Path) -> AsyncGenerator[Stack]:
    """The native driver over the stand-in, in the worker of a bridge."""
    script = folder / "broker.txt"
    script.write_text("\n".join(_BROKER), encoding="ascii")
    job = Job(driver="native", settings=_native(_standin()), data=folder, code_page="cp1252", log_level="error")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MT4_STANDIN_SCRIPT", str(script))
        async with _behind_a_bridge(job) as driver:
            yield Stack(driver=driver)


def _native(library: Path) -> NativeSettings:
    return NativeSettings(library=str(library), pump_start_seconds=10)


def _standin() -> Path:
    build = runpy.run_path(str(Path(__file__).parents[1] / "standin" / "build.py"))["build"]
    try:
        return build("library")
    except FileNotFoundError as error:
        pytest.skip(str(error))


STACKS: Final[Mapping[str, Callable[[Path], AbstractAsyncContextManager[Stack]]]] = MappingProxyType(
    {
        "simulator": simulator,
        "bridge to simulator": bridged,
        "native over the stand-in": native,
        "bridge to native": bridged_native,
    }
)


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=list(STACKS))
async def stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Stack]:
    async with STACKS[request.param](tmp_path_factory.mktemp("stack")) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def session(stack: Stack) -> AsyncGenerator[Session]:
    session = await stack.driver.open(stack.target)
    yield session
    await session.close()


@pytest.fixture(scope="session")
def behind_a_bridge() -> Callable[[Job], AbstractAsyncContextManager[RemoteDriver]]:
    return _behind_a_bridge
