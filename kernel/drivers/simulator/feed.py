"""Where prices come from: a seeded random walk, or recorded ticks played again."""

import math
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final, Protocol

from msgspec import Struct

from kernel.drivers.simulator import ticks
from kernel.drivers.simulator.catalogue import first_prices
from kernel.drivers.simulator.classes import daily_move
from kernel.drivers.simulator.market import Market
from kernel.drivers.simulator.sessions import quoted
from kernel.drivers.simulator.ticks import Tick
from kernel.records.market import Symbol

_DAY: Final = 86400
_PULL: Final = 0.2
"""Part of the way back to its anchor that a price goes in a day."""
_LONGEST_STEP: Final = 3600
"""Seconds that one move may stand for: a gap of a weekend is not made up for in one tick."""
_JUMP_CHANCE: Final = 0.002
_JUMP: Final = 6.0
_HANDFUL: Final = (3, 8)


class Feed(Protocol):
    """What a simulator asks for new quotes."""

    def step(self, now: int) -> list[Tick]:
        """Give the ticks since the last step, oldest first; ``now`` is server seconds."""
        ...


class _Walker(Struct, gc=False):
    """One symbol's anchor, its usual spread and when it last moved."""

    symbol: Symbol
    anchor: float
    spread: float
    moved: int = 0


class RandomWalk:
    """A walk that is pulled back to where each symbol began, as lively as its class.

    It walks on from the market's own last quote, so the caller must ``tick`` the market with what a
    step gives. Same seed, same market and same times: same ticks. Symbols without sessions at the
    moment, and such of which no price is known, stand still.
    """

    def __init__(self, seed: int, market: Market) -> None:
        self._random = Random(seed)  # noqa: S311 - prices, no secrets
        self._market = market
        self._walkers = tuple(walker for symbol in market.symbols.values() if (walker := _walker(symbol, market)))

    def step(self, now: int) -> list[Tick]:
        """Move a handful of the symbols that are quoted at ``now``."""
        awake = [walker for walker in self._walkers if quoted(walker.symbol, now)]
        count = min(self._random.randint(*_HANDFUL), len(awake))
        return [self._move(walker, now) for walker in self._random.sample(awake, count)]

    def _move(self, walker: _Walker, now: int) -> Tick:
        symbol = walker.symbol
        last = self._market.fed(symbol.symbol)
        bid = walker.anchor if last is None else last[0]
        days = min(max(now - walker.moved, 1) if walker.moved else 1, _LONGEST_STEP) / _DAY
        walker.moved = now
        shock = self._random.gauss(0.0, daily_move(symbol)) * math.sqrt(days)
        if self._random.random() < _JUMP_CHANCE:
            shock *= _JUMP
        bid *= math.exp(shock + _PULL * days * math.log(walker.anchor / bid))
        bid = max(round(bid, symbol.digits), symbol.point)
        return Tick(symbol.symbol, bid, round(bid + self._spread(walker), symbol.digits))

    def _spread(self, walker: _Walker) -> float:
        if walker.symbol.spread:
            return walker.symbol.spread * walker.symbol.point
        return walker.spread * (0.8 + 0.3 * abs(self._random.gauss(0.0, 1.0)))


class Replay:
    """Recorded ticks, played at their own pace from the moment of the first step.

    The file is a CSV with the header ``time,symbol,bid,ask``, times in seconds that never go back.
    It is read through once when made, so that a fault shows at start: ``ValueError`` names the file,
    the line and what is wrong there. With a market, its symbols are the only ones that may occur.
    """

    def __init__(self, path: Path, market: Market | None = None) -> None:
        self._path = path
        known = None if market is None else frozenset(market.symbols)
        self._began = ticks.check(path, known)
        self._offset: float | None = None
        self._rows: Iterator[tuple[float, Tick]] = ticks.read(path, known)
        self._next: tuple[float, Tick] | None = None

    def step(self, now: int) -> list[Tick]:
        """Give the ticks that are due; nothing after the last one."""
        if self._offset is None:
            self._offset = now - self._began
            self._next = next(self._rows, None)
        due: list[Tick] = []
        while self._next is not None and self._next[0] + self._offset <= now:
            due.append(self._next[1])
            self._next = next(self._rows, None)
        return due


def _walker(symbol: Symbol, market: Market) -> _Walker | None:
    prices = first_prices().get(symbol.symbol) or market.fed(symbol.symbol)
    return None if prices is None else _Walker(symbol, prices[0], max(prices[1] - prices[0], symbol.point))
