"""Who may call, and what a garbled, foreign or oversized message comes to."""

import asyncio
import random
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from grpc import aio
from grpc_health.v1 import health_pb2, health_pb2_grpc

from kernel.bridge import certs
from kernel.bridge.credentials import Unusable
from kernel.drivers import Indeterminate, NotSent, Rejected
from kernel.drivers.remote import RemoteDriver
from kernel.drivers.remote import Settings as RemoteSettings
from kernel.drivers.wire import SERVICE, path
from kernel.drivers.wire.encoding import decoded, encode
from kernel.drivers.wire.messages import METHODS, Answer, Call, Hello, Open, Welcome
from kernel.drivers.wire.operations import OPERATIONS, WRITES
from kernel.records.server import GroupOperation, Target
from kernel.records.trades import Transaction

ANSWER, WELCOME = decoded(Answer), decoded(Welcome)


def ends(folder: Path, end: str) -> dict[str, str]:
    """Give the three files of one end as settings."""
    names = {"certificate": f"{end}.pem", "key": f"{end}-key.pem", "ca": "ca.pem"}
    return {key: str(folder / name) for key, name in names.items()}


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


async def test_both_ends_know_each_other_by_their_certificates(bridged: Any, tmp_path: Path) -> None:
    certs.make(tmp_path / "pki", days=30)
    async with bridged(**ends(tmp_path / "pki", "bridge")) as running:
        session = await running.session(**ends(tmp_path / "pki", "client"))

        assert len(await session.users()) == 12


async def test_a_stranger_gets_nothing(bridged: Any, tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    certs.make(ours, days=30)
    certs.make(theirs, days=30)
    mixed = ends(theirs, "client") | {"ca": str(ours / "ca.pem")}
    certs.make(tmp_path / "colleague", days=30)
    async with bridged(**ends(ours, "bridge")) as running:
        for papers in (ends(theirs, "client"), mixed, {}):
            driver = await running.client(ready_seconds=0.5, **papers)
            assert await driver.reachable() is False
            with pytest.raises(NotSent):
                await driver.open(running.target)
        assert await (await running.client(**ends(ours, "client"))).reachable() is True


async def test_a_client_that_is_not_listed_is_turned_away(bridged: Any, tmp_path: Path) -> None:
    certs.make(tmp_path / "pki", days=30, client="somebody")
    async with bridged(**ends(tmp_path / "pki", "bridge")) as running:
        with pytest.raises(NotSent, match="not listed"):
            await running.session(**ends(tmp_path / "pki", "client"))


async def test_a_bridge_of_another_name_is_not_believed(bridged: Any, tmp_path: Path) -> None:
    certs.make(tmp_path / "pki", days=30)
    async with bridged(**ends(tmp_path / "pki", "bridge")) as running:
        driver = await running.client(name="another-bridge", ready_seconds=0.5, **ends(tmp_path / "pki", "client"))

        assert await driver.reachable() is False


async def test_a_client_with_the_role_read_cannot_write(bridged: Any, tmp_path: Path) -> None:
    certs.make(tmp_path / "pki", days=30)
    papers = ends(tmp_path / "pki", "bridge")
    async with bridged(clients={"mt4api-client": "read"}, **papers) as running:
        session = await running.session(**ends(tmp_path / "pki", "client"))

        with pytest.raises(Rejected) as refused:
            await session.trade_transaction(Transaction(type=83, cmd=6, orderby=1, price=1.0))

        assert refused.value.retcode == 7
        assert len(await session.users()) == 12


async def test_renewed_certificates_are_used_without_a_restart(bridged: Any, tmp_path: Path) -> None:
    folder = tmp_path / "pki"
    certs.make(folder, days=30)
    async with bridged(**ends(folder, "bridge")) as running:
        assert await (await running.client(**ends(folder, "client"))).reachable()
        certs.make(folder, days=60, renew=True)

        assert await (await running.client(**ends(folder, "client"))).reachable()


async def test_an_address_that_others_can_reach_needs_certificates(bridged: Any) -> None:
    with pytest.raises(Unusable, match="reached from elsewhere"):
        async with bridged(listen="0.0.0.0:0"):
            pass
    driver = RemoteDriver(RemoteSettings(address="203.0.113.10:50051"))
    with pytest.raises(ValueError, match="not this machine"):
        await driver.start()


async def test_a_port_in_use_is_told_and_leaves_nothing_running(bridged: Any) -> None:
    with taken_port() as port, pytest.raises(Unusable, match="in use"):
        async with bridged(listen=f"127.0.0.1:{port}"):
            pass


async def test_without_a_bridge_nothing_is_sent() -> None:
    with taken_port() as port:
        free = port
    driver = RemoteDriver(RemoteSettings(address=f"127.0.0.1:{free}", ready_seconds=0.3))
    await driver.start()
    try:
        assert await driver.reachable() is False
        with pytest.raises(NotSent):
            await driver.open(_target())
    finally:
        await driver.close()


async def test_another_major_version_is_refused_by_both_ends(bridged: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async with bridged() as running, aio.insecure_channel(f"127.0.0.1:{running.bridge.port}") as channel:
        welcome = await _sent(channel, "Hello", encode(Hello(2, 7)))
        assert WELCOME.decode(welcome.payload).major == 1
        for method, message in (("Open", Open(2, running.target)), ("ping", Call(2, "x", 1))):
            answer = await _sent(channel, method, encode(message))
            assert (answer.kind, answer.reason) == ("not_sent", "the bridge speaks version 1, not 2")

        monkeypatch.setattr("kernel.drivers.remote.driver.MAJOR", 2)
        with pytest.raises(Rejected) as refused:
            await (await running.client()).open(running.target)
        assert refused.value.retcode == 5


async def test_garbled_messages_are_answered_and_change_nothing(bridged: Any, rounds: Any) -> None:
    dice = random.Random(1)  # noqa: S311 - repeatable, not secret
    async with bridged() as running:
        session = await running.session()
        before = await session.users()
        good = encode(Call(1, session.incarnation, session.generation, operation="op", not_after=1e12))
        async with aio.insecure_channel(f"127.0.0.1:{running.bridge.port}") as channel:
            for _ in range(rounds(400, 200_000)):
                method = dice.choice([*OPERATIONS, *METHODS])
                if method in {"Close", "Watch"}:
                    continue
                async with asyncio.timeout(5):
                    answer = await _sent(channel, method, _mutated(good, dice))
                assert answer.kind in {"not_sent", "rejected", "indeterminate", "done", "rows"}

        assert await session.users() == before
        assert running.bridge.supervisor.workers == 1


async def test_deeply_nested_arguments_do_not_end_anything(bridged: Any) -> None:
    async with bridged() as running:
        session = await running.session()
        for depth in (b"\x91" * 100_000, b"\x81\xa1x" * 100_000):
            head = encode([1, session.incarnation, session.generation])
            async with aio.insecure_channel(f"127.0.0.1:{running.bridge.port}") as channel:
                answer = await _sent(channel, "trade_transaction", b"\x96" + head[1:] + depth + b"\xc0\xa1x\x01")
            assert answer.kind == "not_sent"
        await session.ping()


async def test_a_message_that_is_too_large_is_never_sent(bridged: Any) -> None:
    async with bridged(message_bytes=65_536) as running:
        session = await running.session()
        with pytest.raises(Indeterminate, match="exhausted"):
            await session.user_records(range(1_000_000, 1_040_000))
        careful = await running.session(message_bytes=65_536)
        with pytest.raises(NotSent, match="too large"):
            await careful.user_records(range(1_000_000, 1_040_000))
        await careful.ping()


async def test_connections_that_break_off_or_say_nonsense_leave_the_others_alone(bridged: Any, rounds: Any) -> None:
    dice = random.Random(2)  # noqa: S311 - repeatable, not secret
    async with bridged() as running:
        session = await running.session()
        for _ in range(rounds(100, 10_000)):
            reader, writer = await asyncio.open_connection("127.0.0.1", running.bridge.port)
            writer.write(dice.choice([b"", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n"]))
            writer.write(dice.randbytes(dice.randrange(200)))
            writer.transport.abort()
            del reader
        async with asyncio.timeout(1):
            assert await session.server_time() > 0


async def test_a_session_whose_client_is_gone_is_dropped(bridged: Any) -> None:
    async with bridged() as running:
        session = await running.session()
        sessions, generation = running.bridge.door._sessions, session.generation
        await running.until(lambda: generation not in sessions._unwatched)
        session._watching.cancel()

        await running.until(lambda: generation not in sessions._workers)
        with pytest.raises(NotSent):
            await session.users_group_op(_enable())


async def test_a_session_that_nobody_ever_listens_to_is_dropped(bridged: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kernel.bridge.sessions._UNWATCHED_SECONDS", 0.1)
    async with bridged() as running, aio.insecure_channel(f"127.0.0.1:{running.bridge.port}") as channel:
        assert (await _sent(channel, "Open", encode(Open(1, running.target)))).kind == "done"
        assert len(running.bridge.door._sessions._workers) == 1

        await running.until(lambda: running.bridge.door._sessions._workers == {})


async def test_health_says_whether_a_worker_runs(bridged: Any) -> None:
    async with bridged() as running, aio.insecure_channel(f"127.0.0.1:{running.bridge.port}") as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        request = health_pb2.HealthCheckRequest(service=SERVICE)
        assert (await stub.Check(request)).status == health_pb2.HealthCheckResponse.SERVING
        await running.bridge.supervisor.close()
        await asyncio.sleep(0)
        assert (await stub.Check(request)).status == health_pb2.HealthCheckResponse.NOT_SERVING


async def test_a_stopping_bridge_takes_no_write_and_still_reads(bridged: Any) -> None:
    async with bridged() as running:
        session = await running.session()
        await running.bridge.door.stop(1)

        with pytest.raises(NotSent, match="stopping"):
            await session.users_group_op(_enable())
        assert len(await session.users()) == 12


def test_every_write_of_the_port_is_known_as_one() -> None:
    assert sorted(WRITES) == [
        "adm_trade_record_modify",
        "adm_trades_delete",
        "mail_send",
        "trade_transaction",
        "user_password_set",
        "user_record_new",
        "user_record_update",
        "users_group_op",
    ]


def _target() -> Target:
    return Target(server="203.0.113.10:443", login=224, password="your_manager_password")


def _enable() -> GroupOperation:
    return GroupOperation(command="enable", logins=(1,))


def _mutated(good: bytes, dice: random.Random) -> bytes:
    content = bytearray(good)
    for _ in range(dice.randrange(1, 6)):
        match dice.randrange(3):
            case 0 if content:
                content[dice.randrange(len(content))] = dice.randrange(256)
            case 1:
                del content[dice.randrange(len(content) + 1) :]
            case _:
                content += dice.randbytes(dice.randrange(1, 20))
    return bytes(content)


async def _sent(channel: Any, method: str, message: bytes) -> Answer:
    many = method == "Watch" or (method in OPERATIONS and OPERATIONS[method].rows)
    call = (channel.unary_stream if many else channel.unary_unary)(path(method))(message, timeout=3)
    if not many:
        return ANSWER.decode(await call)
    async for content in call:
        return ANSWER.decode(content)
    raise AssertionError("no answer")
