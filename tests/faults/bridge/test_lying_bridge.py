"""A bridge that answers nonsense: the client raises one of a driver's three faults, in time, and nothing else."""

import asyncio
import random
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import grpc
import pytest
from grpc import aio

from kernel.drivers import DriverFault, Indeterminate, NotSent
from kernel.drivers.remote import RemoteDriver, Settings
from kernel.drivers.wire import MAJOR, MINOR
from kernel.drivers.wire.encoding import answer_of, done, encode
from kernel.drivers.wire.messages import Answer, Opened, Welcome
from kernel.drivers.wire.operations import OPERATIONS
from kernel.records.server import Manager, Target
from kernel.records.trades import Transaction

US = Target(server="203.0.113.10:443", login=224, password="your_manager_password")
WELCOME = encode(done(Welcome(MAJOR, MINOR, "inc", "simulator", 1, True, "money")))
OPENED = encode(done(Opened("inc", 1, 0.0, Manager(login=224)), connected=True, pumping=True))
ALIVE = encode(Answer(kind="rows", connected=True, pumping=True))
Say = Callable[[str], bytes]


class _Liar(grpc.GenericRpcHandler):
    """Answers every call with what ``say`` has for its method; the watch stays open and is silent."""

    def __init__(self, say: Say) -> None:
        self._say = say

    def service(self, handler_call_details: Any) -> Any:
        method = handler_call_details.method.rpartition("/")[2]

        async def once(message: bytes, context: Any) -> bytes:  # noqa: ARG001 - gRPC's interface
            return self._say(method)

        async def many(message: bytes, context: Any) -> AsyncGenerator[bytes]:  # noqa: ARG001 - gRPC's interface
            yield self._say(method)
            if method == "Watch":
                await asyncio.Event().wait()

        if method == "Watch" or (method in OPERATIONS and OPERATIONS[method].rows):
            return grpc.unary_stream_rpc_method_handler(many)
        return grpc.unary_unary_rpc_method_handler(once)


@asynccontextmanager
async def lying(say: Say) -> AsyncGenerator[RemoteDriver]:
    server = aio.server()
    server.add_generic_rpc_handlers((_Liar(say),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    driver = RemoteDriver(Settings(address=f"127.0.0.1:{port}"))
    await driver.start()
    try:
        yield driver
    finally:
        await driver.close()
        await server.stop(0)


def honest(method: str) -> bytes:
    return {"Hello": WELCOME, "Open": OPENED, "Watch": ALIVE}.get(method, encode(done()))


async def test_whatever_an_answer_is_only_the_three_faults_come_out(rounds: Any) -> None:
    dice = random.Random(3)  # noqa: S311 - repeatable, not secret
    mutating = False

    def say(method: str) -> bytes:
        return _mutated(honest(method), dice) if mutating and method != "Watch" else honest(method)

    async with lying(say) as driver:
        session = await driver.open(US)
        faults, mutating, calls = 0, True, ("ping", "groups", "users", "common", "server_time", "margins")
        for _ in range(rounds(600, 200_000)):
            session._standing.connected = True
            async with asyncio.timeout(1):
                try:
                    await getattr(session, dice.choice(calls))()
                    await (await driver.open(US)).close()
                except DriverFault:
                    faults += 1
        assert faults > 100


@pytest.mark.parametrize("content", [b"", b"\xc1", encode([]), encode(["done"]), encode(["finished", None])])
async def test_an_unreadable_answer_to_a_write_is_indeterminate(content: bytes) -> None:
    async with lying(lambda method: content if method in OPERATIONS else honest(method)) as driver:
        session = await driver.open(US)

        with pytest.raises(Indeterminate):
            await session.trade_transaction(Transaction(type=83, cmd=6, orderby=1, price=1.0))


async def test_a_list_that_is_cut_off_is_indeterminate() -> None:
    rows = encode(Answer(kind="rows", payload=done([]).payload, connected=True, pumping=True))
    async with lying(lambda method: rows if method in OPERATIONS else honest(method)) as driver:
        session = await driver.open(US)

        with pytest.raises(Indeterminate, match="cut off"):
            await session.users()


async def test_a_refusal_by_the_bridge_itself_keeps_the_session() -> None:
    refusal = encode(answer_of(NotSent("busy")))
    async with lying(lambda method: refusal if method in OPERATIONS else honest(method)) as driver:
        session = await driver.open(US)

        with pytest.raises(NotSent, match="busy"):
            await session.ping()
        assert session.connected


def _mutated(good: bytes, dice: random.Random) -> bytes:
    content = bytearray(good)
    for _ in range(dice.randrange(1, 4)):
        if content and dice.random() < 0.7:
            content[dice.randrange(len(content))] = dice.randrange(256)
        else:
            del content[dice.randrange(len(content) + 1) :]
    return bytes(content)
