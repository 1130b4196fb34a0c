"""Money to two decimals and prices to a symbol's digits, halves away from zero."""

import math
from typing import Final

_SLACK: Final = 1e-14
"""A double that should be an exact half may lie a few of its last bits below it."""


_ROOM: Final = 1.0 + _SLACK
_SCALES: Final = tuple(10.0**digits for digits in range(16))


def money(amount: float) -> float:
    """Round to 0.01, in every currency: MT4 keeps two decimals for yen as well."""
    if amount < 0:
        return -math.floor(-amount * 100.0 * _ROOM + 0.5) / 100.0 + 0.0
    return math.floor(amount * 100.0 * _ROOM + 0.5) / 100.0


def price(value: float, digits: int) -> float:
    """Round to ``digits`` decimals, 0 to 15."""
    scale = _SCALES[digits]
    if value < 0:
        return -math.floor(-value * scale * _ROOM + 0.5) / scale + 0.0
    return math.floor(value * scale * _ROOM + 0.5) / scale
