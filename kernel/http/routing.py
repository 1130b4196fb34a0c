"""The plugins' routes: served only where each says what it needs, and where no two are the same."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

from litestar import Litestar, Router
from litestar.handlers import HTTPRouteHandler

from kernel.http.access import WORDS
from kernel.loader import Plugin, PluginError

PREFIX: Final = "/api"
_PARAMETER: Final = re.compile(r"\{[^}]*\}")


def serve_plugins(app: Litestar, brought: Iterable[tuple[Plugin, Any]]) -> None:
    """Put each plugin's routes under ``/api``; raises ``PluginError`` with all that cannot be served."""
    problems: list[str] = []
    taken = dict.fromkeys(_places(app), "the kernel")
    for plugin, routes in brought:
        try:
            router = Router(path=PREFIX, route_handlers=list(routes))
            places = _places(router)
            clashes = [f"{place} is served by {taken[place]}" for place in places if place in taken]
            if not clashes:
                app.register(router)
        except Exception as error:  # noqa: BLE001 - whatever a plugin brings is named, not passed on
            problems.append(f"{plugin.origin}: its routes cannot be served: {type(error).__name__}: {error}")
            continue
        problems += [f"{plugin.origin}: {clash} already" for clash in clashes]
        taken |= dict.fromkeys(places, plugin.origin)
    if problems:
        raise PluginError(problems)


def refuse_unclear(app: Litestar, scopes: Collection[str], limits: Collection[str]) -> None:
    """Raise ``PluginError`` unless every route is plain HTTP, has a name of its own, and names what it needs."""
    problems: list[str] = []
    handlers = [handler for route in app.routes for handler in _handlers(route)]
    for handler in handlers:
        name, options = f"{handler.fn.__module__}.{handler.handler_name}", handler.opt
        if not isinstance(handler, HTTPRouteHandler):
            problems.append(f"route {name} is not plain HTTP: nothing would ask who comes in")
        elif "OPTIONS" in handler.http_methods:
            problems.append(f"route {name} answers OPTIONS, which the kernel does for every path")
        elif "scope" not in options:
            problems.append(f"route {name} names no scope")
        elif options["scope"] not in [*scopes, *WORDS]:
            problems.append(f"route {name} names the unknown scope {options['scope']!r}")
        elif options.get("body", "usual") not in limits:
            problems.append(f"route {name} names the unknown limit {options['body']!r} of its body")
    names = Counter({handler.handler_id: handler.handler_name for handler in handlers}.values())
    problems += [
        f"two routes are called {name}; a client could not tell them apart" for name in names if names[name] > 1
    ]
    if problems:
        raise PluginError(problems)


def _places(router: Router) -> list[str]:
    """Name methods and paths, of which the router cannot tell those apart that differ in a parameter only."""
    return [
        f"{method} {_PARAMETER.sub('{}', route.path)}"
        for route in router.routes
        for handler in _handlers(route)
        for method in sorted(getattr(handler, "http_methods", ("every method of",)))
    ]


def _handlers(route: Any) -> Sequence[Any]:
    """Give the handlers of a path, without the answer to OPTIONS that Litestar makes by itself."""
    handlers = route.route_handlers if hasattr(route, "route_handlers") else [route.route_handler]
    return [handler for handler in handlers if not handler.fn.__module__.startswith("litestar.")]
