"""The worker's way out: replies, and lists that come no faster than they are taken."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from kernel.bridge.frames import LARGEST_FRAME, BrokenLink, Link, Reply
from kernel.drivers import Indeterminate

_AHEAD: Final = 8
"""Pieces of a list that may be on their way."""


class Flow:
    """The pieces of one list."""

    def __init__(self) -> None:
        """Allow the first few."""
        self._room = asyncio.Semaphore(_AHEAD)
        self._unwanted = False

    def more(self) -> None:
        """Allow one more."""
        self._room.release()

    def drop(self) -> None:
        """Want none any more."""
        self._unwanted = True
        self._room.release()

    async def room(self) -> None:
        """Wait until one more may go. Raises ``Indeterminate`` where nobody wants it."""
        await self._room.acquire()
        if self._unwanted:
            raise Indeterminate("the caller is gone")


class Replies:
    """What goes back over the link."""

    def __init__(self, link: Link) -> None:
        """Take the link."""
        self._link = link
        self._flows: dict[int, Flow] = {}

    def send(self, reply: Reply) -> None:
        """Send a reply; where the bridge is gone, the worker ends by itself."""
        if len(reply.answer) >= LARGEST_FRAME:
            raise Indeterminate("an answer too large to send")
        try:
            self._link.send(reply)
        except BrokenLink:
            return

    @contextmanager
    def flow(self, number: int) -> Generator[Flow]:
        """Open the way of a list's pieces for as long as it is sent."""
        self._flows[number] = Flow()
        try:
            yield self._flows[number]
        finally:
            del self._flows[number]

    def allow(self, number: int, *, wanted: bool) -> None:
        """Let one more piece of a list go, or none; a list that is through already is no matter."""
        if (flow := self._flows.get(number)) is not None:
            flow.more() if wanted else flow.drop()
