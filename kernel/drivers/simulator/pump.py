"""The pump: what happens on the server, on its way to one manager."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Final

from kernel.drivers.simulator.authority import Authority
from kernel.records.events import Event, GapEvent, MarginCallEvent, PriceEvent, TradeEvent, UserEvent

_ROOM: Final = 100_000


class Pump:
    """A bounded queue: prices wait as the last of each symbol, everything else in order.

    Nothing is dropped in silence. When there is no more room, what waits is given up for one
    ``GapEvent``, after which the reader has to read the tables anew.
    """

    def __init__(self, authority: Authority, room: int = _ROOM) -> None:
        """Start empty, for one manager."""
        self._authority = authority
        self._room = room
        self._prices: dict[str, Event] = {}
        self._events: deque[Event] = deque()
        self._arrived = asyncio.Event()
        self._closed = False
        self._missing: str | None = None

    @property
    def running(self) -> bool:
        """Whether changes arrive."""
        return not self._closed and self._missing is None

    def put(self, event: Event) -> None:
        """Take what happened, if it is ours to see."""
        if self._closed or self._missing is not None:
            return
        if isinstance(event, PriceEvent):
            self._prices[event.price.symbol] = event
        elif (seen := self._seen(event)) is not None:
            if len(self._events) >= self._room:
                self._lose("the queue was full")
                return
            self._events.append(seen)
        self._arrived.set()

    def stop(self, reason: str) -> None:
        """Take nothing more until ``resume``: what happens in between is lost."""
        self._missing = reason

    def resume(self) -> None:
        """Go on, saying first that something is missing."""
        if self._missing is not None:
            reason, self._missing = self._missing, None
            self._lose(reason)

    def close(self) -> None:
        """End ``events`` once it has given what still waits."""
        self._closed = True
        self._arrived.set()

    async def events(self) -> AsyncIterator[Event]:
        """Give what arrives, until ``close``."""
        while True:
            while self._events:
                yield self._events.popleft()
            prices, self._prices = self._prices, {}
            for event in prices.values():
                yield event
            if self._events or self._prices:
                continue
            if self._closed:
                return
            self._arrived.clear()
            await self._arrived.wait()

    def _lose(self, reason: str) -> None:
        self._events.clear()
        self._prices.clear()
        self._events.append(GapEvent(reason))
        self._arrived.set()

    def _seen(self, event: Event) -> Event | None:
        match event:
            case UserEvent(change, user) if self._authority.sees_group(user.group):
                return UserEvent(change, self._authority.shown(user))
            case UserEvent("group", user):
                return UserEvent("delete", self._authority.shown(user))  # it left our groups
            case TradeEvent(_, trade) if self._authority.sees(trade.login):
                return event
            case MarginCallEvent(margin) if self._authority.sees_group(margin.group):
                return event
            case _:
                return None
