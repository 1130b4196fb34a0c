"""The sections of the settings: every key with its type, bounds, default and description."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct, field, structs

from kernel.config import checks
from kernel.config.secret import Secret

_HOUR = 3600


class Server(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The HTTP server."""

    host: Annotated[str, Meta(min_length=1, max_length=255, description="Address to listen on.")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65535, description="TCP port to listen on.")] = 8000
    public_docs: Annotated[bool, Meta(description="Show the API page and document without a login.")] = True
    shutdown_seconds: Annotated[
        float, Meta(gt=0, le=600, description="How long a stop waits for requests that are being answered.")
    ] = 10
    body_bytes: Annotated[int, Meta(ge=1024, le=2**30, description="Largest request body, in bytes.")] = 65_536
    mail_body_bytes: Annotated[int, Meta(ge=1024, le=2**30, description="The same for mail.")] = 262_144
    list_body_bytes: Annotated[
        int, Meta(ge=1024, le=2**30, description="The same for operations on lists of accounts or trades.")
    ] = 2_097_152


class Mt4(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The link to the trade server. ``[mt4.NAME]`` has the driver NAME's own settings."""

    driver: Annotated[
        str, Meta(min_length=1, max_length=64, description="Driver to use: an entry point of mt4api.drivers.")
    ] = "simulator"
    server: Annotated[
        str,
        Meta(
            description="Trade server as HOST or HOST:PORT; the port is 443 if left out.",
            extra={"check": checks.address},
        ),
    ] = "127.0.0.1:443"
    login: Annotated[int, Meta(ge=1, le=2**31 - 1, description="Manager's login on the trade server.")] = 224
    password: Annotated[
        Secret, Meta(description="Manager's password; the simulator's own one if left out with the simulator.")
    ] = field(default_factory=Secret)
    password_file: Annotated[str, Meta(description="File that holds the manager's password, instead of it.")] = ""
    code_page: Annotated[
        str, Meta(description="ANSI code page of the trade server's texts.", extra={"check": checks.code_page})
    ] = "cp1252"
    connect_seconds: Annotated[float, Meta(gt=0, le=_HOUR, description="Time limit for connecting and login.")] = 25
    read_seconds: Annotated[float, Meta(gt=0, le=_HOUR, description="Time limit for a read.")] = 10
    trade_seconds: Annotated[float, Meta(gt=0, le=_HOUR, description="Time limit for a money or trade call.")] = 5
    change_seconds: Annotated[float, Meta(gt=0, le=_HOUR, description="Time limit for a change of a record.")] = 15
    history_seconds: Annotated[float, Meta(gt=0, le=_HOUR, description="Time limit for reading history.")] = 30
    reads: Annotated[int, Meta(ge=1, le=64, description="Reads that may run at once.")] = 8
    ping_seconds: Annotated[float, Meta(gt=0, le=_HOUR, description="Time between pings of an idle session.")] = 10
    canary_seconds: Annotated[
        float, Meta(gt=0, le=_HOUR, description="Time between reads that prove that the session still has data.")
    ] = 30
    reconnect_first_seconds: Annotated[
        float, Meta(gt=0, le=_HOUR, description="Wait before the first attempt to reconnect; it doubles from there.")
    ] = 0.5
    reconnect_most_seconds: Annotated[
        float, Meta(gt=0, le=_HOUR, description="Longest wait between attempts to reconnect.")
    ] = 60
    credit_default_days: Annotated[
        int, Meta(ge=1, le=3650, description="Days until credit expires when the caller names no day.")
    ] = 365
    largest_amount: Annotated[
        Decimal, Meta(description="Largest amount of one money operation.", extra={"check": checks.amount})
    ] = Decimal(10_000_000)
    money_digits: Annotated[
        dict[Annotated[str, Meta(min_length=1, max_length=11)], Annotated[int, Meta(ge=0, le=8)]],
        Meta(description="Digits behind the point by currency; 2 for one that is not named."),
    ] = field(default_factory=dict[str, int])
    connect_targets: Annotated[
        tuple[Annotated[str, Meta(extra={"check": checks.target})], ...],
        Meta(
            description="Trade servers, as HOST or HOST:PORT with * for anything, that the connect test may try; "
            "none means only the configured server. The simulator takes any."
        ),
    ] = ()

    def __post_init__(self) -> None:
        """Refuse what each key allows and the two together do not."""
        if self.password and self.password_file:
            raise ValueError("`$.password_file` must not be set together with password")
        if self.reconnect_first_seconds > self.reconnect_most_seconds:
            raise ValueError("`$.reconnect_first_seconds` must not be above reconnect_most_seconds")


class Auth(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Tokens and sessions of API users."""

    token_hours: Annotated[float, Meta(gt=0, le=720, description="Life of a token, in hours.")] = 8
    session_days: Annotated[
        float, Meta(gt=0, le=365, description="Life of a session, in days: tokens are renewed within it, not past it.")
    ] = 7
    issuer: Annotated[str, Meta(min_length=1, max_length=255, description="Issuer in tokens.")] = "mt4-manager-api"
    audience: Annotated[str, Meta(min_length=1, max_length=255, description="Audience in tokens.")] = "mt4-manager-api"
    leeway: Annotated[int, Meta(ge=0, le=300, description="Seconds by which clocks may differ.")] = 30
    key_file: Annotated[str, Meta(description="File of the token keys; keys.json in the data folder if left out.")] = ""

    def __post_init__(self) -> None:
        """Refuse a token that outlives its session: it would be worth nothing at its end."""
        if self.token_seconds > self.session_seconds:
            raise ValueError("`$.token_hours` must not be longer than session_days")

    @property
    def token_seconds(self) -> int:
        """Life of a token in whole seconds, at least one."""
        return max(1, round(self.token_hours * 3600))

    @property
    def session_seconds(self) -> int:
        """Life of a session in whole seconds, at least one."""
        return max(1, round(self.session_days * 86400))


class Store(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the service itself must remember."""

    path: Annotated[str, Meta(description="SQLite file; mt4api.sqlite3 in the data folder if left out.")] = ""


class Kernel(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The microkernel: its data, its plugins and its log."""

    data: Annotated[str, Meta(min_length=1, description="Folder for what the service writes.")] = "./mt4api-data"
    plugins: Annotated[
        tuple[str, ...],
        Meta(
            max_length=256,
            description="Plugins to load, in the order in which their hooks are asked.",
            extra={"check": checks.plugin_names},
        ),
    ] = ("health", "users", "accounts", "trades", "market", "admin")
    on_plugin_error: Annotated[
        Literal["stop", "skip"], Meta(description="Whether a broken plugin stops the start or is left out.")
    ] = "stop"
    hook_seconds: Annotated[float, Meta(gt=0, le=60, description="Time limit for one plugin's hook.")] = 2.0
    log_level: Annotated[
        Literal["debug", "info", "warning", "error", "critical"], Meta(description="Least severe level that is logged.")
    ] = "info"
    log_format: Annotated[
        Literal["auto", "console", "json"],
        Meta(description="Form of the log; auto is console on a terminal and JSON lines otherwise."),
    ] = "auto"


SECTIONS: Final[Mapping[str, type[Struct]]] = MappingProxyType(
    {"server": Server, "mt4": Mt4, "auth": Auth, "store": Store, "kernel": Kernel}
)
TOP: Final = (*SECTIONS, "plugins")
"""Every table that the file may have at its top."""

SECTION_OF: Final[Mapping[str, str]] = MappingProxyType(
    {field.encode_name: name for name, kind in SECTIONS.items() for field in structs.fields(kind)}
)
"""The section of each key, to tell who wrote it into another one; no two sections share a key."""
