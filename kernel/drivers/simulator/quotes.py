"""The market with its last quotes in SQLite, so that a restarted server values everything as before."""

from collections.abc import Iterable

from kernel.drivers.simulator.market import Market, Quote
from kernel.drivers.simulator.storage import Storage
from kernel.records.market import Symbol


class StoredMarket(Market):
    """A ``Market`` that takes back and gives out its quotes as rows."""

    def __init__(self, symbols: Iterable[Symbol], storage: Storage) -> None:
        """Start with the quotes that were kept, of symbols that are still there."""
        super().__init__(symbols)
        self._storage = storage
        if not storage.new:
            for name, bid, ask, high, low, time, direction in storage.quotes():
                if name in self.symbols:
                    self._quotes[name] = Quote(bid, ask, high, low, time, direction)

    def keep(self, symbols: Iterable[str]) -> None:
        """Write the quotes of symbols down, within the caller's transaction."""
        self._storage.put_quotes(
            (name, quote.bid, quote.ask, quote.high, quote.low, quote.time, quote.direction)
            for name in symbols
            if (quote := self.quote(name)) is not None
        )
