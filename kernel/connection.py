"""The supervised link to the trade server: connects, watches, reconnects, and bounds every call.

``IsConnected`` is not believed: a session counts as alive while its pings and its canary read answer.
The canary is the list of groups, which no working session sees empty; it is what tells an account
that does not exist from a session that has silently been logged out.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Final, TypeVar

import structlog

from kernel.config import Mt4
from kernel.drivers import Driver, DriverFault, Indeterminate, NotSent, Rejected, Session
from kernel.records.connection import LinkStatus
from kernel.records.events import Event
from kernel.records.server import Target

T = TypeVar("T")
Call = Callable[[Session], Awaitable[T]]

_WRONG_PASSWORD_SECONDS: Final = 300.0
_HEALTHY_SECONDS: Final = 60.0
_log = structlog.stdlib.get_logger("mt4api.connection")


class Connection:
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
        """Keep what to connect to; ``start`` begins."""
        self._driver, self._target, self._pace = driver, target, pace
        self._on_event, self._on_change = on_event, on_change
        self._session: Session | None = None
        self._wanted = True
        self._since = int(time.time())
        self._reconnects = 0
        self._last_error: str | None = None
        self._lost = asyncio.Event()
        self._look = asyncio.Event()
        self._changing = asyncio.Lock()
        self._read_lane = asyncio.Semaphore(pace.reads)
        self._write_lane = asyncio.Semaphore(1)
        self._canary_at = 0.0
        self._tasks: set[asyncio.Task[None]] = set()

    # --- life

    async def start(self) -> None:
        """Make the driver ready, try once to connect, and go on trying in the background."""
        await self._driver.start()
        await self._try_once()
        self._spawn(self._supervise(), "link supervisor")

    async def close(self) -> None:
        """Log out and end the background work."""
        self._wanted = False
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._drop("closed")
        await self._driver.close()

    async def connect(self, target: Target) -> None:
        """Open a session beside the live one, which goes only when the new one stands.

        Raises the driver's faults; a failure leaves everything as it was.
        """
        async with self._changing:
            session = await self._open(target)
            self._target, self._wanted = target, True
            await self._replace(session)

    async def disconnect(self) -> None:
        """Log out and stay out, until ``connect`` or a restart."""
        async with self._changing:
            self._wanted = False
            await self._drop("disconnected by request")

    async def reachable(self) -> bool:
        """Whether the service that hosts the Manager API answers."""
        try:
            async with asyncio.timeout(self._pace.connect_seconds):
                return await self._driver.reachable()
        except (DriverFault, TimeoutError):
            return False

    # --- use

    @property
    def session(self) -> Session:
        """The live session; raises ``NotSent`` without one."""
        if self._session is None:
            raise NotSent("no session with the trade server")
        return self._session

    @property
    def canary_age(self) -> float:
        """Seconds since a canary read last answered on the present session."""
        return time.monotonic() - self._canary_at

    def status(self) -> LinkStatus:
        """Describe the link as it stands."""
        session = self._session
        return LinkStatus(
            connected=session is not None and session.connected,
            server=self._target.server,
            login=self._target.login,
            pumping=session is not None and session.pumping,
            since=self._since,
            reconnects=self._reconnects,
            last_error=self._last_error,
        )

    async def read(self, call: Call[T], seconds: float) -> T:
        """Make one call that changes nothing, within so many seconds.

        Raises the driver's faults and ``TimeoutError``; either makes the supervisor look at once.
        """
        return await self._bounded(self._read_lane, call, seconds)

    async def write(self, call: Call[T], seconds: float) -> T:
        """Make one call that may change something: once, never repeated. Raises as ``read``."""
        return await self._bounded(self._write_lane, call, seconds)

    async def trust_empty(self, seconds: float) -> None:
        """Return when an empty answer can be believed; raises ``NotSent`` when the session is stale."""
        session = self.session
        if not await self.read(_canary, seconds):
            await self._give_up(session, "the session answers, but sees nothing")
            raise NotSent("the session was stale")
        self._canary_at = time.monotonic()

    async def _bounded(self, lane: asyncio.Semaphore, call: Call[T], seconds: float) -> T:
        started = False
        try:
            async with asyncio.timeout(seconds), lane:
                session = self.session
                started = True
                return await call(session)
        except Rejected:
            raise
        except NotSent:
            self._look.set()
            raise
        except TimeoutError:
            self._look.set()
            if not started:
                raise NotSent("no turn within the deadline") from None
            raise
        except Indeterminate:
            self._look.set()
            raise

    # --- watch

    async def _supervise(self) -> None:
        delay = self._pace.reconnect_first_seconds
        while True:
            if self._session is not None:
                connected_at = time.monotonic()
                await self._watch(self._session)
                if time.monotonic() - connected_at > _HEALTHY_SECONDS:
                    delay = self._pace.reconnect_first_seconds
            elif not self._wanted:
                await self._until_looked_at(self._pace.ping_seconds)
            else:
                refused = await self._try_once()
                if self._session is None:
                    longest = _WRONG_PASSWORD_SECONDS if refused else random.uniform(0, delay)  # noqa: S311 - jitter, not a secret
                    await self._until_looked_at(longest, only_change=True)
                    delay = min(delay * 2, self._pace.reconnect_most_seconds)

    async def _try_once(self) -> bool:
        """Connect if nobody did; says whether the server refused our login."""
        async with self._changing:
            if self._session is not None or not self._wanted:
                return False
            try:
                session = await self._open(self._target)
            except (DriverFault, TimeoutError) as error:
                self._last_error = str(error) or type(error).__name__
                _log.warning("connect failed", server=self._target.server, reason=self._last_error)
                return isinstance(error, Rejected)
            await self._replace(session)
            return False

    async def _watch(self, session: Session) -> None:
        """Ping and read the canary until the session fails or is replaced."""
        while self._session is session:
            await self._until_looked_at(self._pace.ping_seconds)
            if self._session is not session:
                return
            try:
                async with asyncio.timeout(self._pace.ping_seconds):
                    await session.ping()
                if self.canary_age >= self._pace.canary_seconds:
                    await self.trust_empty(self._pace.ping_seconds)
            except (DriverFault, TimeoutError) as error:
                await self._give_up(session, str(error) or "no answer to a ping")

    async def _until_looked_at(self, seconds: float, *, only_change: bool = False) -> None:
        waited_for = self._lost if only_change else self._look
        waited_for.clear()
        try:
            async with asyncio.timeout(seconds):
                await waited_for.wait()
        except TimeoutError:
            return

    async def _open(self, target: Target) -> Session:
        async with asyncio.timeout(self._pace.connect_seconds):
            return await self._driver.open(target)

    async def _give_up(self, session: Session, reason: str) -> None:
        async with self._changing:
            if self._session is session:
                _log.warning("link lost", server=self._target.server, reason=reason)
                await self._drop(reason)

    async def _replace(self, session: Session) -> None:
        old, self._session = self._session, session
        if old is not None:
            await old.close()
        if self._canary_at:
            self._reconnects += 1
        self._canary_at = time.monotonic()
        self._last_error = None
        self._changed()
        self._spawn(self._pump(session), "link pump")
        _log.info("connected", server=self._target.server, login=self._target.login)

    async def _drop(self, reason: str) -> None:
        session, self._session = self._session, None
        if session is None:
            return
        self._last_error = reason
        self._changed()
        await session.close()

    def _changed(self) -> None:
        self._since = int(time.time())
        self._look.set()
        self._lost.set()
        self._on_change(self.status())

    async def _pump(self, session: Session) -> None:
        try:
            async for event in session.events():
                self._on_event(event)
        except DriverFault as fault:
            _log.warning("pumping stopped", reason=str(fault))
            self._look.set()

    def _spawn(self, work: Coroutine[None, None, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _canary(session: Session) -> bool:
    return bool(await session.groups())
