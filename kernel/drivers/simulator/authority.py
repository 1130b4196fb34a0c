"""What one manager may do and see: rights by name, and the groups of ``ConManager.groups`` (behaviour.md §15)."""

from collections.abc import Callable, Iterable
from typing import Final

from msgspec.structs import replace

from kernel.drivers import Rejected
from kernel.drivers.simulator.state import State
from kernel.drivers.simulator.texts import PRIVATE
from kernel.records.masks import matcher
from kernel.records.server import Manager
from kernel.records.trades import Trade
from kernel.records.users import User
from kernel.retcodes import Retcode

_BLANK: Final = dict.fromkeys(PRIVATE, "")


class Authority:
    """One manager on one server."""

    def __init__(self, state: State, manager: Manager) -> None:
        """Read the manager's rights as they are now; MT4 too reads them at login."""
        self.manager = manager
        self._users = state.book.users
        self._all = manager.groups.strip() == "*"
        self._matches: Callable[[str], bool] = matcher(manager.groups)
        self._details = "user_details" in manager.rights

    def has(self, *rights: str) -> bool:
        """Whether one of the rights is there."""
        return any(right in self.manager.rights for right in rights)

    def require(self, *rights: str) -> None:
        """Refuse with 7 when none of the rights is there."""
        if not self.has(*rights):
            raise Rejected(Retcode.NOT_ENOUGH_RIGHTS)

    def sees_group(self, group: str) -> bool:
        """Whether the group is one of ours."""
        return self._all or self._matches(group)

    def sees(self, login: int) -> bool:
        """Whether the account is there and in a group of ours."""
        user = self._users.get(login)
        return user is not None and self.sees_group(user.group)

    def visible(self, users: Iterable[User]) -> list[User]:
        """Leave out the accounts of other managers' groups."""
        return list(users) if self._all else [user for user in users if self._matches(user.group)]

    def visible_trades(self, trades: Iterable[Trade]) -> list[Trade]:
        """Leave out their trades; without the whole server as ours, also those of no account."""
        return list(trades) if self._all else [trade for trade in trades if self.sees(trade.login)]

    def shown(self, user: User) -> User:
        """Give the account as we are shown it: without its person where we may not know."""
        return user if self._details else replace(user, **_BLANK)

    def unhidden(self, user: User, before: User) -> User:
        """Put back what we were not shown, before a record of ours replaces the account's."""
        if self._details:
            return user
        return replace(user, **{name: getattr(before, name) for name in PRIVATE})

    def reach(self, login: int) -> User:
        """Give an account that we may act on; 3 for one that is not there or not ours."""
        if not self.sees(login):
            raise Rejected(Retcode.INVALID_DATA)
        return self._users[login]
