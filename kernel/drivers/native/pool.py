"""The request objects of one session: one call on each at a time, more of them when all are busy."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, Final, TypeVar

from kernel.drivers import DriverFault, NotSent
from kernel.drivers.native.convert import Converters
from kernel.drivers.native.interface import Interface
from kernel.drivers.native.owner import Owner
from kernel.drivers.native.requests import Requests

T = TypeVar("T")
_GROW_AGAIN_SECONDS: Final = 30.0
_log = logging.getLogger(__name__)


class Member:
    """One request object and the thread that owns it."""

    def __init__(self, enter: Callable[[], Interface], converters: Converters, keepalive_seconds: float) -> None:
        """Start the thread; ``begin`` logs in."""
        self._enter, self._converters, self._keepalive = enter, converters, keepalive_seconds
        self._requests: Requests | None = None
        self.owner = Owner("mt4 requests", self._tick)

    @property
    def lost(self) -> str | None:
        """Why its session is over, if it is."""
        return None if self._requests is None else self._requests.interface.lost

    def begin(self) -> "Future[None]":
        """Make the object and log it in."""
        return self.owner.submit(self._begin)

    def submit(self, work: Callable[[Requests], T]) -> "Future[T]":
        """Queue a call."""
        return self.owner.submit(lambda: self._do(work))

    def close(self) -> Owner:
        """Log out when the call under way is over; gives the thread."""
        self.owner.close(self._release)
        return self.owner

    def _begin(self) -> None:
        self._requests = Requests(self._enter(), self._converters)

    def _do(self, work: Callable[[Requests], T]) -> T:
        if self._requests is None:
            raise NotSent("the session is not open")
        return work(self._requests)

    def _tick(self) -> None:
        if self._requests is not None:
            self._requests.keep_alive(self._keepalive)

    def _release(self) -> None:
        if self._requests is not None:
            self._requests.interface.release()


class Pool:
    """Gives each call to an object that is free. A call that was given up keeps its object until it returns.

    One lost object ends the whole session: what MT4 did to one line it does to all, and only a new
    session may be believed.
    """

    def __init__(self, make: Callable[[], Member], size: int) -> None:
        """Begin without an object; ``open`` makes the first."""
        self._make, self._size = make, size
        self._loop = asyncio.get_running_loop()
        self._members: list[Member] = []
        self._ready: list[Member] = []
        self._free: list[Member] = []
        self._waiting: deque[asyncio.Future[Member]] = deque()
        self._growing: asyncio.Task[None] | None = None
        self._grow_at = 0.0
        self._closed = False

    @property
    def lost(self) -> str | None:
        """Why calls are no longer sent, if they are not."""
        if self._closed:
            return "the session is closed"
        return next((member.lost for member in self._ready if member.lost is not None), None)

    async def open(self) -> None:
        """Log an object in. Raises ``NotSent`` and ``Rejected``; whatever happens, ``close`` ends it."""
        member = self._make()
        self._members.append(member)
        await asyncio.wrap_future(member.begin())
        self._ready.append(member)
        self._give(member)

    async def run(self, work: Callable[[Requests], T]) -> T:
        """Make a call. Cancelled before its turn it is never made, later it runs on unheard."""
        member = await self._take()
        future = member.submit(work)
        future.add_done_callback(partial(self._over, member))
        return await asyncio.wrap_future(future)

    async def each(self, work: Callable[[Requests], object]) -> None:
        """Make a call on every object, behind what each is doing; raises the first fault."""
        self._believe()
        calls = [asyncio.wrap_future(member.submit(work)) for member in self._ready]
        await asyncio.gather(*calls)

    def close(self) -> list[Owner]:
        """Send nothing more and log out; gives the threads, each of which ends when its call is over."""
        self._closed = True
        if self._growing is not None:
            self._growing.cancel()
        self._refuse()
        return [member.close() for member in self._members]

    async def _take(self) -> Member:
        self._believe()
        if self._free:
            return self._free.pop()
        self._grow()
        waiter: asyncio.Future[Member] = self._loop.create_future()
        self._waiting.append(waiter)
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled() and waiter.exception() is None:
                self._give(waiter.result())
            raise

    def _give(self, member: Member) -> None:
        """Hand a free object to whoever waits longest."""
        if self.lost is not None:
            self._refuse()
            return
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(member)
                return
        self._free.append(member)

    def _over(self, member: Member, _: "Future[Any]") -> None:
        try:
            self._loop.call_soon_threadsafe(self._give, member)
        except RuntimeError:  # the loop is closed: nobody asks any more
            self._closed = True

    def _believe(self) -> None:
        if (reason := self.lost) is not None:
            raise NotSent(reason)

    def _refuse(self) -> None:
        reason = self.lost or "the session is over"
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_exception(NotSent(reason))

    def _grow(self) -> None:
        if self._growing is None and len(self._members) < self._size and self._loop.time() >= self._grow_at:
            self._growing = self._loop.create_task(self._add(), name="mt4 login")

    async def _add(self) -> None:
        try:
            await self.open()
        except DriverFault as fault:
            _log.warning("one more login with the trade server failed: %s", fault)
            self._members.pop().close()
            self._grow_at = self._loop.time() + _GROW_AGAIN_SECONDS
        finally:
            self._growing = None
        if self._waiting:
            self._grow()
