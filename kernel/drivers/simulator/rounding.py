"""Money to two decimals and prices to a symbol's digits, halves away from zero."""

import math
from typing import Final

_SLACK: Final = 1e-14
"""A double that should be an exact half may lie a few of its last bits below it."""


def money(amount: float) -> float:
    """Round to 0.01, in every currency: MT4 keeps two decimals for yen as well."""
    return _rounded(amount, 100.0)


def price(value: float, digits: int) -> float:
    """Round to ``digits`` decimals."""
    return _rounded(value, 10.0**digits)


def _rounded(value: float, scale: float) -> float:
    cut = math.floor(abs(value) * scale * (1.0 + _SLACK) + 0.5) / scale
    return cut if value >= 0 or not cut else -cut
