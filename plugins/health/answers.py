"""What the health routes answer."""

from typing import Self

from msgspec import Struct

from kernel.api import Check, LinkStatus, rendered


class Health(Struct, frozen=True, tag_field="status", tag="ok"):
    """The process answers."""

    service: str
    version: str


class ServiceHealth(Struct, frozen=True, tag_field="status", tag="ok"):
    """The MT4 service answers; ``connected`` says whether it is logged in to the trade server."""

    service: str
    connected: bool


class Readiness(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether requests should come here; ``checks`` are there for callers with a token."""

    status: str
    ready: bool
    checks: tuple[Check, ...] = ()


class Status(Struct, frozen=True, kw_only=True, tag_field="status", tag="ok"):
    """The link; ``since`` is the Unix time of its last change."""

    connected: bool
    server: str
    login: int
    pumping: bool
    since: int
    reconnects: int
    last_error: str | None

    @classmethod
    def of(cls, status: LinkStatus) -> Self:
        """Show a link's state."""
        return cls(
            connected=status.connected,
            server=status.server,
            login=status.login,
            pumping=status.pumping,
            since=status.since,
            reconnects=status.reconnects,
            last_error=status.last_error,
        )


class Ping(Struct, frozen=True, tag_field="status", tag="ok"):
    """The trade server answered."""

    ping: bool
    latency_ms: float


class ServerTime(Struct, frozen=True, tag_field="status", tag="ok"):
    """The server's clock, in seconds and as text; it is broker-local and only rendered as UTC."""

    server_time: int
    server_time_str: str

    @classmethod
    def of(cls, timestamp: int) -> Self:
        """Show a server time."""
        return cls(timestamp, rendered(timestamp))


class Done(Struct, frozen=True, tag_field="status", tag="ok"):
    """Something was done."""

    message: str
