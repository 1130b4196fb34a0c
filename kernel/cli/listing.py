"""Every installed plugin described: state, hooks with order and limit, routes with scopes. Nothing is started."""

from collections.abc import Iterable
from importlib.metadata import EntryPoint
from typing import Final, Literal

from litestar import Router
from msgspec import Struct
from msgspec.structs import replace

from kernel import hooks
from kernel.cli.survey import Survey
from kernel.config import Settings
from kernel.loader import Plugin, PluginError
from kernel.registry import Registry

State = Literal["enabled", "off", "broken"]
_PREFIX: Final = "/api"


class Hook(Struct, frozen=True):
    """A hook that a plugin fills: its place in the chain from 1, its time limit (none for ``register_``)."""

    name: str
    order: int
    seconds: float | None


class Route(Struct, frozen=True):
    """A route that a plugin brings, and the scope that it asks for."""

    method: str
    path: str
    scope: str


class Described(Struct, frozen=True, kw_only=True):
    """One plugin; ``hooks`` and ``routes`` are None where they are not known, since it was not loaded."""

    name: str
    state: State
    version: str | None = None
    distribution: str | None = None
    reasons: tuple[str, ...] = ()
    hooks: tuple[Hook, ...] | None = None
    routes: tuple[Route, ...] | None = None


def described(settings: Settings, found: Survey, installed: Iterable[EntryPoint]) -> list[Described]:
    """Describe the plugins of the settings in their order, then those that are installed and off."""
    registry = Registry(found.plugins, hook_seconds=settings.kernel.hook_seconds)
    sound = {plugin.name: plugin for plugin in found.plugins}
    entries = list(installed)
    known: list[Described] = []
    for name in settings.kernel.plugins:
        if name in sound:
            known.append(_enabled(sound[name], registry))
            continue
        reasons = found.reasons[name]
        claims = [_entry(each, "broken", reasons) for each in entries if each.name == name]
        known += claims or [Described(name=name, state="broken", reasons=tuple(reasons))]
    off = sorted((each for each in entries if each.name not in settings.kernel.plugins), key=lambda each: each.name)
    return known + [_entry(each, "off", ()) for each in off]


def routes_of(plugin: Plugin) -> tuple[Route, ...]:
    """Ask a plugin for its routes; raises ``PluginError`` where it breaks."""
    routes: set[tuple[str, str, str]] = set()
    for _, brought in Registry([plugin], hook_seconds=0).collect(hooks.register_routes):
        try:
            router = Router(path=_PREFIX, route_handlers=list(brought))
        except Exception as error:
            raise PluginError([f"{plugin.origin}: its routes are refused: {type(error).__name__}: {error}"]) from error
        for route in router.routes:
            for handler in getattr(route, "route_handlers", ()):
                slash = "/" if handler.opt.get("collection") else ""
                path = f"{getattr(route, 'path_format', route.path)}{slash}"
                methods = getattr(handler, "http_methods", ())
                routes |= {(path, method, handler.opt.get("scope") or "none") for method in methods}
    return tuple(Route(method, path, scope) for path, method, scope in sorted(routes) if method != "OPTIONS")


def _enabled(plugin: Plugin, registry: Registry) -> Described:
    filled = tuple(
        Hook(name, registry.place_of(plugin.name, name), registry.limit_of(name))
        for name in sorted(registry.hooks_of(plugin.name))
    )
    one = Described(
        name=plugin.name, state="enabled", version=plugin.version, distribution=plugin.distribution, hooks=filled
    )
    try:
        return replace(one, routes=routes_of(plugin))
    except PluginError as error:
        return replace(one, state="broken", reasons=error.problems)


def _entry(entry: EntryPoint, state: State, reasons: Iterable[str]) -> Described:
    found = entry.dist
    return Described(
        name=entry.name,
        state=state,
        version=found.version if found else None,
        distribution=found.name if found else None,
        reasons=tuple(reasons),
    )
