"""What a manager reads from the trade server, as far as rights and groups allow."""

from collections.abc import Sequence
from typing import Final

from kernel.drivers.simulator import margin
from kernel.drivers.simulator.authority import Authority
from kernel.drivers.simulator.clock import DAY
from kernel.drivers.simulator.online import online
from kernel.drivers.simulator.profit import valued
from kernel.drivers.simulator.server import TradeServer
from kernel.records.market import Group, Price, Symbol
from kernel.records.masks import matcher
from kernel.records.scalars import INT32_MAX
from kernel.records.server import Common
from kernel.records.trades import Margin, Trade
from kernel.records.users import Online, User

_SEE: Final = "see_trades"


class Reads:
    """One manager's reads; lists that can be long come as items, and one by one as answers."""

    def __init__(self, server: TradeServer, authority: Authority) -> None:
        """Read for one manager."""
        self._server = server
        self._state = server.state
        self._authority = authority

    def common(self) -> Common:
        """``ManagerCommon``."""
        return self._state.common

    def groups(self) -> list[Group]:
        """``GroupsRequest``: our groups."""
        return [group for group in self._state.groups.values() if self._authority.sees_group(group.group)]

    def symbols(self) -> list[Symbol]:
        """``SymbolsGetAll``."""
        return list(self._state.market.symbols.values())

    def symbol_info(self, symbol: str) -> Price | None:
        """``SymbolInfoGet``."""
        return self._state.market.price(symbol)

    def users(self) -> list[User]:
        """``UsersRequest``, by login; each then goes through ``user``."""
        users = self._state.book.users
        return self._authority.visible(users[login] for login in sorted(users))

    def user(self, user: User) -> tuple[User]:
        """Give an account as we are shown it."""
        return (self._authority.shown(user),)

    def user_records(self, logins: Sequence[int]) -> list[User]:
        """``UserRecordsRequest``: those that are there and ours, by login."""
        users = self._state.book.users
        found = [users[login] for login in sorted(set(logins)) if self._authority.sees(login)]
        return [self._authority.shown(user) for user in found]

    def online(self) -> list[Online]:
        """``OnlineRequest``; needs the right ``online``."""
        self._authority.require("online")
        return list(online(self.users(), self._server.now()))

    def margin_level(self, login: int) -> Margin:
        """``MarginLevelRequest``; needs ``riskman`` or ``see_trades``."""
        self._authority.require("riskman", _SEE)
        return self.margin(self._authority.reach(login))[0]

    def margin_users(self) -> list[User]:
        """``MarginsGet``: the accounts, each of which then goes through ``margin``."""
        self._authority.require("riskman", _SEE)
        return self.users()

    def margin(self, user: User) -> tuple[Margin]:
        """Give an account's margin as of now."""
        trades = self._state.book.positions_of(user.login)
        return (margin.level(user, self._state.group_of(user), trades, self._state.market),)

    def trades(self) -> list[Trade]:
        """``TradesRequest``, by ticket; each then goes through ``trade``. Needs ``see_trades``."""
        self._authority.require(_SEE)
        held = self._state.book.trades
        return self._authority.visible_trades(held[order] for order in sorted(held))

    def trade(self, trade: Trade) -> tuple[Trade]:
        """Give a trade, an open one valued as of now."""
        user = self._state.book.users.get(trade.login)
        if user is None or trade.order not in self._state.book.trades:
            return (trade,)
        return (valued(trade, self._state.group_of(user), self._state.market),)

    def history(self, login: int, since: int, until: int) -> list[Trade]:
        """``TradesUserHistory``: empty for an account that is not ours and for a bound over 32 bits."""
        self._authority.require(_SEE)
        if until > INT32_MAX or since < 0 or not self._authority.sees(login):
            return []
        return self._state.storage.history(login, max(since, self._oldest()), until)

    def records(self, orders: Sequence[int]) -> list[Trade]:
        """``TradeRecordsRequest``: open or closed, those that are there and ours, by ticket."""
        self._authority.require(_SEE)
        wanted = [order for order in dict.fromkeys(orders) if 0 < order <= INT32_MAX]
        found = self._authority.visible_trades(self._state.storage.trades(wanted))
        return [self.trade(self._state.book.trades.get(trade.order, trade))[0] for trade in found]

    def adm_logins(self, request: str) -> list[int]:
        """``AdmTradesRequest``: the accounts meant by a comma list of logins and group masks.

        Nothing without the right ``admin``: MT4 gives no error.
        """
        if not self._authority.has("admin"):
            return []
        parts = [part.strip() for part in request.split(",") if part.strip()]
        numbers = {int(part) for part in parts if part.isascii() and part.isdecimal()}
        masks = ",".join(part for part in parts if not (part.isascii() and part.isdecimal()))
        matches = matcher(masks) if masks else None
        return [
            user.login
            for user in self.users()
            if user.login in numbers or (matches is not None and matches(user.group))
        ]

    def adm_trades(self, login: int, *, open_only: bool) -> list[Trade]:
        """Give one account's trades: what is open and, when asked, its history."""
        trades = [self.trade(trade)[0] for trade in self._state.book.open_of(login)]
        if not open_only:
            trades += self._state.storage.history(login, self._oldest(), INT32_MAX)
        return trades

    def _oldest(self) -> int:
        depth = self._authority.manager.info_depth
        return self._server.now() - depth * DAY if depth else 0
