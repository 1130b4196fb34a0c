"""What an order has to satisfy, and the return code for each thing that it does not (trading-math.md §4)."""

import math
from collections.abc import Sequence
from typing import Final

from kernel.drivers import Rejected
from kernel.drivers.simulator.sessions import tradable
from kernel.drivers.simulator.state import State
from kernel.drivers.simulator.terms import security
from kernel.records.market import Group, GroupSecurity, Symbol
from kernel.records.scalars import INT32_MAX
from kernel.records.trades import Command, Trade
from kernel.records.users import User
from kernel.retcodes import Retcode

_CLOSE_ONLY: Final = 1
_ALLOW_EXPIRATION: Final = 8
"""``ALLOW_FLAG_EXPIRATION`` of ``Group.rights``."""
_DEEPEST_PRICE: Final = 1e9


def symbol_of(state: State, name: str) -> Symbol:
    """Give a symbol's configuration; 3 for a name that is not there."""
    symbol = state.market.symbols.get(name)
    if symbol is None:
        raise Rejected(Retcode.INVALID_DATA)
    return symbol


def price(value: float) -> None:
    """Refuse a price that cannot be with 129; the market is not asked: a manager's word counts."""
    if not 0 < value < _DEEPEST_PRICE:
        raise Rejected(Retcode.TRADE_BAD_PRICES)


def hours(state: State, symbol: Symbol) -> None:
    """Refuse a deal outside the symbol's trading hours with 132."""
    if state.settings.check_sessions and not tradable(symbol, state.now()):
        raise Rejected(Retcode.TRADE_MARKET_CLOSED)


def mode(group: Group, symbol: Symbol, *, opening: bool) -> GroupSecurity:
    """Give the group's terms for the symbol; 133 where neither lets it be traded."""
    terms = security(group, symbol)
    if terms is None or not terms.trade or symbol.trade <= (_CLOSE_ONLY if opening else 0):
        raise Rejected(Retcode.TRADE_DISABLE)
    return terms


def volume(terms: GroupSecurity, asked: int) -> None:
    """Refuse a volume that is too small, too large or between two steps with 131."""
    if not max(terms.lot_min, 1) <= asked <= terms.lot_max or asked % max(terms.lot_step, 1):
        raise Rejected(Retcode.TRADE_BAD_VOLUME)


def stops(symbol: Symbol, cmd: int, against: float, sl: float, tp: float) -> None:
    """Refuse a stop loss or take profit on the wrong side, or nearer than ``stops_level``, with 130."""
    if not (math.isfinite(sl) and math.isfinite(tp)) or min(sl, tp) < 0:
        raise Rejected(Retcode.TRADE_BAD_STOPS)
    sign = 1 if cmd % 2 == 0 else -1
    least = max(symbol.stops_level - 0.5, 0.5) * symbol.point  # half a point less: doubles are not exact
    if (sl and sign * (against - sl) < least) or (tp and sign * (tp - against) < least):
        raise Rejected(Retcode.TRADE_BAD_STOPS)


def expiration(state: State, group: Group, asked: int) -> None:
    """Refuse an expiration that is over, or that the group does not allow, with 147."""
    if asked and (not state.now() < asked <= INT32_MAX or not group.rights & _ALLOW_EXPIRATION):
        raise Rejected(Retcode.TRADE_EXPIRATION_DENIED)


def account(user: User) -> None:
    """Refuse a new order of a disabled account with 64, of a read-only one with 133."""
    if not user.enable:
        raise Rejected(Retcode.ACCOUNT_DISABLED)
    if user.enable_read_only:
        raise Rejected(Retcode.TRADE_DISABLE)


def side(symbol: Symbol, group: Group, cmd: int, held: Sequence[Trade]) -> None:
    """Refuse selling what may only be bought (140) and an opposite position where hedging is not allowed (149)."""
    if symbol.long_only and cmd % 2:
        raise Rejected(Retcode.TRADE_LONG_ONLY)
    hedges = any(trade.market and trade.symbol == symbol.symbol and trade.cmd == 1 - cmd for trade in held)
    if group.hedge_prohibited and cmd <= Command.SELL and hedges:
        raise Rejected(Retcode.TRADE_HEDGE_PROHIBITED)


def count(group: Group, held: Sequence[Trade]) -> None:
    """Refuse one order more than the group allows with 148."""
    if group.maxpositions and len(held) >= group.maxpositions:
        raise Rejected(Retcode.TRADE_TOO_MANY_ORDERS)


def first_in(group: Group, trade: Trade, held: Sequence[Trade]) -> None:
    """Refuse closing what is not the symbol's oldest position, where the group demands it, with 150."""
    if not group.close_fifo:
        return
    same = [(other.open_time, other.order) for other in held if other.market and other.symbol == trade.symbol]
    if min(same) != (trade.open_time, trade.order):
        raise Rejected(Retcode.TRADE_PROHIBITED_BY_FIFO)
