"""Each hook's implementations in the operator's order, to be asked or told one after the other."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Concatenate, ParamSpec, TypeVar

import structlog
from pluggy import HookCaller, HookImpl, PluginManager

from kernel.errors import CheckFailed, OperationRejected, Refused
from kernel.loader import Plugin, PluginError, verified
from kernel.registry.limited import Hook, Limited
from kernel.registry.mailbox import Mailbox

P = ParamSpec("P")
T = TypeVar("T")

_log = structlog.stdlib.get_logger("mt4api.plugins")


class Registry:
    """The loaded plugins and the way to ask and to tell them."""

    def __init__(self, plugins: Sequence[Plugin], *, hook_seconds: float) -> None:
        """Check every hook against its specification; raises ``PluginError`` with all problems."""
        manager, problems = verified(plugins)
        if problems:
            raise PluginError(problems)
        self.plugins = tuple(plugins)
        self._chains = _chains(manager, plugins)
        self._limited = Limited(hook_seconds)
        self._mailboxes: dict[str, Mailbox] = {}
        self._closed = False

    def hooks_of(self, plugin: str) -> list[str]:
        """Name the hooks that a plugin fills."""
        return [name for name, chain in self._chains.items() if any(hook.plugin.name == plugin for hook in chain)]

    def place_of(self, plugin: str, hook: str) -> int:
        """Count from 1 where a plugin stands in a hook's chain."""
        return [found.plugin.name for found in self._chains[hook]].index(plugin) + 1

    def limit_of(self, hook: str) -> float | None:
        """Give the seconds that a hook may take; None for those asked once at the start."""
        return None if hook.startswith("register_") else self._limited.seconds

    def collect(self, spec: Callable[..., T]) -> list[tuple[Plugin, T]]:
        """Ask a ``register_`` hook of every plugin; raises ``PluginError`` where one breaks."""
        found: list[tuple[Plugin, T]] = []
        problems: list[str] = []
        for hook in self._chains.get(spec.__name__, ()):
            try:
                found.append((hook.plugin, hook.call(*hook.arguments({}))))
            except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a plugin raises is named, not passed on
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

    async def _ask(self, hook: Hook, given: Mapping[str, Any]) -> None:
        name = hook.plugin.name
        log = _log.bind(hook=hook.name, plugin=name)
        started = time.perf_counter()
        try:
            _refuse_answer(await self._limited.call(hook, hook.arguments(given)))
        except Refused as refusal:
            reason = str(refusal) or "refused"
            log.info("hook refused", reason=reason, ms=_ms(started))
            raise OperationRejected(f"Refused by {name}: {reason}", plugin=name, reason=reason) from refusal
        except Exception as error:
            log.exception("hook broke", ms=_ms(started))
            raise CheckFailed(f"The check of {name} could not be made; nothing was sent", plugin=name) from error
        log.debug("hook passed", ms=_ms(started))

    def tell(
        self,
        spec: Callable[Concatenate[Any, P], Awaitable[None]],
        *_: P.args,
        **given: P.kwargs,
    ) -> None:
        """Let every plugin know, each from a task of its own, in order; nothing comes back.

        Of several prices that wait for a plugin, only the last of each symbol is told.
        """
        if self._closed:
            return
        latest: str | None = getattr(given.get("price"), "symbol", None)
        for hook in self._chains.get(spec.__name__, ()):
            mailbox = self._mailboxes.get(hook.plugin.name)
            if mailbox is None:
                mailbox = self._mailboxes[hook.plugin.name] = Mailbox(self._limited)
            mailbox.post(hook, hook.arguments(given), latest)

    async def drain(self, seconds: float) -> None:
        """Take nothing more to tell, wait for what was told, at most so long, and end the plugins' tasks."""
        self._closed = True
        await asyncio.gather(*(mailbox.close(seconds) for mailbox in self._mailboxes.values()))


def _chains(manager: PluginManager, plugins: Sequence[Plugin]) -> dict[str, list[Hook]]:
    """Sort each hook's implementations: the author's tryfirst and trylast, then the operator's order."""
    by_name = {plugin.name: plugin for plugin in plugins}
    order = list(by_name)

    def place(found: HookImpl) -> tuple[int, int]:
        return (0 if found.tryfirst else 2 if found.trylast else 1), order.index(found.plugin_name)

    chains: dict[str, list[Hook]] = {}
    for name, caller in vars(manager.hook).items():
        if isinstance(caller, HookCaller) and (implementations := caller.get_hookimpls()):
            chains[name] = [
                Hook(name, by_name[found.plugin_name], found.function, tuple(found.argnames))
                for found in sorted(implementations, key=place)
            ]
    return chains


def _refuse_answer(answer: object) -> None:
    if answer is not None:
        raise TypeError(f"answered {type(answer).__name__}, a check answers nothing")


def _ms(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)
