"""Stop loss, take profit, pending orders and expirations: what a price or the hour sets off."""

from heapq import heappop, heappush
from typing import Final

from kernel.drivers import Rejected
from kernel.drivers.simulator import margin, order_rules
from kernel.drivers.simulator.positions import Positions
from kernel.drivers.simulator.sessions import tradable
from kernel.drivers.simulator.state import State
from kernel.drivers.simulator.terms import security
from kernel.drivers.simulator.texts import suffixed
from kernel.drivers.simulator.tripwires import Band, Tripwires
from kernel.records.market import Group, Symbol
from kernel.records.trades import Activation, Command, Trade
from kernel.retcodes import Retcode

_MARKS: Final = {Activation.SL: "[sl]", Activation.TP: "[tp]"}
_NOWHERE: Final = float("inf")


class Triggers:
    """Watches every open order that has a price to wait for."""

    def __init__(self, state: State, positions: Positions) -> None:
        """Work on a loaded server."""
        self._state = state
        self._positions = positions
        self._wires = Tripwires()
        self._expirations: list[tuple[int, int]] = []

    def watch(self, order: int) -> None:
        """Look at an order that is new or changed, and act if its price is there already."""
        trade = self._state.book.trades.get(order)
        if trade is None:
            self._wires.disarm(order)
            return
        if trade.pending and trade.expiration:
            heappush(self._expirations, (trade.expiration, order))
        if trade.pending or trade.sl or trade.tp:
            self._look(trade)
        else:
            self._wires.disarm(order)

    def ticked(self, symbol: str, bid: float, ask: float) -> None:
        """Act on a quote."""
        for order in sorted(self._wires.crossed(symbol, bid, ask)):
            trade = self._state.book.trades.get(order)
            if trade is not None:
                self._look(trade)

    def expire(self, now: int) -> None:
        """Delete the pending orders whose time is over."""
        while self._expirations and self._expirations[0][0] <= now:
            moment, order = heappop(self._expirations)
            trade = self._state.book.trades.get(order)
            if trade is not None and trade.pending and trade.expiration == moment:
                self._positions.cancel(trade, "[expiration]")

    def _look(self, trade: Trade) -> None:
        group = self._state.group_of(self._state.user(trade.login))
        symbol = self._state.market.symbols.get(trade.symbol)
        if symbol is None or not self._acted(trade, symbol, group):
            self._arm(trade, symbol, group)

    def _acted(self, trade: Trade, symbol: Symbol, group: Group) -> bool:
        prices = self._state.market.group_prices(trade.symbol, group)
        if prices is None or not tradable(symbol, self._state.now()):
            return False
        if trade.pending:
            return self._opens(trade, symbol, group, prices)
        price = prices[trade.cmd]
        sign = 1 if trade.cmd == Command.BUY else -1
        for stop, kind, sense in ((trade.sl, Activation.SL, 1), (trade.tp, Activation.TP, -1)):
            if stop and sign * sense * (price - stop) <= 0:
                comment = suffixed(trade.comment, _MARKS[kind], self._state.code_page)
                self._positions.close(trade, stop, comment=comment, activation=kind)
                return True
        return False

    def _opens(self, trade: Trade, symbol: Symbol, group: Group, prices: tuple[float, float]) -> bool:
        buys = trade.cmd % 2 == 0
        falls_to = trade.cmd in {Command.BUY_LIMIT, Command.SELL_STOP}
        price = prices[1] if buys else prices[0]
        if price > trade.open_price if falls_to else price < trade.open_price:
            return False
        try:
            self._activate(trade, symbol, group)
        except Rejected as rejection:
            why = "[no money]" if rejection.retcode == Retcode.TRADE_NO_MONEY else "[cancelled]"
            self._positions.cancel(trade, why)
        return True

    def _activate(self, trade: Trade, symbol: Symbol, group: Group) -> None:
        """Open it unless the account may not; a client's order needs its margin, whoever placed it."""
        user = self._state.user(trade.login)
        others = [other for other in self._state.book.open_of(trade.login) if other.order != trade.order]
        order_rules.account(user)
        order_rules.mode(group, symbol, opening=True)
        order_rules.side(symbol, group, trade.cmd % 2, others)
        opened = self._positions.as_position(trade, trade.open_price, Activation.PENDING)
        if margin.refuses(user, group, others, opened, self._state.market):
            raise Rejected(Retcode.TRADE_NO_MONEY)
        self._state.book.put_open(opened)

    def _arm(self, trade: Trade, symbol: Symbol | None, group: Group) -> None:
        """Wait for the first raw quote at which the group's price can be there."""
        if symbol is None:
            return
        terms = security(group, symbol)
        apart = (abs(terms.spread_diff) if terms else 0) + symbol.spread + abs(symbol.spread_balance) + 1
        slack = apart * symbol.point
        if trade.pending:
            falls_to = trade.cmd in {Command.BUY_LIMIT, Command.SELL_STOP}
            below, above = (trade.open_price, 0.0) if falls_to else (0.0, trade.open_price)
        else:
            below, above = (trade.sl, trade.tp) if trade.cmd == Command.BUY else (trade.tp, trade.sl)
        low = below + slack if below else -_NOWHERE
        high = above - slack if above else _NOWHERE
        self._wires.arm(trade.order, (Band(trade.symbol, low, high),))
