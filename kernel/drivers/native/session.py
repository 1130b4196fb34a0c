"""A manager's session through MT4's library: a pool of request objects, and a pump."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Final

from kernel.drivers import NotSent, Rejected
from kernel.drivers.native.convert import Converters
from kernel.drivers.native.events import Events
from kernel.drivers.native.interface import Interface
from kernel.drivers.native.owner import Owner
from kernel.drivers.native.pool import Member, Pool
from kernel.drivers.native.pump import Pump
from kernel.drivers.native.settings import Settings
from kernel.records.events import Event
from kernel.records.market import Group, Price, Symbol
from kernel.records.server import Common, GroupOperation, Mail, Manager
from kernel.records.trades import Margin, Trade, Transaction
from kernel.records.users import NewUser, Online, User
from kernel.retcodes import Retcode

_SEE: Final = "see_trades"
_log = logging.getLogger(__name__)


class NativeSession:
    """Implements ``kernel.drivers.Session``.

    Lists have no error channel in MT4, so rights are looked at before they are asked for.
    """

    def __init__(self, enter: Callable[[], Interface], converters: Converters, settings: Settings) -> None:
        """Begin with nothing open; ``open`` logs in."""
        self._settings = settings
        self._events = Events(settings.events)
        self._pool = Pool(lambda: Member(enter, converters, settings.keepalive_seconds), settings.request_sessions)
        self._start_pump = lambda: Pump(enter, converters, self._events, settings)
        self._pump: Pump | None = None
        self._manager: Manager | None = None
        self._owners: list[Owner] = []

    async def open(self) -> None:
        """Log in and pump. Raises ``NotSent`` and ``Rejected``; whatever happens, ``close`` ends it."""
        await self._pool.open()
        self._manager = await self._pool.run(lambda requests: requests.manager())
        self._pump = self._start_pump()
        await self._pump.filled(self._settings.pump_start_seconds)

    @property
    def connected(self) -> bool:
        """Whether no call has found the line gone."""
        return self._manager is not None and self._pool.lost is None

    @property
    def pumping(self) -> bool:
        """Whether the pump's tables are loaded and its signs arrive."""
        return self.connected and self._pump is not None and self._pump.running

    @property
    def manager(self) -> Manager:
        """``ManagerRights``, as read at login."""
        return self._logged_in()

    async def ping(self) -> None:
        """``Ping`` on every request object, behind the calls under way: one that hangs is found."""
        await self._pool.each(lambda requests: requests.ping())

    async def server_time(self) -> int:
        """``ServerTime``."""
        return await self._pool.run(lambda requests: requests.server_time())

    async def common(self) -> Common:
        """``ManagerCommon``."""
        return await self._pool.run(lambda requests: requests.common())

    async def groups(self) -> Sequence[Group]:
        """``GroupsRequest``."""
        return await self._pool.run(lambda requests: requests.groups())

    async def symbols(self) -> Sequence[Symbol]:
        """``SymbolsGetAll``."""
        return await self._pool.run(lambda requests: requests.symbols())

    async def symbol_info(self, symbol: str) -> Price | None:
        """``SymbolInfoGet``."""
        return await self._pumping().symbol_info(symbol)

    async def users(self) -> Sequence[User]:
        """``UsersRequest``."""
        return await self._pool.run(lambda requests: requests.users())

    async def user_records(self, logins: Sequence[int]) -> Sequence[User]:
        """``UserRecordsRequest``."""
        return await self._pool.run(lambda requests: requests.user_records(logins))

    async def user_record_new(self, user: NewUser) -> int:
        """``UserRecordNew``."""
        return await self._pool.run(lambda requests: requests.user_record_new(user))

    async def user_record_update(self, user: User, password_phone: str | None = None) -> None:
        """``UserRecordUpdate``."""
        await self._pool.run(lambda requests: requests.user_record_update(user, password_phone))

    async def user_password_set(self, login: int, password: str, *, investor: bool, clean_pubkey: bool) -> None:
        """``UserPasswordSet``."""
        await self._pool.run(
            lambda requests: requests.user_password_set(login, password, investor=investor, clean_pubkey=clean_pubkey)
        )

    async def user_password_check(self, login: int, password: str) -> None:
        """``UserPasswordCheck``."""
        await self._pool.run(lambda requests: requests.user_password_check(login, password))

    async def users_group_op(self, operation: GroupOperation) -> None:
        """``UsersGroupOp``."""
        await self._pool.run(lambda requests: requests.users_group_op(operation))

    async def online(self) -> Sequence[Online]:
        """``OnlineRequest``."""
        self._need("online")
        return await self._pool.run(lambda requests: requests.online())

    async def trade_transaction(self, transaction: Transaction) -> int:
        """``TradeTransaction``."""
        return await self._pool.run(lambda requests: requests.trade_transaction(transaction))

    async def margin_level(self, login: int) -> Margin:
        """``MarginLevelRequest``."""
        return await self._pool.run(lambda requests: requests.margin_level(login))

    async def margins(self) -> Sequence[Margin]:
        """``MarginsGet``."""
        self._need("riskman", _SEE)
        return await self._pumping().margins()

    async def trades(self) -> Sequence[Trade]:
        """``TradesRequest``."""
        self._need(_SEE)
        return await self._pool.run(lambda requests: requests.trades())

    async def trades_history(self, login: int, since: int, until: int) -> Sequence[Trade]:
        """``TradesUserHistory``."""
        self._need(_SEE)
        return await self._pool.run(lambda requests: requests.trades_history(login, since, until))

    async def trade_records(self, orders: Sequence[int]) -> Sequence[Trade]:
        """``TradeRecordsRequest``."""
        self._need(_SEE)
        return await self._pool.run(lambda requests: requests.trade_records(orders))

    async def adm_trades(self, request: str, *, open_only: bool) -> Sequence[Trade]:
        """``AdmTradesRequest``; without the right admin nothing, unasked: MT4 would say nothing or hang."""
        if "admin" not in self._logged_in().rights:
            return []
        return await self._pool.run(lambda requests: requests.adm_trades(request, open_only=open_only))

    async def adm_trade_record_modify(self, trade: Trade) -> None:
        """``AdmTradeRecordModify``."""
        await self._pool.run(lambda requests: requests.adm_trade_record_modify(trade))

    async def adm_trades_delete(self, orders: Sequence[int]) -> None:
        """``AdmTradesDelete``."""
        await self._pool.run(lambda requests: requests.adm_trades_delete(orders))

    async def mail_send(self, mail: Mail, sender: str) -> None:
        """``MailSend``."""
        login = self._logged_in().login
        await self._pool.run(lambda requests: requests.mail_send(mail, sender, login))

    def events(self) -> AsyncIterator[Event]:
        """Say what the pump brings, until the session closes."""
        return self._events.stream()

    @property
    def ended(self) -> bool:
        """Whether every object is logged out and released."""
        return bool(self._owners) and all(owner.ended.done() for owner in self._owners)

    def end(self) -> None:
        """Send nothing more and log out, at once and without waiting; may be called twice."""
        self._events.close()
        pump = [] if self._pump is None else [self._pump.close()]
        self._owners = [*self._pool.close(), *pump]

    async def close(self) -> None:
        """Log every object out; one whose call does not come back is left behind with its thread."""
        self.end()
        if self._owners:
            ends = [asyncio.wrap_future(owner.ended) for owner in self._owners]
            _, stuck = await asyncio.wait(ends, timeout=self._settings.close_seconds)
            if stuck:
                _log.warning("%d calls of the MT4 library do not come back; their sessions are given up", len(stuck))

    def _need(self, *rights: str) -> None:
        if not any(right in self._logged_in().rights for right in rights):
            raise Rejected(Retcode.NOT_ENOUGH_RIGHTS)

    def _logged_in(self) -> Manager:
        if self._manager is None:
            raise NotSent("the session is not open")
        return self._manager

    def _pumping(self) -> Pump:
        if self._pump is None:
            raise NotSent("the session is not open")
        return self._pump
