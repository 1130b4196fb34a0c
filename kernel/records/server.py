"""The trade server itself, the manager that we are on it, and the batch and mail commands."""

from typing import Annotated, Final, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from kernel.records.scalars import Leverage, Login, room, unique

_EACH_ONCE: Final = {"uniqueItems": True}


class Target(Struct, frozen=True, kw_only=True):
    """A trade server and the manager to log in as; the port is 443 where none is given."""

    server: Annotated[str, Meta(min_length=1, max_length=255)]
    login: Login
    password: Annotated[str, Meta(min_length=1, max_length=128)]

    def __repr__(self) -> str:
        """Name the server and the login, never the password."""
        return f"Target(server={self.server!r}, login={self.login})"


RIGHTS: Final = (
    "manager",
    "money",
    "online",
    "riskman",
    "broker",
    "admin",
    "logs",
    "reports",
    "trades",
    "market_watch",
    "email",
    "user_details",
    "see_trades",
    "news",
    "plugins",
    "server_reports",
    "techsupport",
    "market",
    "notifications",
)
"""The rights of a manager, named and ordered as in ``ConManager``."""


class Manager(Struct, frozen=True, kw_only=True):
    """What MT4 lets our login do (``ManagerRights``): rights by name, a list of group masks."""

    login: int
    name: str = ""
    mailbox: str = ""
    groups: str = "*"
    rights: tuple[str, ...] = RIGHTS
    info_depth: int = 0


class Common(Struct, frozen=True, kw_only=True):
    """The server's configuration (``ConCommon``) without paths, adapters and bound addresses."""

    name: str
    owner: str = ""
    server_version: int = 400
    server_build: int = 1420
    port: int = 443
    timeout: int = 180
    timezone: int = 0
    timezone_real: int = 0
    daylightcorrection: int = 0
    timesync: str = ""
    typeofdemo: int = 1
    timeofdemo: int = 60
    minclient: int = 400
    minapi: int = 400
    endhour: int = 23
    endminute: int = 59
    keepemails: int = 30
    keepticks: int = 31
    antiflood: int = 1
    floodcontrol: int = 10
    liveupdate_mode: int = 0
    rollovers_mode: int = 0
    lastorder: int = 0
    lastlogin: int = 0
    lostlogin: int = 0
    statement_mode: int = 0
    monthly_state_mode: int = 0
    statement_weekend: int = 0
    overnight_last_time: int = 0
    overnight_prev_time: int = 0
    last_activate: int = 0
    stop_last: int = 0
    stop_delay: int = 0
    stop_reason: int = 0
    account_url: str = ""


class Mail(Struct, frozen=True, kw_only=True):
    """An internal mail (``MailSend``): plain text or HTML, at most 1024 recipients.

    ``from`` left out is the manager's own mailbox name.
    """

    logins: Annotated[tuple[Login, ...], Meta(min_length=1, max_length=1024, extra_json_schema=_EACH_ONCE)]
    subject: Annotated[str, room(127, least=1)]
    body: Annotated[str, Meta(min_length=1, max_length=65535)]
    sender: Annotated[str, room(63)] | UnsetType = field(default=UNSET, name="from")

    def __post_init__(self) -> None:
        """Refuse a login that stands there twice, while decoding."""
        unique("logins", self.logins)


GroupCommand = Literal["delete", "enable", "disable", "leverage", "set_group"]
"""``GROUP_*`` in lower case, in the order of their numbers 0 to 4."""


class GroupOperation(Struct, frozen=True, kw_only=True):
    """One command for many accounts (``UsersGroupOp``).

    ``group`` belongs to set_group alone, ``leverage`` to leverage alone.
    """

    command: GroupCommand
    logins: Annotated[tuple[Login, ...], Meta(min_length=1, max_length=10000, extra_json_schema=_EACH_ONCE)]
    group: Annotated[str, room(15, least=1)] | UnsetType = UNSET
    leverage: Leverage | UnsetType = UNSET

    def __post_init__(self) -> None:
        """Refuse a command without its argument and a login twice, while decoding."""
        unique("logins", self.logins)
        for command, argument in (("set_group", "group"), ("leverage", "leverage")):
            given = getattr(self, argument) is not UNSET
            if given != (self.command == command):
                raise ValueError(f"`$.{argument}` must be given for {command}, and only for it")
