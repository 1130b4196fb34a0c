"""Trading accounts as MT4 keeps them (``UserRecord``), and what a caller may say of one.

Field names are the structure's own; limits are its ``char[n]`` less the closing NUL. Passwords and
the structure's secrets are never part of what is read.
"""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Final, Self

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import replace

from kernel.records.scalars import OFF, ON, Flag, Leverage, Rate, room

NO_COLOR: Final = 0xFF000000
"""``USER_COLOR_NONE``: the row has no colour of its own in the Manager terminal."""

Group = Annotated[str, room(15, least=1)]
Name = Annotated[str, room(127, least=1)]
Text15 = Annotated[str, room(15)]
Text31 = Annotated[str, room(31)]
Text47 = Annotated[str, room(47)]
Text63 = Annotated[str, room(63)]
Text95 = Annotated[str, room(95)]
Password = Annotated[str, room(15, least=5)]
"""5 to 15 bytes, at least two of lower case, upper case and digit."""
UInt32 = Annotated[int, Meta(ge=0, le=0xFFFFFFFF)]
Agent = Annotated[int, Meta(ge=0, le=0x7FFFFFFF)]


class User(Struct, frozen=True, kw_only=True, gc=False):
    """One account: times in server seconds, money in the currency of its group."""

    login: int
    group: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    country: str = ""
    city: str = ""
    state: str = ""
    zipcode: str = ""
    address: str = ""
    lead_source: str = ""
    comment: str = ""
    id: str = ""
    status: str = ""
    leverage: int = 100
    agent_account: int = 0
    taxes: float = 0.0
    interestrate: float = 0.0
    enable: int = 1
    enable_change_password: int = 1
    enable_read_only: int = 0
    enable_otp: int = 0
    send_reports: int = 1
    mqid: int = 0
    user_color: int = NO_COLOR
    regdate: int = 0
    lastdate: int = 0
    timestamp: int = 0
    last_ip: str = ""
    balance: float = 0.0
    credit: float = 0.0
    prevbalance: float = 0.0
    prevmonthbalance: float = 0.0
    prevequity: float = 0.0
    prevmonthequity: float = 0.0


_MONEY: Final = ("balance", "prevbalance", "prevmonthbalance", "prevequity", "prevmonthequity")
_STAMPS: Final = ("regdate", "lastdate", "timestamp", "last_ip")
_WRITTEN_BY_MT4: Final[Mapping[str, str]] = {
    **dict.fromkeys(_MONEY, "money moves by deposit and withdraw"),
    "credit": "credit moves by POST /api/accounts/{login}/credit",
    **dict.fromkeys(_STAMPS, "MT4 writes it"),
}


class NewUser(Struct, frozen=True, kw_only=True):
    """An account to open (``UserRecordNew``).

    ``login`` 0 takes the server's next number; ``leverage`` left out is the group's default. Without
    ``password_investor`` the account gets a random one that nobody is told.
    """

    group: Group
    name: Name
    password: Password
    read_only: ClassVar[Mapping[str, str]] = _WRITTEN_BY_MT4

    login: Annotated[int, Meta(ge=0, le=0x7FFFFFFF)] = 0
    password_investor: Password | UnsetType = UNSET
    password_phone: Text31 = ""
    email: Text47 = ""
    phone: Text31 = ""
    country: Text31 = ""
    city: Text31 = ""
    state: Text31 = ""
    zipcode: Text15 = ""
    address: Text95 = ""
    lead_source: Text31 = ""
    comment: Text63 = ""
    id: Text31 = ""
    status: Text15 = ""
    leverage: Leverage | UnsetType = UNSET
    agent_account: Agent = 0
    taxes: Rate = 0.0
    interestrate: Rate = 0.0
    enable: Flag = ON
    enable_change_password: Flag = ON
    enable_read_only: Flag = OFF
    enable_otp: Flag = OFF
    send_reports: Flag = ON
    mqid: UInt32 = 0
    user_color: UInt32 = NO_COLOR

    def without_passwords(self) -> Self:
        """Give what hooks and logs may see."""
        return replace(self, password="", password_investor=UNSET, password_phone="")


class UserChange(Struct, frozen=True, kw_only=True):
    """What to change of an account (``UserRecordUpdate``); a member left out stays as it is."""

    read_only: ClassVar[Mapping[str, str]] = {
        **_WRITTEN_BY_MT4,
        "login": "an account keeps its number",
        "password": "set it with PUT /api/users/{login}/password",
        "password_investor": "set it with PUT /api/users/{login}/password",
    }

    group: Group | UnsetType = UNSET
    name: Name | UnsetType = UNSET
    password_phone: Text31 | UnsetType = UNSET
    email: Text47 | UnsetType = UNSET
    phone: Text31 | UnsetType = UNSET
    country: Text31 | UnsetType = UNSET
    city: Text31 | UnsetType = UNSET
    state: Text31 | UnsetType = UNSET
    zipcode: Text15 | UnsetType = UNSET
    address: Text95 | UnsetType = UNSET
    lead_source: Text31 | UnsetType = UNSET
    comment: Text63 | UnsetType = UNSET
    id: Text31 | UnsetType = UNSET
    status: Text15 | UnsetType = UNSET
    leverage: Leverage | UnsetType = UNSET
    agent_account: Agent | UnsetType = UNSET
    taxes: Rate | UnsetType = UNSET
    interestrate: Rate | UnsetType = UNSET
    enable: Flag | UnsetType = UNSET
    enable_change_password: Flag | UnsetType = UNSET
    enable_read_only: Flag | UnsetType = UNSET
    enable_otp: Flag | UnsetType = UNSET
    send_reports: Flag | UnsetType = UNSET
    mqid: UInt32 | UnsetType = UNSET
    user_color: UInt32 | UnsetType = UNSET

    def without_passwords(self) -> Self:
        """Give what hooks and logs may see."""
        return replace(self, password_phone=UNSET)


class PasswordChange(Struct, frozen=True, kw_only=True):
    """A new password for an account (``UserPasswordSet``).

    ``change_investor`` sets the investor's instead of the main one, ``clean_pubkey`` also resets the
    account's RSA key.
    """

    password: Password
    change_investor: bool = False
    clean_pubkey: bool = False


class PasswordCheck(Struct, frozen=True, kw_only=True):
    """A main password to try (``UserPasswordCheck``)."""

    password: Annotated[str, room(15, least=1)]


class Online(Struct, frozen=True, kw_only=True, gc=False):
    """A connected account (``OnlineRecord``): one row a login and address, ``counter`` connections."""

    login: int
    group: str
    ip: str
    counter: int
