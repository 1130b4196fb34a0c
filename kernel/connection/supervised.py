"""One link to the trade server: connects, watches, reconnects, and bounds every call."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any, Final

import structlog

from kernel.config import Mt4
from kernel.connection.calls import BLIND, Calls
from kernel.connection.lines import Line
from kernel.connection.pauses import Pauses
from kernel.drivers import Driver, DriverFault, NotSent, Rejected, Session
from kernel.records.connection import LinkStatus
from kernel.records.events import Event, GapEvent
from kernel.records.server import Target

_WRONG_LOGIN: Final = frozenset({5, 10, 11, 64, 65, 66})
"""Return codes that somebody has to mend."""
_UNASKED: Final = "the settings have no manager password: connect with POST /api/test/connect"
_FIRST_TRY_SECONDS: Final = 3.0
"""How long a start waits to be connected; after that the service is up and answers 503."""
_log = structlog.stdlib.get_logger("mt4api.connection")


class Connection(Calls):
    """One link. ``on_event`` and ``on_change`` are called from the event loop and must not wait."""

    def __init__(
        self,
        driver: Driver,
        target: Target,
        pace: Mt4,
        *,
        on_event: Callable[[Event], None],
        on_change: Callable[[LinkStatus], None],
    ) -> None:
        """Keep what to connect to; ``start`` begins, or waits for ``connect`` where there is no password."""
        super().__init__(pace.reads)
        self._driver, self._target, self._pace = driver, target, pace
        self._on_event, self._on_change = on_event, on_change
        self._wanted, self._closed = bool(target.password), False
        self._commands = asyncio.Lock()
        self._changes = 0
        self._connects = 0
        self._since = int(time.time())
        self._last_error: str | None = None if self._wanted else _UNASKED
        self._canary_at = 0.0
        self._tried = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._retiring: dict[asyncio.Task[None], Line] = {}

    # --- life

    async def start(self) -> None:
        """Make the driver ready and connect; where that takes long, go on trying in the background."""
        await self._driver.start()
        self._spawn(self._supervise(), "link supervisor")
        if not self._wanted:
            _log.warning("not connected", server=self._target.server, reason=self._last_error)
            return
        try:
            async with asyncio.timeout(_FIRST_TRY_SECONDS):
                await self._tried.wait()
        except TimeoutError:
            _log.warning("not connected yet", server=self._target.server)

    async def close(self) -> None:
        """Log out and end the background work; what is under way ends as it may."""
        self._closed, self._wanted = True, False
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._drop("closed")
        for line in list(self._retiring.values()):
            await line.close()
        await asyncio.gather(*self._retiring, return_exceptions=True)
        await self._driver.close()

    async def connect(self, target: Target) -> None:
        """Open sessions beside the live ones, which go only when the new ones stand.

        Raises the driver's faults and ``TimeoutError``; a failure leaves everything as it was.
        """
        async with self._commands:
            line = await self._open(target)
            if self._closed:
                await line.close()
                raise NotSent("the service is stopping")
            self._target, self._wanted = target, True
            self._adopt(line)
            self._wake.set()

    async def disconnect(self) -> None:
        """Log out and stay out, until ``connect`` or a restart; calls under way are waited for."""
        async with self._commands:
            self._wanted = False
            retired = self._drop("disconnected by request")
            self._wake.set()
            if retired is not None:
                await asyncio.shield(retired)

    async def reachable(self) -> bool:
        """Whether the service that hosts the Manager API answers."""
        try:
            async with asyncio.timeout(self._pace.connect_seconds):
                return await self._driver.reachable()
        except (DriverFault, TimeoutError):
            return False

    # --- state

    @property
    def canary_age(self) -> float:
        """Seconds since a canary read last answered on the present session."""
        return time.monotonic() - self._canary_at

    def status(self) -> LinkStatus:
        """Describe the link as it stands."""
        line = self._line
        return LinkStatus(
            connected=line is not None and line.reading.connected and line.writing.connected,
            server=self._target.server,
            login=self._target.login,
            pumping=line is not None and line.reading.pumping,
            since=self._since,
            reconnects=max(0, self._connects - 1),
            last_error=self._last_error,
        )

    # --- watch

    async def _supervise(self) -> None:
        """Connect, watch, and wait longer after each failure; a link that held starts over."""
        pauses = Pauses(self._pace.reconnect_first_seconds, self._pace.reconnect_most_seconds)
        while True:
            refused = False
            if self._line is not None:
                began = time.monotonic()
                await self._watch(self._line)
                pauses.held(time.monotonic() - began)
            elif self._wanted:
                refused = await self._refused()
            if self._line is None:
                await self._woken(pauses.next(refused=refused) if self._wanted else None)

    async def _refused(self) -> bool:
        """Try to connect; says whether the server wants nothing of our login."""
        target, changes = self._target, self._changes
        try:
            line = await self._open(target)
        except Exception as error:  # noqa: BLE001 - a fault of a driver must not end the supervision
            self._last_error = str(error) or type(error).__name__
            _log.warning("connect failed", server=target.server, reason=self._last_error)
            return isinstance(error, Rejected) and error.retcode in _WRONG_LOGIN
        finally:
            self._tried.set()
        if self._changes == changes and self._wanted:
            self._adopt(line)
        else:
            self._retire(line)
        return False

    async def _watch(self, line: Line) -> None:
        """Ping and read the canary until the sessions fail or are replaced."""
        while self._line is line:
            suspected = await self._woken(min(self._pace.ping_seconds, self._pace.canary_seconds))
            if self._line is not line:
                return
            reason = await self._fault_of(line, suspected=suspected)
            if reason is not None and self._line is line:
                _log.warning("link lost", server=self._target.server, reason=reason)
                self._drop(reason)

    async def _fault_of(self, line: Line, *, suspected: bool) -> str | None:
        """Say what is wrong with the sessions; a call that may still take its time is waited for."""
        if line.pump_ended:
            return "pumping ended"
        try:
            async with asyncio.timeout(line.busy_seconds + self._pace.ping_seconds):
                await line.ping()
                if suspected or self.canary_age >= self._pace.canary_seconds:
                    if not await line.sees_groups():
                        return BLIND
                    self._canary_at = time.monotonic()
        except Exception as error:  # noqa: BLE001 - a fault of a driver must not end the supervision
            return str(error) or "no answer to a ping"
        return None

    async def _woken(self, seconds: float | None) -> bool:
        """Wait until there is something to look at, at most so long; says whether there is."""
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return False
        self._wake.clear()
        return True

    # --- change

    async def _open(self, target: Target) -> Line:
        async with asyncio.timeout(self._pace.connect_seconds):
            return await Line.open(self._driver, target)

    def _adopt(self, line: Line) -> None:
        """Put new sessions in the place of the old, in one step."""
        self._drop(None)
        self._line, self._last_error = line, None
        self._canary_at = time.monotonic()
        self._connects += 1
        self._changed()
        if self._connects > 1:
            self._on_event(GapEvent("the link was renewed"))
        self._spawn(self._pump(line, line.reading, self._on_event), "link pump")
        self._spawn(self._pump(line, line.writing, lambda _: None), "unheard pump")
        _log.info("connected", server=self._target.server, login=self._target.login)

    def _drop(self, reason: str | None) -> asyncio.Task[None] | None:
        """Take the sessions out of use; gives the task that closes them."""
        line, self._line = self._line, None
        self._last_error = reason
        if line is None:
            return None
        if reason is not None:
            self._changed()
        return self._retire(line)

    def _changed(self) -> None:
        self._since = int(time.time())
        self._changes += 1
        self._on_change(self.status())

    def _retire(self, line: Line) -> asyncio.Task[None]:
        """Close sessions when their calls are over: a write that is cut off would be in doubt."""

        async def retire() -> None:
            await line.idle()
            await line.close()

        task = asyncio.create_task(retire(), name="line retires", context=Context())
        self._retiring[task] = line
        task.add_done_callback(lambda _: self._retiring.pop(task, None))
        return task

    async def _pump(self, line: Line, session: Session, tell: Callable[[Event], None]) -> None:
        try:
            async for event in session.events():
                if self._line is line:
                    tell(event)
        except Exception:  # noqa: BLE001 - a fault of a driver must not end in silence
            _log.exception("pumping broke")
        finally:
            line.pump_ended = True
            if self._line is line:
                self._wake.set()

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run something in the background, outside of the request that may have caused it."""
        task = asyncio.create_task(work, name=name, context=Context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
