"""The socket between bridge and worker: whole frames, or a broken link."""

import asyncio
import socket
from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio
from msgspec import Raw, msgpack

from kernel.bridge.frames import LARGEST_FRAME, BrokenLink, Link, Reply, Request


@pytest_asyncio.fixture
async def ends() -> AsyncGenerator[tuple[Link, socket.socket]]:
    ours, theirs = socket.socketpair()
    link = await Link.over(ours, Reply)
    yield link, theirs
    link.close()
    theirs.close()
    await asyncio.sleep(0)


async def test_what_goes_in_comes_out(ends: tuple[Link, socket.socket]) -> None:
    link, theirs = ends
    other = await Link.over(theirs, Request)
    request = Request(7, "call", 3, "users", Raw(b"\x80"))
    link.send(request)
    link.send(Request(8, "ping"))

    first, second = await other.receive(), await other.receive()

    assert (first.id, first.verb, first.generation, first.name, bytes(first.arguments)) == (
        7,
        "call",
        3,
        "users",
        b"\x80",
    )
    assert (second.id, second.verb, bytes(second.arguments)) == (8, "ping", b"\xc0")
    other.close()


async def test_a_frame_larger_than_the_buffer_comes_through(ends: tuple[Link, socket.socket]) -> None:
    link, theirs = ends
    other = await Link.over(theirs, Request)
    content = msgpack.encode("x" * 8_000_000)
    other.send(Reply(1, True, Raw(content)))

    reply = await link.receive()

    assert bytes(reply.answer) == content
    other.close()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x00",
        b"\x00\x00\x00\x05\x93\x01",
        b"\x00\x00\x00\x01\xc1",
        b"\x00\x00\x00\x00",
        b"\x00\x00\x00\x03\x93\x01\xc3",
        (LARGEST_FRAME + 1).to_bytes(4, "big"),
        b"\xff\xff\xff\xff",
        len(deep := b"\x91" * 100_000).to_bytes(4, "big") + deep,
    ],
    ids=["nothing", "cut length", "cut content", "no msgpack", "empty", "cut array", "too large", "huge", "too deep"],
)
async def test_a_frame_that_is_cut_garbled_or_too_large_breaks_the_link(
    ends: tuple[Link, socket.socket], content: bytes
) -> None:
    link, theirs = ends
    theirs.setblocking(True)
    await asyncio.to_thread(_say, theirs, content)

    async with asyncio.timeout(1):
        with pytest.raises(BrokenLink):
            await link.receive()


async def test_a_closed_link_sends_nothing(ends: tuple[Link, socket.socket]) -> None:
    link, _ = ends
    link.close()

    with pytest.raises(BrokenLink):
        link.send(Request(1, "ping"))


def _say(sock: socket.socket, content: bytes) -> None:
    sock.sendall(content)
    sock.shutdown(socket.SHUT_WR)
