"""The end of the trading day: swaps, interest, agents' commissions, and yesterday's figures (trading-math.md §6-8)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from kernel.drivers.simulator import margin
from kernel.drivers.simulator.balance_ops import Balances
from kernel.drivers.simulator.clock import DAY, day_end, ends_month, weekday
from kernel.drivers.simulator.positions import Positions
from kernel.drivers.simulator.rounding import money
from kernel.drivers.simulator.state import DAY_ENDED, DAY_ENDED_BEFORE, State
from kernel.drivers.simulator.swaps import swap
from kernel.records.market import Group
from kernel.records.trades import Command, Trade
from kernel.records.users import User

_UNTIL: Final = "overnight_until"
_LOGIN: Final = "overnight_login"
_CREDITS: Final = "credits_until"
_CHUNK: Final = 500
_YEAR: Final = 360


class Rollover:
    """Runs once for each end of a day, however late; a run that was cut short goes on where it was."""

    def __init__(self, state: State, balances: Balances, positions: Positions) -> None:
        """Work on a loaded server."""
        self._state = state
        self._balances = balances
        self._positions = positions

    def steps(self, now: int) -> Iterator[None]:
        """Do what is due, some hundred accounts a step, each step whole on disk.

        Days missed while the server was stopped are done in one pass: their nights are counted and
        charged together, at today's prices.
        """
        storage = self._state.storage
        last = storage.mark(DAY_ENDED)
        ends = self._ends(last, storage.mark(_UNTIL) or now)
        if not ends:
            return
        with self._state.transaction():
            storage.set_mark(_UNTIL, ends[-1])
        done = storage.mark(_LOGIN)
        waiting = [login for login in sorted(self._state.book.users) if login > done]
        for start in range(0, len(waiting), _CHUNK):
            with self._state.transaction():
                chunk = waiting[start : start + _CHUNK]
                for login in chunk:
                    self._account(login, last, ends)
                storage.set_mark(_LOGIN, chunk[-1])
            yield
        with self._state.transaction():
            self._end_day_orders(ends[-1])
            for name, value in ((DAY_ENDED_BEFORE, last), (DAY_ENDED, ends[-1]), (_UNTIL, 0), (_LOGIN, 0)):
                storage.set_mark(name, value)

    def write_credits_off(self, now: int) -> None:
        """Take expired credits back, as far as the account still has them (an option: MT4 does not)."""
        since = self._state.storage.mark(_CREDITS)
        if now <= since:
            return
        with self._state.transaction():
            for row in self._state.storage.expired_credits(since, now):
                user = self._state.book.users.get(row.login)
                amount = 0.0 if user is None else min(row.profit, user.credit)
                if amount > 0:
                    self._balances.book(row.login, Command.CREDIT, -amount, f"credit expired #{row.order}")
            self._state.storage.set_mark(_CREDITS, now)

    def _ends(self, last: int, until: int) -> list[int]:
        common = self._state.common
        first = day_end(last, common.endhour, common.endminute)
        return list(range(first, until + 1, DAY))

    def _account(self, login: int, last: int, ends: Sequence[int]) -> None:
        user = self._state.book.users.get(login)
        if user is None or user.regdate > ends[-1]:
            return
        group = self._state.group_of(user)
        for trade in self._state.book.positions_of(login):
            self._charge(trade, group, ends)
        self._pay_agent(user, group, last, ends[-1])
        self._interest(login, group, ends)
        self._keep_figures(login, group, months=any(ends_month(end - 1) for end in ends))

    def _charge(self, trade: Trade, group: Group, ends: Sequence[int]) -> None:
        nights = Counter(weekday(end - 1) for end in ends if end >= trade.open_time)
        dollars = self._state.settings.dollar_swaps
        charged = sum(
            count * swap(trade, group, self._state.market, day, dollars=dollars) for day, count in nights.items()
        )
        if charged:
            storage = money(trade.storage + charged)
            self._state.book.put_open(replace(trade, storage=storage, timestamp=self._state.now()))

    def _pay_agent(self, user: User, group: Group, last: int, until: int) -> None:
        agent = self._state.book.users.get(user.agent_account)
        if agent is None or agent.login == user.login:
            return
        earned = self._state.storage.agent_commissions(user.login, last, until)
        currency = self._state.group_of(agent).currency
        amount = money(earned * (self._state.market.rate(group.currency, currency) or 0.0))
        if amount:
            self._balances.book(agent.login, Command.BALANCE, amount, f"agent '{user.login}'")

    def _interest(self, login: int, group: Group, ends: Sequence[int]) -> None:
        """Let interest on the balance grow from day to day, and pay it at a month's end."""
        user = self._state.book.users[login]
        grown = user.interestrate
        for end in ends:
            grown += max(user.balance, 0.0) * group.interestrate / 100 / _YEAR
            if ends_month(end - 1) and group.interestrate and money(grown) > 0:
                self._balances.book(login, Command.BALANCE, money(grown), "interest rate")
                grown = 0.0
        user = self._state.book.users[login]
        if grown != user.interestrate:
            self._state.book.set_user(replace(user, interestrate=grown))

    def _keep_figures(self, login: int, group: Group, *, months: bool) -> None:
        user = self._state.book.users[login]
        trades = self._state.book.open_of(login)
        equity = margin.level(user, group, trades, self._state.market).equity
        after = replace(user, prevbalance=user.balance, prevequity=equity)
        if months:
            after = replace(after, prevmonthbalance=user.balance, prevmonthequity=equity)
        if after != user:
            self._state.book.set_user(after)

    def _end_day_orders(self, end: int) -> None:
        """Delete the pending orders of symbols that let them live for a day only."""
        for trade in list(self._state.book.trades.values()):
            symbol = self._state.market.symbols.get(trade.symbol)
            if trade.pending and symbol is not None and not symbol.gtc_pendings and trade.open_time <= end:
                self._positions.cancel(trade, "[expiration]")
