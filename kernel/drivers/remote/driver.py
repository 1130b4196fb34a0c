"""The driver: one channel to a bridge, and the sessions that it opens there."""

import asyncio
import time
from pathlib import Path
from typing import Final, TypeVar

from msgspec.msgpack import Decoder

from kernel.drivers import DriverFault, Indeterminate, NotSent, Rejected
from kernel.drivers.remote.channel import Channel
from kernel.drivers.remote.session import RemoteSession
from kernel.drivers.remote.settings import Settings
from kernel.drivers.wire import MAJOR
from kernel.drivers.wire.encoding import UNREADABLE, UNWRITABLE, decoded, encode, fault_of
from kernel.drivers.wire.messages import Answer, Fence, Fenced, Hello, Open, Opened, Welcome
from kernel.records.server import Target
from kernel.retcodes import Retcode

_WELCOME: Final = decoded(Welcome)
_OPENED: Final = decoded(Opened)
_FENCED: Final = decoded(Fenced)
_HELLO_SECONDS: Final = 5.0
_T = TypeVar("_T")


class RemoteDriver:
    """Implements ``kernel.drivers.Driver`` over a bridge."""

    def __init__(self, settings: Settings) -> None:
        """Keep where the bridge is."""
        self._settings = settings
        self._channel: Channel | None = None
        self._sessions: list[RemoteSession] = []

    async def start(self) -> None:
        """Make the channel; the bridge need not be up. Raises ``ValueError`` and ``OSError``."""
        if self._channel is None:
            self._channel = Channel(self._settings)

    async def reachable(self) -> bool:
        """Whether the bridge answers, speaks our version and has a driver that is reachable itself."""
        try:
            welcome = await self.hello()
        except DriverFault:
            return False
        return welcome.major == MAJOR and welcome.reachable

    async def open(self, target: Target) -> RemoteSession:
        """Log in; ``Rejected(5)`` also where the bridge speaks another major version.

        A login that may or may not have gone through is ``NotSent``: the bridge drops a session that
        nobody listens to.
        """
        welcome = await self.hello()
        if welcome.major != MAJOR:
            raise Rejected(Retcode.OLD_VERSION)
        try:
            message = encode(Open(MAJOR, target))
        except UNWRITABLE as error:
            raise Rejected(Retcode.INVALID_DATA) from error
        try:
            answer = await self._live().once("Open", message, self._settings.connect_seconds)
        except Indeterminate as fault:
            raise NotSent(str(fault)) from fault
        heard = time.monotonic()
        opened = _payload(_OPENED, answer)
        offset = opened.clock - heard
        session = RemoteSession(self._live(), self._settings, opened, answer, offset=offset)  # pyright: ignore[reportAbstractUsage] - the table of operations gives it its methods
        self._sessions = [other for other in self._sessions if other.connected] + [session]
        return session

    async def hello(self) -> Welcome:
        """Ask who answers. Raises ``NotSent``: a greeting changes nothing."""
        try:
            answer = await self._live().once("Hello", encode(Hello()), _HELLO_SECONDS)
            return _payload(_WELCOME, answer)
        except Indeterminate as fault:
            raise NotSent(str(fault)) from fault

    async def fence(self, operation: str) -> Fenced:
        """Let an operation not be sent any more, and say what became of it. Raises as a read."""
        answer = await self._live().once("Fence", encode(Fence(MAJOR, operation)), self._settings.read_seconds)
        return _payload(_FENCED, answer)

    async def close(self) -> None:
        """End the sessions and the channel. May be called twice."""
        sessions, self._sessions = self._sessions, []
        await asyncio.gather(*(session.close() for session in sessions))
        channel, self._channel = self._channel, None
        if channel is not None:
            await channel.close()

    def _live(self) -> Channel:
        if self._channel is None:
            raise NotSent("the driver is not started")
        return self._channel


def make(settings: Settings, data: Path, *, code_page: str = "cp1252") -> RemoteDriver:
    """Make the driver; the bridge keeps the data and knows the code page."""
    del data, code_page
    return RemoteDriver(settings)


def _payload(decoder: Decoder[_T], answer: Answer) -> _T:
    if fault := fault_of(answer):
        raise fault
    try:
        return decoder.decode(answer.payload)
    except UNREADABLE as error:
        raise Indeterminate("the bridge's answer could not be read") from error
