"""What an open trade is worth: its price of closing and its profit (``trading-math.md`` §2 and §3)."""

from msgspec import structs

from kernel.drivers.simulator.market import Market
from kernel.drivers.simulator.modes import ProfitMode
from kernel.drivers.simulator.rounding import money
from kernel.records.market import Group
from kernel.records.trades import Command, Trade


def close_price(trade: Trade, group: Group, market: Market) -> float | None:
    """Give the group's price against which the trade stands; None without a quote.

    A position closes at the bid when bought, at the ask when sold; a pending order waits for the
    opposite side, at which it would open.
    """
    prices = market.group_prices(trade.symbol, group)
    if prices is None or trade.cmd > Command.SELL_STOP:
        return None
    return prices[trade.cmd % 2] if trade.market else prices[1 - trade.cmd % 2]


def profit(trade: Trade, price: float, currency: str, market: Market) -> float:
    """Give the profit at ``price`` in ``currency``, without commission, swap and taxes.

    0.0 for pending orders and balance rows, and where there is no way to convert.
    """
    symbol = market.symbols.get(trade.symbol)
    values = market.tick_values(symbol, currency) if symbol is not None and trade.market else None
    if symbol is None or values is None:
        return 0.0
    sign, value = (1.0, values[0]) if trade.cmd == Command.BUY else (-1.0, values[1])
    worth = trade.volume * value / 100
    if symbol.profit_mode == ProfitMode.FOREX:
        # MT4 rounds the two turnovers apart, which may differ by a cent from rounding once.
        return money(sign * (money(price * worth) - money(trade.open_price * worth)))
    move = sign * (price - trade.open_price)
    if symbol.profit_mode == ProfitMode.FUTURES:
        return money(move * worth / symbol.tick_size) if symbol.tick_size > 0 else 0.0
    return money(move * worth)


def valued(trade: Trade, group: Group, market: Market) -> Trade:
    """Give an open trade with its price of closing and its profit as of now.

    Unchanged without a quote: the last known figures stand.
    """
    price = close_price(trade, group, market)
    if price is None:
        return trade
    return structs.replace(trade, close_price=price, profit=profit(trade, price, group.currency, market))


def floating(trade: Trade, group: Group, market: Market) -> float:
    """Give what closing a position now would add to the balance; 0.0 for what is no position."""
    if not trade.market:
        return 0.0
    price = close_price(trade, group, market)
    result = trade.profit if price is None else profit(trade, price, group.currency, market)
    return result + trade.commission + trade.storage + trade.taxes
