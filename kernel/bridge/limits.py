"""What the bridge lets a client do at all, whatever the client's own checks say.

A client that was taken over must not be able to empty accounts at will. Refusals are MT4's own codes: 7
for what is not allowed, 3 for an amount that is no number, 8 for too much in an hour.
"""

from collections import deque
from collections.abc import Callable
from math import fsum
from typing import Any, Final

import structlog
from msgspec import Struct

from kernel.drivers import Rejected
from kernel.drivers.wire.messages import Role
from kernel.drivers.wire.operations import WRITES
from kernel.records.trades import Transaction, TransactionType
from kernel.retcodes import Retcode

_HOUR: Final = 3600.0
_log = structlog.stdlib.get_logger("mt4api.bridge")


class Allowed(Struct, frozen=True, kw_only=True):
    """Writes by name, and money in whatever currency the account has: MT4 does not say which."""

    operations: frozenset[str] = WRITES
    largest_amount: float = 10_000_000.0
    hourly_amount: float = 100_000_000.0


class Moved(Struct):
    """An amount that went to MT4 at a time; 0 once MT4 has refused it."""

    at: float
    amount: float


class Limits:
    """The amounts of the last hour, over all accounts and both directions; a restart forgets them."""

    def __init__(self, allowed: Allowed, clock: Callable[[], float]) -> None:
        """Start with an hour in which nothing was moved; ``clock`` counts seconds."""
        self._allowed, self._clock = allowed, clock
        self._moved: deque[Moved] = deque()

    def check(self, operation: str, arguments: Any, role: Role) -> float:
        """Give the amount that the write moves. Raises ``Rejected`` where it must not be sent."""
        if role != "money" or operation not in self._allowed.operations:
            raise _refused(Retcode.NOT_ENOUGH_RIGHTS, operation, "not allowed")
        transaction = getattr(arguments, "transaction", None)
        if not isinstance(transaction, Transaction) or transaction.type != TransactionType.BALANCE:
            return 0.0
        amount = abs(transaction.price)
        if not amount < float("inf"):  # NaN compares as false
            raise _refused(Retcode.INVALID_DATA, operation, "no amount")
        if amount > self._allowed.largest_amount:
            raise _refused(Retcode.NOT_ENOUGH_RIGHTS, operation, "above largest_amount")
        if self._last_hour() + amount > self._allowed.hourly_amount:
            raise _refused(Retcode.TOO_FREQUENT, operation, "above hourly_amount")
        return amount

    def moved(self, amount: float) -> Moved:
        """Count an amount that is sent now."""
        moved = Moved(self._clock(), amount)
        if amount:
            self._moved.append(moved)
        return moved

    def _last_hour(self) -> float:
        while self._moved and self._clock() - self._moved[0].at >= _HOUR:
            self._moved.popleft()
        return fsum(moved.amount for moved in self._moved)


def _refused(retcode: Retcode, operation: str, reason: str) -> Rejected:
    _log.warning("refused by the bridge's own limits", call=operation, reason=reason, retcode=int(retcode))
    return Rejected(retcode)
