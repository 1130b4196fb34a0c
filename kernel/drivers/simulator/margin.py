"""Margin, an account's figures over its open trades, and whether it can open more (``trading-math.md`` §4, §5)."""

from collections.abc import Iterable, Sequence
from typing import Final, Literal

from msgspec import Struct

from kernel.drivers.simulator.market import Market
from kernel.drivers.simulator.modes import FreeMargin, LevelType, MarginMode, MarginType
from kernel.drivers.simulator.profit import floating
from kernel.drivers.simulator.requirement import books, divisor, symbol_margin
from kernel.drivers.simulator.rounding import money
from kernel.records.market import Group, Symbol
from kernel.records.trades import Margin, Trade
from kernel.records.users import User


class Rules(Struct, frozen=True, kw_only=True):
    """Where sources differ on levels (``trading-math.md`` §5 and §10).

    ``strict`` fires only below a level, not at it; ``money_figure`` is what levels in money are
    compared with.
    """

    strict: bool = False
    money_figure: Literal["free_margin", "equity"] = "free_margin"


USUAL: Final = Rules()
"""What MetaQuotes' own documentation says, and at the level counts."""


def margin_rate(symbol: Symbol, currency: str, market: Market) -> float:
    """Give the rate from the symbol's margin currency, fixed at opening into ``Trade.margin_rate``.

    A currency pair's margin is in its base currency, others' in ``margin_currency``. Taken at the
    bid. Without a way to convert it is 1: a position is never free of margin for want of a quote.
    """
    rate = market.rate(*_margin_currency(symbol, currency))
    return 1.0 if rate is None else rate


def margin(trades: Sequence[Trade], leverage: int, group: Group, market: Market, *, order_check: bool = False) -> float:
    """Give the margin of open positions in the group's currency; pending orders need none.

    ``leverage`` 0 is the group's default. ``order_check`` takes a future's initial margin where it
    has one, as for a new order.
    """
    lever = leverage or group.default_leverage or 1
    total = 0.0
    for name, (bought, sold) in books(trades).items():
        symbol = market.symbols.get(name)
        if symbol is not None:
            hundred = symbol_margin(symbol, bought, sold, large_leg=bool(group.hedge_largeleg), check=order_check)
            total += hundred / divisor(symbol, lever, group)
    return money(total / 100)


def fully_hedged(trades: Iterable[Trade]) -> bool:
    """Whether there are positions and, in every symbol, as much is bought as is sold."""
    found = books(trades)
    return bool(found) and all(bought.volume == sold.volume for bought, sold in found.values())


def level(user: User, group: Group, trades: Sequence[Trade], market: Market, rules: Rules = USUAL) -> Margin:
    """Give the account's ``MarginLevel`` with its trades valued as of now.

    ``balance`` is balance plus credit; ``margin_level`` is percent, 0 without margin.
    """
    used = margin(trades, user.leverage, group, market)
    open_result = money(sum(floating(trade, group, market) for trade in trades))
    own = money(user.balance + user.credit)
    equity = money(own + open_result)
    free = _free(own, open_result, used, group)
    percent = equity / used * 100 if used else 0.0
    return Margin(
        login=user.login,
        group=user.group,
        leverage=user.leverage or group.default_leverage,
        balance=own,
        equity=equity,
        volume=sum(trade.volume for trade in trades if trade.market),
        margin=used,
        margin_free=free,
        margin_level=money(percent),
        margin_type=group.margin_type,
        level_type=_level_type(group, used, percent, free if rules.money_figure == "free_margin" else equity, rules),
    )


def refuses(user: User, group: Group, trades: Sequence[Trade], new: Trade, market: Market) -> bool:
    """Whether the account has no money for a new position (return code 134).

    Counted as if it were open: refused when the free margin, helped by the group's virtual credit,
    falls below zero, unless the position lowers the margin and its symbol is not strict about
    hedges. A pending order is asked for money when it opens.
    """
    if not new.market:
        return False
    after = (*trades, new)
    used = margin(after, user.leverage, group, market, order_check=True)
    open_result = money(sum(floating(trade, group, market) for trade in after))
    free = _free(money(user.balance + user.credit), open_result, used, group)
    if free + group.credit >= 0:
        return False
    symbol = market.symbols.get(new.symbol)
    strong = symbol is None or bool(symbol.margin_hedged_strong)
    return strong or used >= margin(trades, user.leverage, group, market, order_check=True)


def _margin_currency(symbol: Symbol, currency: str) -> tuple[str, str, str]:
    if symbol.margin_mode == MarginMode.FOREX:
        return symbol.symbol[:3], currency, symbol.symbol[6:]
    return symbol.margin_currency, currency, ""


def _free(own: float, open_result: float, used: float, group: Group) -> float:
    match group.margin_mode:
        case FreeMargin.DONT_USE:
            counted = 0.0
        case FreeMargin.USE_PROFIT:
            counted = max(open_result, 0.0)
        case FreeMargin.USE_LOSS:
            counted = min(open_result, 0.0)
        case _:
            counted = open_result
    return money(own - used + counted)


def _level_type(group: Group, used: float, percent: float, figure: float, rules: Rules) -> int:
    if not used:
        return LevelType.OK
    value = figure if group.margin_type == MarginType.CURRENCY else percent

    def reached(bar: float) -> bool:
        return value < bar if rules.strict else value <= bar

    if reached(group.margin_stopout):
        return LevelType.STOPOUT
    return LevelType.MARGINCALL if reached(group.margin_call) else LevelType.OK
