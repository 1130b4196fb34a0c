"""Money and credit in and out of accounts (behaviour.md §8)."""

import math

from msgspec.structs import replace

from kernel.drivers import Rejected
from kernel.drivers.simulator import margin
from kernel.drivers.simulator.book import LASTORDER
from kernel.drivers.simulator.rounding import money
from kernel.drivers.simulator.state import State
from kernel.drivers.simulator.texts import COMMENT, fit
from kernel.records.scalars import INT32_MAX
from kernel.records.trades import Command, Trade, Transaction
from kernel.records.trades import State as TradeState
from kernel.records.users import User
from kernel.retcodes import Retcode


class Balances:
    """Balance and credit rows, each with a ticket from the orders' counter."""

    def __init__(self, state: State) -> None:
        """Work on a loaded server."""
        self._state = state

    def apply(self, transaction: Transaction) -> int:
        """Carry out a ``TT_BR_BALANCE`` and give its ticket.

        Rejected with 3 for an unknown login, a command other than 6 and 7, no amount, or credit in
        without an expiration in the future; by option with 134 for more than there is to take.
        """
        user = self._state.user(transaction.orderby)
        amount = money(transaction.price) if math.isfinite(transaction.price) else 0.0
        if transaction.cmd not in {Command.BALANCE, Command.CREDIT} or not amount:
            raise Rejected(Retcode.INVALID_DATA)
        lasts = self._state.now() < transaction.expiration <= INT32_MAX
        if transaction.cmd == Command.CREDIT and amount > 0 and not lasts:
            raise Rejected(Retcode.INVALID_DATA)
        if amount < 0 and self._state.settings.refuse_overdraw and -amount > self._available(user, transaction.cmd):
            raise Rejected(Retcode.TRADE_NO_MONEY)
        return self.book(user.login, transaction.cmd, amount, transaction.comment, transaction.expiration).order

    def book(self, login: int, cmd: int, amount: float, comment: str, expiration: int = 0) -> Trade:
        """Write one row and move the balance or the credit; the caller has checked it."""
        now = self._state.now()
        with self._state.transaction():
            row = Trade(
                order=self._state.book.next(LASTORDER),
                login=login,
                cmd=int(cmd),
                volume=self._state.settings.balance_volume,
                open_time=now,
                close_time=now,
                expiration=expiration,
                state=int(TradeState.CLOSED),
                profit=amount,
                comment=fit(comment, COMMENT, self._state.code_page),
                timestamp=now,
            )
            self._state.book.put_closed(row)
            if cmd == Command.CREDIT:
                user = self._state.user(login)
                self._state.book.set_user(replace(user, credit=money(user.credit + amount), timestamp=now))
            else:
                self.move(login, amount)
        return row

    def move(self, login: int, amount: float) -> None:
        """Move the balance by what a closed trade or a balance row brought."""
        user = self._state.user(login)
        self._state.book.set_user(replace(user, balance=money(user.balance + amount), timestamp=self._state.now()))

    def _available(self, user: User, cmd: int) -> float:
        if cmd == Command.CREDIT:
            return user.credit
        trades = self._state.book.open_of(user.login)
        figures = margin.level(user, self._state.group_of(user), trades, self._state.market)
        return min(user.balance, money(figures.margin_free - user.credit))
