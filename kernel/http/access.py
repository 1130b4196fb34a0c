"""Lets a request in: token, scope and body size, by what the route says of itself.

Every route names its ``scope``: one of the known scopes, or one of the three words here. Its optional
``body`` names a larger limit than the usual one.
"""

from collections.abc import Mapping
from typing import Any, Final, Protocol

from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from kernel.errors import Forbidden, NotAuthenticated, PayloadTooLarge
from kernel.http.methods import answer_options
from kernel.http.numbers import refuse_odd_numbers
from kernel.records.principal import Principal

PUBLIC: Final = "public"
"""No token is looked at."""
OPTIONAL: Final = "optional"
"""A token is not needed; one that is sent must be good, and may bring a fuller answer."""
ANY: Final = "any"
"""Any valid token will do."""
WORDS: Final = frozenset({PUBLIC, OPTIONAL, ANY})

NEW_TOKEN: Final = "X-New-Token"  # noqa: S105 - the name of a header
NEW_TOKEN_EXPIRES: Final = "X-New-Token-Expires"  # noqa: S105 - the name of a header
_SUCCESS: Final = range(200, 300)
_LONGEST_LENGTH: Final = 18
"""Digits of a declared length; a longer one is over every limit."""


class IssuedToken(Protocol):
    """A token to hand to the caller."""

    @property
    def value(self) -> str:
        """The token itself."""
        ...

    @property
    def expires_at(self) -> int:
        """Unix time of its end."""
        ...


class Authenticator(Protocol):
    """What is needed of ``kernel.auth``."""

    async def authenticate(self, token: str, address: str | None) -> Principal:
        """Say whose token it is; raises ``InvalidToken`` or ``TokenExpired``."""
        ...

    def refreshed(self, token: str) -> IssuedToken | None:
        """Give a new token when the old one nears its end."""
        ...


class Guard(ASGIMiddleware):
    """Stands in front of every route."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, auth: Authenticator, body_limits: Mapping[str, int]) -> None:
        """Keep who knows tokens, and the bytes that a body may have by the route's word for it."""
        self._auth, self._limits = auth, body_limits

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Refuse, or pass on with the principal in ``scope['user']``."""
        handler: Any = scope["route_handler"]
        options: Mapping[str, Any] = handler.opt
        if "OPTIONS" in handler.http_methods:
            await answer_options(scope, send)
            return
        needed = options["scope"]
        headers = Headers.from_scope(scope)
        limit = self._limits[options.get("body", "usual")]
        scope["user"] = None
        if needed != PUBLIC and (token := _bearer(headers, optional=needed == OPTIONAL)):
            client = scope["client"]
            principal = await self._auth.authenticate(token, client[0] if client else None)
            if needed not in WORDS and not principal.may(needed):
                raise Forbidden(f"The token lacks the scope {needed}")
            scope["user"] = principal
            send = self._refreshing(token, send)
        if _length(headers) > limit:
            raise PayloadTooLarge(f"The body is over the limit of {limit} bytes")
        refuse_odd_numbers(handler, scope["path_params"], scope["query_string"])
        try:
            await next_app(scope, _bounded(receive, limit), send)
        except SystemExit as error:
            raise RuntimeError("a route tried to end the service") from error

    def _refreshing(self, token: str, send: Send) -> Send:
        """Add a new token to a successful answer when the old one nears its end."""

        async def wrapped(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in _SUCCESS:
                issued = self._auth.refreshed(token)
                if issued is not None:
                    headers = MutableScopeHeaders.from_message(message)
                    headers[NEW_TOKEN] = issued.value
                    headers[NEW_TOKEN_EXPIRES] = str(issued.expires_at)
                    headers["Cache-Control"] = "no-store"
                    headers["Access-Control-Expose-Headers"] = f"{NEW_TOKEN}, {NEW_TOKEN_EXPIRES}, X-Request-ID"
            await send(message)

        return wrapped


def _bearer(headers: Headers, *, optional: bool) -> str | None:
    given = headers.get("authorization")
    if given is None and optional:
        return None
    kind, _, token = (given or "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise NotAuthenticated("A bearer token is needed: log in at POST /api/auth/login")
    return token.strip()


def _length(headers: Headers) -> int:
    length = headers.get("content-length", "0")
    return int(length[:_LONGEST_LENGTH]) if length.isascii() and length.isdigit() else 0


def _bounded(receive: Receive, limit: int) -> Receive:
    """Count a body as it comes: its declared length may be missing or a lie."""
    seen = 0

    async def wrapped() -> Any:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > limit:
                raise PayloadTooLarge(f"The body is over the limit of {limit} bytes")
        return message

    return wrapped
