"""What a group's own settings make of a symbol: security class, swaps and margin divider."""

import sys
from typing import Final

from kernel.records.market import Group, GroupMargin, GroupSecurity, Symbol

_NOT_SET: Final = (0.0, sys.float_info.max)
"""MT4 writes either for an override that was left out."""


def security(group: Group, symbol: Symbol) -> GroupSecurity | None:
    """Give the group's terms for the symbol's class; None where it has none."""
    return group.secgroups[symbol.type] if 0 <= symbol.type < len(group.secgroups) else None


def margin_divider(group: Group, symbol: Symbol) -> float:
    """Give the divider that holds: the group's for this symbol, else the symbol's; never 0."""
    own = _override(group, symbol)
    if own is not None and own.margin_divider not in _NOT_SET:
        return own.margin_divider
    return symbol.margin_divider or 1.0


def swap_rate(group: Group, symbol: Symbol, *, buy: bool) -> float:
    """Give ``swap_long`` or ``swap_short``: the group's for this symbol, else the symbol's."""
    own = _override(group, symbol)
    rate = 0.0 if own is None else (own.swap_long if buy else own.swap_short)
    if rate not in _NOT_SET:
        return rate
    return symbol.swap_long if buy else symbol.swap_short


def _override(group: Group, symbol: Symbol) -> GroupMargin | None:
    for own in group.secmargins:
        if own.symbol == symbol.symbol:
            return own
    return None
