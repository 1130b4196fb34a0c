"""The numbers by which symbols and groups choose their arithmetic, under the header's names."""

from enum import IntEnum


class MarginMode(IntEnum):
    """``MARGIN_CALC_*``: ``Symbol.margin_mode``."""

    FOREX = 0
    CFD = 1
    FUTURES = 2
    CFDINDEX = 3
    CFDLEVERAGE = 4


class ProfitMode(IntEnum):
    """``PROFIT_CALC_*``: ``Symbol.profit_mode``."""

    FOREX = 0
    CFD = 1
    FUTURES = 2


class SwapType(IntEnum):
    """``SWAP_BY_*``: ``Symbol.swap_type``."""

    POINTS = 0
    DOLLARS = 1
    INTEREST = 2
    MARGIN_CURRENCY = 3


class FreeMargin(IntEnum):
    """``MARGIN_MODE_*``: ``Group.margin_mode``, which floating result counts in the free margin."""

    DONT_USE = 0
    USE_ALL = 1
    USE_PROFIT = 2
    USE_LOSS = 3


class MarginType(IntEnum):
    """``MARGIN_TYPE_*``: ``Group.margin_type``, what margin call and stop-out levels are."""

    PERCENT = 0
    CURRENCY = 1


class LevelType(IntEnum):
    """``MARGINLEVEL_*``: ``Margin.level_type``."""

    OK = 0
    MARGINCALL = 1
    STOPOUT = 2


class CommissionType(IntEnum):
    """``COMM_TYPE_*``: ``GroupSecurity.comm_type`` and ``comm_agent_type``."""

    MONEY = 0
    PIPS = 1
    PERCENT = 2


class CommissionLots(IntEnum):
    """``COMMISSION_PER_*``: ``GroupSecurity.comm_lots`` and ``comm_agent_lots``."""

    PER_LOT = 0
    PER_DEAL = 1


class Direction(IntEnum):
    """``SDIR_*``: where the last quote went."""

    UP = 0
    DOWN = 1
    NONE = 2
