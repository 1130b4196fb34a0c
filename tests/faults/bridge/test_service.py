"""The whole service over a bridge: it answers as ever, and comes back by itself."""

import os
import signal
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from httpx2 import ASGITransport, AsyncClient

from kernel.app import Application
from kernel.config import load
from kernel.drivers.remote import RemoteDriver
from kernel.drivers.remote import Settings as RemoteSettings
from kernel.enabled import enabled_plugins
from kernel.service import Service
from kernel.store.sqlite import MEMORY, SqliteStore

PASSWORD = "long enough for a test"
PACE = {"mt4.reconnect_first_seconds": 0.05, "mt4.reconnect_most_seconds": 0.2, "mt4.trade_seconds": 0.5}
HANGING_MONEY = '[[fault]]\ncall = "trade_transaction"\nkind = "hang"\nnth = 1\n'


@asynccontextmanager
async def served(port: int, folder: Path) -> AsyncGenerator[AsyncClient]:
    driver = RemoteDriver(RemoteSettings(address=f"127.0.0.1:{port}", ready_seconds=0.5, trade_seconds=0.5))
    settings = load(None, {}, {"kernel.data": str(folder / "api"), "mt4.password": "your_manager_password", **PACE})
    service = Service(settings, driver, enabled_plugins(settings), store=SqliteStore(MEMORY))
    app = Application(service)
    transport: Any = ASGITransport(app)
    async with app.litestar.lifespan(), AsyncClient(transport=transport, base_url="http://test") as client:
        await service.auth.users.add("crm", PASSWORD, ("*",))
        client.headers["Authorization"] = f"Bearer {(await service.auth.login('crm', PASSWORD)).value}"
        yield client


async def answered(client: AsyncClient, path: str, status: int, seconds: float = 15) -> Any:
    """Ask until the answer has the status; meanwhile nothing but a clear 503 or 504 may come."""
    ends = time.monotonic() + seconds
    while True:
        answer = await client.get(path)
        if answer.status_code == status:
            return answer.json()
        assert answer.status_code in {503, 504}
        assert time.monotonic() < ends, answer.json()


async def test_lists_and_money_go_through_and_a_killed_worker_is_survived(bridged: Any, tmp_path: Path) -> None:
    async with bridged() as running, served(running.bridge.port, tmp_path) as client:
        login = (await answered(client, "/api/users/", 200))["users"][0]["login"]
        before = (await client.get(f"/api/users/{login}")).json()
        paid = await client.post(f"/api/accounts/{login}/deposit", json={"amount": "12.50", "comment": "über"})
        assert paid.status_code == 200
        assert paid.json()["comment"] == "über"
        after = (await client.get(f"/api/users/{login}")).json()
        assert after != before

        os.kill(running.pid, signal.SIGKILL)

        assert len((await answered(client, "/api/users/", 200))["users"]) == 12


async def test_a_hanging_deposit_is_an_unknown_outcome_in_time_and_is_not_repeated(
    bridged: Any, tmp_path: Path
) -> None:
    async with bridged(HANGING_MONEY) as running, served(running.bridge.port, tmp_path) as client:
        login = (await answered(client, "/api/users/", 200))["users"][0]["login"]
        history = (await client.post(f"/api/trades/history/{login}")).json()["total"]
        began = time.monotonic()

        answer = await client.post(f"/api/accounts/{login}/deposit", json={"amount": "12.50"})

        assert time.monotonic() - began < 1.0
        assert (answer.status_code, answer.json()["code"]) == (504, "outcome_unknown")
        await answered(client, "/api/users/", 200)
        assert (await client.post(f"/api/trades/history/{login}")).json()["total"] == history


async def test_without_the_bridge_the_answer_is_503_and_nothing_is_sent(bridged: Any, tmp_path: Path) -> None:
    async with bridged() as running:
        async with served(running.bridge.port, tmp_path) as client:
            login = (await answered(client, "/api/users/", 200))["users"][0]["login"]
            await running.bridge.stop()

            paid = await client.post(f"/api/accounts/{login}/deposit", json={"amount": "12.50"})
            health = await client.get("/api/test/service-health")

        assert paid.status_code in {503, 504}
        assert (health.status_code, health.json()["code"]) == (503, "mt4_service_unavailable")
