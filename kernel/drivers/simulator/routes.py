"""Which symbols' prices turn one currency into another."""

from collections.abc import Container
from typing import Final, NamedTuple

_BRIDGE: Final = "USD"
_LETTERS: Final = 3


class Leg(NamedTuple):
    """One symbol on the way: multiply by its price, or divide by it."""

    symbol: str
    divide: bool


class Routes:
    """Ways between currencies over a symbol table: none, one pair, or two by way of the dollar.

    Only names count, so a way is looked for once (``trading-math.md`` §3).
    """

    def __init__(self, symbols: Container[str]) -> None:
        self._symbols = symbols
        self._known: dict[tuple[str, str, str], tuple[Leg, ...] | None] = {}

    def find(self, source: str, target: str, suffix: str = "") -> tuple[Leg, ...] | None:
        """Give the legs in order, empty for one and the same currency, None where there is no way.

        Pairs that bear the suffix of the traded symbol come first, then those without one.
        """
        asked = (source, target, suffix)
        if asked not in self._known:
            self._known[asked] = self._search(source[:_LETTERS], target[:_LETTERS], suffix)
        return self._known[asked]

    def _search(self, source: str, target: str, suffix: str) -> tuple[Leg, ...] | None:
        if source == target:
            return ()
        direct = self._pair(source, target, suffix)
        if direct is not None:
            return (direct,)
        first, second = self._pair(source, _BRIDGE, suffix), self._pair(_BRIDGE, target, suffix)
        return None if first is None or second is None else (first, second)

    def _pair(self, source: str, target: str, suffix: str) -> Leg | None:
        for end in dict.fromkeys((suffix, "")):
            for name, divide in ((target + source + end, True), (source + target + end, False)):
                if name in self._symbols:
                    return Leg(name, divide)
        return None
