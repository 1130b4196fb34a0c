"""Health, readiness and the link: every answer of endpoints 1 and 3 to 8, whole."""

from time import gmtime, strftime
from typing import Any

CHECKS = ("running", "store", "mt4_connected", "mt4_answering", "mt4_pumping", "plugins")
LINK = {"server": "127.0.0.1:443", "login": 224}


def checks(**wrong: str) -> list[dict[str, Any]]:
    shown = [{"name": name, "ok": name not in wrong, "detail": wrong.get(name, "")} for name in CHECKS]
    shown[-1]["detail"] = "6 loaded"
    return shown


async def test_health_answers_whatever_the_state_of_mt4(service: Any) -> None:
    expected = {"status": "ok", "service": "mt4-manager-api", "version": "1.0.0"}
    for client in (service.client, service.stranger()):
        assert (await client.get("/api/health")).json() == expected
    await service.client.post("/api/test/disconnect")
    service.stop_mt4_service()
    answer = await service.stranger().get("/api/health")
    assert (answer.status_code, answer.json()) == (200, expected)


async def test_service_health_tells_a_service_that_is_down_from_one_that_is_not_connected(
    service: Any, settled: Any, failure: Any
) -> None:
    client = service.stranger()
    assert (await client.get("/api/test/service-health")).json()["connected"] is True

    await service.client.post("/api/test/disconnect")
    answer = await client.get("/api/test/service-health")
    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ok", "service": "mt4-service", "connected": False},
    )

    service.stop_mt4_service()
    answer = await client.get("/api/test/service-health")
    more = {"service": "mt4-service", "connected": False}
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert settled(answer) == failure("mt4_service_unavailable", "MT4 service is not reachable", retryable=True, **more)


async def test_readiness_is_200_or_503_and_shows_its_checks_to_a_token_only(service: Any) -> None:
    anyone, known = service.stranger(), await service.client_with("market:read")
    assert (await anyone.get("/api/health/ready")).json() == {"status": "ok", "ready": True}
    ready = await known.get("/api/health/ready")
    assert (ready.status_code, ready.json()) == (200, {"status": "ok", "ready": True, "checks": checks()})

    await service.client.post("/api/test/disconnect")
    down = await anyone.get("/api/health/ready")
    assert (down.status_code, down.json()) == (503, {"status": "error", "ready": False})
    why = checks(
        mt4_connected="disconnected by request",
        mt4_answering="no canary read answered lately",
        mt4_pumping="tables are not loaded",
    )
    assert (await known.get("/api/health/ready")).json() == {"status": "error", "ready": False, "checks": why}


async def test_status_follows_the_link_through_disconnect_and_connect(service: Any) -> None:
    async def status() -> dict[str, Any]:
        answer = await service.client.get("/api/test/status")
        assert answer.status_code == 200
        body = answer.json()
        assert isinstance(body.pop("since"), int)
        return body

    up = {"status": "ok", "connected": True, **LINK, "pumping": True, "reconnects": 0, "last_error": None}
    assert await status() == up

    again = await service.client.post("/api/test/disconnect")
    assert (again.status_code, again.json()) == (200, {"status": "ok", "message": "Disconnected"})
    down = up | {"connected": False, "pumping": False, "last_error": "disconnected by request"}
    assert await status() == down
    assert (await service.client.post("/api/test/disconnect")).json() == {"status": "ok", "message": "Disconnected"}
    assert await status() == down

    target = {"server": "demo.example", "login": 224, "password": "your_manager_password"}
    back = await service.client.post("/api/test/connect", json=target)
    assert (back.status_code, back.json()) == (200, {"status": "ok", "message": "Connected and logged in successfully"})
    assert await status() == up | {"server": "demo.example", "reconnects": 1}


async def test_a_refused_connect_leaves_the_live_session_alone(service: Any, settled: Any, failure: Any) -> None:
    target = {"server": "203.0.113.10:443", "login": 224, "password": "wrong"}

    answer = await service.client.post("/api/test/connect", json=target)

    bad = {"retcode": 65, "name": "RET_BAD_ACCOUNT_INFO", "description": "Invalid account"}
    assert (answer.status_code, settled(answer)) == (
        400,
        failure("mt4_login_failed", "MT4 refused manager login 224", mt4=bad),
    )
    assert (await service.client.get("/api/test/ping")).json()["ping"] is True


async def test_a_server_that_does_not_answer_is_named(service: Any, settled: Any, failure: Any) -> None:
    service.suffer({"call": "open", "kind": "lost_before"})
    target = {"server": "203.0.113.10:443", "login": 224, "password": "your_manager_password"}

    answer = await service.client.post("/api/test/connect", json=target)

    assert (answer.status_code, settled(answer)) == (
        502,
        failure("mt4_connect_failed", "No MT4 server answered at 203.0.113.10:443"),
    )
    assert (await service.client.get("/api/test/ping")).status_code == 200


async def test_ping_measures_and_server_time_renders_the_servers_clock(service: Any) -> None:
    ping = (await service.client.get("/api/test/ping")).json()
    assert ping.pop("latency_ms") >= 0
    assert ping == {"status": "ok", "ping": True}

    for seconds in (0, 59, 100):
        service.bench.clock.advance(seconds)
        now = await service.desk.server_time()
        text = strftime("%Y-%m-%d %H:%M:%S UTC", gmtime(now))
        body = (await service.client.get("/api/test/server-time")).json()
        assert body == {"status": "ok", "server_time": now, "server_time_str": text}


async def test_a_connection_comes_back_by_itself_after_a_broken_line(service: Any) -> None:
    service.suffer({"call": "ping", "kind": "lost_before", "times": 1})
    assert (await service.client.get("/api/test/ping")).status_code == 503
    for _ in range(1000):
        if (await service.client.get("/api/test/status")).json()["connected"]:
            break
        await service.client.get("/api/test/server-time")
    else:
        await service.log_in()
    assert (await service.client.get("/api/test/ping")).status_code == 200
