"""One account's money over its year: deposits, withdrawals, credits and what they leave."""

from random import Random
from typing import Final

from kernel.drivers.simulator.people import Person
from kernel.drivers.simulator.rounding import money
from kernel.records.trades import Command, Reason, State, Trade

_HOUR: Final = 3600
_DAY: Final = 86400
_SUMS: Final = (250, 500, 500, 1000, 1000, 2000, 3000, 5000, 10000, 25000)
"""What clients pay in, in dollars."""


class Purse:
    """The cash and the credit of one account, and the history that led to them.

    ``unit`` is a dollar in the account's currency.
    """

    def __init__(self, login: int, person: Person, unit: float, random: Random) -> None:
        self.cash = 0.0
        self.credit = 0.0
        self.history: list[Trade] = []
        self._login = login
        self._person = person
        self._unit = unit
        self._random = random

    def settle(self, trade: Trade) -> None:
        """Add a closed trade or a deleted order."""
        self.cash = money(self.cash + trade.profit + trade.commission + trade.storage + trade.taxes)
        self.history.append(trade)

    def deposit(self, ticket: int, time: int, dollars: float = 0.0) -> None:
        """Pay in so much, or a usual sum."""
        amount = float(round((dollars or self._random.choice(_SUMS)) * self._unit / 10) * 10)
        if not dollars and self._random.randrange(4) == 0:
            amount += self._random.randrange(100) / 100
        self.cash = money(self.cash + amount)
        self._row(Command.BALANCE, ticket, time, amount, self._person.paid_in)

    def withdraw(self, ticket: int, time: int) -> None:
        """Take out a part of the cash, a round sum more often than not."""
        amount = money(self.cash * self._random.uniform(0.05, 0.3))
        if self._random.randrange(3):
            amount = float(int(amount // 10) * 10)
        if amount > 0:
            self.cash = money(self.cash - amount)
            self._row(Command.BALANCE, ticket, time, -amount, self._person.paid_out)

    def lend(self, ticket: int, time: int, now: int) -> None:
        """Give credit that runs out after ``now``, at a full hour; take it back where there is some."""
        if self.credit:
            amount, expiration = -self.credit, 0
        else:
            amount = float(max(round(self.cash * self._random.uniform(0.05, 0.2) / 10) * 10, 10))
            expiration = (now + self._random.randrange(10 * _DAY, 80 * _DAY)) // _HOUR * _HOUR
        self.credit = money(self.credit + amount)
        self._row(Command.CREDIT, ticket, time, amount, "Credit out" if amount < 0 else "Bonus credit", expiration)

    def before(self, time: int) -> tuple[float, float]:
        """Give balance and credit as they were at ``time``."""
        rows = [row for row in self.history if row.close_time < time]
        credit = sum(row.profit for row in rows if row.cmd == Command.CREDIT)
        return money(sum(_moved(row) for row in rows)), money(credit)

    def _row(self, cmd: int, ticket: int, time: int, amount: float, comment: str, expiration: int = 0) -> None:
        self.history.append(
            Trade(
                order=ticket,
                login=self._login,
                cmd=cmd,
                volume=1,
                open_time=time,
                close_time=time,
                state=State.CLOSED,
                reason=Reason.DEALER,
                profit=amount,
                comment=comment,
                expiration=expiration,
                timestamp=time,
            )
        )


def _moved(row: Trade) -> float:
    """Give what a closed record did to the balance."""
    return 0.0 if row.cmd == Command.CREDIT else row.profit + row.commission + row.storage + row.taxes
