"""A session on the far side of a bridge: its calls come from the table of operations."""

import asyncio
import copy
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Any, Final, Self, TypeVar

from msgspec import Raw

from kernel.drivers import DriverFault, Indeterminate, NotSent, Rejected, Session
from kernel.drivers.remote.channel import Channel
from kernel.drivers.remote.settings import Settings
from kernel.drivers.wire import MAJOR
from kernel.drivers.wire.encoding import UNREADABLE, UNWRITABLE, decoded, encode, fault_of
from kernel.drivers.wire.events import EventQueue, events_of
from kernel.drivers.wire.messages import NIL, Answer, Batch, Call, Opened
from kernel.drivers.wire.operations import OPERATIONS, Operation
from kernel.records.events import Event
from kernel.records.operations import new_operation
from kernel.records.server import Manager
from kernel.retcodes import Retcode

_BATCH: Final = decoded(Batch)
_CLOSE_SECONDS: Final = 2.0
_SILENCE_SECONDS: Final = 10.0
"""The bridge gives a sign of life each second; after so many without one the session is over."""
_T = TypeVar("_T")


class Standing:
    """How the session stands, as the last answer said; shared by all views of it."""

    def __init__(self, answer: Answer) -> None:
        """Begin as the login said."""
        self.connected, self.pumping, self.closed = bool(answer.connected), bool(answer.pumping), False

    def hear(self, answer: Answer) -> None:
        """Take what an answer says, if it says anything."""
        if not self.closed and answer.connected is not None:
            self.connected, self.pumping = answer.connected, bool(answer.connected and answer.pumping)

    def end(self) -> None:
        """Know that it is over."""
        self.connected, self.pumping, self.closed = False, False, True


def _with_calls(kind: type[_T]) -> type[_T]:
    """Give a class one coroutine method for each operation, with the arguments that the port has."""
    for operation in OPERATIONS.values():
        setattr(kind, operation.name, _caller(operation))
    return kind


def _caller(operation: Operation) -> Callable[..., Any]:
    async def call(self: "RemoteSession", *arguments: Any, **named: Any) -> Any:
        return await self.made(operation, operation.arguments(*arguments, **named))

    call.__name__ = operation.name
    return call


@_with_calls
class RemoteSession(Session):
    """Implements ``kernel.drivers.Session``; a write carries an operation id, a new one unless ``fenced``."""

    def __init__(self, channel: Channel, settings: Settings, opened: Opened, answer: Answer, *, offset: float) -> None:
        """Begin to listen; ``offset`` is the bridge's clock less ours."""
        self._channel, self._settings, self._opened, self._offset = channel, settings, opened, offset
        self._standing = Standing(answer)
        self._queue = EventQueue()
        self._watching = asyncio.create_task(self._watch(), name="bridge watch")
        self._operation: str | None = None
        self._not_after = float("inf")

    @property
    def connected(self) -> bool:
        """Whether the session stood at the last answer."""
        return self._standing.connected

    @property
    def pumping(self) -> bool:
        """Whether changes arrived, at the last answer."""
        return self._standing.pumping

    @property
    def manager(self) -> Manager:
        """``ManagerRights``, as read at login."""
        return self._opened.manager

    @property
    def incarnation(self) -> str:
        """The bridge's, from its start to its end."""
        return self._opened.incarnation

    @property
    def generation(self) -> int:
        """The login's number in this incarnation: a write of this session never runs in another."""
        return self._opened.generation

    def fenced(self, operation: str, *, not_after: float | None = None) -> Self:
        """Give the same session for one write of this id, which must not begin after ``time.monotonic()``.

        A second write of the same id is refused by the bridge, in this view and in any other.
        """
        view = copy.copy(self)
        view._operation = operation  # noqa: SLF001 - of the same class
        view._not_after = float("inf") if not_after is None else not_after  # noqa: SLF001 - the same
        return view

    async def made(self, operation: Operation, arguments: Any) -> Any:
        """Make one call. Raises the three faults and nothing else."""
        try:
            content = encode(arguments)
        except UNWRITABLE as error:
            raise Rejected(Retcode.INVALID_DATA) from error
        if not self._standing.connected:
            raise NotSent("there is no session with the trade server")
        seconds = self._settings.seconds(operation.pace)
        message = self._message(operation, content, seconds)
        if not operation.rows:
            return self._heard(operation, await self._channel.once(operation.name, message, seconds))
        rows: list[Any] = []
        async with aclosing(self._channel.many(operation.name, message, seconds)) as answers:
            async for answer in answers:
                rows.extend(self._heard(operation, answer))
        return rows

    def events(self) -> AsyncIterator[Event]:
        """Say what the pump brings, until the session ends."""
        return self._queue.events()

    async def close(self) -> None:
        """``Disconnect``; where the bridge does not answer, it finds out by itself that nobody listens."""
        if self._standing.closed:
            return
        self._standing.end()
        try:
            await self._channel.once("Close", self._call(), _CLOSE_SECONDS)
        except DriverFault:
            pass  # over there it ends with the watch
        finally:
            self._queue.close()
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)

    def _heard(self, operation: Operation, answer: Answer) -> Any:
        self._standing.hear(answer)
        if fault := fault_of(answer):
            raise fault
        try:
            return operation.answer_decoder.decode(answer.payload)
        except UNREADABLE as error:
            raise Indeterminate("the bridge's answer could not be read") from error

    def _message(self, operation: Operation, content: bytes, seconds: float) -> bytes:
        if not operation.writes:
            return self._call(content)
        ends = min(self._not_after, time.monotonic() + seconds) + self._offset
        return self._call(content, self._operation or new_operation(time.time()).id, ends)

    def _call(self, content: bytes = NIL, operation: str = "", not_after: float = 0.0) -> bytes:
        return encode(Call(MAJOR, self.incarnation, self.generation, Raw(content), operation, not_after))

    async def _watch(self) -> None:
        """Take events as they come. The end of the stream is the end of the session, whatever its reason."""
        try:
            async with aclosing(self._channel.many("Watch", self._call(), None)) as stream:
                while True:
                    async with asyncio.timeout(_SILENCE_SECONDS):
                        answer = await anext(stream)
                    self._standing.hear(answer)
                    for event in events_of(_BATCH.decode(answer.payload)):
                        self._queue.put(event)
        except (DriverFault, TimeoutError, StopAsyncIteration, *UNREADABLE):
            return
        finally:
            self._standing.connected = self._standing.pumping = False
            self._queue.close()
