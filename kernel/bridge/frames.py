"""Frames between the bridge and its worker: four bytes of length, then a request or a reply as msgpack."""

import asyncio
import socket
from typing import Any, Final, Literal

import msgspec
from msgspec import Raw, Struct, field
from msgspec.msgpack import Decoder, Encoder

from kernel.drivers.wire.messages import NIL

LARGEST_FRAME: Final = 67_108_864
_LENGTH: Final = 4
_ENCODER: Final = Encoder()
_BUFFER: Final = 1_048_576

Verb = Literal["open", "call", "next", "close", "reachable", "ping", "more", "drop", "end"]


class Request(Struct, array_like=True, frozen=True):
    """What the bridge asks; ``more`` lets one more piece of a list come, ``drop`` wants none."""

    id: int
    verb: Verb
    generation: int = 0
    name: str = ""
    arguments: Raw = field(default_factory=lambda: Raw(NIL))


class Reply(Struct, array_like=True, frozen=True):
    """What the worker answers; id 0 is its report on the start. ``answer`` is an encoded ``wire`` Answer."""

    id: int
    last: bool
    answer: Raw


class BrokenLink(Exception):
    """The other end is gone, or says what cannot be read."""


class Link:
    """One end of the socket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kind: Any) -> None:
        """Take an open stream; ``kind`` is what the other end says: ``Request`` or ``Reply``."""
        self._reader, self._writer = reader, writer
        self._decoder: Decoder[Any] = Decoder(kind)

    @classmethod
    async def over(cls, sock: socket.socket, kind: Any) -> "Link":
        """Make one over a connected socket, which it owns from now on."""
        sock.setblocking(False)
        return cls(*await asyncio.open_connection(sock=sock, limit=_BUFFER), kind)

    def send(self, message: Request | Reply) -> None:
        """Send a message, without waiting. Raises ``BrokenLink``."""
        content = _ENCODER.encode(message)
        if self._writer.is_closing():
            raise BrokenLink("the link is closed")
        self._writer.write(len(content).to_bytes(_LENGTH, "big") + content)

    async def drained(self) -> None:
        """Wait until there is room for more. Raises ``BrokenLink``."""
        try:
            await self._writer.drain()
        except OSError as error:
            raise BrokenLink(f"the link broke: {error}") from error

    async def receive(self) -> Any:
        """Wait for the next message. Raises ``BrokenLink``, also for a frame that is cut, garbled or too large."""
        try:
            length = int.from_bytes(await self._reader.readexactly(_LENGTH), "big")
            if length > LARGEST_FRAME:
                raise BrokenLink(f"a frame of {length} bytes")
            return self._decoder.decode(await self._reader.readexactly(length))
        except (OSError, EOFError) as error:
            raise BrokenLink("the other end is gone") from error
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise BrokenLink(f"a frame that cannot be read: {error}") from error

    def close(self) -> None:
        """Let go of the socket at once."""
        self._writer.transport.abort()
