"""Events on their way: a bounded queue, and batches of them as messages."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from msgspec import Raw
from msgspec.msgpack import Decoder

from kernel.drivers.wire.encoding import decoded, encode
from kernel.drivers.wire.messages import Batch
from kernel.records.events import Event, GapEvent, MarginCallEvent, PriceEvent, TradeEvent, UserEvent

ROOM: Final = 100_000
_KINDS: Final = (PriceEvent, TradeEvent, UserEvent, MarginCallEvent, GapEvent)
_DECODERS: Final[Mapping[str, Decoder[Any]]] = MappingProxyType({kind.__name__: decoded(kind) for kind in _KINDS})


class EventQueue:
    """Prices wait as the last of each symbol, everything else in order.

    Nothing is dropped in silence: where there is no more room, what waits is given up for one
    ``GapEvent``, after which the reader has to read the tables anew.
    """

    def __init__(self, room: int = ROOM) -> None:
        """Start empty and open."""
        self._room = room
        self._prices: dict[str, Event] = {}
        self._events: deque[Event] = deque()
        self._arrived = asyncio.Event()
        self.closed = False

    def put(self, event: Event) -> None:
        """Take an event; after ``close`` it is ignored."""
        if self.closed:
            return
        if isinstance(event, PriceEvent):
            self._prices[event.price.symbol] = event
        elif len(self._events) >= self._room:
            self._events.clear()
            self._prices.clear()
            self._events.append(GapEvent("the queue was full"))
        else:
            self._events.append(event)
        self._arrived.set()

    def close(self) -> None:
        """Take nothing more; what waits may still be taken."""
        self.closed = True
        self._arrived.set()

    async def wait(self, seconds: float) -> None:
        """Return when something waits or it is closed, at the latest after so long."""
        if not (self._events or self._prices or self.closed):
            self._arrived.clear()
            try:
                async with asyncio.timeout(seconds):
                    await self._arrived.wait()
            except TimeoutError:
                return

    def take(self, most: int) -> list[Event]:
        """Take what waits, at most so many: first what happened, then prices."""
        taken = [self._events.popleft() for _ in range(min(most, len(self._events)))]
        symbols = list(self._prices)[: most - len(taken)]
        return taken + [self._prices.pop(symbol) for symbol in symbols]

    async def events(self) -> AsyncIterator[Event]:
        """Give what arrives, until it is closed and empty."""
        while True:
            while self._events or self._prices:
                for event in self.take(1):
                    yield event
            if self.closed:
                return
            self._arrived.clear()
            await self._arrived.wait()


def batch_of(events: Iterable[Event]) -> Batch:
    """Write events."""
    return Batch(tuple((type(event).__name__, Raw(encode(event))) for event in events))


def events_of(batch: Batch) -> list[Event]:
    """Read events; one of a kind that this version does not know is a gap. Raises ``UNREADABLE``."""
    return [
        _DECODERS[name].decode(content) if name in _DECODERS else GapEvent(f"an event of the unknown kind {name}")
        for name, content in batch.events
    ]
