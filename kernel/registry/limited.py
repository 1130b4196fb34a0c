"""One call of one hook, within its time, whatever the plugin does in it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextvars import Context
from typing import Any, Final

from msgspec import Struct

from kernel.loader import Plugin

_MOST_STUCK: Final = 16
"""Calls of a plugin that neither end nor let themselves be cancelled, before it gets no more."""


class HookBroke(Exception):
    """A hook ended otherwise than by answering or raising: it tried to exit, or cannot be stopped."""


class Hook(Struct, frozen=True):
    """One plugin's implementation of one hook."""

    name: str
    plugin: Plugin
    call: Callable[..., Any]
    argnames: tuple[str, ...]

    def arguments(self, given: Mapping[str, Any]) -> list[Any]:
        """Pick what the implementation asks for; ``settings`` is its own plugin's."""
        return [self.plugin.settings if name == "settings" else given[name] for name in self.argnames]

    async def answer(self, arguments: Sequence[Any]) -> Any:
        """Call it, so that nothing but exceptions comes out: a plugin's ``sys.exit()`` must not stop the service."""
        try:
            return await self.call(*arguments)
        except (SystemExit, KeyboardInterrupt, asyncio.CancelledError) as error:
            raise HookBroke(f"{type(error).__name__}: {error}") from error


class Limited:
    """Calls hooks in tasks of their own, so that one that cannot be cancelled holds nobody up."""

    def __init__(self, seconds: float) -> None:
        """Give each hook so many seconds."""
        self.seconds = seconds
        self._stuck: dict[asyncio.Task[Any], str] = {}

    async def call(self, hook: Hook, arguments: Sequence[Any], context: Context | None = None) -> Any:
        """Give a hook's answer; raises what it raises, ``TimeoutError`` and ``HookBroke``."""
        if sum(name == hook.plugin.name for name in self._stuck.values()) >= _MOST_STUCK:
            raise HookBroke("too many earlier calls have neither ended nor let themselves be cancelled")
        task = asyncio.create_task(hook.answer(arguments), name=hook.name, context=context)
        try:
            done, _ = await asyncio.wait({task}, timeout=self.seconds)
        finally:
            if not task.done():
                task.cancel()
                self._stuck[task] = hook.plugin.name
                task.add_done_callback(self._ended)
        if not done:
            raise TimeoutError(f"no answer within {self.seconds} seconds")
        return task.result()

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._stuck.pop(task, None)
        if not task.cancelled():
            task.exception()  # nobody waits for it any more, and asyncio would complain
