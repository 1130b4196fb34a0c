"""The demonstration broker's symbols with their first prices."""

from functools import cache
from typing import Any, NamedTuple

from kernel.drivers.simulator import rounding
from kernel.drivers.simulator.contracts import contracts
from kernel.drivers.simulator.pairs import pairs
from kernel.records.market import Symbol


class Instrument(NamedTuple):
    """A symbol and the quote that it starts with."""

    symbol: Symbol
    bid: float
    ask: float


@cache
def instruments() -> tuple[Instrument, ...]:
    """Give all of them in the server's order; ``Symbol.count`` is the place in it."""
    return tuple(_instrument(count, *row) for count, row in enumerate((*pairs(), *contracts())))


def _instrument(count: int, name: str, bid: float, spread: int, settings: dict[str, Any]) -> Instrument:
    symbol = Symbol(symbol=name, count=count, point=10.0 ** -settings["digits"], source=name, **settings)
    bid = rounding.price(bid, symbol.digits)
    return Instrument(symbol, bid, rounding.price(bid + (symbol.spread or spread) * symbol.point, symbol.digits))
