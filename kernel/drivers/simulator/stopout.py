"""Margin call and stop-out: which accounts came to them, and closing the worst first (trading-math.md §5)."""

from collections.abc import Sequence
from typing import Final

from kernel.drivers.simulator import margin
from kernel.drivers.simulator.modes import LevelType, MarginType, ProfitMode
from kernel.drivers.simulator.positions import Positions
from kernel.drivers.simulator.profit import close_price, floating
from kernel.drivers.simulator.sessions import tradable
from kernel.drivers.simulator.state import State
from kernel.drivers.simulator.tripwires import Band, Tripwires
from kernel.records.events import MarginCallEvent
from kernel.records.market import Group
from kernel.records.trades import Activation, Margin, Trade
from kernel.records.users import User

_NOWHERE: Final = float("inf")
_FURTHEST: Final = 0.1
"""No band is wider than a tenth of the price, so that tick values move little within it."""
_CENTS: Final = 0.02
"""What rounding may hide of one position's result."""
_CARE: Final = 1.25
"""By how much a tick value can grow within such bands, over two conversions."""


class StopOut:
    """Watches every account that has positions."""

    def __init__(self, state: State, positions: Positions) -> None:
        """Work on a loaded server."""
        self._state = state
        self._positions = positions
        self._wires = Tripwires()

    def ticked(self, symbol: str, bid: float, ask: float) -> None:
        """Look at the accounts that a quote may have brought to another level."""
        for login in sorted(self._wires.crossed(symbol, bid, ask)):
            self.watch(login)

    def watch(self, login: int) -> None:
        """Look at an account: close what has to be closed, tell its level, and wait for the next price."""
        user = self._state.book.users.get(login)
        trades = self._state.book.positions_of(login)
        if user is None or not trades:
            self._wires.disarm(login)
            self._tell(login, None)
            return
        group = self._state.group_of(user)
        figures = margin.level(user, group, trades, self._state.market)
        if figures.level_type == LevelType.STOPOUT and not (group.stopout_skip_hedged and margin.fully_hedged(trades)):
            figures = self._close_out(login, group, figures)
        self._tell(login, figures)
        self._arm(login, group, figures)

    def _close_out(self, login: int, group: Group, figures: Margin) -> Margin:
        """Close the largest loss, look again, until the level is above stop-out or nothing can be closed."""
        while figures.level_type == LevelType.STOPOUT:
            self._tell(login, figures)
            worst = self._worst(group, self._state.book.positions_of(login))
            if worst is None:
                break
            comment = f"so: {figures.margin_level:.1f}%/{figures.equity:.1f}/{figures.margin:.1f}"
            trade, price = worst
            self._positions.close(trade, price, comment=comment, activation=Activation.STOPOUT)
            figures = self._figures(login, group)
        return figures

    def _worst(self, group: Group, trades: Sequence[Trade]) -> tuple[Trade, float] | None:
        market, now = self._state.market, self._state.now()
        found: list[tuple[float, int, Trade, float]] = []
        for trade in trades:
            price, symbol = close_price(trade, group, market), market.symbols.get(trade.symbol)
            if price is not None and symbol is not None and tradable(symbol, now):
                found.append((floating(trade, group, market), trade.order, trade, price))
        if not found:
            return None
        _, _, trade, price = min(found, key=lambda entry: entry[:2])
        return trade, price

    def _figures(self, login: int, group: Group) -> Margin:
        user: User = self._state.book.users[login]
        return margin.level(user, group, self._state.book.positions_of(login), self._state.market)

    def _tell(self, login: int, figures: Margin | None) -> None:
        """Say it once when an account comes to another level."""
        before = self._state.levels.get(login)
        now_at = LevelType.OK if figures is None else figures.level_type
        if now_at == (LevelType.OK if before is None else before.level_type):
            return
        told = figures or Margin(login=login, group=before.group if before else "", leverage=0)
        if now_at == LevelType.OK:
            del self._state.levels[login]
        else:
            self._state.levels[login] = told
        self._state.book.note(MarginCallEvent(told))

    def _arm(self, login: int, group: Group, figures: Margin) -> None:
        """Give the account a band for each price that it depends on, all within its distance to a level.

        Margin does not move with prices, equity does: while no price leaves its band, the sum of what
        they can move stays below the distance, and the account need not be looked at.
        """
        trades = self._state.book.positions_of(login)
        exposure: dict[str, float] = {}
        for trade in trades:
            for name in self._state.market.dependents(trade.symbol, group.currency):
                exposure.setdefault(name, 0.0)
            exposure[trade.symbol] = exposure.get(trade.symbol, 0.0) + self._unit(trade, group)
        if not exposure:
            self._wires.disarm(login)
            return
        distance = max(_distance(group, figures) - _CENTS * len(trades), 0.0)
        room = distance / len(exposure) / _CARE
        floats = distance + sum(self._converted(trade, group) for trade in trades)
        self._wires.arm(login, [self._band(name, unit, room, floats) for name, unit in exposure.items()])

    def _unit(self, trade: Trade, group: Group) -> float:
        """Give what a move of 1 of its symbol's price does to the account, at most."""
        symbol = self._state.market.symbols[trade.symbol]
        values = self._state.market.tick_values(symbol, group.currency)
        if values is None:
            return _NOWHERE
        ticks = symbol.tick_size if symbol.profit_mode == ProfitMode.FUTURES and symbol.tick_size > 0 else 1.0
        return max(values) * trade.volume / 100 / ticks

    def _converted(self, trade: Trade, group: Group) -> float:
        """Give the size of what a conversion pair moves: the profit alone."""
        fixed = trade.commission + trade.storage + trade.taxes
        return abs(floating(trade, group, self._state.market) - fixed)

    def _band(self, name: str, unit: float, room: float, floats: float) -> Band:
        quote = self._state.market.quote(name)
        if quote is None:
            return Band(name, _NOWHERE, -_NOWHERE)
        # What a pair converts moves with it in proportion, beside what its own position does.
        steepness = unit + floats / quote.bid
        radius = min(room / steepness if steepness else _NOWHERE, quote.bid * _FURTHEST)
        # The bid may rise within a wide spread before the ask says so, and the ask fall likewise.
        radius = max(radius - (quote.ask - quote.bid), 0.0)
        return Band(name, quote.bid - radius, quote.ask + radius)


def _distance(group: Group, figures: Margin) -> float:
    """Give how far the equity is from the nearest place where the level changes."""
    bars = (group.margin_call, group.margin_stopout)
    if group.margin_type == MarginType.PERCENT:
        places = [figures.margin * bar / 100 for bar in bars]
    else:
        places = [figures.margin + bar for bar in bars] + [float(bar) for bar in bars]
    return min(abs(figures.equity - place) for place in places)
