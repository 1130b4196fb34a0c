"""What the pump says, from the library's threads to the event loop, within bounds."""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator
from typing import Final

from kernel.records.events import Event, GapEvent, PriceEvent

_FULL: Final = "the queue was full"


class Events:
    """A bounded queue: prices wait as the last of each symbol, everything else in order.

    Nothing is dropped in silence: without room, what waits is given up for one ``GapEvent``.
    ``put`` may be called on any thread, the rest belongs to the event loop.
    """

    def __init__(self, room: int) -> None:
        """Start empty; made inside the event loop that reads."""
        self._loop = asyncio.get_running_loop()
        self._arrived = asyncio.Event()
        self._lock = threading.Lock()
        self._room = room
        self._events: deque[Event] = deque()
        self._prices: dict[str, Event] = {}
        self._told = self._closed = False

    def put(self, event: Event) -> None:
        """Take what happened."""
        with self._lock:
            if self._closed:
                return
            if isinstance(event, PriceEvent):
                self._prices[event.price.symbol] = event
            elif isinstance(event, GapEvent) or len(self._events) < self._room:
                self._events.append(event)
            else:
                self._events.clear()
                self._prices.clear()
                self._events.append(GapEvent(_FULL))
            self._tell()

    def close(self) -> None:
        """End ``stream`` once it has given what still waits."""
        with self._lock:
            self._closed = True
            self._tell()

    async def stream(self) -> AsyncIterator[Event]:
        """Give what arrives, until ``close``."""
        while True:
            waiting, closed = self._take()
            for event in waiting:
                yield event
            if waiting:
                continue
            if closed:
                return
            await self._arrived.wait()

    def _take(self) -> tuple[list[Event], bool]:
        with self._lock:
            waiting = [*self._events, *self._prices.values()]
            self._events.clear()
            self._prices.clear()
            self._arrived.clear()
            self._told = False
            return waiting, self._closed

    def _tell(self) -> None:
        """Wake the reader, once for all that comes before it looks."""
        if self._told:
            return
        self._told = True
        try:
            self._loop.call_soon_threadsafe(self._arrived.set)
        except RuntimeError:  # the loop is closed: nobody reads any more
            self._closed = True
