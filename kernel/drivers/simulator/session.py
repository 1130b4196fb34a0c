"""A manager's session on the simulated trade server: a line, two tables of calls, and the pump."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from typing import Final, TypeVar

from kernel.drivers.simulator.authority import Authority
from kernel.drivers.simulator.commands import Commands
from kernel.drivers.simulator.line import Line
from kernel.drivers.simulator.pump import Pump
from kernel.drivers.simulator.reads import Reads
from kernel.drivers.simulator.server import TradeServer
from kernel.drivers.simulator.trouble import Trouble
from kernel.records.events import Event
from kernel.records.market import Group, Price, Symbol
from kernel.records.server import Common, GroupOperation, Mail, Manager
from kernel.records.trades import Margin, Trade, Transaction
from kernel.records.users import NewUser, Online, User

_A = TypeVar("_A")
_B = TypeVar("_B")
_SLICE: Final = 500
"""Rows of a long list that are made before others have their turn: a few milliseconds."""


class SimulatorSession:
    """Implements ``kernel.drivers.Session``; calls wait for each other, as on one line they must."""

    def __init__(self, server: TradeServer, manager: Manager, trouble: Trouble) -> None:
        """Begin logged in and pumping."""
        self._authority = Authority(server.state, manager)
        self._reads = Reads(server, self._authority)
        self._commands = Commands(server, self._authority)
        self._server = server
        self._line = Line(server.monotonic, server.settings.idle_seconds)
        self._pump = Pump(self._authority)
        self._trouble = trouble.on(self._line, self._pump)
        self._state = server.state
        self._state.listeners.append(self._hear)

    @property
    def connected(self) -> bool:
        """What this end believes."""
        return self._line.connected

    @property
    def pumping(self) -> bool:
        """Whether changes arrive."""
        return self._line.alive and self._pump.running

    @property
    def manager(self) -> Manager:
        """``ManagerRights``, as read at login."""
        return self._authority.manager

    async def ping(self) -> None:
        """``Ping``."""
        await self._call("ping", lambda: None)

    async def server_time(self) -> int:
        """``ServerTime``."""
        return await self._call("server_time", self._server.now)

    async def common(self) -> Common:
        """``ManagerCommon``."""
        return await self._call("common", self._reads.common)

    async def groups(self) -> Sequence[Group]:
        """``GroupsRequest``."""
        return await self._list("groups", self._reads.groups)

    async def symbols(self) -> Sequence[Symbol]:
        """``SymbolsGetAll``."""
        return await self._list("symbols", self._reads.symbols)

    async def symbol_info(self, symbol: str) -> Price | None:
        """``SymbolInfoGet``."""
        return await self._call("symbol_info", lambda: self._reads.symbol_info(symbol))

    async def users(self) -> Sequence[User]:
        """``UsersRequest``."""
        return await self._long_list("users", self._reads.users, self._reads.user)

    async def user_records(self, logins: Sequence[int]) -> Sequence[User]:
        """``UserRecordsRequest``."""
        return await self._list("user_records", lambda: self._reads.user_records(logins))

    async def user_record_new(self, user: NewUser) -> int:
        """``UserRecordNew``."""
        return await self._call("user_record_new", lambda: self._commands.user_record_new(user))

    async def user_record_update(self, user: User, password_phone: str | None = None) -> None:
        """``UserRecordUpdate``."""
        await self._call("user_record_update", lambda: self._commands.user_record_update(user, password_phone))

    async def user_password_set(self, login: int, password: str, *, investor: bool, clean_pubkey: bool) -> None:
        """``UserPasswordSet``; there is no RSA key to clean."""
        del clean_pubkey
        await self._call(
            "user_password_set", lambda: self._commands.user_password_set(login, password, investor=investor)
        )

    async def user_password_check(self, login: int, password: str) -> None:
        """``UserPasswordCheck``."""
        await self._call("user_password_check", lambda: self._commands.user_password_check(login, password))

    async def users_group_op(self, operation: GroupOperation) -> None:
        """``UsersGroupOp``."""
        await self._call("users_group_op", lambda: self._commands.users_group_op(operation))

    async def online(self) -> Sequence[Online]:
        """``OnlineRequest``."""
        return await self._list("online", self._reads.online)

    async def trade_transaction(self, transaction: Transaction) -> int:
        """``TradeTransaction``."""
        return await self._call("trade_transaction", lambda: self._commands.trade_transaction(transaction))

    async def margin_level(self, login: int) -> Margin:
        """``MarginLevelRequest``."""
        return await self._call("margin_level", lambda: self._reads.margin_level(login))

    async def margins(self) -> Sequence[Margin]:
        """``MarginsGet``."""
        return await self._long_list("margins", self._reads.margin_users, self._reads.margin)

    async def trades(self) -> Sequence[Trade]:
        """``TradesRequest``."""
        return await self._long_list("trades", self._reads.trades, self._reads.trade)

    async def trades_history(self, login: int, since: int, until: int) -> Sequence[Trade]:
        """``TradesUserHistory``."""
        return await self._list("trades_history", lambda: self._reads.history(login, since, until))

    async def trade_records(self, orders: Sequence[int]) -> Sequence[Trade]:
        """``TradeRecordsRequest``."""
        return await self._list("trade_records", lambda: self._reads.records(orders))

    async def adm_trades(self, request: str, *, open_only: bool) -> Sequence[Trade]:
        """``AdmTradesRequest``; without the right it is empty, or by option hangs."""
        if self._server.settings.admin_hangs and not self._authority.has("admin"):
            await self._trouble.hang()
        found = await self._long_list(
            "adm_trades",
            lambda: self._reads.adm_logins(request),
            lambda login: self._reads.adm_trades(login, open_only=open_only),
        )
        return sorted(found, key=lambda trade: trade.order)

    async def adm_trade_record_modify(self, trade: Trade) -> None:
        """``AdmTradeRecordModify``."""
        await self._call("adm_trade_record_modify", lambda: self._commands.adm_trade_record_modify(trade))

    async def adm_trades_delete(self, orders: Sequence[int]) -> None:
        """``AdmTradesDelete``."""
        await self._call("adm_trades_delete", lambda: self._commands.adm_trades_delete(orders))

    async def mail_send(self, mail: Mail, sender: str) -> None:
        """``MailSend``."""
        await self._call("mail_send", lambda: self._commands.mail_send(mail, sender))

    def events(self) -> AsyncIterator[Event]:
        """Say what the pump brings, until the session closes."""
        return self._pump.events()

    async def close(self) -> None:
        """``Disconnect``; a call that hangs ends as indeterminate."""
        self.end()

    def end(self) -> None:
        """Do the same at once; may be called twice."""
        self._line.close()
        self._pump.close()
        self._trouble.close()
        if self._hear in self._state.listeners:
            self._state.listeners.remove(self._hear)

    def _hear(self, event: Event) -> None:
        if self._line.alive:
            self._pump.put(event)
        else:
            self._pump.stop("the line broke")

    async def _call(self, name: str, work: Callable[[], _A]) -> _A:
        """Make one call, as the line and the plan of faults have it."""
        return await self._trouble.call(name, work)

    async def _list(self, name: str, work: Callable[[], list[_A]]) -> list[_A]:
        """Make one call that answers a list: empty where the session is logged out."""
        empty: list[_A] = []
        return await self._trouble.call(name, work, empty)

    async def _long_list(
        self, name: str, items: Callable[[], list[_A]], rows: Callable[[_A], Iterable[_B]]
    ) -> list[_B]:
        """Make a list in slices, so that a hundred thousand rows do not stop everybody else."""
        found: list[_B] = []
        waiting = await self._list(name, items)
        for start in range(0, len(waiting), _SLICE):
            for item in waiting[start : start + _SLICE]:
                found.extend(rows(item))
            await asyncio.sleep(0)
        return found
