"""Each kernel record and the structure that it is read from."""

from typing import Any, Final

import msgspec

from kernel.drivers.native.facts import facts
from kernel.drivers.native.records import Rows
from kernel.drivers.native.texts import Texts
from kernel.records.market import Group, GroupMargin, GroupSecurity, Hours, Price, Symbol
from kernel.records.market import Session as Day
from kernel.records.server import RIGHTS, Common, Manager
from kernel.records.trades import Margin, Trade
from kernel.records.users import Online, User

_DAYS: Final = 7
_SPANS: Final = 3
_LAST_HOUR: Final = 24
_HOUR: Final = 60


class Funds(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What of an account makes its margin while it has no trades."""

    login: int
    group: str
    leverage: int
    balance: float
    credit: float


class MarginTerms(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a group's levels are percent or money."""

    group: str
    margin_type: int


class SymbolName(msgspec.Struct, frozen=True, kw_only=True):
    """A symbol without its configuration."""

    symbol: str


class Converters:
    """All readers, in one code page."""

    def __init__(self, texts: Texts) -> None:
        """Make them once for a driver: they keep nothing but what they are."""
        self.texts = texts
        self.users = Rows("UserRecord", User, texts, finish=_user)
        self.funds = Rows("UserRecord", Funds, texts)
        self.trades = Rows("TradeRecord", Trade, texts, also=("conv_rates",), finish=_trade)
        self.margins = Rows("MarginLevel", Margin, texts)
        self.online = Rows("OnlineRecord", Online, texts, finish=_online)
        self.prices = Rows("SymbolInfo", Price, texts)
        self.common = Rows("ConCommon", Common, texts)
        self.managers = Rows("ConManager", Manager, texts, also=RIGHTS, finish=_manager)
        self.names = Rows("ConSymbol", SymbolName, texts)
        self.terms = Rows("ConGroup", MarginTerms, texts)
        self._groups = Rows("ConGroup", Group, texts)
        self._securities = Rows("ConGroupSec", GroupSecurity, texts)
        self._overrides = Rows("ConGroupMargin", GroupMargin, texts)
        self._symbols = Rows("ConSymbol", Symbol, texts)
        self._hours = Rows("ConSession", _Span, texts)

    def groups(self, data: memoryview | bytes) -> list[Group]:
        """Read rows of ``ConGroup`` with what lies inside them."""
        size, found = self._groups.size, list[Group]()
        for place, members in enumerate(self._groups.members(data)):
            row = bytes(data[place * size : (place + 1) * size])
            members["secgroups"] = self._terms_by_class(row)
            members["secmargins"] = self._terms_by_symbol(row, members["secmargins_total"])
            found.append(Group(**members))
        return found

    def symbols(self, data: memoryview | bytes) -> list[Symbol]:
        """Read rows of ``ConSymbol`` with their week."""
        size, week = self._symbols.size, facts().structs["ConSymbol"].field("sessions")
        found = list[Symbol]()
        for place, members in enumerate(self._symbols.members(data)):
            start, day = place * size + week.offset, week.size // _DAYS
            days = (bytes(data[start + each * day : start + (each + 1) * day]) for each in range(_DAYS))
            found.append(Symbol(**members, sessions=tuple(self._day(one) for one in days)))
        return found

    def _terms_by_class(self, row: bytes) -> tuple[GroupSecurity, ...]:
        field = facts().structs["ConGroup"].field("secgroups")
        data, size = row[field.offset : field.offset + field.size], self._securities.size
        used = field.count
        while used and not any(data[(used - 1) * size : used * size]):
            used -= 1
        return tuple(self._securities.read(data[: used * size]))

    def _terms_by_symbol(self, row: bytes, total: int) -> tuple[GroupMargin, ...]:
        field = facts().structs["ConGroup"].field("secmargins")
        used = min(max(total, 0), field.count)
        return tuple(self._overrides.read(row[field.offset : field.offset + used * self._overrides.size]))

    def _day(self, data: bytes) -> Day:
        half = self._hours.size * _SPANS
        return Day(quote=self._spans(data[:half]), trade=self._spans(data[half : 2 * half]))

    def _spans(self, data: bytes) -> tuple[Hours, ...]:
        return tuple(hours for span in self._hours.read(data) if (hours := span.hours()) is not None)


class _Span(msgspec.Struct, frozen=True, kw_only=True):
    open_hour: int
    open_min: int
    close_hour: int
    close_min: int

    def hours(self) -> Hours | None:
        """Give the hours; None for an empty span and for what no clock shows."""
        opens, closes = self.open_hour * _HOUR + self.open_min, self.close_hour * _HOUR + self.close_min
        minutes_fit = 0 <= self.open_min < _HOUR and 0 <= self.close_min < _HOUR
        if not minutes_fit or not 0 <= opens < closes <= _LAST_HOUR * _HOUR:
            return None
        return Hours(open=f"{self.open_hour:02}:{self.open_min:02}", close=f"{self.close_hour:02}:{self.close_min:02}")


def dotted(address: int) -> str:
    """Write an IPv4 address whose first octet is the lowest byte; empty for none."""
    return ".".join(str(byte) for byte in (address & 0xFFFFFFFF).to_bytes(4, "little")) if address else ""


def _user(members: dict[str, Any]) -> None:
    members["last_ip"] = dotted(members["last_ip"])


def _online(members: dict[str, Any]) -> None:
    members["ip"] = dotted(members["ip"])


def _trade(members: dict[str, Any]) -> None:
    members["conv_rates"] = (members.pop("conv_rates[0]"), members.pop("conv_rates[1]"))


def _manager(members: dict[str, Any]) -> None:
    members["rights"] = tuple(right for right in RIGHTS if members.pop(right))
