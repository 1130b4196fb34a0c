"""The kernel's parts wired together, with their start and their stop."""

import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import structlog
from msgspec import Struct

from kernel import hooks
from kernel.auth.service import Auth, FirstAdmin
from kernel.config import ConfigError, Problem, Settings, fill, manager_password
from kernel.connection import Connection
from kernel.drivers import Driver
from kernel.drivers.choice import DriverMissing, driver_module
from kernel.gateway import Gateway
from kernel.loader import Plugin
from kernel.metrics import Metrics
from kernel.readiness import Readiness
from kernel.records.connection import LinkStatus
from kernel.records.events import Event, MarginCallEvent, PriceEvent, TradeEvent, UserEvent
from kernel.records.server import Target
from kernel.registry import Registry
from kernel.store import Store
from kernel.store.sqlite import SqliteStore

_log = structlog.stdlib.get_logger("mt4api")


class TokenSettings(Struct, frozen=True, kw_only=True):
    """What ``kernel.auth`` reads, times in seconds."""

    token_seconds: int
    session_seconds: int
    issuer: str
    audience: str
    key_file: Path
    leeway: int


class Service:
    """One running kernel."""

    def __init__(
        self,
        settings: Settings,
        driver: Driver,
        plugins: Sequence[Plugin],
        *,
        store: Store | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Wire everything; nothing runs before ``start``. Raises ``PluginError``."""
        self.settings = settings
        self.metrics = Metrics()
        self.registry = Registry(plugins, hook_seconds=settings.kernel.hook_seconds)
        self.store = store or SqliteStore(settings.store_path, exclusive=True)
        self.auth = Auth(self.store, token_settings(settings), clock=clock)
        password = manager_password(settings).reveal()
        target = Target(server=settings.mt4.server, login=settings.mt4.login, password=password)
        self.connection = Connection(driver, target, settings.mt4, on_event=self._on_event, on_change=self._on_change)
        self.gateway = Gateway(self.connection, self.registry, settings.mt4, self.metrics)
        self.readiness = Readiness(self.connection, self.store, self.registry, settings.mt4.canary_seconds)

    async def start(self) -> FirstAdmin | None:
        """Open the store, connect, make the keys; the first user of a fresh store, to be shown once.

        That user comes last: a start that fails before would leave one whose password nobody saw.
        """
        await self.store.open()
        await self.connection.start()
        return await self.auth.start()

    async def stop(self) -> None:
        """Refuse new writes, wait for those under way, tell the plugins, then log out."""
        self.readiness.stopping = True
        async with AsyncExitStack() as ends:  # last in, first out, and each in any case
            ends.push_async_callback(self.store.close)
            ends.callback(self.auth.close)
            ends.push_async_callback(self.connection.close)
            ends.push_async_callback(self.registry.drain, self.settings.server.shutdown_seconds)
            ends.push_async_callback(self.gateway.stop)

    def _on_change(self, status: LinkStatus) -> None:
        self.metrics.show_link(connected=status.connected, reconnects=status.reconnects)
        self.registry.tell(hooks.on_connection, status=status)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, PriceEvent):
            self.registry.tell(hooks.on_price, price=event.price)
        elif isinstance(event, TradeEvent):
            self.registry.tell(hooks.on_trade, change=event.change, trade=event.trade)
        elif isinstance(event, UserEvent):
            self.registry.tell(hooks.on_user, change=event.change, user=event.user)
        elif isinstance(event, MarginCallEvent):
            self.registry.tell(hooks.on_margin_call, margin=event.margin)
        else:
            _log.warning("pumping had a gap", reason=event.reason)


def make_driver(settings: Settings) -> Driver:
    """Make the driver that the settings name; raises ``ConfigError``."""
    name = settings.mt4.driver
    try:
        module = driver_module(name)
    except DriverMissing as error:
        raise ConfigError([Problem("mt4", "driver", str(error), settings.origin("mt4", "driver"))]) from error
    own = fill(settings, ("mt4", name), module.Settings)
    return module.make(own, settings.data, code_page=settings.mt4.code_page)


def token_settings(settings: Settings) -> TokenSettings:
    """Pick what ``kernel.auth`` reads."""
    auth = settings.auth
    return TokenSettings(
        token_seconds=auth.token_seconds,
        session_seconds=auth.session_seconds,
        issuer=auth.issuer,
        audience=auth.audience,
        key_file=settings.key_path,
        leeway=auth.leeway,
    )
