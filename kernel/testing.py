"""The kernel in memory, over the simulator: for our tests and for every plugin author's.

``async with bench() as kernel: answer = await kernel.client.get("/api/users/")``. The client is logged
in with every scope. Time is the test's to drive, and prices stand still until the test moves them.
"""

import asyncio
import sys
from collections.abc import AsyncGenerator, Generator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from hashlib import sha256
from importlib.metadata import EntryPoint
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any, Final

from httpx2 import ASGITransport, AsyncClient

from kernel.app import Application
from kernel.config import Settings, fill, load
from kernel.drivers.simulator import Settings as SimulatorSettings
from kernel.drivers.simulator import SimulatorDriver
from kernel.drivers.simulator.clock import ManualClock
from kernel.drivers.simulator.faults import Fault, Plan
from kernel.drivers.simulator.server import TradeServer
from kernel.enabled import enabled_plugins
from kernel.loader import GROUP, discover
from kernel.service import Service
from kernel.store.sqlite import MEMORY, SqliteStore

_BASE: Final = "http://bench"
_PASSWORD: Final = "long enough for a bench"  # noqa: S105 - opens nothing but a bench
_LONGEST_NAME: Final = 128
_SIMULATOR: Final[Mapping[str, object]] = {
    "mt4.simulator.accounts": 20,
    "mt4.simulator.database": ":memory:",
    "mt4.simulator.tick_seconds": 0.0,
}
_NO_SETTINGS: Final[Mapping[str, object]] = {}
_NO_PLUGINS: Final[Mapping[str, ModuleType]] = {}


class Bench:
    """A running kernel and the ways into it."""

    def __init__(self, app: Application, client: AsyncClient, driver: SimulatorDriver, clock: ManualClock) -> None:
        """Hold what ``bench`` has started."""
        self.app, self.client, self.driver, self.clock = app, client, driver, clock

    @property
    def service(self) -> Service:
        """The kernel itself."""
        return self.app.service

    @property
    def server(self) -> TradeServer:
        """The simulated trade server: look here for what must have happened, or must not have."""
        return self.driver.server

    async def token(self, *scopes: str) -> str:
        """Log a user in who holds exactly these scopes."""
        name = f"bench {' '.join(scopes) or 'nothing'}"
        if len(name) > _LONGEST_NAME:
            name = f"bench {len(scopes)} scopes {sha256(name.encode()).hexdigest()}"
        if await self.service.auth.users.find(name) is None:
            await self.service.auth.users.add(name, _PASSWORD, scopes)
        return (await self.service.auth.login(name, _PASSWORD)).value

    async def client_with(self, *scopes: str) -> AsyncClient:
        """Give a client that holds exactly these scopes."""
        return self._client({"Authorization": f"Bearer {await self.token(*scopes)}"})

    def stranger(self) -> AsyncClient:
        """Give a client without a token."""
        return self._client({})

    def _client(self, headers: Mapping[str, str]) -> AsyncClient:
        return AsyncClient(transport=_transport(self.app), base_url=_BASE, headers=dict(headers))


@asynccontextmanager
async def bench(
    settings: Mapping[str, object] = _NO_SETTINGS,
    *,
    plugins: Mapping[str, ModuleType] = _NO_PLUGINS,
    faults: Sequence[Fault] = (),
) -> AsyncGenerator[Bench]:
    """Start a kernel of its own and stop it at the end; it reads no settings file and no environment.

    ``settings`` are keys such as ``"kernel.hook_seconds"``; ``plugins`` are modules to load behind the
    built-in ones, by name; ``faults`` go into the simulator. Raises what a start raises: ``ConfigError``
    and ``PluginError`` with all problems.
    """
    with TemporaryDirectory(prefix="mt4api-bench-") as name, _importable(plugins.values()):
        folder = Path(name)
        installed = [*discover(), *(EntryPoint(each, module.__name__, GROUP) for each, module in plugins.items())]
        loaded = _settings(folder, settings, plugins)
        clock = ManualClock()
        driver = SimulatorDriver(_server(loaded, folder, clock), Plan(faults, seed=1))
        found = enabled_plugins(loaded, installed)
        app = Application(Service(loaded, driver, found, store=SqliteStore(MEMORY), clock=clock))
        async with _running(app), AsyncClient(transport=_transport(app), base_url=_BASE) as client:
            kernel = Bench(app, client, driver, clock)
            client.headers["Authorization"] = f"Bearer {await kernel.token('*')}"
            yield kernel


def _settings(folder: Path, given: Mapping[str, object], plugins: Mapping[str, ModuleType]) -> Settings:
    file = folder / "mt4api.toml"
    file.touch()
    options: dict[str, object] = {**_SIMULATOR, "kernel.data": str(folder), **given}
    if plugins:
        options.setdefault("kernel.plugins", (*load(file).kernel.plugins, *plugins))
    return load(file, overrides=options)


@asynccontextmanager
async def _running(app: Application) -> AsyncGenerator[None]:
    """Keep the application running in a task of its own, so that a fixture may end it from another."""
    ready, stop = asyncio.Event(), asyncio.Event()

    async def run() -> None:
        async with app.litestar.lifespan():
            ready.set()
            await stop.wait()

    life = asyncio.create_task(run(), name="bench")
    starting = asyncio.create_task(ready.wait())
    try:
        await asyncio.wait({life, starting}, return_when=asyncio.FIRST_COMPLETED)
        if ready.is_set():
            yield
    finally:
        stop.set()
        starting.cancel()
        await life


def _server(settings: Settings, folder: Path, clock: ManualClock) -> TradeServer:
    own = fill(settings, ("mt4", "simulator"), SimulatorSettings)
    return TradeServer(own, folder, clock, code_page=settings.mt4.code_page)


@contextmanager
def _importable(modules: Iterable[ModuleType]) -> Generator[None]:
    """Let modules be imported by their names for a while; what had the names gets them back."""
    ours = {module.__name__: module for module in modules}
    before = {name: sys.modules[name] for name in ours if name in sys.modules}
    sys.modules.update(ours)
    try:
        yield
    finally:
        for name in ours:
            del sys.modules[name]
        sys.modules.update(before)


def _transport(app: Any) -> ASGITransport:
    return ASGITransport(app)
