"""How much a believable client deals in, and at which of an hour's prices."""

from random import Random

from kernel.drivers.simulator import rounding
from kernel.drivers.simulator.classes import daily_move
from kernel.drivers.simulator.market import Market
from kernel.drivers.simulator.modes import ProfitMode
from kernel.drivers.simulator.terms import security
from kernel.records.market import Group, GroupSecurity, Symbol


def volume(symbol: Symbol, group: Group, market: Market, cost: float) -> int:
    """Give the volume that costs so much on a usual day's move; 0 where the least costs more."""
    terms = security(group, symbol)
    values = market.tick_values(symbol, group.currency)
    quote = market.quote(symbol.symbol)
    if terms is None or values is None or quote is None:
        return 0
    lot = quote.bid * daily_move(symbol) * values[0]
    if symbol.profit_mode == ProfitMode.FUTURES:
        lot = lot / symbol.tick_size if symbol.tick_size > 0 else 0.0
    return step(cost / lot * 100, terms) if lot > 0 else 0


def step(wanted: float, terms: GroupSecurity) -> int:
    """Cut a volume to what the group takes, in its steps; 0 below the least."""
    cut = min(int(wanted), terms.lot_max)
    cut -= cut % max(terms.lot_step, 1)
    return cut if cut >= terms.lot_min else 0


def near(random: Random, symbol: Symbol, price: float) -> float:
    """Give a price of the same hours: a slot of the past has only one."""
    moved = price * (1 + daily_move(symbol) * random.uniform(-0.15, 0.15))
    return max(rounding.price(moved, symbol.digits), symbol.point)
