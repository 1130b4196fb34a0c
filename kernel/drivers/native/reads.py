"""What is read on a request object, one call at a time; every list is told apart from a dead line."""

import time
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from kernel.drivers import Indeterminate
from kernel.drivers.native.convert import Converters
from kernel.drivers.native.facts import facts
from kernel.drivers.native.interface import Interface
from kernel.drivers.native.writing import Buffer, numbers
from kernel.records.market import Group, Symbol
from kernel.records.scalars import INT32_MAX
from kernel.records.server import Common, Manager
from kernel.records.trades import Margin, Trade
from kernel.records.users import Online, User

T = TypeVar("T")
_REQUEST_BYTES: Final = 65535


class Reads:
    """Reads on one object, on the thread that owns it. All raise the driver's three faults."""

    def __init__(self, interface: Interface, converters: Converters) -> None:
        """Take an object that is logged in and does not pump."""
        self.interface = interface
        self.converters = converters

    def keep_alive(self, seconds: float) -> None:
        """Ping an object that has had no call for so long; a failure ends the session."""
        idle = time.monotonic() - self.interface.last_call
        if self.interface.lost is None and idle >= seconds and (retcode := self.interface.call("Ping")):
            self.interface.lost = f"the session is over: Ping was answered {retcode}"

    def ping(self) -> None:
        """``Ping``."""
        self.interface.check("Ping")

    def server_time(self) -> int:
        """``ServerTime``; it has no error code, so a time that is none is looked into."""
        found: int = self.interface.call("ServerTime")
        if found <= 0:
            self.ping()
            raise Indeterminate("MT4 gave no time")
        return found

    def manager(self) -> Manager:
        """``ManagerRights``."""
        return self._one("ManagerRights", "ConManager", self.converters.managers.read)

    def common(self) -> Common:
        """``ManagerCommon``."""
        return self._one("ManagerCommon", "ConCommon", self.converters.common.read)

    def groups(self) -> list[Group]:
        """``GroupsRequest``."""
        return self._list("GroupsRequest", "ConGroup", self.converters.groups)

    def symbols(self) -> list[Symbol]:
        """``SymbolsRefresh``, then ``SymbolsGetAll``."""
        self.interface.check("SymbolsRefresh")
        return self._list("SymbolsGetAll", "ConSymbol", self.converters.symbols)

    def users(self) -> list[User]:
        """``UsersRequest``."""
        return sorted(self._list("UsersRequest", "UserRecord", self.converters.users.read), key=_login)

    def user_records(self, logins: Sequence[int]) -> list[User]:
        """``UserRecordsRequest``: MT4 promises no order and is asked for no login twice."""
        wanted = _numbers_of_mt4(logins)
        if not wanted:
            return []
        read = self.converters.users.read
        found = self._list("UserRecordsRequest", "UserRecord", read, numbers(wanted), count=len(wanted))
        return sorted(found, key=_login)

    def online(self) -> list[Online]:
        """``OnlineRequest``."""
        return self._list("OnlineRequest", "OnlineRecord", self.converters.online.read)

    def margin_level(self, login: int) -> Margin:
        """``MarginLevelRequest``, into zeroes: MT4 leaves them as they are where it fails."""
        return self._one("MarginLevelRequest", "MarginLevel", self.converters.margins.read, login)

    def trades(self) -> list[Trade]:
        """``TradesRequest``."""
        return sorted(self._list("TradesRequest", "TradeRecord", self.converters.trades.read), key=_order)

    def trades_history(self, login: int, since: int, until: int) -> list[Trade]:
        """``TradesUserHistory``; bounds beyond MT4's 32 bits would find nothing, and find nothing here."""
        if until > INT32_MAX or since < 0:
            return []
        read = self.converters.trades.read
        return sorted(self._list("TradesUserHistory", "TradeRecord", read, login, since, until), key=_order)

    def trade_records(self, orders: Sequence[int]) -> list[Trade]:
        """``TradeRecordsRequest``."""
        wanted = _numbers_of_mt4(orders)
        if not wanted:
            return []
        read = self.converters.trades.read
        found = self._list("TradeRecordsRequest", "TradeRecord", read, numbers(wanted), count=len(wanted))
        return sorted(found, key=_order)

    def adm_trades(self, request: str, *, open_only: bool) -> list[Trade]:
        """``AdmTradesRequest``; without the right admin some servers hang, so ask nobody else to."""
        text = self.converters.texts.argument(request, "the request", _REQUEST_BYTES)
        read = self.converters.trades.read
        return sorted(self._list("AdmTradesRequest", "TradeRecord", read, text, int(open_only)), key=_order)

    def raw(self, name: str, structure: str, number: int) -> bytes | None:
        """Read one record by its number, every byte of it; None where there is none."""
        size, wanted = facts().structs[structure].size, numbers([number])
        found = self.interface.rows(name, size, bytes, wanted, count=1)
        if not found:
            self.ping()
            return None
        return found[:size]

    def _one(self, name: str, structure: str, read: Callable[[bytes], list[T]], *arguments: Any) -> T:
        buffer = Buffer(structure, self.converters.texts)
        self.interface.check(name, *arguments, buffer.address)
        return read(buffer.bytes())[0]

    def _list(
        self, name: str, structure: str, read: Callable[[memoryview], list[T]], *arguments: Any, count: int = 0
    ) -> list[T]:
        """Read an array; none is empty only if the line still answers (behaviour.md §3)."""
        size = facts().structs[structure].size
        found = self.interface.rows(name, size, read, *arguments, count=count)
        if not found:
            self.ping()
        return found or []


def _numbers_of_mt4(wanted: Sequence[int]) -> list[int]:
    """Leave out repetitions and what no account or order can be called."""
    return [number for number in dict.fromkeys(wanted) if 0 < number <= INT32_MAX]


def _login(user: User) -> int:
    return user.login


def _order(trade: Trade) -> int:
    return trade.order
