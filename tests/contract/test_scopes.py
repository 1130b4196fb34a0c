"""Who may call what: every route with its scope, with all others, without a token, with tokens that are not ours."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from kernel.auth.scopes import KNOWN

pytestmark = pytest.mark.asyncio(loop_scope="module")
ROUTES = tomllib.loads((Path(__file__).parent / "cases/routes.toml").read_text("utf-8"))["route"]
GUARDED = [route for route in ROUTES if route["scope"] != "public"]
PUBLIC = [route for route in ROUTES if route["scope"] == "public" and route["number"]]
FORGED = {
    "not_authenticated": ["", "Basic YWRtaW46YWRtaW4=", "Bearer", "Bearer  ", "Token abc"],
    "invalid_token": [
        "Bearer abc",
        "Bearer a.b.c",
        "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.",
        "Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.x",
        "Bearer " + "A" * 9000,
        "Bearer \xe9\xe8\xe7",
    ],
}


def name(route: Mapping[str, Any]) -> str:
    return f"{route['method']} {route['path']}"


async def with_header(shared: Any, route: Mapping[str, Any], header: str | None) -> Any:
    client = shared.stranger()
    if header is not None:
        client.headers.update({b"Authorization": header.encode("latin-1")})
    return await shared.send(route, client)


@pytest.mark.parametrize("route", GUARDED, ids=name)
async def test_the_right_scope_alone_opens_the_route(shared: Any, route: Mapping[str, Any]) -> None:
    answer = await shared.send(route, await shared.client_with(route["scope"]))
    if route["number"] == 5:
        await shared.log_in()
    assert answer.is_success, answer.text


@pytest.mark.parametrize("route", GUARDED, ids=name)
async def test_all_other_scopes_together_do_not_open_it(
    shared: Any, settled: Any, failure: Any, route: Mapping[str, Any]
) -> None:
    before = await shared.everything()

    answer = await shared.send(route, await shared.client_with(*sorted(KNOWN - {route["scope"], "*"})))

    words = f"The token lacks the scope {route['scope']}"
    assert (answer.status_code, settled(answer)) == (403, failure("forbidden", words))
    assert await shared.everything() == before


@pytest.mark.parametrize("route", GUARDED, ids=name)
async def test_a_missing_or_foreign_token_opens_nothing(
    shared: Any, settled: Any, failure: Any, route: Mapping[str, Any]
) -> None:
    before = await shared.everything()
    words = {
        "not_authenticated": "A bearer token is needed: log in at POST /api/auth/login",
        "invalid_token": "The access token is not valid",
    }
    for code, headers in FORGED.items():
        for header in [None, *headers] if code == "not_authenticated" else headers:
            answer = await with_header(shared, route, header)
            assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
            assert settled(answer) == failure(code, words[code])
    assert await shared.everything() == before


@pytest.mark.parametrize("route", PUBLIC, ids=name)
async def test_public_routes_look_at_no_token(shared: Any, route: Mapping[str, Any]) -> None:
    expected = 401 if route["number"] == 2 else 200
    for header in (None, "Bearer abc", "Basic x"):
        assert (await with_header(shared, route, header)).status_code == expected


async def test_readiness_needs_no_token_but_refuses_a_bad_one(shared: Any) -> None:
    route = {"method": "GET", "path": "/api/health/ready"}
    assert (await with_header(shared, route, None)).status_code == 200
    assert (await with_header(shared, route, "Bearer abc")).json()["code"] == "invalid_token"


async def test_the_scheme_of_the_header_is_taken_in_any_case(shared: Any) -> None:
    token = (await shared.client_with("server:read")).headers["Authorization"].split()[1]
    for scheme in ("bearer", "BEARER"):
        route = {"method": "GET", "path": "/api/test/status"}
        assert (await with_header(shared, route, f"{scheme} {token}")).status_code == 200


async def test_only_the_override_scope_may_withdraw_past_the_free_margin(
    shared: Any, settled: Any, failure: Any
) -> None:
    path = f"/api/accounts/{(await shared.names())['login']}/withdraw"
    body = {"amount": 1, "check_free_margin": False}
    cashier = await shared.client_with("money:withdraw")
    before = await shared.everything()

    refused = await cashier.post(path, json=body)

    words = "check_free_margin false needs the scope money:override"
    assert (refused.status_code, settled(refused)) == (403, failure("forbidden", words))
    assert await shared.everything() == before
    assert (await cashier.post(path, json={"amount": 1, "check_free_margin": True})).status_code == 200
    chief = await shared.client_with("money:withdraw", "money:override")
    assert (await chief.post(path, json=body)).status_code == 200


async def test_a_new_token_comes_near_the_end_of_the_old_one_and_only_with_success(service: Any) -> None:
    client, clock = await service.client_with("server:read", "users:read"), service.bench.clock
    both = ("X-New-Token", "X-New-Token-Expires")

    def new(answer: Any) -> list[str]:
        return [answer.headers[name] for name in both if name in answer.headers]

    clock.advance(8 * 3600 * 7 / 8 - 60)
    assert new(await client.get("/api/test/status")) == []
    clock.advance(120)
    for path, status in (("/api/groups/", 403), ("/api/users/0", 422), ("/api/users/?limit=0", 422)):
        failed = await client.get(path)
        assert (failed.status_code, new(failed)) == (status, [])
    assert new(await client.get("/api/nothing")) == []
    assert new(await service.stranger().get("/api/health")) == []
    fresh = await client.get("/api/test/status")
    token, expires = new(fresh)
    assert int(expires) == int(clock()) + 8 * 3600
    assert set(both) <= {part.strip() for part in fresh.headers["Access-Control-Expose-Headers"].split(",")}
    assert fresh.headers["Cache-Control"] == "no-store"

    assert (await client.get("/api/test/status")).status_code == 200
    clock.advance(3600)
    old = await client.get("/api/test/status")
    assert (old.status_code, old.json()["code"]) == (401, "token_expired")
    client.headers["Authorization"] = f"Bearer {token}"
    assert (await client.get("/api/test/status")).status_code == 200


@pytest.mark.parametrize("given", ["CRM-771", "a", "A.b_c:d-9", "x" * 128])
async def test_a_harmless_request_id_comes_back_in_header_and_error(shared: Any, given: str) -> None:
    for path in ("/api/health", "/api/users/0", "/api/nothing"):
        answer = await shared.client.get(path, headers={"X-Request-ID": given})
        assert answer.headers["X-Request-ID"] == given
        assert answer.json().get("request_id", given) == given


@pytest.mark.parametrize("given", ["", "x" * 129, "a b", "a\tb", "<script>", 'a"b', "é", "\xff", "a,b", "x\x00y"])
async def test_a_request_id_that_could_harm_is_replaced(shared: Any, given: str) -> None:
    answer = await shared.client.get("/api/users/0", headers=[(b"X-Request-ID", given.encode("latin-1"))])
    made = answer.headers["X-Request-ID"]
    assert (len(made), int(made, 16) > 0, answer.json()["request_id"]) == (16, True, made)
    again = await shared.client.get("/api/users/0", headers=[(b"X-Request-ID", given.encode("latin-1"))])
    assert again.headers["X-Request-ID"] != made
