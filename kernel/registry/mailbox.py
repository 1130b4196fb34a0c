"""What one plugin is to be told, in order, by a task of its own."""

import asyncio
from contextvars import Context, copy_context
from typing import Any

import structlog

from kernel.registry.limited import Hook, Limited

_log = structlog.stdlib.get_logger("mt4api.plugins")


class Mailbox:
    """Begins with its first event and ends with ``close``."""

    def __init__(self, limited: Limited) -> None:
        """Take how hooks are called."""
        self._limited = limited
        self._queue: asyncio.Queue[tuple[Hook, list[Any], Context, str | None]] = asyncio.Queue()
        self._latest: dict[str, list[Any]] = {}
        self._task = asyncio.create_task(self._run(), name="plugin mailbox", context=Context())

    def post(self, hook: Hook, arguments: list[Any], latest: str | None) -> None:
        """Queue an event; one with a key takes the place of that key's earlier one, if it still waits."""
        if latest is not None:
            waiting = self._latest.get(latest)
            if waiting is not None:
                waiting[:] = arguments
                return
            self._latest[latest] = arguments
        self._queue.put_nowait((hook, arguments, copy_context(), latest))

    async def _run(self) -> None:
        while True:
            hook, arguments, context, latest = await self._queue.get()
            if latest is not None:
                del self._latest[latest]
            try:
                await self._limited.call(hook, arguments, context)
            except Exception:  # noqa: BLE001 - whatever a plugin raises is logged, and the next event told
                _log.exception("hook broke", hook=hook.name, plugin=hook.plugin.name)
            finally:
                self._queue.task_done()

    async def close(self, seconds: float) -> None:
        """Wait until everything is told, at most so long, and end the task."""
        try:
            async with asyncio.timeout(seconds):
                await self._queue.join()
        except TimeoutError:
            _log.warning("plugin events lost at the stop", waiting=self._queue.qsize())
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
