"""The market as the server sees it: symbols, their last quotes, and money turned over them."""

import math
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from kernel.drivers.simulator import rounding
from kernel.drivers.simulator.modes import Direction, ProfitMode
from kernel.drivers.simulator.routes import Leg, Routes
from kernel.drivers.simulator.terms import security
from kernel.records.market import Group, Price, Symbol

_DAY: Final = 86400


class Quote(Struct, frozen=True, gc=False):
    """A symbol's raw quote with the day's range of its bid; ``direction`` is SDIR_*."""

    bid: float
    ask: float
    high: float
    low: float
    time: int
    direction: int


class Market:
    """Symbols and their last quotes; conversion between currencies over the symbol table.

    The table is fixed once it is given: ways between currencies are remembered.
    """

    def __init__(self, symbols: Iterable[Symbol]) -> None:
        self.symbols: dict[str, Symbol] = {symbol.symbol: symbol for symbol in symbols}
        self._quotes: dict[str, Quote] = {}
        self._routes = Routes(self.symbols)

    def unquoted(self) -> "Market":
        """Give another market over the same symbols, without quotes yet."""
        other = Market(())
        other.symbols, other._routes = self.symbols, self._routes
        return other

    def quote(self, symbol: str) -> Quote | None:
        """Give the last raw quote; None before the first."""
        return self._quotes.get(symbol)

    def tick(self, symbol: str, bid: float, ask: float, time: int) -> Quote:
        """Take a quote, rounded to the symbol's digits; high and low restart with the server's day.

        A symbol with a fixed ``spread`` gets its ask from its bid, both moved by ``spread_balance``
        points. Raises ``ValueError`` for a symbol that is not there and for prices that cannot be.
        """
        config = self.symbols.get(symbol)
        if config is None:
            raise ValueError(f"there is no symbol {symbol!r}")
        if not 0 < bid <= ask < math.inf:
            raise ValueError(f"{symbol}: bid {bid!r} and ask {ask!r} are no prices (0 < bid <= ask)")
        if config.spread:
            bid += config.spread_balance * config.point
            ask = bid + config.spread * config.point
        bid, ask = rounding.price(bid, config.digits), rounding.price(ask, config.digits)
        quote = _following(self._quotes.get(symbol), bid, ask, time)
        self._quotes[symbol] = quote
        return quote

    def fed(self, symbol: str) -> tuple[float, float] | None:
        """Give bid and ask so that ``tick`` with them would change nothing."""
        quote = self._quotes.get(symbol)
        if quote is None:
            return None
        config = self.symbols[symbol]
        moved = config.spread_balance * config.point if config.spread else 0.0
        return quote.bid - moved, quote.ask - moved

    def price(self, symbol: str) -> Price | None:
        """Give the last quote as ``SymbolInfo``; None before the first or for an unknown symbol."""
        quote = self._quotes.get(symbol)
        if quote is None:
            return None
        config = self.symbols[symbol]
        return Price(
            symbol=symbol,
            bid=quote.bid,
            ask=quote.ask,
            high=quote.high,
            low=quote.low,
            digits=config.digits,
            point=config.point,
            spread=config.spread or round((quote.ask - quote.bid) / config.point),
            direction=quote.direction,
            lasttime=quote.time,
        )

    def group_prices(self, symbol: str, group: Group) -> tuple[float, float] | None:
        """Give bid and ask as the group sees them: ``spread_diff`` points wider, half of it below."""
        quote = self._quotes.get(symbol)
        if quote is None:
            return None
        config = self.symbols[symbol]
        terms = security(group, config)
        if terms is None or not terms.spread_diff:
            return quote.bid, quote.ask
        wider = config.point * terms.spread_diff
        bid = rounding.price(quote.bid - wider / 2, config.digits)
        return bid, rounding.price(bid + (quote.ask - quote.bid) + wider, config.digits)

    def tick_values(self, symbol: Symbol, currency: str) -> tuple[float, float] | None:
        """Give what a price move of 1 (futures: of one tick) is worth per lot in ``currency``.

        One value for buys, closed at the bid, and one for sells; None without a way to convert.
        """
        rates = self._conversion(symbol, currency)
        if rates is None:
            return None
        value = symbol.tick_value if symbol.profit_mode == ProfitMode.FUTURES else symbol.contract_size
        return (value * rates[0], value * rates[1]) if value > 0 else None

    def conversion(self, symbol: Symbol, currency: str) -> float | None:
        """Give the rate from the symbol's profit currency, as ``Trade.conv_rates`` keeps it."""
        rates = self._conversion(symbol, currency)
        return None if rates is None else rates[0]

    def rate(self, source: str, target: str, suffix: str = "") -> float | None:
        """Give what one ``source`` is in ``target``, over bids: direct, inverse, or over the dollar."""
        rates = self._rates(self._routes.find(source, target, suffix))
        return None if rates is None else rates[0]

    def dependents(self, symbol: str, currency: str) -> frozenset[str]:
        """Name the symbols whose ticks change a position's worth to an account in ``currency``.

        The traded symbol itself and the pairs that convert its profit. Margin does not move with
        quotes: its rate and its price are fixed at opening.
        """
        config = self.symbols.get(symbol)
        if config is None:
            return frozenset()
        legs = self._route(config, currency) or ()
        return frozenset((symbol, *(leg.symbol for leg in legs)))

    def _route(self, symbol: Symbol, currency: str) -> tuple[Leg, ...] | None:
        if symbol.profit_mode == ProfitMode.FOREX:
            return self._routes.find(symbol.symbol[3:6], currency, symbol.symbol[6:])
        return self._routes.find(symbol.currency, currency)

    def _conversion(self, symbol: Symbol, currency: str) -> tuple[float, float] | None:
        rates = self._rates(self._route(symbol, currency))
        if rates is None or symbol.profit_mode == ProfitMode.FOREX:
            return rates
        return rates[0], rates[0]  # only pairs know two sides: others convert at the bid (§3)

    def _rates(self, legs: tuple[Leg, ...] | None) -> tuple[float, float] | None:
        if legs is None:
            return None
        bid = ask = 1.0
        for name, divide in legs:
            quote = self._quotes.get(name)
            if quote is None:
                return None
            bid, ask = (bid / quote.bid, ask / quote.ask) if divide else (bid * quote.bid, ask * quote.ask)
        return bid, ask


def _following(last: Quote | None, bid: float, ask: float, time: int) -> Quote:
    if last is None:
        return Quote(bid, ask, bid, bid, time, Direction.NONE)
    direction = Direction.UP if bid > last.bid else Direction.DOWN if bid < last.bid else Direction.NONE
    if time // _DAY != last.time // _DAY:
        return Quote(bid, ask, bid, bid, time, direction)
    return Quote(bid, ask, max(last.high, bid), min(last.low, bid), time, direction)
