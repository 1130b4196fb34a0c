"""The state of our link to the trade server, as the health endpoints show it."""

from msgspec import Struct


class LinkStatus(Struct, frozen=True, kw_only=True):
    """``since`` is the Unix time of the last change; ``last_error`` the last reason for being down."""

    connected: bool
    server: str
    login: int
    pumping: bool
    since: int
    reconnects: int
    last_error: str | None = None
