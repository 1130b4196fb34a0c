"""Calls over the live sessions: each within one deadline, reads and writes in lanes of their own."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from kernel.connection.lines import Call, Line
from kernel.drivers import NotSent, Rejected, Session
from kernel.errors import Unavailable
from kernel.retcodes import Retcode

T = TypeVar("T")

BLIND: Final = "the session answers, but sees nothing"


class Calls:
    """The base of the link: it keeps ``_line`` live, this uses it."""

    def __init__(self, reads: int) -> None:
        """Let so many reads run at once, and one write."""
        self._line: Line | None = None
        self._wake = asyncio.Event()
        self._read_lane = asyncio.Semaphore(reads)
        self._write_lane = asyncio.Semaphore(1)

    @property
    def session(self) -> Session:
        """The session for reads; raises ``NotSent`` without one."""
        return self._live().reading

    async def read(self, call: Call[T], seconds: float) -> T:
        """Make one call that changes nothing, within so many seconds.

        Raises the driver's faults and ``TimeoutError``, which make the supervisor look at once, and
        ``Unavailable`` where the calls before it left no time: then it was not sent.
        """
        return await self._bounded(self._read_lane, lambda line: line.reading, call, seconds)

    async def rows(self, call: Call[Sequence[T]], seconds: float) -> Sequence[T]:
        """Read a list; an empty one is believed only while the same session still sees its groups.

        Raises as ``read``, and ``NotSent`` where the session is stale.
        """

        async def believed(session: Session) -> Sequence[T]:
            found = await call(session)
            if not found and not await session.groups():
                raise NotSent(BLIND)
            return found

        return await self.read(believed, seconds)

    async def write(self, call: Call[T], seconds: float) -> T:
        """Make one call that may change something: once, never repeated. Raises as ``read``."""
        return await self._bounded(self._write_lane, lambda line: line.writing, call, seconds)

    async def _bounded(
        self, lane: asyncio.Semaphore, side: Callable[[Line], Session], call: Call[T], seconds: float
    ) -> T:
        ends, line = asyncio.get_running_loop().time() + seconds, None
        try:
            async with asyncio.timeout_at(ends), lane:
                line = self._live()
                return await line.run(side(line), call, ends)
        except Exception as fault:
            if line is None and isinstance(fault, TimeoutError):
                raise Unavailable("Too many calls wait for the MT4 server; this one was not sent") from fault
            refused = isinstance(fault, Rejected) and fault.retcode != Retcode.NO_CONNECT
            if line is not None and line is self._line and not refused:
                self._wake.set()
            raise

    def _live(self) -> Line:
        if self._line is None:
            raise NotSent("no session with the trade server")
        return self._line
