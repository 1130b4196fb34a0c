"""Two sessions with the trade server that come and go together: one for reads and the pump, one for writes.

A session makes one call after the other, so a write that hangs would hold up every read behind it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from kernel.drivers import Driver, Session
from kernel.records.server import Target

T = TypeVar("T")
Call = Callable[[Session], Awaitable[T]]


class Line:
    """An open pair of sessions, and the calls that are under way on them."""

    def __init__(self, reading: Session, writing: Session) -> None:
        """Take two sessions of the same manager on the same server."""
        self.reading, self.writing = reading, writing
        self.pump_ended = False
        self._calls: dict[asyncio.Future[None], float] = {}

    @classmethod
    async def open(cls, driver: Driver, target: Target) -> "Line":
        """Open both, or neither. Raises the driver's faults."""
        reading = await driver.open(target)
        try:
            return cls(reading, await driver.open(target))
        except BaseException:
            await reading.close()
            raise

    async def run(self, session: Session, call: Call[T], ends: float) -> T:
        """Make a call that is over at ``ends``, by the event loop's clock."""
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._calls[over] = ends
        try:
            return await call(session)
        finally:
            del self._calls[over]
            over.set_result(None)

    @property
    def busy_seconds(self) -> float:
        """How long the calls under way may still take."""
        now = asyncio.get_running_loop().time()
        return max((ends - now for ends in self._calls.values()), default=0.0)

    async def idle(self) -> None:
        """Return when the calls under way are over, or should be."""
        if self._calls:
            await asyncio.wait(self._calls, timeout=max(self.busy_seconds, 0.0))

    async def ping(self) -> None:
        """Make a round trip on both sessions, which also keeps them alive."""
        await self.reading.ping()
        await self.writing.ping()

    async def sees_groups(self) -> bool:
        """Read the canary on both sessions."""
        return bool(await self.reading.groups()) and bool(await self.writing.groups())

    async def close(self) -> None:
        """Log out at once; may be called twice."""
        await asyncio.gather(self.reading.close(), self.writing.close(), return_exceptions=True)
