"""What a manager has the trade server do, as far as rights and groups allow."""

from collections.abc import Sequence
from typing import Final

from msgspec import UNSET
from msgspec.structs import replace

from kernel.drivers import Rejected
from kernel.drivers.simulator.authority import Authority
from kernel.drivers.simulator.server import TradeServer
from kernel.records.server import GroupOperation, Mail
from kernel.records.trades import Trade, Transaction, TransactionType
from kernel.records.users import NewUser, User
from kernel.retcodes import Retcode

_MANAGER: Final = "manager"
_BY_LOGIN: Final = frozenset({TransactionType.OPEN, TransactionType.CLOSE_ALL, TransactionType.BALANCE})
_EDITS: Final = ("trades", "admin")


class Commands:
    """One manager's writes: 7 without the right, 3 for what is not there or not ours."""

    def __init__(self, server: TradeServer, authority: Authority) -> None:
        """Write for one manager."""
        self._server = server
        self._authority = authority

    def user_record_new(self, user: NewUser) -> int:
        """``UserRecordNew``."""
        self._authority.require(_MANAGER)
        self._group(user.group)
        return self._server.accounts.create(user)

    def user_record_update(self, user: User, password_phone: str | None) -> None:
        """``UserRecordUpdate``."""
        self._authority.require(_MANAGER)
        before = self._authority.reach(user.login)
        self._group(user.group)
        self._server.accounts.update(self._authority.unhidden(user, before), password_phone)

    def user_password_set(self, login: int, password: str, *, investor: bool) -> None:
        """``UserPasswordSet``; there is no RSA key to clean."""
        self._authority.require(_MANAGER)
        self._authority.reach(login)
        self._server.accounts.set_password(login, password, investor=investor)

    def user_password_check(self, login: int, password: str) -> None:
        """``UserPasswordCheck``."""
        self._authority.require(_MANAGER)
        self._authority.reach(login)
        self._server.accounts.check_password(login, password)

    def users_group_op(self, operation: GroupOperation) -> None:
        """``UsersGroupOp`` on those of the accounts that are ours."""
        self._authority.require(_MANAGER)
        if operation.group is not UNSET:
            self._group(operation.group)
        ours = tuple(login for login in operation.logins if self._authority.sees(login))
        if not ours:
            raise Rejected(Retcode.INVALID_DATA)
        self._server.accounts.batch(replace(operation, logins=ours))

    def trade_transaction(self, transaction: Transaction) -> int:
        """``TradeTransaction``: balance operations need ``money``, orders ``trades``."""
        self._authority.require("money" if transaction.type == TransactionType.BALANCE else "trades")
        login = transaction.orderby
        if transaction.type not in _BY_LOGIN:
            trade = self._server.state.book.trades.get(transaction.order)
            login = 0 if trade is None else trade.login
        self._authority.reach(login)
        return self._server.dealing.transact(transaction)

    def adm_trade_record_modify(self, trade: Trade) -> None:
        """``AdmTradeRecordModify``; needs ``trades`` and ``admin``."""
        self._edit()
        self._authority.reach(trade.login)
        self._server.admin.modify(trade)

    def adm_trades_delete(self, orders: Sequence[int]) -> None:
        """``AdmTradesDelete``: those that are ours; 3 when none is. Needs ``trades`` and ``admin``."""
        self._edit()
        records = [self._server.admin.record(order) for order in dict.fromkeys(orders)]
        ours = self._authority.visible_trades(trade for trade in records if trade is not None)
        if not ours:
            raise Rejected(Retcode.INVALID_DATA)
        self._server.admin.delete([trade.order for trade in ours])

    def mail_send(self, mail: Mail, sender: str) -> None:
        """``MailSend`` to those of the accounts that are ours; needs ``email``."""
        self._authority.require("email")
        ours = tuple(login for login in mail.logins if self._authority.sees(login))
        self._server.admin.send(replace(mail, logins=ours), self._authority.manager.login, sender)

    def _edit(self) -> None:
        for right in _EDITS:
            self._authority.require(right)

    def _group(self, group: str) -> None:
        if not self._authority.sees_group(group):
            raise Rejected(Retcode.INVALID_DATA)
