"""What callers are told when the line breaks, when MT4 is slow or silent, and what the server then really holds."""

import tomllib
from collections.abc import AsyncGenerator, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio(loop_scope="module")
ROUTES = tomllib.loads((Path(__file__).parent / "cases/routes.toml").read_text("utf-8"))["route"]
READS = [route for route in ROUTES if "call" in route and "write" not in route]
WRITES = [route for route in ROUTES if "write" in route]
NEEDING_A_LOGIN = [route for route in READS if route["call"] not in {"ping", "server_time"}]
LOST = {"mt4": {"retcode": 255, "name": None, "description": "Network problem"}}
HASTE = {f"mt4.{call}_seconds": 0.3 for call in ("read", "trade", "change", "history")}


def name(route: Mapping[str, Any]) -> str:
    return f"{route['method']} {route['path']}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hasty(hosting: Callable[..., AsyncGenerator[Any]]) -> AsyncGenerator[Any]:
    """A service that waits for MT4 no longer than a third of a second."""
    async for service in hosting(settings=HASTE):
        yield service


async def books(service: Any) -> tuple[Any, Any]:
    held = await service.everything()
    return held["users"], held["trades"]


@pytest.fixture
def no_answer(failure: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    def make(route: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        if route["call"] == "ping":
            return failure("mt4_not_connected", "Not connected to MT4 server", retryable=True, ping=False, **more)
        return failure("mt4_timeout", "The MT4 server gave no answer", retryable=True, **more)

    return make


@pytest.fixture
def unknown(failure: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    def make(route: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        words = f"MT4 did not confirm the {route['write']}; it may have been applied"
        return failure("outcome_unknown", words, outcome="unknown", **more)

    return make


@pytest.mark.parametrize("route", READS, ids=name)
async def test_a_read_whose_line_breaks_may_be_asked_again(
    shared: Any, settled: Any, no_answer: Any, route: Mapping[str, Any]
) -> None:
    shared.suffer({"call": route["call"], "kind": "lost_before"})
    answer = await shared.send(route)
    shared.suffer()
    await shared.log_in()

    assert answer.status_code == (503 if route["call"] == "ping" else 504)
    assert settled(answer) == no_answer(route, **LOST)


@pytest.mark.parametrize("route", READS, ids=name)
async def test_a_read_without_an_answer_ends_at_its_deadline(
    hasty: Any, settled: Any, no_answer: Any, route: Mapping[str, Any]
) -> None:
    hasty.suffer({"call": route["call"], "kind": "latency", "seconds": 60})
    answer = await hasty.send(route)
    hasty.suffer()

    assert answer.status_code == (503 if route["call"] == "ping" else 504)
    assert settled(answer) == no_answer(route)


@pytest.mark.parametrize("route", WRITES, ids=name)
async def test_a_write_lost_on_the_way_is_unknown_and_not_applied(
    shared: Any, settled: Any, unknown: Any, route: Mapping[str, Any]
) -> None:
    before = await shared.everything()
    shared.suffer({"call": route["call"], "kind": "lost_before"})
    answer = await shared.send(route)
    shared.suffer()
    await shared.log_in()

    assert (answer.status_code, settled(answer)) == (504, unknown(route, **LOST))
    assert await shared.everything() == before


@pytest.mark.parametrize("route", WRITES, ids=name)
async def test_a_write_whose_answer_is_lost_is_unknown_and_applied_once(
    shared: Any, settled: Any, unknown: Any, route: Mapping[str, Any]
) -> None:
    before = await shared.everything()
    shared.suffer({"call": route["call"], "kind": "lost_after"})
    answer = await shared.send(route)
    shared.suffer()
    await shared.log_in()

    assert (answer.status_code, settled(answer)) == (504, unknown(route, **LOST))
    after = await shared.everything()
    assert after["rows written"] > before["rows written"]
    if route.get("money"):
        assert len(after["trades"]) == len(before["trades"]) + 1


@pytest.mark.parametrize("route", WRITES, ids=name)
@pytest.mark.parametrize("fault", [{"kind": "latency", "seconds": 60}, {"kind": "hang"}], ids=["slow", "hanging"])
async def test_a_write_without_an_answer_is_unknown_at_its_deadline(
    hasty: Any, settled: Any, unknown: Any, route: Mapping[str, Any], fault: Mapping[str, Any]
) -> None:
    before = await books(hasty)
    hasty.suffer({"call": route["call"], **fault})
    answer = await hasty.send(route)
    hasty.suffer()

    assert (answer.status_code, settled(answer)) == (504, unknown(route))
    assert await books(hasty) == before


@pytest.mark.parametrize("route", NEEDING_A_LOGIN + WRITES, ids=name)
async def test_a_session_that_sees_nothing_is_a_missing_connection_and_never_an_empty_answer(
    shared: Any, settled: Any, failure: Any, route: Mapping[str, Any]
) -> None:
    before = await shared.everything()
    shared.suffer({"call": "*", "kind": "empty"})
    answer = await shared.send(route)
    shared.suffer()
    await shared.log_in()

    body = settled(answer)
    outcome = {"outcome": "not_applied"} if "write" in route else {}
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert body in (
        failure("mt4_not_connected", "Not connected to MT4 server", retryable=True, **outcome),
        failure(
            "mt4_not_connected",
            "MT4 answered 6: No connection",
            retryable=True,
            mt4={"retcode": 6, "name": "RET_NO_CONNECT", "description": "No connection"},
            **outcome,
        ),
    )
    assert await shared.everything() == before


@pytest.mark.parametrize("route", NEEDING_A_LOGIN, ids=name)
async def test_a_list_that_comes_back_empty_from_a_dead_session_is_not_believed(
    shared: Any, route: Mapping[str, Any]
) -> None:
    shared.suffer({"call": route["call"], "kind": "empty"})
    answer = await shared.send(route)
    shared.suffer()
    await shared.log_in()

    assert (answer.status_code, answer.json()["code"]) == (503, "mt4_not_connected")


async def test_a_deposit_that_was_booked_stays_a_success_when_the_account_cannot_be_read_again(
    shared: Any, settled: Any
) -> None:
    names = await shared.names()
    held = await shared.user(names["login"])
    shared.suffer({"call": "user_records", "kind": "refuse", "retcode": 2, "nth": 2})
    answer = await shared.client.post(f"/api/accounts/{names['login']}/deposit", json={"amount": "12.34"})
    shared.suffer()
    await shared.log_in()

    row = (await shared.history(names["login"]))[-1]
    assert (answer.status_code, settled(answer)) == (
        200,
        {
            "status": "ok",
            "message": "Deposit completed",
            "login": names["login"],
            "order": row["order"],
            "amount": 12.34,
            "balance": None,
            "credit": None,
            "comment": "Deposit",
        },
    )
    after = await shared.user(names["login"])
    assert round(after["balance"] - held["balance"], 2) == 12.34


async def test_an_account_that_was_opened_is_shown_as_sent_when_it_cannot_be_read_again(
    shared: Any, settled: Any
) -> None:
    names = await shared.names()
    body = {"group": names["group"], "name": "Jane Roe", "password": "Secret1", "leverage": 50}
    shared.suffer({"call": "user_records", "kind": "refuse", "retcode": 2})
    answer = await shared.client.post("/api/users/", json=body)
    shared.suffer()
    await shared.log_in()

    made = (await shared.users())[-1]
    said = settled(answer)
    assert (answer.status_code, said["login"], said["user"]["leverage"]) == (201, made["login"], 50)
    assert said["user"] == made | {"regdate": 0, "timestamp": 0}


@pytest.mark.parametrize("route", READS + WRITES, ids=name)
async def test_without_a_connection_everything_is_refused_and_nothing_sent(
    shared: Any, settled: Any, failure: Any, route: Mapping[str, Any]
) -> None:
    before = await shared.everything()
    assert (await shared.client.post("/api/test/disconnect")).json()["message"] == "Disconnected"
    answer = await shared.send(route)
    await shared.log_in()

    more = {"ping": False} if route["call"] == "ping" else {"outcome": "not_applied"} if "write" in route else {}
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert settled(answer) == failure("mt4_not_connected", "Not connected to MT4 server", retryable=True, **more)
    assert await shared.everything() == before
