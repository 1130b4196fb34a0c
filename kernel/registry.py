"""Calls the plugins' hooks: one implementation after the other, in the operator's order, each in time.

pluggy keeps the implementations and checks their signatures; it awaits nothing, so the calling is
done here.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

import structlog
from msgspec import Struct
from pluggy import HookCaller, HookImpl, PluginManager

from kernel.errors import CheckFailed, OperationRejected, Refused
from kernel.loader import Plugin, PluginError, verified

P = ParamSpec("P")
T = TypeVar("T")

_WAITING_PRICES: Final = 1000
_BROKEN: Final = (Exception, SystemExit)
"""What a hook may end with that is not an answer: a plugin's sys.exit() must not stop the service."""
_log = structlog.stdlib.get_logger("mt4api.plugins")


class _Hook(Struct, frozen=True):
    """One plugin's implementation of one hook."""

    name: str
    plugin: Plugin
    call: Callable[..., Any]
    argnames: tuple[str, ...]

    def arguments(self, given: Mapping[str, Any]) -> list[Any]:
        """Pick what the implementation asks for; ``settings`` is its own plugin's."""
        return [self.plugin.settings if name == "settings" else given[name] for name in self.argnames]


class Registry:
    """The loaded plugins and the way to ask and to tell them."""

    def __init__(self, plugins: Sequence[Plugin], *, hook_seconds: float) -> None:
        """Check every hook against its specification; raises ``PluginError`` with all problems."""
        manager, problems = verified(plugins)
        if problems:
            raise PluginError(problems)
        self.plugins = tuple(plugins)
        self._chains = _chains(manager, plugins)
        self._seconds = hook_seconds
        self._mailboxes: dict[str, _Mailbox] = {}

    def hooks_of(self, plugin: str) -> list[str]:
        """Name the hooks that a plugin fills."""
        return [name for name, chain in self._chains.items() if any(hook.plugin.name == plugin for hook in chain)]

    def place_of(self, plugin: str, hook: str) -> int:
        """Count from 1 where a plugin stands in a hook's chain."""
        return [found.plugin.name for found in self._chains[hook]].index(plugin) + 1

    def limit_of(self, hook: str) -> float | None:
        """Give the seconds that a hook may take; None for those asked once at the start."""
        return None if hook.startswith("register_") else self._seconds

    def collect(self, spec: Callable[..., T]) -> list[tuple[Plugin, T]]:
        """Ask a ``register_`` hook of every plugin; raises ``PluginError`` where one breaks."""
        found: list[tuple[Plugin, T]] = []
        problems: list[str] = []
        for hook in self._chains.get(spec.__name__, ()):
            try:
                found.append((hook.plugin, hook.call(*hook.arguments({}))))
            except Exception as error:  # noqa: BLE001 - whatever a plugin raises is named, not passed on
                problems.append(f"{hook.plugin.origin}: {hook.name} broke: {type(error).__name__}: {error}")
        if problems:
            raise PluginError(problems)
        return found

    async def check(
        self,
        spec: Callable[Concatenate[Any, P], Awaitable[None]],
        *_: P.args,
        **given: P.kwargs,
    ) -> None:
        """Ask a ``pre_`` hook: the first refusal ends the chain.

        Raises ``OperationRejected`` for a veto and ``CheckFailed`` for a check that broke, took too
        long or answered something: what was not passed does not go on.
        """
        for hook in self._chains.get(spec.__name__, ()):
            await self._ask(hook, given)

    async def _ask(self, hook: _Hook, given: Mapping[str, Any]) -> None:
        name = hook.plugin.name
        log = _log.bind(hook=hook.name, plugin=name)
        started = time.perf_counter()
        try:
            async with asyncio.timeout(self._seconds):
                answer = await hook.call(*hook.arguments(given))
            if answer is not None:
                raise TypeError(f"answered {type(answer).__name__}, a check answers nothing")
        except Refused as refusal:
            reason = str(refusal) or "refused"
            log.info("hook refused", reason=reason, ms=_ms(started))
            raise OperationRejected(f"Refused by {name}: {reason}", plugin=name, reason=reason) from refusal
        except _BROKEN as error:
            log.exception("hook broke", ms=_ms(started))
            raise CheckFailed(f"The check of {name} could not be made; nothing was sent", plugin=name) from error
        log.debug("hook passed", ms=_ms(started))

    def tell(
        self,
        spec: Callable[Concatenate[Any, P], Awaitable[None]],
        *_: P.args,
        **given: P.kwargs,
    ) -> None:
        """Let every plugin know, each from a task of its own, in order; nothing comes back."""
        for hook in self._chains.get(spec.__name__, ()):
            mailbox = self._mailboxes.get(hook.plugin.name)
            if mailbox is None:
                mailbox = self._mailboxes[hook.plugin.name] = _Mailbox(self._seconds)
            mailbox.post(hook, hook.arguments(given))

    async def drain(self, seconds: float) -> None:
        """Wait for what was told, at most so long, then end the plugins' tasks."""
        await asyncio.gather(*(mailbox.close(seconds) for mailbox in self._mailboxes.values()))
        self._mailboxes.clear()


class _Mailbox:
    """One plugin's events, told in order by one task; prices are dropped when it cannot keep up."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._queue: asyncio.Queue[tuple[_Hook, list[Any]]] = asyncio.Queue()
        self._task = asyncio.create_task(self._run(), name="plugin mailbox")

    def post(self, hook: _Hook, arguments: list[Any]) -> None:
        if hook.name != "on_price" or self._queue.qsize() < _WAITING_PRICES:
            self._queue.put_nowait((hook, arguments))

    async def _run(self) -> None:
        while True:
            hook, arguments = await self._queue.get()
            try:
                async with asyncio.timeout(self._seconds):
                    await hook.call(*arguments)
            except _BROKEN:
                _log.exception("hook broke", hook=hook.name, plugin=hook.plugin.name)
            finally:
                self._queue.task_done()

    async def close(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._queue.join()
        except TimeoutError:
            _log.warning("plugin events lost at the stop", waiting=self._queue.qsize())
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


def _chains(manager: PluginManager, plugins: Sequence[Plugin]) -> dict[str, list[_Hook]]:
    """Sort each hook's implementations: the author's tryfirst and trylast, then the operator's order."""
    by_name = {plugin.name: plugin for plugin in plugins}
    order = list(by_name)

    def place(found: HookImpl) -> tuple[int, int]:
        return (0 if found.tryfirst else 2 if found.trylast else 1), order.index(found.plugin_name)

    chains: dict[str, list[_Hook]] = {}
    for name, caller in vars(manager.hook).items():
        if isinstance(caller, HookCaller) and (implementations := caller.get_hookimpls()):
            chains[name] = [
                _Hook(name, by_name[found.plugin_name], found.function, tuple(found.argnames))
                for found in sorted(implementations, key=place)
            ]
    return chains


def _ms(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)
