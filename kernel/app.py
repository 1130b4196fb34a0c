"""Assembles the web application: the kernel's own routes, the plugins' routes, and what stands before both.

A route that names no scope, an unknown scope, or a path or name that is taken stops the start.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from ipaddress import ip_address
from typing import Annotated, Any, Final

import msgspec
from litestar import Litestar, Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import License
from msgspec import Meta, ValidationError, convert

from kernel import VERSION, hooks
from kernel.auth.scopes import ADMIN, KNOWN
from kernel.errors import Forbidden
from kernel.http import openapi, page
from kernel.http.access import OPTIONAL, WORDS, Guard
from kernel.http.body import StrictJSON
from kernel.http.edge import Edge
from kernel.http.failures import HANDLERS
from kernel.http.lists import list_query
from kernel.http.login import login
from kernel.http.routing import refuse_unclear, serve_plugins
from kernel.loader import PluginError
from kernel.metrics import Metrics
from kernel.records.principal import Principal
from kernel.service import Service

_SCOPE: Final = r"^[a-z][a-z0-9_.-]*(:[a-z0-9_.-]+)*\Z"
Life = Callable[[Litestar], AbstractAsyncContextManager[None]]


class Application(Edge):
    """The ASGI application to serve; ``litestar`` is what it wraps."""

    def __init__(self, service: Service, *, on_start: Callable[[Any], None] = lambda _: None) -> None:
        """Assemble it; ``on_start`` is given the first user of a fresh store, or None. Raises ``PluginError``."""
        self.service = service
        scopes, brought = scopes_of(service), service.registry.collect(hooks.register_routes)
        self.litestar = _litestar(service, _life(service, on_start))
        serve_plugins(self.litestar, brought)
        refuse_unclear(self.litestar, scopes, _limits(service))
        # Litestar describes only what it also serves pages for; ours are served by kernel.http.page.
        described = _litestar(service, None, _DESCRIBED)
        serve_plugins(described, brought)
        self.document = msgspec.json.encode(openapi.document(described))
        self.litestar.state.document = self.document
        super().__init__(self.litestar, service.metrics)


def scopes_of(service: Service) -> dict[str, str]:
    """Give every scope there is, with its meaning; raises ``PluginError`` where two plugins bring the same."""
    scopes: dict[str, str] = dict.fromkeys(KNOWN, "")
    problems: list[str] = []
    for plugin, brought in service.registry.collect(hooks.register_scopes):
        try:
            scopes_brought = convert(brought, dict[Annotated[str, Meta(pattern=_SCOPE)], str])
        except ValidationError as error:
            problems.append(f"{plugin.origin}: register_scopes must return scopes and what they allow: {error}")
            continue
        taken = [name for name in scopes_brought if name in scopes or name in WORDS]
        problems += [f"{plugin.origin}: the scope {name} is taken" for name in taken]
        scopes |= scopes_brought
    if problems:
        raise PluginError(problems)
    return scopes


_DESCRIBED: Final = OpenAPIConfig(
    title="mt4-manager-api",
    version=VERSION,
    summary="MetaTrader 4 for a broker's CRM.",
    license=License(name="MIT", identifier="MIT"),
    operation_id_creator=openapi.operation_id,
)


def _life(service: Service, on_start: Callable[[Any], None]) -> Life:
    @asynccontextmanager
    async def life(_: Litestar) -> AsyncGenerator[None]:
        try:
            on_start(await service.start())
            yield
        finally:
            await service.stop()

    return life


def _litestar(service: Service, life: Life | None, described: OpenAPIConfig | None = None) -> Litestar:
    return Litestar(
        route_handlers=[login, metrics_page, *page.routes(public=service.settings.server.public_docs)],
        lifespan=[life] if life else [],
        middleware=[Guard(service.auth, _limits(service))],
        exception_handlers=HANDLERS,
        dto=StrictJSON,
        return_dto=None,
        dependencies={
            "auth": _given(service.auth),
            "gateway": _given(service.gateway),
            "readiness": _given(service.readiness),
            "metrics": _given(service.metrics),
            "by": Provide(_principal),
            "listing": Provide(list_query),
        },
        openapi_config=described,
        request_max_body_size=None,
        logging_config=None,
    )


def _limits(service: Service) -> dict[str, int]:
    server = service.settings.server
    return {"usual": server.body_bytes, "mail": server.mail_body_bytes, "list": server.list_body_bytes}


async def _principal(request: Request[Principal, None, State]) -> Principal:
    """Give who asks; routes that are open to all have nobody to give."""
    return request.user


def _given(part: object) -> Provide:
    """Make a dependency of a part of the kernel that is there already."""

    async def provide() -> Any:
        return part

    return Provide(provide)


@get("/metrics", scope=OPTIONAL, include_in_schema=False)
async def metrics_page(
    request: Request[Principal | None, None, State], metrics: NamedDependency[Metrics]
) -> Response[bytes]:
    """Show the counters to this machine, and to a token with the scope ``admin``."""
    if not _is_loopback(request) and not (request.user and request.user.may(ADMIN)):
        raise Forbidden("From another machine the metrics need the scope admin")
    return Response(metrics.text(), media_type="text/plain; version=0.0.4")


def _is_loopback(request: Request[Any, Any, Any]) -> bool:
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False
