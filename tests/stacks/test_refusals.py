"""What every endpoint refuses over each stack: foreign callers, bad input, what is not there, no connection."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from kernel.auth.scopes import KNOWN

pytestmark = pytest.mark.asyncio(loop_scope="module")
CASES = Path(__file__).parents[1] / "contract/cases"
ROUTES = [each for each in tomllib.loads((CASES / "routes.toml").read_text("utf-8"))["route"] if each["number"]]
ERRORS = tomllib.loads((CASES / "errors.toml").read_text("utf-8"))
GUARDED = [route for route in ROUTES if route["scope"] != "public"]
MT4 = [route for route in ROUTES if "call" in route]
LATE = {"outcome": "not_applied"}
# The stacks have the real clock: the one case with a date that will have passed is left to the contract's tests.
INVALID = [case for case in ERRORS["invalid"] if case["words"] != "must be at a full hour"]


def name(route: Mapping[str, Any]) -> str:
    return f"{route['method']} {route['path']}"


def named(case: Mapping[str, Any]) -> str:
    return f"{case['do']} {case['words']}"


def route(case: Mapping[str, Any]) -> dict[str, Any]:
    method, path = case["do"].split(" ")
    return {"method": method, "path": path} | ({"json": case["json"]} if "json" in case else {})


async def test_the_table_has_all_34_endpoints() -> None:
    assert [each["number"] for each in ROUTES] == list(range(1, 35))


@pytest.mark.parametrize("endpoint", ROUTES, ids=name)
async def test_the_right_scope_alone_opens_each_endpoint(stacked: Any, endpoint: Mapping[str, Any]) -> None:
    public = endpoint["scope"] == "public"
    client = stacked.stranger() if public else await stacked.client_with(endpoint["scope"])

    answer = await stacked.send(endpoint, client)

    if endpoint["number"] == 5:
        await stacked.connect()
    assert answer.status_code == {2: 401, 11: 201}.get(endpoint["number"], 200), answer.text


@pytest.mark.parametrize("endpoint", GUARDED, ids=name)
async def test_without_its_scope_or_a_token_nothing_is_done(
    stacked: Any, settled: Any, failure: Any, endpoint: Mapping[str, Any]
) -> None:
    before = await stacked.books()

    lacking = await stacked.send(endpoint, await stacked.client_with(*sorted(KNOWN - {endpoint["scope"], "*"})))
    nobody = await stacked.send(endpoint, stacked.stranger())

    words = f"The token lacks the scope {endpoint['scope']}"
    assert (lacking.status_code, settled(lacking)) == (403, failure("forbidden", words))
    words = "A bearer token is needed: log in at POST /api/auth/login"
    assert (nobody.status_code, settled(nobody)) == (401, failure("not_authenticated", words))
    assert await stacked.books() == before


@pytest.mark.parametrize("case", INVALID, ids=named)
async def test_bad_input_is_named_with_its_place(
    stacked: Any, settled: Any, invalid: Any, case: Mapping[str, Any]
) -> None:
    before = await stacked.books()

    answer = await stacked.send(route(case))

    more = {key: case[key] for key in ("code", "type") if key in case} | (LATE if "late" in case else {})
    assert (answer.status_code, settled(answer)) == (422, invalid(case["loc"], case["words"], **more))
    assert await stacked.books() == before


@pytest.mark.parametrize("case", ERRORS["missing"], ids=named)
async def test_an_account_or_order_that_is_not_there_is_named(
    stacked: Any, settled: Any, failure: Any, case: Mapping[str, Any]
) -> None:
    before, names = await stacked.books(), await stacked.fresh()

    answer = await stacked.send(route(case))

    more = (LATE if "late" in case else {}) | ({"not_found": [names[case["lists"]]]} if "lists" in case else {})
    assert (answer.status_code, settled(answer)) == (
        404,
        failure(case["code"], case["words"].format(**names), **more),
    )
    assert await stacked.books() == before


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("/api/groups/nothing", "group_not_found", "Group 'nothing' was not found"),
        ("/api/symbols/NOTHING", "symbol_not_found", "Symbol 'NOTHING' was not found"),
        ("/api/symbols/NOTHING/price", "symbol_not_found", "Symbol 'NOTHING' was not found"),
    ],
)
async def test_a_group_or_symbol_that_is_not_there_is_named(
    stacked: Any, settled: Any, failure: Any, path: str, code: str, words: str
) -> None:
    answer = await stacked.client.get(path)

    assert (answer.status_code, settled(answer)) == (404, failure(code, words))


async def test_a_lookup_names_the_orders_that_are_not_there(stacked: Any) -> None:
    answer = await stacked.client.post("/api/admin/trades/lookup", json={"orders": [1, 2**31 - 1]})

    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ok", "trades": [], "total": 0, "not_found": [1, 2**31 - 1]},
    )


async def test_a_login_that_is_taken_is_a_conflict(stacked: Any, settled: Any, failure: Any) -> None:
    names, before = await stacked.fresh(), await stacked.books()
    body = {"login": names["login"], "group": names["group"], "name": "Jane Roe", "password": "Secret1"}

    answer = await stacked.client.post("/api/users/", json=body)

    words = f"Account {names['login']} exists already"
    assert (answer.status_code, settled(answer)) == (409, failure("login_exists", words, **LATE))
    assert await stacked.books() == before


async def test_a_refused_connect_leaves_the_live_session_alone(stacked: Any, settled: Any, failure: Any) -> None:
    answer = await stacked.client.post("/api/test/connect", json=stacked.target | {"password": "wrong"})

    bad = {"retcode": 65, "name": "RET_BAD_ACCOUNT_INFO", "description": "Invalid account"}
    words = f"MT4 refused manager login {stacked.target['login']}"
    assert (answer.status_code, settled(answer)) == (400, failure("mt4_login_failed", words, mt4=bad))
    assert (await stacked.client.get("/api/test/ping")).json()["ping"] is True


async def test_after_a_disconnect_every_endpoint_says_so_and_nothing_is_sent(
    stacked: Any, settled: Any, failure: Any
) -> None:
    before = await stacked.books()
    assert (await stacked.client.post("/api/test/disconnect")).status_code == 200
    try:
        answers = {each["number"]: (each, await stacked.send(each)) for each in MT4}
        health = await stacked.client.get("/api/test/service-health")
        status = await stacked.client.get("/api/test/status")
    finally:
        await stacked.connect()

    for number, (endpoint, answer) in answers.items():
        more = (LATE if "write" in endpoint else {}) | ({"ping": False} if number == 7 else {})
        expected = failure("mt4_not_connected", "Not connected to MT4 server", retryable=True, **more)
        assert (number, answer.status_code, settled(answer)) == (number, 503, expected)
    assert health.json() == {"status": "ok", "service": "mt4-service", "connected": False}
    assert (status.json()["connected"], status.json()["last_error"]) == (False, "disconnected by request")
    assert await stacked.books() == before
    assert (await stacked.client.get("/api/test/ping")).json()["ping"] is True
