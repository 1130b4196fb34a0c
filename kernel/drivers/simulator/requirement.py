"""What one symbol's positions need as margin (``trading-math.md`` §4)."""

from collections.abc import Iterable

from kernel.drivers.simulator.modes import MarginMode
from kernel.drivers.simulator.terms import margin_divider
from kernel.records.market import Group, Symbol
from kernel.records.trades import Command, Trade


class Side:
    """Sums over one direction of one symbol: volume, and price and rate weighted with it."""

    __slots__ = ("prices", "rates", "volume")

    def __init__(self, volume: int = 0, prices: float = 0.0, rates: float = 0.0) -> None:
        self.volume = volume
        self.prices = prices
        self.rates = rates

    def add(self, trade: Trade) -> None:
        """Count a position in."""
        self.volume += trade.volume
        self.prices += trade.open_price * trade.volume
        self.rates += trade.margin_rate * trade.volume

    def together(self, other: "Side") -> "Side":
        """Give the sums over both directions."""
        return Side(self.volume + other.volume, self.prices + other.prices, self.rates + other.rates)


def books(trades: Iterable[Trade]) -> dict[str, tuple[Side, Side]]:
    """Sum up positions by symbol, what is bought and what is sold."""
    found: dict[str, tuple[Side, Side]] = {}
    for trade in trades:
        if trade.market and trade.volume:
            book = found.get(trade.symbol)
            if book is None:
                book = found[trade.symbol] = (Side(), Side())
            book[0 if trade.cmd == Command.BUY else 1].add(trade)
    return found


def symbol_margin(symbol: Symbol, bought: Side, sold: Side, *, large_leg: bool, check: bool) -> float:
    """Give a hundred times the margin before leverage and divider, in the account's currency.

    ``large_leg`` counts the larger of two hedged legs, in full; ``check`` is a new order's.
    """
    both = bought.together(sold)
    if large_leg and bought.volume and sold.volume:
        return max(_leg(symbol, side, check=check) for side in (bought, sold))
    open_volume = abs(bought.volume - sold.volume)
    price = both.prices / both.volume
    needed = 0.0
    if open_volume:
        needed += _full(symbol, price, check=check) * open_volume
    # Both directions of a hedge count: half the contract as margin_hedged asks for one leg.
    needed += _hedged(symbol, price) * (both.volume - open_volume)
    return needed * both.rates / both.volume


def _leg(symbol: Symbol, side: Side, *, check: bool) -> float:
    return _full(symbol, side.prices / side.volume, check=check) * side.rates


def _full(symbol: Symbol, price: float, *, check: bool) -> float:
    """Give the margin of one open lot before leverage and divider, in the margin currency."""
    initial = symbol.margin_initial
    match symbol.margin_mode:
        case MarginMode.FUTURES:
            return initial if check and initial > 0 else symbol.margin_maintenance
        case MarginMode.FOREX:
            return initial if initial > 0 else symbol.contract_size
        case MarginMode.CFDINDEX:
            ticks = _ticks(symbol)
            return initial if initial > 0 and ticks else price * symbol.contract_size * ticks
        case _:
            return initial if initial > 0 else price * symbol.contract_size


def _hedged(symbol: Symbol, price: float) -> float:
    """Give the same of one hedged lot."""
    hedged = symbol.margin_hedged
    if symbol.margin_mode in {MarginMode.FOREX, MarginMode.FUTURES}:
        return hedged
    ticks = _ticks(symbol) if symbol.margin_mode == MarginMode.CFDINDEX else 1.0
    if symbol.margin_initial > 0:
        return hedged if ticks else 0.0
    return hedged * price * ticks


def _ticks(symbol: Symbol) -> float:
    """Give what an index moves in money per point; 0 where one of the two is not set."""
    return symbol.tick_value / symbol.tick_size if symbol.tick_size > 0 else 0.0


def divisor(symbol: Symbol, leverage: int, group: Group) -> float:
    """Give what the margin is divided by: the divider and, in two of the modes, the leverage."""
    leveraged = symbol.margin_mode in {MarginMode.FOREX, MarginMode.CFDLEVERAGE}
    return margin_divider(group, symbol) * (leverage if leveraged else 1)
