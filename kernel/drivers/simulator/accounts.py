"""Opening, changing and deleting accounts, their passwords, and batch commands (behaviour.md §7)."""

from collections.abc import Callable
from typing import Any, Final

from msgspec import UNSET
from msgspec.structs import replace

from kernel.drivers import Rejected
from kernel.drivers.simulator import passwords
from kernel.drivers.simulator.book import LASTLOGIN
from kernel.drivers.simulator.state import State
from kernel.drivers.simulator.storage import Digest
from kernel.drivers.simulator.texts import USER_TEXTS, fit, fit_user
from kernel.records.scalars import INT32_MAX
from kernel.records.server import GroupOperation
from kernel.records.users import NewUser, User
from kernel.retcodes import Retcode

_MAIN: Final = "main"
_INVESTOR: Final = "investor"
_PHONE: Final = "phone"
_PHONE_BYTES: Final = 31
_KEPT: Final = (
    *("balance", "credit", "prevbalance", "prevmonthbalance", "prevequity", "prevmonthequity"),
    *("regdate", "lastdate", "last_ip"),
)
"""What ``UserRecordUpdate`` leaves as it is, whatever the caller sends."""
_COPIED: Final = tuple(name for name in USER_TEXTS if name != "group")
_NUMBERS: Final = (
    *("agent_account", "taxes", "interestrate", "enable", "enable_change_password", "enable_read_only"),
    *("enable_otp", "send_reports", "mqid", "user_color"),
)


class Accounts:
    """The users of the trade server."""

    def __init__(self, state: State) -> None:
        """Work on a loaded server."""
        self._state = state

    def create(self, new: NewUser) -> int:
        """Open an account and give its login.

        Rejected with 3 for a group or name that will not do and for bad passwords, 2 for a login that
        is taken. A balance is never taken over: deposit it.
        """
        investor = passwords.random_password() if new.password_investor is UNSET else new.password_investor
        if new.group not in self._state.groups or not _named(new.name):
            raise Rejected(Retcode.INVALID_DATA)
        if not passwords.acceptable(new.password) or not passwords.acceptable(investor) or investor == new.password:
            raise Rejected(Retcode.INVALID_DATA)
        with self._state.transaction():
            login = self._number(new.login)
            user = self._opened(login, new)
            digest = self._digests(login, new.password, investor, new.password_phone)
            self._state.book.add_user(user, digest)
        return login

    def update(self, user: User, password_phone: str | None = None) -> None:
        """Replace an account's record, but for what only the server writes; 3 for what will not do."""
        before = self._state.user(user.login)
        if user.group not in self._state.groups or not _named(user.name):
            raise Rejected(Retcode.INVALID_DATA)
        kept = {name: getattr(before, name) for name in _KEPT}
        after = fit_user(replace(user, **kept, timestamp=self._state.now()), self._state.code_page)
        with self._state.transaction():
            self._state.book.set_user(after)
            if password_phone is not None:
                old = self._state.storage.digest(user.login)
                phone = self._state.digests.digest(user.login, _PHONE, self._fit(password_phone, _PHONE_BYTES))
                self._state.book.set_digest(user.login, old._replace(phone=phone))

    def set_password(self, login: int, password: str, *, investor: bool) -> None:
        """Set the main or the investor password; 3 when it is weak or the same as the other one."""
        self._state.user(login)
        kept = self._state.storage.digest(login)
        other, other_kind = (kept.main, _MAIN) if investor else (kept.investor, _INVESTOR)
        if not passwords.acceptable(password) or self._state.digests.matches(login, other_kind, password, other):
            raise Rejected(Retcode.INVALID_DATA)
        kind = _INVESTOR if investor else _MAIN
        digest = kept._replace(**{kind: self._state.digests.digest(login, kind, password)})
        with self._state.transaction():
            self._state.book.set_digest(login, digest)

    def check_password(self, login: int, password: str) -> None:
        """Return when it is the main password; ``Rejected(65)`` when not, 3 for an unknown login."""
        self._state.user(login)
        kept = self._state.storage.digest(login)
        if not self._state.digests.matches(login, _MAIN, password, kept.main):
            raise Rejected(Retcode.BAD_ACCOUNT_INFO)

    def batch(self, operation: GroupOperation) -> None:
        """Do one command for many accounts: unknown logins are passed over, 3 where none is known.

        ``delete`` leaves accounts with open orders alone and takes the history of the others along:
        one code cannot tell which, so read again.
        """
        users = [user for login in operation.logins if (user := self._state.book.users.get(login))]
        if not users:
            raise Rejected(Retcode.INVALID_DATA)
        if operation.command == "set_group" and operation.group not in self._state.groups:
            raise Rejected(Retcode.INVALID_DATA)
        change = self._change(operation)
        with self._state.transaction():
            for user in users:
                if change is not None:
                    self._state.book.set_user(replace(change(user), timestamp=self._state.now()))
                elif not self._state.book.open_of(user.login) and user.login in self._state.book.users:
                    self._state.book.drop_user(user.login)

    def _change(self, operation: GroupOperation) -> Callable[[User], User] | None:
        match operation.command:
            case "enable":
                return lambda user: replace(user, enable=1)
            case "disable":
                return lambda user: replace(user, enable=0)
            case "leverage":
                return lambda user: replace(user, leverage=operation.leverage)
            case "set_group":
                return lambda user: replace(user, group=operation.group)
            case "delete":
                return None

    def _number(self, asked: int) -> int:
        """Give the asked-for login, or the next one that is free; the last one given never goes back."""
        book = self._state.book
        if asked == 0:
            asked = book.counter(LASTLOGIN) + 1
            while asked in book.users:
                asked += 1
            if asked > INT32_MAX:
                raise Rejected(Retcode.ERROR)
            return book.count(LASTLOGIN, asked)
        if asked in book.users:
            raise Rejected(Retcode.ERROR)
        if not 0 < asked <= INT32_MAX:
            raise Rejected(Retcode.INVALID_DATA)
        return asked

    def _opened(self, login: int, new: NewUser) -> User:
        now = self._state.now()
        group = self._state.groups[new.group]
        texts: dict[str, Any] = {name: getattr(new, name) for name in _COPIED}
        numbers: dict[str, Any] = {name: getattr(new, name) for name in _NUMBERS}
        leverage = group.default_leverage if new.leverage is UNSET else new.leverage or group.default_leverage
        user = User(
            login=login, group=new.group, leverage=leverage, regdate=now, timestamp=now, **texts, **_plain(numbers)
        )
        return fit_user(user, self._state.code_page)

    def _digests(self, login: int, main: str, investor: str, phone: str) -> Digest:
        digest = self._state.digests.digest
        phone = self._fit(phone, _PHONE_BYTES)
        return Digest(digest(login, _MAIN, main), digest(login, _INVESTOR, investor), digest(login, _PHONE, phone))

    def _fit(self, text: str, size: int) -> str:
        return fit(text, size, self._state.code_page)


def _named(name: str) -> bool:
    return bool(name.split("\0", 1)[0].strip())


def _plain(numbers: dict[str, Any]) -> dict[str, Any]:
    """Make ints of flags: SQLite and the records keep plain numbers."""
    return {name: value if isinstance(value, float) else int(value) for name, value in numbers.items()}
