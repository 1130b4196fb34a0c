"""The outermost layer: names every request, times it, counts it and logs it, whatever happens inside."""

import re
import secrets
import time
from typing import Any, Final, cast

import structlog
from litestar.datastructures import MutableScopeHeaders
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from kernel.metrics import Metrics

REQUEST_ID: Final = "X-Request-ID"
_ACCEPTABLE: Final = re.compile(rb"[A-Za-z0-9._:-]{1,128}\Z")
_access = structlog.stdlib.get_logger("mt4api.access")


class Edge:
    """Wraps the application for HTTP and leaves everything else alone."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        """Keep what to wrap and where to count."""
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        status = 500
        # HEAD is GET without the body; the server in front gets to see the method as it came.
        inner: Any = {**scope, "method": "GET"} if (headless := scope["method"] == "HEAD") else scope

        async def wrapped(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableScopeHeaders.from_message(message)[REQUEST_ID] = request_id
            elif headless:
                message = cast("Message", {**message, "body": b""})
            await send(message)

        try:
            await self._app(inner, receive, wrapped)
        finally:
            self._record(scope["method"], inner, status, time.perf_counter() - started)

    def _record(self, method: str, scope: Any, status: int, seconds: float) -> None:
        route = scope.get("path_template") or "unknown"
        self._metrics.count_request(method, route, status, seconds)
        user = scope.get("user")
        client = scope.get("client")
        _access.info(
            "request",
            method=method,
            path=scope["path"],
            status=status,
            ms=round(seconds * 1000, 2),
            user=user.name if user else None,
            client=client[0] if client else None,
        )


def _request_id(scope: Any) -> str:
    """Take the caller's id when it is harmless to log and to send back; else make one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _ACCEPTABLE.match(value):
            return value.decode("ascii")
    return secrets.token_hex(8)
