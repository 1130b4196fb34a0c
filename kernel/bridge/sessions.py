"""Logins by their generation: each belongs to one worker, and lasts while its watch is listened to."""

import asyncio
import itertools
from typing import Final

from kernel.bridge.process import WorkerProcess
from kernel.bridge.supervisor import Supervisor
from kernel.drivers import DriverFault, NotSent
from kernel.drivers.wire.encoding import SessionOver, decoded
from kernel.drivers.wire.messages import Answer

_ANSWER: Final = decoded(Answer)
_UNWATCHED_SECONDS: Final = 10.0
"""How long a new session waits for somebody to listen before it is taken for left behind."""


class Sessions:
    """The sessions of this incarnation; numbers are never used twice."""

    def __init__(self, supervisor: Supervisor) -> None:
        """Start with none."""
        self._supervisor = supervisor
        self._numbers = itertools.count(1)
        self._workers: dict[int, WorkerProcess] = {}
        self._unwatched: dict[int, asyncio.TimerHandle] = {}
        self._opening: set[asyncio.Task[tuple[int, Answer]]] = set()

    async def open(self, target: bytes, seconds: float) -> tuple[int, Answer]:
        """Log in; a caller who goes away does not stop it, but then nobody watches and it is dropped."""
        task = asyncio.create_task(self._open(target, seconds))
        self._opening.add(task)
        task.add_done_callback(self._opened)
        return await asyncio.shield(task)

    def worker(self, generation: int) -> WorkerProcess:
        """Give the worker that has the session. Raises ``SessionOver``."""
        worker = self._workers.get(generation)
        if worker is None or worker.ended:
            self._forget(generation)
            raise SessionOver("the session is over")
        return worker

    def watched(self, generation: int) -> WorkerProcess:
        """Give the same to the one who listens from now on. Raises ``NotSent``."""
        worker = self.worker(generation)
        timer = self._unwatched.pop(generation, None)
        if timer is None:
            raise NotSent("the session is watched already")
        timer.cancel()
        return worker

    def drop(self, generation: int) -> None:
        """Log out; a session that is over already is no matter."""
        worker = self._forget(generation)
        if worker is not None and not worker.ended:
            try:
                worker.ask("close", generation=generation)
            except DriverFault:
                return  # the worker is gone, and the session with it

    async def _open(self, target: bytes, seconds: float) -> tuple[int, Answer]:
        worker, generation = self._supervisor.worker, next(self._numbers)
        overdue = seconds + self._supervisor.care.grace_seconds
        asked = worker.ask("open", overdue=overdue, generation=generation, arguments=target)
        answer = _ANSWER.decode((await asked.next()).answer)
        if answer.kind == "done":
            self._workers[generation] = worker
            loop = asyncio.get_running_loop()
            self._unwatched[generation] = loop.call_later(_UNWATCHED_SECONDS, self.drop, generation)
        return generation, answer

    def _opened(self, task: asyncio.Task[tuple[int, Answer]]) -> None:
        self._opening.discard(task)
        if not task.cancelled():
            task.exception()  # a refusal that nobody waits for any more is no error of ours

    def _forget(self, generation: int) -> WorkerProcess | None:
        timer = self._unwatched.pop(generation, None)
        if timer is not None:
            timer.cancel()
        return self._workers.pop(generation, None)
