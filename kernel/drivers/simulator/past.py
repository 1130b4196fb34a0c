"""The market of the year before: prices that lead to today's, half day by half day."""

import math
from typing import Final
from zlib import crc32

from kernel.drivers.simulator.classes import daily_move
from kernel.drivers.simulator.market import Market
from kernel.drivers.simulator.modes import ProfitMode
from kernel.records.market import Symbol

SLOT: Final = 43200
"""Seconds of a slot, half a day."""
SLOTS: Final = 730
"""Slots of a year."""

_MEASURE: Final = "USD"
_WAVES: Final = ((71.0, 6.0), (23.0, 3.0), (7.3, 1.2), (2.1, 0.5))
"""Periods in days, and heights in daily moves, of the waves that make up a year's prices."""


class Past:
    """The quotes of each slot of the last year; the last slot ends now.

    Prices are the same for every account, seed and call: waves over each currency's own worth, so
    that crosses agree with their pairs, at zero today.
    """

    def __init__(self, market: Market, now: int) -> None:
        self.now = now
        self.start = now - SLOTS * SLOT
        self.today = market
        self._slots: dict[int, Market] = {}
        self._assets = {name: _assets(symbol) for name, symbol in market.symbols.items()}
        self._moves: dict[str, float] = {}
        for name, assets in self._assets.items():
            for asset in assets:  # the first symbol that names an asset, its major pair, says how lively it is
                self._moves.setdefault(asset, daily_move(market.symbols[name]))

    def market(self, time: int) -> Market:
        """Give the market of the slot that ``time``, server seconds, is in; today's from now on."""
        slot = (time - self.start) // SLOT
        if slot >= SLOTS:
            return self.today
        if slot not in self._slots:
            self._slots[slot] = self._quoted(slot)
        return self._slots[slot]

    def _quoted(self, slot: int) -> Market:
        market, age = self.today.unquoted(), (SLOTS - slot - 0.5) * SLOT / 86400
        worths = {asset: _worth(asset, move, age) for asset, move in self._moves.items()}
        for name, assets in self._assets.items():
            fed = self.today.fed(name)
            if fed is not None:
                bid = max(fed[0] * worths[assets[0]] / worths[assets[1]], self.today.symbols[name].point)
                market.tick(name, bid, bid + (fed[1] - fed[0]), self.start + slot * SLOT)
        return market


def _assets(symbol: Symbol) -> tuple[str, str]:
    """Name what a symbol weighs against what: a pair's currencies, or itself against the dollar."""
    if symbol.profit_mode == ProfitMode.FOREX:
        return symbol.symbol[:3], symbol.symbol[3:6]
    return symbol.symbol, _MEASURE


def _worth(asset: str, move: float, age: float) -> float:
    """Give what an asset was worth ``age`` days ago, today being 1; the dollar is the measure."""
    if asset == _MEASURE:
        return 1.0
    moved = 0.0
    for index, (period, height) in enumerate(_WAVES):
        phase = crc32(f"{asset}{index}".encode()) / 2**32 * math.tau
        moved += height * (math.sin(math.tau * age / period + phase) - math.sin(phase))
    return math.exp(move * moved)
