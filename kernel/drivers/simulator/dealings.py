"""One account's year in order: what it pays in and out, what it deals in, what it still holds."""

from collections.abc import Sequence
from random import Random

from msgspec import structs

from kernel.drivers.simulator import rounding
from kernel.drivers.simulator.classes import daily_move
from kernel.drivers.simulator.desk import Desk, Trader
from kernel.drivers.simulator.margin import level, refuses
from kernel.drivers.simulator.modes import LevelType
from kernel.drivers.simulator.past import SLOT, Past
from kernel.drivers.simulator.profit import valued
from kernel.drivers.simulator.purse import Purse
from kernel.records.market import Group
from kernel.records.trades import Command, Trade
from kernel.records.users import User


class Dealings:
    """Fills a purse slot by slot, and then opens what is open now.

    ``tickets`` are the ticket of the first slot and the step from one slot to the next.
    """

    def __init__(
        self, group: Group, past: Past, desk: Desk, trader: Trader, purse: Purse, random: Random, tickets: range
    ) -> None:
        self._group = group
        self._past = past
        self._desk = desk
        self._trader = trader
        self._purse = purse
        self._random = random
        self._tickets = tickets

    def history(self, slots: Sequence[int], first: float) -> None:
        """Live through the slots: a first deposit of so many dollars (0 is any), then whatever comes."""
        self._purse.deposit(self._tickets[slots[0]], self._time(slots[0]), first)
        for slot in slots[1:]:
            self._event(self._tickets[slot], self._time(slot), calm=first > 0)

    def opened(self, slots: Sequence[int], user: User) -> tuple[Trade, ...]:
        """Open trades and orders in these slots, as many as the account can bear.

        None of them stands beyond its stop levels, and together they are above stop-out.
        """
        trades: list[Trade] = []
        for slot in slots:
            trade = self._open(self._tickets[slot], self._time(slot))
            if trade is not None and self._fits(trade, trades, user):
                trades.append(trade)
        while trades and level(user, self._group, trades, self._past.today).level_type == LevelType.STOPOUT:
            trades.pop()
        return tuple(trades)

    def _time(self, slot: int) -> int:
        return self._past.start + slot * SLOT + self._random.randrange(SLOT - 900)

    def _event(self, ticket: int, time: int, *, calm: bool) -> None:
        what = self._random.random()
        if what < 0.62:  # noqa: PLR2004 - chances of what happens, summing up to 1
            self._trade(ticket, time)
        elif what < 0.76:  # noqa: PLR2004 - as above
            order = self._desk.pending(self._random, self._trader, ticket, time, self._purse.cash)
            if order is not None:
                self._purse.settle(self._desk.deleted(self._random, order))
        elif what < 0.84 or calm:  # noqa: PLR2004 - as above
            self._purse.deposit(ticket, time)
        elif what < 0.93:  # noqa: PLR2004 - as above
            self._purse.withdraw(ticket, time)
        else:
            self._purse.lend(ticket, time, self._past.now)

    def _trade(self, ticket: int, time: int) -> None:
        """Deal in something that is open and affordable; who finds nothing pays in more money."""
        for _ in range(3):
            trade = self._desk.position(self._random, self._trader, ticket, time, self._purse.cash)
            closed = None if trade is None else self._desk.closed(self._random, trade, self._purse.cash)
            if closed is not None:
                self._purse.settle(closed)
                return
        self._purse.deposit(ticket, time)

    def _open(self, ticket: int, time: int) -> Trade | None:
        if self._random.randrange(4) == 0:
            order = self._desk.pending(self._random, self._trader, ticket, time, self._purse.cash)
            return None if order is None else self._waiting(order)
        trade = self._desk.position(self._random, self._trader, ticket, time, self._purse.cash)
        if trade is None:
            return None
        trade = structs.replace(trade, storage=self._desk.storage(trade, self._past.now))
        trade = valued(trade, self._group, self._past.today)
        return self._guarded(trade) if self._random.randrange(2) else trade

    def _waiting(self, order: Trade) -> Trade:
        """Give an order a price away from today's market, and sometimes an end."""
        order = valued(order, self._group, self._past.today)
        away = self._span(order, 1.0, 4.0)
        above = order.cmd in {Command.SELL_LIMIT, Command.BUY_STOP}
        expires = self._random.randrange(3) == 0
        return structs.replace(
            order,
            open_price=rounding.price(order.close_price + (away if above else -away), order.digits),
            expiration=(self._past.now // 3600 + self._random.randrange(24, 480)) * 3600 if expires else 0,
        )

    def _guarded(self, trade: Trade) -> Trade:
        """Give a position stop levels that today's price has not reached."""
        low, high = min(trade.open_price, trade.close_price), max(trade.open_price, trade.close_price)
        below = max(rounding.price(low - self._span(trade, 1.0, 3.0), trade.digits), 0.0)
        above = rounding.price(high + self._span(trade, 1.0, 3.0), trade.digits)
        sl, tp = (below, above) if trade.cmd == Command.BUY else (above, below)
        return structs.replace(trade, sl=sl, tp=tp)

    def _span(self, trade: Trade, least: float, most: float) -> float:
        """Give so many of the usual days' moves as a difference of prices."""
        move = daily_move(self._past.today.symbols[trade.symbol])
        return trade.close_price * move * self._random.uniform(least, most)

    def _fits(self, trade: Trade, trades: Sequence[Trade], user: User) -> bool:
        """Whether the group lets the account hold it beside the others, and its money suffices."""
        if self._group.maxpositions and len(trades) >= self._group.maxpositions:
            return False
        opposite = any(other.symbol == trade.symbol and (other.cmd - trade.cmd) % 2 for other in trades)
        if self._group.hedge_prohibited and opposite:
            return False
        return not refuses(user, self._group, trades, trade, self._past.today)
