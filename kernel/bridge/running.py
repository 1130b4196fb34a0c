"""The bridge put together: its worker, its door and its server, with their start and their stop."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import structlog

from kernel.bridge.credentials import Papers, checked_address
from kernel.bridge.door import Door
from kernel.bridge.limits import Allowed, Limits
from kernel.bridge.server import Server
from kernel.bridge.settings import BridgeSettings
from kernel.bridge.supervisor import Care, Supervisor
from kernel.bridge.worker import Job

_MIB = 1_048_576
_log = structlog.stdlib.get_logger("mt4api.bridge")


class Bridge:
    """One running internal service."""

    def __init__(self, settings: BridgeSettings, job: Job, care: Care | None = None) -> None:
        """Wire it; nothing runs before ``start``. ``care`` stands in for what the settings say of the worker."""
        self._settings = settings
        care = care or Care(
            start_seconds=settings.start_seconds,
            grace_seconds=settings.grace_seconds,
            recycle_seconds=settings.recycle_hours * 3600,
            recycle_bytes=settings.recycle_mib * _MIB,
        )
        self.supervisor = Supervisor(job, care, self._on_change)
        allowed = Allowed(
            operations=frozenset(settings.operations),
            largest_amount=settings.largest_amount,
            hourly_amount=settings.hourly_amount,
        )
        self._clock = asyncio.get_running_loop().time
        limits = Limits(allowed, self._clock)
        self.door = Door(self.supervisor, limits, job.driver, most_calls=settings.calls, clock=self._clock)
        self._server = Server(
            self.door,
            papers=papers_of(settings),
            clients=settings.clients,
            message_bytes=settings.message_bytes,
        )
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    async def start(self) -> None:
        """Start the worker, then listen. Raises ``WorkerFailed`` and ``Unusable``, and then nothing runs."""
        checked_address(self._settings.listen, tls=bool(self._settings.certificate))
        try:
            await self.supervisor.start()
            self.port = await self._server.start(self._settings.listen)
        except BaseException:
            await self.stop()
            raise
        _log.info("bridge listens", address=self._settings.listen, port=self.port, incarnation=self.door.incarnation)

    async def stop(self) -> None:
        """Refuse new writes, wait for those under way, then end server and worker."""
        await self.door.stop(self._settings.shutdown_seconds)
        await self._server.stop(0)
        await self.supervisor.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _on_change(self, running: bool) -> None:  # noqa: FBT001 - the one thing that it hears
        self._spawn(self._server.show(serving=running))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def papers_of(settings: BridgeSettings) -> Papers | None:
    """Give the certificates of the settings, None for loopback without."""
    if not settings.certificate:
        return None
    return Papers(ca=Path(settings.ca), certificate=Path(settings.certificate), key=Path(settings.key))
