"""The one way to the driver: reads a message, refuses what must not pass, asks the worker, passes the answer on.

Raised faults are the server's to encode; ``NotSent`` from here always means that the driver never saw it.
"""

import secrets
import time
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from msgspec.msgpack import Decoder

from kernel.bridge.limits import Limits
from kernel.bridge.process import Asked, WorkerProcess
from kernel.bridge.sessions import Sessions
from kernel.bridge.supervisor import Supervisor
from kernel.bridge.writes import Writes
from kernel.drivers import Indeterminate, NotSent
from kernel.drivers.wire import MAJOR, MINOR
from kernel.drivers.wire.encoding import UNREADABLE, SessionOver, decoded, done, encode, fault_of
from kernel.drivers.wire.messages import Answer, Call, Fence, Hello, Open, Opened, Role, Welcome
from kernel.drivers.wire.operations import Operation
from kernel.records.server import Manager

_T = TypeVar("_T")
_HELLO: Final = decoded(Hello)
_OPEN: Final = decoded(Open)
_CALL: Final = decoded(Call)
_FENCE: Final = decoded(Fence)
_ANSWER: Final = decoded(Answer)
_MANAGER: Final = decoded(Manager)
_BOOL: Final = decoded(bool)


class Door:
    """What a client may ask for, message by message; every answer is encoded already."""

    def __init__(
        self,
        supervisor: Supervisor,
        limits: Limits,
        driver: str,
        *,
        most_calls: int = 256,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open it for a new incarnation."""
        self.incarnation = secrets.token_hex(8)
        self._supervisor, self._driver, self._clock = supervisor, driver, clock
        self._sessions = Sessions(supervisor)
        self._writes = Writes(self.incarnation, supervisor, limits, clock)
        self._most_calls, self._calls = most_calls, 0

    async def hello(self, role: Role, message: bytes, seconds: float) -> bytes:
        """Introduce ourselves, also to another version: the client decides."""
        _read(_HELLO, message)
        reachable = False
        try:
            asked = self._supervisor.worker.ask("reachable", overdue=seconds + self._supervisor.care.grace_seconds)
            reachable = _BOOL.decode((await _only(asked)).payload)
        except (NotSent, Indeterminate):
            reachable = False
        workers = self._supervisor.workers
        return encode(done(Welcome(MAJOR, MINOR, self.incarnation, self._driver, workers, reachable, role)))

    async def open(self, _: Role, message: bytes, seconds: float) -> bytes:
        """Log in. A caller who goes away meanwhile leaves no session behind."""
        request = _read(_OPEN, message)
        _same_version(request.major)
        self._not_stopping()
        generation, answer = await self._sessions.open(encode(request.target), seconds)
        if fault := fault_of(answer):
            raise fault
        opened = Opened(self.incarnation, generation, self._clock(), _MANAGER.decode(answer.payload))
        return encode(done(opened, connected=answer.connected, pumping=answer.pumping))

    async def watch(self, _: Role, message: bytes, __: float) -> AsyncGenerator[bytes]:
        """Pass events on as they are taken. The session lives as long as this is listened to."""
        call = self._call(message)
        worker = self._sessions.watched(call.generation)
        try:
            while True:
                reply = await worker.ask("next", generation=call.generation).next()
                yield bytes(reply.answer)
                if _ANSWER.decode(reply.answer).kind != "rows":
                    return
        finally:
            self._sessions.drop(call.generation)

    async def close(self, _: Role, message: bytes, __: float) -> bytes:
        """Log out."""
        self._sessions.drop(self._call(message).generation)
        return encode(done())

    async def fence(self, _: Role, message: bytes, __: float) -> bytes:
        """Say what became of an operation, and let it not begin any more."""
        fence = _read(_FENCE, message)
        _same_version(fence.major)
        return encode(done(self._writes.ledger.fence(fence.operation)))

    async def call(self, operation: Operation, role: Role, message: bytes, seconds: float) -> bytes:
        """Make a call that has one answer; gives it encoded."""
        call = self._call(message)
        worker = self._sessions.worker(call.generation)
        with self._counted():
            if operation.writes:
                self._not_stopping()
                return await self._writes.write(worker, operation, call, role, seconds)
            return bytes((await self._asked(worker, operation, call, seconds).next()).answer)

    async def rows(self, operation: Operation, _: Role, message: bytes, seconds: float) -> AsyncGenerator[bytes]:
        """Make a call whose answer is a list; gives it encoded, piece by piece as it is taken."""
        call = self._call(message)
        worker = self._sessions.worker(call.generation)
        with self._counted():
            asked = self._asked(worker, operation, call, seconds)
            try:
                while True:
                    reply = await asked.next()
                    yield bytes(reply.answer)
                    if reply.last:
                        return
                    worker.tell("more", asked.number)
            finally:
                if not asked.over:
                    worker.tell("drop", asked.number)

    async def stop(self, seconds: float) -> None:
        """Take no write and no login any more, and wait for the writes under way."""
        await self._writes.stop(seconds)

    def _asked(self, worker: WorkerProcess, operation: Operation, call: Call, seconds: float) -> Asked:
        return worker.ask(
            "call",
            overdue=seconds + self._supervisor.care.grace_seconds,
            generation=call.generation,
            name=operation.name,
            arguments=bytes(call.arguments),
        )

    @contextmanager
    def _counted(self) -> Generator[None]:
        if self._calls >= self._most_calls:
            raise NotSent("the bridge has too many calls under way")
        self._calls += 1
        try:
            yield
        finally:
            self._calls -= 1

    def _call(self, message: bytes) -> Call:
        call = _read(_CALL, message)
        _same_version(call.major)
        if call.incarnation != self.incarnation:
            raise SessionOver("the bridge has started anew: the session is over")
        return call

    def _not_stopping(self) -> None:
        if self._writes.stopping:
            raise NotSent("the bridge is stopping")


async def _only(asked: Asked) -> Answer:
    return _ANSWER.decode((await asked.next()).answer)


def _read(decoder: Decoder[_T] | Any, message: bytes) -> _T:
    try:
        return decoder.decode(message)
    except UNREADABLE as error:
        raise NotSent("the message could not be read") from error


def _same_version(major: int) -> None:
    if major != MAJOR:
        raise NotSent(f"the bridge speaks version {MAJOR}, not {major}")
