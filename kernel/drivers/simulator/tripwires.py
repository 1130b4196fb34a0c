"""Prices at which something has to be looked at again, so that a tick costs only what it changes."""

from collections.abc import Iterable
from heapq import heapify, heappop, heappush
from typing import Final, NamedTuple

_SLACK: Final = 64


class Band(NamedTuple):
    """While a symbol's bid stays above ``low`` and its ask below ``high``, nothing needs doing."""

    symbol: str
    low: float
    high: float


class Tripwires:
    """Bands by key (a login or a ticket); those that a quote leaves are found without asking the others."""

    def __init__(self) -> None:
        """Start with none."""
        self._generations: dict[int, int] = {}
        self._last = 0
        # Heaps of (price, key, generation); an entry whose generation is over is dropped when met.
        self._lows: dict[str, list[tuple[float, int, int]]] = {}
        self._highs: dict[str, list[tuple[float, int, int]]] = {}
        self._stale = 0

    def __len__(self) -> int:
        """Count the keys that have bands."""
        return len(self._generations)

    def arm(self, key: int, bands: Iterable[Band]) -> None:
        """Give a key its bands, in place of those it had."""
        self.disarm(key)
        self._last += 1
        generation = 0
        for band in bands:
            generation = self._last
            heappush(self._lows.setdefault(band.symbol, []), (-band.low, key, generation))
            heappush(self._highs.setdefault(band.symbol, []), (band.high, key, generation))
        if generation:
            self._generations[key] = generation

    def disarm(self, key: int) -> None:
        """Take a key's bands away."""
        if self._generations.pop(key, None) is not None:
            self._stale += 1
            if self._stale > _SLACK + 2 * len(self._generations):
                self._sweep()

    def crossed(self, symbol: str, bid: float, ask: float) -> set[int]:
        """Give the keys whose band the quote is at or beyond, and disarm them."""
        found = self._reached(self._lows.get(symbol), -bid) | self._reached(self._highs.get(symbol), ask)
        for key in found:
            self.disarm(key)
        return found

    def _reached(self, heap: list[tuple[float, int, int]] | None, price: float) -> set[int]:
        found: set[int] = set()
        while heap and heap[0][0] <= price:
            _, key, generation = heappop(heap)
            if self._generations.get(key) == generation:
                found.add(key)
        return found

    def _sweep(self) -> None:
        for heaps in (self._lows, self._highs):
            for heap in heaps.values():
                heap[:] = [entry for entry in heap if self._generations.get(entry[1]) == entry[2]]
                heapify(heap)
        self._stale = 0
