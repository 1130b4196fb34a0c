"""One worker process from its start to its end, and what is asked of it in between."""

import asyncio
import itertools
import multiprocessing
import socket
from collections.abc import Callable
from multiprocessing.context import SpawnProcess
from typing import Final

from msgspec import Raw

from kernel.bridge.frames import BrokenLink, Link, Reply, Request, Verb
from kernel.bridge.worker import Job, host
from kernel.drivers import Indeterminate, NotSent
from kernel.drivers.wire.encoding import decoded, fault_of
from kernel.drivers.wire.messages import NIL, Answer

_ANSWER: Final = decoded(Answer)
_SPAWN: Final = multiprocessing.get_context("spawn")
_LOOK_SECONDS: Final = 0.005
_END_SECONDS: Final = 5.0


class WorkerFailed(Exception):
    """A worker that does not come up; the text says why."""


class Asked:
    """A request under way: what has come back, and the hour at which the worker is overdue."""

    def __init__(self, number: int, verb: Verb, timer: asyncio.TimerHandle | None) -> None:
        """Begin without an answer."""
        self.number, self.verb = number, verb
        self._timer = timer
        self._replies: asyncio.Queue[Reply | None] = asyncio.Queue()
        self.over = False

    def take(self, reply: Reply | None) -> None:
        """Hear from the worker, or with None that it is gone: it answers, so it does not hang."""
        if self._timer is not None:
            self._timer.cancel()
        self.over = self.over or reply is None or reply.last
        self._replies.put_nowait(reply)

    async def next(self) -> Reply:
        """Wait for a reply. Raises ``Indeterminate`` where the worker is gone."""
        reply = await self._replies.get()
        if reply is None:
            raise Indeterminate("the worker process ended during the call")
        return reply


class WorkerProcess:
    """A process and the link to it; ``on_end`` is called once, when it is of no use any more."""

    def __init__(self, job: Job, on_end: Callable[["WorkerProcess", str], None]) -> None:
        """Keep what to host; ``start`` begins."""
        self._job, self._on_end = job, on_end
        self._numbers = itertools.count(1)
        self._asked: dict[int, Asked] = {}
        self._link: Link | None = None
        self._reading: asyncio.Task[None] | None = None
        self._process: SpawnProcess | None = None
        self.pid: int | None = None
        self.ended = False

    @property
    def busy(self) -> bool:
        """Whether the driver is at work; waiting for events is no work."""
        return any(asked.verb in {"call", "open"} for asked in self._asked.values())

    async def start(self, seconds: float) -> None:
        """Start the process and wait for its driver to be ready. Raises ``WorkerFailed``."""
        ours, theirs = socket.socketpair()
        try:
            process = _SPAWN.Process(target=host, args=(theirs, self._job), name="mt4api worker", daemon=True)
            process.start()
            self._process, self.pid = process, process.pid
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        self._link = await Link.over(ours, Reply)
        try:
            async with asyncio.timeout(seconds):
                report: Reply = await self._link.receive()
        except (TimeoutError, BrokenLink) as error:
            await self.kill()
            raise WorkerFailed(str(error) or f"the driver did not start within {seconds:g} s") from error
        except BaseException:
            await self.kill()
            raise
        if fault := fault_of(_ANSWER.decode(report.answer)):
            await self.kill()
            raise WorkerFailed(str(fault)) from fault
        self._reading = asyncio.create_task(self._read(self._link))

    def ask(
        self, verb: Verb, *, overdue: float | None = None, generation: int = 0, name: str = "", arguments: bytes = NIL
    ) -> Asked:
        """Send a request; unanswered ``overdue`` seconds later the process is killed. Raises ``NotSent``."""
        if self._link is None or self.ended:
            raise NotSent("no worker process is running")
        number = next(self._numbers)
        try:
            self._link.send(Request(number, verb, generation, name, Raw(arguments)))
        except BrokenLink as error:
            raise NotSent("the worker process is gone") from error
        loop = asyncio.get_running_loop()
        reason = f"{name or verb} did not come back within {overdue or 0:g} s"
        timer = None if overdue is None else loop.call_later(overdue, self._end, reason)
        asked = self._asked[number] = Asked(number, verb, timer)
        return asked

    def tell(self, verb: Verb, number: int) -> None:
        """Let more pieces of a list come, or none; nobody waits for an answer."""
        if self._link is not None and not self.ended:
            try:
                self._link.send(Request(number, verb))
            except BrokenLink:
                return

    async def end(self) -> None:
        """Have it close its driver, and kill it if that takes long."""
        if self._link is not None and not self.ended:
            self.tell("end", 0)
            await self._gone(_END_SECONDS)
        await self.kill()

    async def kill(self) -> None:
        """End it at once; nothing is left of it when this returns. May be called twice."""
        self._end("it was stopped")
        if self._reading is not None and self._reading is not asyncio.current_task():
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
            self._reading = None
        await self._gone(_END_SECONDS)
        process, self._process = self._process, None
        if process is not None and not process.is_alive():
            process.close()

    async def _gone(self, seconds: float) -> None:
        """Wait for the end of the process, without a thread for it; a kill takes milliseconds."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + seconds
        while self._process is not None and self._process.is_alive() and loop.time() < ends:  # noqa: ASYNC110 - Windows has no event for it
            await asyncio.sleep(_LOOK_SECONDS)

    async def _read(self, link: Link) -> None:
        reason = "it ended by itself"
        try:
            while True:
                reply: Reply = await link.receive()
                asked = self._asked.get(reply.id)
                if asked is not None:
                    if reply.last:
                        del self._asked[reply.id]
                    asked.take(reply)
        except BrokenLink as error:
            reason = str(error)
        finally:
            self._end(reason)

    def _end(self, reason: str) -> None:
        if self.ended:
            return
        self.ended = True
        if self._process is not None:
            self._process.kill()
        if self._link is not None:
            self._link.close()
        asked, self._asked = self._asked, {}
        for each in asked.values():
            each.take(None)
        self._on_end(self, reason)
