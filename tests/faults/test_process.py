"""The real process: a caller that hangs up and a SIGTERM in the middle of a deposit lose nothing."""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

pytestmark = [
    pytest.mark.timeout(120),
    pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to send to another process"),
]
SETTINGS = """
[kernel]
data = "{data}"
[server]
port = {port}
[mt4.simulator]
accounts = 3
tick_seconds = 0
faults = "plan.toml"
ledger = "ledger.jsonl"
"""
PLAN = '[[fault]]\ncall = "trade_transaction"\nkind = "latency"\nseconds = 0.8\n'


class Running:
    """``mt4api serve`` in a process of its own, spoken to in plain HTTP."""

    def __init__(self, process: asyncio.subprocess.Process, data: Path, port: int) -> None:
        self.process, self.data, self.port = process, data, port
        self.token = ""

    async def send(self, method: str, path: str, body: object) -> asyncio.StreamReader:
        """Send a request and give where its answer will come."""
        content = json.dumps(body).encode()
        reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {self.token}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        self.writer.write(head.encode() + content)
        await self.writer.drain()
        return reader

    async def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Send a request and read its answer."""
        raw = await (await self.send(method, path, body)).read()
        await self.hang_up()
        return answered(raw)

    def booked(self) -> list[str]:
        """The comments of our deposits in the trade server's own ledger, each as often as it was booked."""
        return re.findall(r"trial-[a-z]+", (self.data / "ledger.jsonl").read_text())

    async def hang_up(self) -> None:
        """Go without a word, as a caller does that has crashed."""
        self.writer.transport.abort()
        with suppress(OSError):
            await self.writer.wait_closed()


def answered(raw: bytes) -> tuple[int, Any]:
    head, _, body = raw.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


@pytest.fixture
async def serve(tmp_path: Path, unused_port: int) -> AsyncGenerator[Callable[[], Awaitable[Running]]]:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    (data / "plan.toml").write_text(PLAN)
    file = tmp_path / "mt4api.toml"
    file.write_text(SETTINGS.format(data=data, port=unused_port))
    started: list[asyncio.subprocess.Process] = []

    async def start() -> Running:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "kernel", "serve", "--config", str(file),
            cwd=Path(__file__).parents[2], stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        started.append(process)
        running = Running(process, data, unused_port)
        async with asyncio.timeout(60):
            while True:
                try:
                    await running.ask("GET", "/api/health")
                    break
                except OSError:
                    await asyncio.sleep(0.1)
        password = re.findall(r"\S{12,}", (data / "first-admin.txt").read_text())[-1]
        _, body = await running.ask("POST", "/api/auth/login", {"username": "admin", "password": password})
        running.token = body["access_token"]
        return running

    yield start
    for process in started:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.fixture
async def unused_port() -> int:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return port


async def test_a_caller_that_hangs_up_in_the_middle_of_a_deposit_does_not_undo_it(
    serve: Callable[[], Awaitable[Running]],
) -> None:
    service = await serve()
    await service.send("POST", "/api/accounts/1001/deposit", {"amount": 1, "comment": "trial-hangup"})
    await asyncio.sleep(0.3)
    await service.hang_up()
    assert service.booked() == []
    async with asyncio.timeout(5):
        while service.booked() != ["trial-hangup"]:  # noqa: ASYNC110 - a file sets no event
            await asyncio.sleep(0.1)
    status, body = await service.ask("GET", "/api/health")

    assert (status, body["status"]) == (200, "ok")


async def test_a_sigterm_in_the_middle_of_a_deposit_lets_it_finish_and_answer(
    serve: Callable[[], Awaitable[Running]],
) -> None:
    service = await serve()
    reader = await service.send("POST", "/api/accounts/1001/deposit", {"amount": 1, "comment": "trial-term"})
    await asyncio.sleep(0.3)
    service.process.send_signal(signal.SIGTERM)
    await asyncio.sleep(0.2)
    with pytest.raises(OSError, match=r"[Cc]onnect"):
        await asyncio.open_connection("127.0.0.1", service.port)
    status, body = answered(await reader.read())
    await service.hang_up()
    async with asyncio.timeout(20):
        code = await service.process.wait()

    assert (status, body["comment"], code) == (200, "trial-term", 0)
    assert service.booked() == ["trial-term"]


async def test_a_sigterm_lets_a_deposit_finish_whose_caller_has_hung_up(
    serve: Callable[[], Awaitable[Running]],
) -> None:
    service = await serve()
    await service.send("POST", "/api/accounts/1001/deposit", {"amount": 1, "comment": "trial-gone"})
    await asyncio.sleep(0.3)
    await service.hang_up()
    service.process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(20):
        code = await service.process.wait()

    assert code == 0
    assert service.booked() == ["trial-gone"]
