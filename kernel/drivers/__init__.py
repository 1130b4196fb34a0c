"""The ``Driver`` port: MT4's Manager API as small async protocols, in MT4's own terms.

A driver opens sessions; a session is one manager's login on one trade server. Real ones are found by
the entry-point group ``mt4api.drivers`` and imported on choice. Three faults may leave a driver and
nothing else: ``Rejected`` (MT4 answered no), ``NotSent`` (the call never left us), ``Indeterminate``
(it may or may not have been carried out).
"""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from kernel.records.events import Event
from kernel.records.market import Group, Price, Symbol
from kernel.records.server import Common, GroupOperation, Mail, Manager, Target
from kernel.records.trades import Margin, Trade, Transaction
from kernel.records.users import NewUser, Online, User


class DriverFault(Exception):
    """The root of what a driver raises."""


class Rejected(DriverFault):
    """MT4 answered with a return code other than 0.

    Whether the code proves that a write was not applied is for the caller to judge: see
    ``kernel.retcodes``.
    """

    def __init__(self, retcode: int) -> None:
        """Keep the code as MT4 gave it."""
        super().__init__(f"MT4 answered {retcode}")
        self.retcode = retcode


class NotSent(DriverFault):
    """The call never left us: there was no session, or none could be opened."""


class Indeterminate(DriverFault):
    """The line broke or the answer never came: a write may have been applied."""

    def __init__(self, reason: str, retcode: int | None = None) -> None:
        """Keep the code, if one came (255, or garbage)."""
        super().__init__(reason)
        self.retcode = retcode


class Session(Protocol):
    """One login on a trade server; every method may raise the three faults.

    Reads answer what our manager may see. An empty list means that there is nothing: a driver tells
    a dead line from an empty answer before it returns, as far as MT4 lets it.
    """

    @property
    def connected(self) -> bool:
        """``IsConnected``: a local flag, which may still say yes after the peer has gone."""
        ...

    @property
    def pumping(self) -> bool:
        """Whether the server's tables are loaded and its changes arrive."""
        ...

    @property
    def manager(self) -> Manager:
        """``ManagerRights``, read at login."""
        ...

    async def ping(self) -> None:
        """``Ping``: a round trip, which also keeps an idle session alive."""
        ...

    async def server_time(self) -> int:
        """``ServerTime``: the server's clock in seconds, counted as if it were UTC."""
        ...

    async def common(self) -> Common:
        """``ManagerCommon``."""
        ...

    async def groups(self) -> Sequence[Group]:
        """``GroupsRequest``: never empty for a working session, so it serves as the canary."""
        ...

    async def symbols(self) -> Sequence[Symbol]:
        """``SymbolsGetAll``, in the server's order."""
        ...

    async def symbol_info(self, symbol: str) -> Price | None:
        """``SymbolInfoGet`` on the pump; None before the first quote."""
        ...

    async def users(self) -> Sequence[User]:
        """``UsersRequest``: every account that our manager sees, by login."""
        ...

    async def user_records(self, logins: Sequence[int]) -> Sequence[User]:
        """``UserRecordsRequest``: those that exist and are visible; the others are left out."""
        ...

    async def user_record_new(self, user: NewUser) -> int:
        """``UserRecordNew``: the login of the new account."""
        ...

    async def user_record_update(self, user: User, password_phone: str | None = None) -> None:
        """``UserRecordUpdate`` of the whole record; what only MT4 writes is ignored by MT4."""
        ...

    async def user_password_set(self, login: int, password: str, *, investor: bool, clean_pubkey: bool) -> None:
        """``UserPasswordSet``."""
        ...

    async def user_password_check(self, login: int, password: str) -> None:
        """``UserPasswordCheck`` of the main password: returns when right, ``Rejected(65)`` when wrong."""
        ...

    async def users_group_op(self, operation: GroupOperation) -> None:
        """``UsersGroupOp``: one verdict for the whole list; read again to see what happened."""
        ...

    async def online(self) -> Sequence[Online]:
        """``OnlineRequest``."""
        ...

    async def trade_transaction(self, transaction: Transaction) -> int:
        """``TradeTransaction``: the ticket that MT4 wrote into ``order``."""
        ...

    async def margin_level(self, login: int) -> Margin:
        """``MarginLevelRequest``; ``Rejected(3)`` for a login that is not there."""
        ...

    async def margins(self) -> Sequence[Margin]:
        """``MarginsGet`` on the pump, one row for every visible account, zeros when flat."""
        ...

    async def trades(self) -> Sequence[Trade]:
        """``TradesRequest``: open positions and pending orders, by ticket."""
        ...

    async def trades_history(self, login: int, since: int, until: int) -> Sequence[Trade]:
        """``TradesUserHistory``: closed records whose close time is in [since, until], by ticket."""
        ...

    async def trade_records(self, orders: Sequence[int]) -> Sequence[Trade]:
        """``TradeRecordsRequest``: open or closed, those that exist."""
        ...

    async def adm_trades(self, request: str, *, open_only: bool) -> Sequence[Trade]:
        """``AdmTradesRequest``: by a comma list of group masks or logins; needs the right admin."""
        ...

    async def adm_trade_record_modify(self, trade: Trade) -> None:
        """``AdmTradeRecordModify`` of the whole record; balances do not follow."""
        ...

    async def adm_trades_delete(self, orders: Sequence[int]) -> None:
        """``AdmTradesDelete``: out of the database for good."""
        ...

    async def mail_send(self, mail: Mail, sender: str) -> None:
        """``MailSend`` under the mailbox name ``sender``."""
        ...

    def events(self) -> AsyncIterator[Event]:
        """Say what the pump brings, until the session closes; a ``GapEvent`` where some was lost."""
        ...

    async def close(self) -> None:
        """``Disconnect`` and release; never raises, and may be called twice."""
        ...


class Driver(Protocol):
    """A way to reach trade servers."""

    async def start(self) -> None:
        """Make ready, before the first session."""
        ...

    async def reachable(self) -> bool:
        """Whether the service that hosts the Manager API answers, connected or not."""
        ...

    async def open(self, target: Target) -> Session:
        """``Connect`` and ``Login``; ``NotSent`` when nothing answers, ``Rejected`` when it refuses."""
        ...

    async def close(self) -> None:
        """End what is left open."""
        ...


class DriverModule(Protocol):
    """What an entry point of ``mt4api.drivers`` names: a module with these two."""

    Settings: type[Any]
    """A msgspec Struct, filled strictly from ``[mt4.NAME]``."""

    def make(self, settings: Any, data: Path, *, code_page: str) -> Driver:
        """Make the driver from its filled settings.

        ``data`` is the folder for what it keeps, ``code_page`` the server's for texts.
        """
        ...
