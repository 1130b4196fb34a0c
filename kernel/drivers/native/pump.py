"""The pumping object: loads the server's tables, hears its changes, and is started anew when it falls silent.

Nothing restarts a pump by itself (behaviour.md §4), and a call meant for a request object would stop it,
so it has an object and a thread of its own.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, Final, TypeVar

from kernel.drivers import DriverFault, NotSent
from kernel.drivers.native.convert import Converters
from kernel.drivers.native.events import Events
from kernel.drivers.native.interface import Interface
from kernel.drivers.native.owner import Owner
from kernel.drivers.native.settings import Settings
from kernel.drivers.native.signals import Signals
from kernel.drivers.native.slots import Notify
from kernel.drivers.native.tables import Tables
from kernel.records.events import GapEvent
from kernel.records.market import Price
from kernel.records.trades import Margin

T = TypeVar("T")
_FLAGS: Final = 2 | 4 | 32
"""``CLIENT_FLAGS_``: no news, no mails, nobody who comes online; ticks, trades and users all."""
_log = logging.getLogger(__name__)


class Pump:
    """One pump. The methods are called in the event loop, what begins with ``_`` runs on its thread."""

    def __init__(
        self, enter: Callable[[], Interface], converters: Converters, events: Events, settings: Settings
    ) -> None:
        """Start the thread, which at once logs in and switches to pumping."""
        self._enter, self._converters, self._events, self._settings = enter, converters, events, settings
        self._loop = asyncio.get_running_loop()
        self._filled = asyncio.Event()
        self._tables: Tables | None = None
        self._signals: Signals | None = None
        self._callback: Any = None
        self._again_at = 0.0
        self._gap: str | None = None
        self._owner = Owner("mt4 pump", self._tick)
        self._do(self._tick)

    @property
    def running(self) -> bool:
        """Whether the tables are loaded and changes arrive."""
        signals = self._signals
        return signals is not None and signals.running and signals.silence < self._settings.pump_silence_seconds

    async def filled(self, seconds: float) -> None:
        """Wait until the tables are loaded for the first time, but only so long."""
        try:
            async with asyncio.timeout(seconds):
                await self._filled.wait()
        except TimeoutError:
            _log.info("the pump's tables are not loaded yet")

    async def symbol_info(self, symbol: str) -> Price | None:
        """``SymbolInfoGet``; ``NotSent`` while the pump does not run."""
        return await self._ask(lambda tables: tables.price(symbol))

    async def margins(self) -> list[Margin]:
        """``MarginsGet``, and zeros for the accounts that it leaves out; ``NotSent`` while the pump does not run."""
        return await self._ask(lambda tables: tables.margins())

    def close(self) -> Owner:
        """End it; gives the thread, which ends when its call under way is over."""
        self._owner.close(self._release)
        return self._owner

    async def _ask(self, question: Callable[[Tables], T]) -> T:
        def answer() -> T:
            if self._tables is None or not self.running:
                raise NotSent("the pump does not run")
            return question(self._tables)

        return await asyncio.wrap_future(self._owner.submit(answer))

    # --- on its own thread

    def _tick(self) -> None:
        """See that it runs: begin, or begin anew after a silence."""
        signals, now = self._signals, time.monotonic()
        if signals is not None and (reason := self._silent(signals)) is not None:
            _log.warning("the pump stopped: %s", reason)
            self._gap = self._gap or (reason if signals.filled else None)
            self._release()
        if self._signals is None and now >= self._again_at:
            self._again_at = now + self._settings.pump_retry_seconds
            try:
                self._begin()
            except DriverFault as fault:
                _log.warning("the pump cannot start: %s", fault)

    def _silent(self, signals: Signals) -> str | None:
        if signals.stopped:
            return "MT4 stopped pumping"
        most = self._settings.pump_silence_seconds if signals.filled else self._settings.pump_fill_seconds
        return f"no sign for {signals.silence:.0f} seconds" if signals.silence > most else None

    def _begin(self) -> None:
        interface = self._enter()
        signals = Signals(self._converters, self._events, due=self._due)
        callback = Notify(signals.hear)
        try:
            interface.check("PumpingSwitchEx", callback, _FLAGS, None)
        except BaseException:
            interface.release()
            raise
        self._tables, self._signals, self._callback = Tables(interface, self._converters), signals, callback

    def _release(self) -> None:
        """Log out; the callback lives until the library can no longer call it."""
        tables, self._tables = self._tables, None
        self._signals = None
        if tables is not None:
            tables.interface.release()
        self._callback = None

    def _due(self, signals: Signals, what: str) -> None:
        """Queue what a sign asks for; called on the library's thread."""
        self._do(partial(self._follow, signals, what))

    def _do(self, work: Callable[[], None]) -> None:
        """Queue what nobody waits for; a fault is told in the log."""
        self._owner.submit(work).add_done_callback(_told)

    def _follow(self, signals: Signals, what: str) -> None:
        tables = self._tables
        if signals is not self._signals or tables is None:
            return
        signals.taken(what)
        if what == "start":
            tables.watch_symbols()
            tables.levels()
            signals.filled = True
            if self._gap is not None:
                self._events.put(GapEvent(self._gap))
                self._gap = None
            self._loop.call_soon_threadsafe(self._filled.set)
        elif what == "symbols":
            tables.watch_symbols()
        elif what == "prices":
            for event in tables.new_prices():
                self._events.put(event)
        elif what == "levels":
            for event in tables.levels():
                self._events.put(event)
        elif what == "stop":
            self._tick()


def _told(done: "Future[None]") -> None:
    if not done.cancelled() and (fault := done.exception()) is not None and not isinstance(fault, NotSent):
        _log.error("the pump's thread went on after a fault", exc_info=fault)
