"""How calls go, and go wrong: one at a time on a line, with what the plan of faults says of each."""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

from kernel.drivers import Indeterminate, Rejected
from kernel.drivers.simulator.faults import Fault, Plan
from kernel.drivers.simulator.line import Line
from kernel.drivers.simulator.pump import Pump
from kernel.retcodes import Retcode

_A = TypeVar("_A")
PUMPED: Final = frozenset({"symbol_info", "margins"})
"""Answered from what the pump keeps: not on the request line, and no traffic on it."""
_WITHOUT_LOGIN: Final = frozenset({"ping", "server_time"})
"""What a session that is connected but logged out still answers."""
_BROKEN: Final = "the line broke"


class Trouble:
    """The plan of one server, and the calls that outlive their callers."""

    def __init__(self, plan: Plan, calls_per_second: int = 0) -> None:
        """Take the plan; more calls a second than allowed get 8, 0 allows any number."""
        self.plan = plan
        self.calls_per_second = calls_per_second
        self._tasks: set[asyncio.Task[Any]] = set()

    def on(self, line: Line, pump: Pump) -> "Calls":
        """Give the calls of one session."""
        return Calls(self, line, pump)

    def start(self, work: Coroutine[Any, Any, _A]) -> asyncio.Task[_A]:
        """Run what the server does even when nobody waits for it any more."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def close(self) -> None:
        """End what is still on its way: the server is gone, it is not carried out."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # a refusal that nobody waits for is no error of ours


class Calls:
    """One session's calls."""

    def __init__(self, trouble: Trouble, line: Line, pump: Pump) -> None:
        """Begin with a line that is free."""
        self._trouble = trouble
        self._line = line
        self._pump = pump
        self._busy = asyncio.Lock()
        self._closed = asyncio.Event()
        self._logged_out = False
        self._second = 0
        self._count = 0

    async def call(self, name: str, work: Callable[[], _A], empty: _A | None = None) -> _A:
        """Make a call when the one before is over; ``empty`` is what a list is without a login."""
        if name in PUMPED:
            return await self._made(name, work, empty)
        async with self._busy:
            return await self._made(name, work, empty)

    async def hang(self) -> None:
        """Never come back, unless the session closes."""
        async with self._busy:
            await self._closed.wait()
        raise Indeterminate("the session was closed during the call")

    def close(self) -> None:
        """Let go of whoever hangs."""
        self._closed.set()

    async def _made(self, name: str, work: Callable[[], _A], empty: _A | None) -> _A:
        try:
            self._line.use(traffic=name not in PUMPED)
        except Indeterminate:
            self._pump.stop(_BROKEN)
            raise
        self._count_call()
        fault = self._trouble.plan.next(name)
        if fault is not None and fault.kind == "empty":
            self._logged_out = True
        if self._logged_out and name not in _WITHOUT_LOGIN:
            if empty is None:
                raise Rejected(Retcode.NO_CONNECT)
            return empty
        return _run(work) if fault is None else await self._suffer(fault, work)

    async def _suffer(self, fault: Fault, work: Callable[[], _A]) -> _A:
        match fault.kind:
            case "refuse":
                raise Rejected(fault.retcode or Retcode.ERROR)
            case "lost_before":
                raise self._broken()
            case "lost_after":
                await self._carried_out(fault.seconds, work)
                raise self._broken()
            case "latency":
                return await self._slowly(fault.seconds, work)
            case "hang":
                return await self._slowly(fault.seconds, work)
            case "drop":
                return self._last(work)
            case "pump_gap":
                self._pump.stop("pumping timeout")
                asyncio.get_running_loop().call_later(fault.seconds or 0.0, self._pump.resume)
                return _run(work)
            case "empty":
                return _run(work)

    async def _carried_out(self, seconds: float | None, work: Callable[[], Any]) -> None:
        """Have the effect without the answer, now or when the server gets to it."""
        late = self._trouble.start(_after(seconds or 0.0, work))
        if not seconds:
            await asyncio.wait({late})

    async def _slowly(self, seconds: float | None, work: Callable[[], _A]) -> _A:
        """Answer late, or never; a caller that gives up does not keep the server from doing it."""
        closed = asyncio.ensure_future(self._closed.wait())
        waiting: set[asyncio.Future[Any]] = {closed}
        late = None if seconds is None else self._trouble.start(_after(seconds, work))
        if late is not None:
            waiting.add(late)
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            closed.cancel()
        if late is None or not late.done() or late.cancelled():
            raise Indeterminate("the session was closed during the call")
        return late.result()

    def _last(self, work: Callable[[], _A]) -> _A:
        """Answer, and be gone."""
        try:
            return _run(work)
        finally:
            self._line.cut()
            self._pump.stop(_BROKEN)

    def _broken(self) -> Indeterminate:
        self._pump.stop(_BROKEN)
        return self._line.lost()

    def _count_call(self) -> None:
        second = int(self._line.now())
        self._count = self._count + 1 if second == self._second else 1
        self._second = second
        if 0 < self._trouble.calls_per_second < self._count:
            raise Rejected(Retcode.TOO_FREQUENT)


async def _after(seconds: float, work: Callable[[], _A]) -> _A:
    await asyncio.sleep(seconds)
    return _run(work)


def _run(work: Callable[[], _A]) -> _A:
    try:
        return work()
    except sqlite3.Error as error:
        raise Rejected(Retcode.TECH_PROBLEM) from error
    except OSError as error:
        # The ledger could not be written: what it should tell of is booked.
        raise Indeterminate(f"the simulator could not write: {error}", Retcode.TECH_PROBLEM) from error
