"""The overnight charge of a position (``trading-math.md`` §6)."""

from typing import Final

from kernel.drivers.simulator.market import Market
from kernel.drivers.simulator.modes import MarginMode, ProfitMode, SwapType
from kernel.drivers.simulator.profit import close_price
from kernel.drivers.simulator.rounding import money
from kernel.drivers.simulator.terms import swap_rate
from kernel.records.market import Group, Symbol
from kernel.records.trades import Command, Trade

_FRIDAY: Final = 4
_YEAR: Final = 360
"""Days of a bank's year."""


def swap(trade: Trade, group: Group, market: Market, weekday: int, *, dollars: bool = False) -> float:
    """Give what the night adds to ``Trade.storage``, below zero when the client pays.

    ``weekday`` is the server's day that ends, 0 Monday: three nights on ``swap_rollover3days``, none
    on Saturday and Sunday. ``dollars`` reads swap type 1 as the header names it; else its amounts
    are in the symbol's base currency, as the language's documentation says.
    """
    symbol = market.symbols.get(trade.symbol)
    if symbol is None or not trade.market or weekday > _FRIDAY:
        return 0.0
    if not symbol.swap_enable or not group.use_swap:
        return 0.0
    rate = swap_rate(group, symbol, buy=trade.cmd == Command.BUY)
    nights = 3 if weekday == symbol.swap_rollover3days else 1
    return money(nights * trade.volume / 100 * _per_lot(trade, symbol, rate, group, market, dollars=dollars))


def _per_lot(trade: Trade, symbol: Symbol, rate: float, group: Group, market: Market, *, dollars: bool) -> float:
    """Give one lot's night in the group's currency; 0.0 where there is no way to convert."""
    forex_profit = symbol.profit_mode == ProfitMode.FOREX
    match symbol.swap_type:
        case SwapType.POINTS:
            amount, conversion = symbol.contract_size * symbol.point * rate, market.conversion(symbol, group.currency)
        case SwapType.INTEREST:
            price = trade.open_price if symbol.swap_openprice else close_price(trade, group, market)
            worth = (trade.open_price if price is None else price) * symbol.contract_size
            amount, conversion = worth * rate / 100 / _YEAR, market.conversion(symbol, group.currency)
        case SwapType.DOLLARS:
            base = symbol.symbol[:3] if forex_profit else symbol.currency
            suffix = symbol.symbol[6:] if forex_profit else ""
            amount, conversion = rate, market.rate("USD" if dollars else base, group.currency, suffix)
        case _:
            forex_margin = symbol.margin_mode == MarginMode.FOREX
            held = symbol.symbol[:3] if forex_margin else symbol.margin_currency
            amount, conversion = rate, market.rate(held, group.currency, symbol.symbol[6:] if forex_margin else "")
    return amount * (conversion or 0.0)
