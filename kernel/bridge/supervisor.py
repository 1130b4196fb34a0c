"""Keeps one worker process running: watches it, kills what hangs, starts the next, renews the old."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

import structlog
from msgspec import Struct

from kernel.bridge.process import WorkerFailed, WorkerProcess
from kernel.bridge.worker import Job
from kernel.drivers import DriverFault, NotSent
from kernel.drivers.wire.encoding import UNREADABLE, decoded
from kernel.drivers.wire.messages import Answer

_ANSWER: Final = decoded(Answer)
_SIZE: Final = decoded(int)
_HELD_SECONDS: Final = 60.0
"""How long a worker must have run for the wait before the next to start over."""
_log = structlog.stdlib.get_logger("mt4api.bridge")


class Care(Struct, frozen=True, kw_only=True):
    """When a worker is killed or renewed; ``recycle_bytes`` and ``recycle_seconds`` only between calls."""

    start_seconds: float = 120.0
    grace_seconds: float = 5.0
    look_seconds: float = 1.0
    recycle_seconds: float = 86_400.0
    recycle_bytes: int = 2_147_483_648
    first_wait_seconds: float = 0.2
    longest_wait_seconds: float = 30.0


class Supervisor:
    """One worker at a time. ``on_change`` hears whether one runs."""

    def __init__(self, job: Job, care: Care, on_change: Callable[[bool], None]) -> None:
        """Keep what to host; ``start`` begins."""
        self._job, self.care, self._on_change = job, care, on_change
        self._worker: WorkerProcess | None = None
        self._ended = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.workers = 0

    @property
    def worker(self) -> WorkerProcess:
        """The worker that runs. Raises ``NotSent`` while there is none."""
        if self._worker is None or self._worker.ended:
            raise NotSent("the worker process is being started again")
        return self._worker

    async def start(self) -> None:
        """Start the first worker. Raises ``WorkerFailed``: what does not start once is for the operator."""
        await self._begin()
        self._task = asyncio.create_task(self._supervise(), name="worker supervisor")

    async def close(self) -> None:
        """Have the worker close its driver, and end."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        worker, self._worker = self._worker, None
        if worker is not None:
            await worker.end()
        self._on_change(False)

    async def _begin(self) -> None:
        self._ended.clear()
        worker = WorkerProcess(self._job, self._on_end)
        await worker.start(self.care.start_seconds)
        self._worker = worker
        self.workers += 1
        self._on_change(True)
        _log.info("worker started", driver=self._job.driver, pid=worker.pid, number=self.workers)

    def _on_end(self, worker: WorkerProcess, reason: str) -> None:
        if worker is self._worker:
            _log.warning("worker ended", pid=worker.pid, reason=reason)
            self._on_change(False)
            self._ended.set()

    async def _supervise(self) -> None:
        shortest, longest = self.care.first_wait_seconds, self.care.longest_wait_seconds
        wait, began = shortest, time.monotonic()
        while True:
            if self._worker is not None:
                await self._watch(self._worker)
                wait = shortest if time.monotonic() - began >= _HELD_SECONDS else wait
                worker, self._worker = self._worker, None
                await worker.kill()
            await asyncio.sleep(wait)
            wait, began = min(wait * 2, longest), time.monotonic()
            try:
                await self._begin()
            except (WorkerFailed, OSError) as error:
                _log.error("worker does not start", reason=str(error), next_try_seconds=wait)

    async def _watch(self, worker: WorkerProcess) -> None:
        """Look after a worker until it has ended or is to be renewed."""
        began = time.monotonic()
        while not self._ended.is_set():
            size = await self._size(worker)
            old = time.monotonic() - began >= self.care.recycle_seconds
            if (old or size >= self.care.recycle_bytes) and not worker.busy and not worker.ended:
                _log.info("worker is renewed", pid=worker.pid, bytes=size, old=old)
                await worker.end()
                return
            try:
                async with asyncio.timeout(self.care.look_seconds):
                    await self._ended.wait()
            except TimeoutError:
                continue

    async def _size(self, worker: WorkerProcess) -> int:
        """Ask for the worker's memory in bytes; one that does not answer in the grace time is killed."""
        try:
            reply = await worker.ask("ping", overdue=self.care.grace_seconds).next()
            return _SIZE.decode(_ANSWER.decode(reply.answer).payload)
        except (DriverFault, *UNREADABLE):
            return 0
