"""What a request object is told to do: each write once, with all that MT4 leaves to its caller."""

import secrets
import string
from collections.abc import Callable, Sequence
from typing import Final, TypeVar, get_args

from msgspec import UNSET

from kernel.drivers import Indeterminate, NotSent, Rejected
from kernel.drivers.native.lowmemory import low_copy
from kernel.drivers.native.reads import Reads
from kernel.drivers.native.texts import Texts
from kernel.drivers.native.writing import TRADE_FIELDS, USER_FIELDS, Buffer, numbers
from kernel.records.server import GroupCommand, GroupOperation, Mail
from kernel.records.trades import Command, Trade, Transaction, TransactionType
from kernel.records.users import NewUser, User
from kernel.retcodes import Retcode

T = TypeVar("T")
_COMMANDS: Final[tuple[str, ...]] = get_args(GroupCommand)
_PASSWORD_BYTES: Final = 15
_RANDOM_LENGTH: Final = 12
_NEW_USER: Final = ("login", "password", "password_investor", "password_phone", *USER_FIELDS)
_TRANSACTION: Final = Transaction.__struct_fields__


class Requests(Reads):
    """Reads and writes on one object, on the thread that owns it. All raise the driver's three faults."""

    def user_record_new(self, user: NewUser) -> int:
        """``UserRecordNew``. An answer of 1, or without a login, proves nothing: ``Indeterminate``."""
        record = new_account(user, self.converters.texts)
        self._create("UserRecordNew", record)
        login: int = record.get("login")
        if login <= 0 or user.login not in {0, login}:
            raise Indeterminate(f"MT4 took a new account and gave it the login {login}")
        return login

    def user_record_update(self, user: User, password_phone: str | None) -> None:
        """``UserRecordUpdate`` on the record as MT4 has it now: bytes that we do not know stay as they are."""
        record = self._as_it_is("UserRecordsRequest", "UserRecord", "login", user.login)
        record.overlay(self.converters.users, user, USER_FIELDS)
        if password_phone is not None:
            record.put(password_phone=password_phone)
        self.interface.check("UserRecordUpdate", record.address)

    def user_password_set(self, login: int, password: str, *, investor: bool, clean_pubkey: bool) -> None:
        """``UserPasswordSet``."""
        text = self.converters.texts.argument(password, "the password", _PASSWORD_BYTES)
        self.interface.check("UserPasswordSet", login, text, int(investor), int(clean_pubkey))

    def user_password_check(self, login: int, password: str) -> None:
        """``UserPasswordCheck``."""
        text = self.converters.texts.argument(password, "the password", _PASSWORD_BYTES)
        self.interface.check("UserPasswordCheck", login, text)

    def users_group_op(self, operation: GroupOperation) -> None:
        """``UsersGroupOp``."""
        info = Buffer("GroupCommandInfo", self.converters.texts)
        info.put(len=len(operation.logins), command=_COMMANDS.index(operation.command))
        info.put(newgroup=operation.group, leverage=operation.leverage)
        self.interface.check("UsersGroupOp", info.address, numbers(operation.logins))

    def trade_transaction(self, transaction: Transaction) -> int:
        """``TradeTransaction``. Credit in without a future end is refused here with MT4's own 3, unsent."""
        info = Buffer("TradeTransInfo", self.converters.texts)
        info.put(**{name: getattr(transaction, name) for name in _TRANSACTION})
        if _is_credit_in(transaction) and transaction.expiration <= _unsent(self.server_time):
            raise Rejected(Retcode.INVALID_DATA)
        self._create("TradeTransaction", info)
        return info.get("order")

    def adm_trade_record_modify(self, trade: Trade) -> None:
        """``AdmTradeRecordModify`` on the record as MT4 has it now: a partial one is refused with 151."""
        record = self._as_it_is("TradeRecordsRequest", "TradeRecord", "order", trade.order)
        record.overlay(self.converters.trades, trade, TRADE_FIELDS)
        self.interface.check("AdmTradeRecordModify", record.address)

    def adm_trades_delete(self, orders: Sequence[int]) -> None:
        """``AdmTradesDelete``."""
        self.interface.check("AdmTradesDelete", numbers(orders), len(orders))

    def mail_send(self, mail: Mail, sender: str, login: int) -> None:
        """``MailSend``; ``to`` is how many are written to, and the text lies below 2 GB."""
        letter, body = Buffer("MailBox", self.converters.texts), self.converters.texts.body(mail.body)
        with low_copy(body) as address:
            letter.put(**{"sender": login, "from": sender, "to": len(mail.logins), "subject": mail.subject})
            letter.put(body=address, bodylen=len(body))
            self.interface.check("MailSend", letter.address, numbers(mail.logins))

    def _as_it_is(self, call: str, structure: str, key: str, number: int) -> Buffer:
        """Read the record that is about to be written; ``Rejected(3)``, MT4's own answer, where there is none."""
        found = _unsent(lambda: self.raw(call, structure, number))
        if found is None:
            raise Rejected(Retcode.INVALID_DATA)
        record = Buffer(structure, self.converters.texts, found)
        if record.get(key) != number:
            raise NotSent(f"nothing was written: {call} gave {key} {record.get(key)} for {number}")
        return record

    def _create(self, name: str, record: Buffer) -> None:
        """Call what makes something: 1, "nothing to do", is no success there (behaviour.md §3)."""
        retcode: int = self.interface.call(name, record.address)
        if retcode == Retcode.OK_NONE:
            raise Indeterminate(f"{name} was answered 1, which proves nothing", retcode)
        if retcode:
            raise self.interface.fault(retcode, name)


def new_account(user: NewUser, texts: Texts) -> Buffer:
    """Write a new account's record; without an investor's password it gets a random one.

    With none at all, nobody knows whom MT4 would let in.
    """
    record = Buffer("UserRecord", texts)
    record.put(**{name: getattr(user, name) for name in _NEW_USER})
    if user.password_investor is UNSET:
        record.put(password_investor=_random_password(user.password))
    return record


def _unsent(look: Callable[[], T]) -> T:
    """Look before a write: what goes wrong here proves that nothing was written, ``NotSent``."""
    try:
        return look()
    except (Indeterminate, Rejected) as fault:
        raise NotSent(f"nothing was written: {fault}") from fault


def _is_credit_in(transaction: Transaction) -> bool:
    booking = (transaction.type, transaction.cmd) == (TransactionType.BALANCE, Command.CREDIT)
    return booking and transaction.price > 0


def _random_password(other: str) -> str:
    """Make a password with letters of both cases and a digit that is not the other one."""
    alphabet = string.ascii_letters + string.digits
    while True:
        password = "".join(secrets.choice(alphabet) for _ in range(_RANDOM_LENGTH))
        kinds = (str.islower, str.isupper, str.isdecimal)
        if password != other and all(any(map(kind, password)) for kind in kinds):
            return password
