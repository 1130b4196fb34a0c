"""The introduction's own examples, as printed: every member it shows is there; further ones are allowed.

The printed user is ``admin`` with ``your_password``; the printed manager is the simulator's.
"""

import re
from typing import Any

import pytest

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
async def token(service: Any) -> str:
    """Log in with the printed form, as an admin who has the printed password."""
    users = service.bench.service.auth.users
    await users.set_password("admin", "your_password")
    answer = await service.stranger().post(
        "/api/auth/login", content="username=admin&password=your_password", headers=FORM
    )
    assert answer.status_code == 200
    body = answer.json()
    assert body == {"access_token": body["access_token"], "token_type": "bearer", "expires_in": 28800}
    assert re.fullmatch(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+", body["access_token"])
    return body["access_token"]


async def test_the_health_examples_need_no_token(service: Any) -> None:
    client = service.stranger()

    health = await client.get("/api/health")
    assert (health.status_code, health.json()) == (
        200,
        {"status": "ok", "service": "mt4-manager-api", "version": "1.0.0"},
    )
    behind = await client.get("/api/test/service-health")
    assert (behind.status_code, behind.json()) == (
        200,
        {"status": "ok", "service": "mt4-service", "connected": True},
    )


async def test_the_printed_login_opens_the_printed_calls(service: Any, token: str) -> None:
    client = service.stranger()
    client.headers["Authorization"] = f"Bearer {token}"

    status = (await client.get("/api/test/status")).json()
    assert {name: status[name] for name in ("status", "connected")} == {"status": "ok", "connected": True}

    ping = (await client.get("/api/test/ping")).json()
    assert ping.pop("latency_ms") >= 0
    assert ping == {"status": "ok", "ping": True}

    clock = (await client.get("/api/test/server-time")).json()
    assert clock == {
        "status": "ok",
        "server_time": await service.desk.server_time(),
        "server_time_str": "2026-03-04 12:00:00 UTC",
    }


async def test_the_printed_disconnect_and_connect_take_the_service_off_and_back(service: Any, token: str) -> None:
    client = service.stranger()
    client.headers["Authorization"] = f"Bearer {token}"

    left = await client.post("/api/test/disconnect")
    assert (left.status_code, left.json()) == (200, {"status": "ok", "message": "Disconnected"})
    assert (await client.get("/api/users/")).status_code == 503

    target = {"server": "203.0.113.10:443", "login": 224, "password": "your_manager_password"}
    back = await client.post("/api/test/connect", json=target)
    assert (back.status_code, back.json()) == (
        200,
        {"status": "ok", "message": "Connected and logged in successfully"},
    )
    assert (await client.get("/api/users/")).status_code == 200
    assert (await client.get("/api/test/status")).json()["server"] == "203.0.113.10:443"
