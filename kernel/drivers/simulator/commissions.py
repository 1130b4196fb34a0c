"""What opening a position costs its client and brings an agent (``trading-math.md`` §7)."""

from typing import Final

from msgspec import Struct

from kernel.drivers.simulator.market import Market
from kernel.drivers.simulator.modes import CommissionLots, CommissionType, ProfitMode
from kernel.drivers.simulator.rounding import money
from kernel.drivers.simulator.terms import security
from kernel.records.market import Group, Symbol
from kernel.records.trades import Trade


class Charge(Struct, frozen=True):
    """What is written into a trade at opening, in the account's currency.

    ``commission`` and ``taxes`` are 0 or less, ``agent`` is 0 or more: the agent's account gets it.
    """

    commission: float
    agent: float
    taxes: float


NOTHING: Final = Charge(0.0, 0.0, 0.0)


def charge(trade: Trade, group: Group, market: Market) -> Charge:
    """Give the whole commission of a position, charged at opening; nothing for any other record."""
    symbol = market.symbols.get(trade.symbol)
    terms = None if symbol is None or not trade.market else security(group, symbol)
    if symbol is None or terms is None:
        return NOTHING
    paid = _fee(terms.comm_base, terms.comm_type, terms.comm_lots, trade, symbol, group, market)
    agent = _fee(terms.comm_agent, terms.comm_agent_type, terms.comm_agent_lots, trade, symbol, group, market)
    return Charge(-paid or 0.0, agent, -money(paid * terms.comm_tax / 100) or 0.0)


def _fee(base: float, kind: int, per: int, trade: Trade, symbol: Symbol, group: Group, market: Market) -> float:
    if not base:
        return 0.0
    lots = trade.volume / 100
    if kind == CommissionType.MONEY:
        return money(base if per == CommissionLots.PER_DEAL else base * lots)
    if kind == CommissionType.PIPS:
        rate = market.conversion(symbol, group.currency) or 0.0
        return money(base * symbol.point * symbol.contract_size * lots * rate)
    return money(base / 100 * _turnover(trade, symbol, group, market))


def _turnover(trade: Trade, symbol: Symbol, group: Group, market: Market) -> float:
    """Give what the deal moves, in the group's currency; 0.0 where there is no way to convert."""
    values = market.tick_values(symbol, group.currency)
    if values is None:
        return 0.0
    ticks = trade.open_price
    if symbol.profit_mode == ProfitMode.FUTURES:
        ticks = ticks / symbol.tick_size if symbol.tick_size > 0 else 0.0
    return ticks * values[0] * trade.volume / 100
