"""What each route refuses by itself: every place and every sentence of the table, and nothing written."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")
TABLE = tomllib.loads((Path(__file__).parent / "cases/errors.toml").read_text("utf-8"))
LATE = {"outcome": "not_applied"}


def route(case: Mapping[str, Any]) -> dict[str, Any]:
    method, path = case["do"].split(" ")
    return {"method": method, "path": path} | ({"json": case["json"]} if "json" in case else {})


def name(case: Mapping[str, Any]) -> str:
    return f"{case['do']} {case['words']}"


@pytest.mark.parametrize("case", TABLE["invalid"], ids=name)
async def test_bad_input_is_named_with_its_place(
    shared: Any, settled: Any, invalid: Any, case: Mapping[str, Any]
) -> None:
    before = await shared.everything()

    answer = await shared.send(route(case))

    more = {key: case[key] for key in ("code", "type") if key in case} | (LATE if "late" in case else {})
    assert (answer.status_code, settled(answer)) == (422, invalid(case["loc"], case["words"], **more))
    assert await shared.everything() == before


@pytest.mark.parametrize("case", TABLE["missing"], ids=name)
async def test_what_is_not_there_is_named_and_nothing_is_sent(
    shared: Any, settled: Any, failure: Any, case: Mapping[str, Any]
) -> None:
    before, names = await shared.everything(), await shared.names()

    answer = await shared.send(route(case))

    more = (LATE if "late" in case else {}) | ({"not_found": [names[case["lists"]]]} if "lists" in case else {})
    assert answer.status_code == 404
    assert settled(answer) == failure(case["code"], case["words"].format(**names), **more)
    assert await shared.everything() == before


async def test_a_login_that_is_taken_is_a_conflict(shared: Any, settled: Any, failure: Any) -> None:
    names, before = await shared.names(), await shared.everything()
    body = {"login": names["login"], "group": names["group"], "name": "Jane Roe", "password": "Secret1"}
    answer = await shared.client.post("/api/users/", json=body)
    words = f"Account {names['login']} exists already"
    assert (answer.status_code, settled(answer)) == (409, failure("login_exists", words, **LATE))
    assert await shared.everything() == before


async def test_the_other_password_of_the_account_is_refused_by_mt4(shared: Any, settled: Any, failure: Any) -> None:
    path = f"/api/users/{(await shared.names())['login']}/password"
    assert (await shared.client.put(path, json={"password": "Secret1"})).status_code == 200
    before = await shared.everything()
    answer = await shared.client.put(path, json={"password": "Secret1", "change_investor": True})
    three = {"retcode": 3, "name": "RET_INVALID_DATA", "description": "Invalid parameters"}
    words = "MT4 answered 3: Invalid parameters"
    assert (answer.status_code, settled(answer)) == (422, failure("mt4_invalid_data", words, mt4=three, **LATE))
    assert await shared.everything() == before


async def test_several_mistakes_of_the_code_page_are_all_named(shared: Any, settled: Any) -> None:
    names = await shared.names()
    answer = await shared.client.put(f"/api/users/{names['login']}", json={"city": "東京", "name": "a\u0000b"})
    assert [(error["loc"], error["message"]) for error in settled(answer)["errors"]] == [
        (["body", "name"], "must not hold control characters"),
        (["body", "city"], "'東' is not in the server's code page cp1252"),
    ]


@pytest.mark.parametrize("body", [{"balance": 1, "login": 5, "timestamp": 0}])
async def test_several_read_only_members_are_all_named(shared: Any, settled: Any, body: Any) -> None:
    answer = await shared.client.put(f"/api/users/{(await shared.names())['login']}", json=body)
    assert {tuple(error["loc"]) for error in settled(answer)["errors"]} == {("body", name) for name in body}


async def test_a_wrong_password_and_an_unknown_user_are_told_alike(shared: Any, settled: Any, failure: Any) -> None:
    await shared.client_with("market:read")
    known = (await shared.bench.service.auth.users.list())[0].name
    for username in (known, "nobody", "\u0000", "x" * 128):
        form = await shared.stranger().post("/api/auth/login", data={"username": username, "password": "wrong"})
        assert (form.status_code, form.headers["WWW-Authenticate"]) == (401, "Bearer")
        assert settled(form) == failure("invalid_credentials", "Incorrect username or password")


async def test_a_login_may_come_as_json_and_with_oauth2_members(shared: Any) -> None:
    auth = shared.bench.service.auth
    await auth.users.add("crm", "long enough, this", ["market:read"])
    right = {"username": "crm", "password": "long enough, this"}
    oauth = {**right, "grant_type": "password", "scope": "", "client_id": "x"}
    for sent in ({"json": right}, {"data": right}, {"data": oauth}, {"json": oauth}):
        answer = await shared.stranger().post("/api/auth/login", **sent)
        body = answer.json()
        assert (answer.status_code, sorted(body)) == (200, ["access_token", "expires_in", "token_type"])
        client = shared.stranger()
        client.headers["Authorization"] = f"Bearer {body['access_token']}"
        assert (await client.get("/api/groups/")).status_code == 200
