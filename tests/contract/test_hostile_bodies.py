"""Hostile bodies over all write routes: each has a clear answer under 500, and the server is as it was."""

import json
import runpy
import time
import tomllib
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")
CASES = Path(__file__).parent / "cases"
HOSTILE = runpy.run_path(str(CASES / "hostile.py"))
ROUTES = tomllib.loads((CASES / "routes.toml").read_text("utf-8"))["route"]
WRITES = [route for route in ROUTES if "write" in route]
MONEY = ("deposit", "withdraw", "credit")
REFUSED = {400, 413, 415, 422}
CODES = {
    400: {"malformed_request"},
    413: {"payload_too_large"},
    415: {"unsupported_media_type"},
    422: {"validation_error", "read_only_field", "weak_password"},
}
MEMBERS = {"status", "code", "message", "detail", "retryable", "request_id", "errors", "outcome", "operation_id"}


def name(route: Mapping[str, Any]) -> str:
    return f"{route['method']} {route['path']}"


async def put_in(
    shared: Any, route: Mapping[str, Any], raw: Any, kind: str = "application/json", **headers: str
) -> Any:
    """Send raw bytes to a route of the table."""
    names = await shared.names()
    path = route["path"].format(**names)
    sent = {"Content-Type": kind.encode("latin-1"), **{key.replace("_", "-"): value for key, value in headers.items()}}
    if not kind:
        del sent["Content-Type"]
    return await shared.client.request(route["method"], path, content=raw, headers=sent)


def is_refused(answer: Any) -> None:
    """Hold an answer against the shape of all refusals of input."""
    assert answer.status_code in REFUSED, answer.text[:200]
    body = answer.json()
    assert body["code"] in CODES[answer.status_code]
    assert MEMBERS >= body.keys() >= MEMBERS - {"errors", "outcome", "operation_id"}
    assert body["message"] == body["detail"] != ""
    assert body["retryable"] is False
    assert ("errors" in body) == (answer.status_code == 422)


@pytest.mark.parametrize("value", HOSTILE["AMOUNTS"].values(), ids=HOSTILE["AMOUNTS"])
@pytest.mark.parametrize("kind", MONEY)
async def test_what_is_no_amount_moves_no_money(shared: Any, kind: str, value: bytes) -> None:
    before = await shared.everything()
    route = {"method": "POST", "path": f"/api/accounts/{{login}}/{kind}"}
    is_refused(await put_in(shared, route, b'{"amount": %s}' % value))
    assert await shared.everything() == before


@pytest.mark.parametrize("value", HOSTILE["COMMENTS"].values(), ids=HOSTILE["COMMENTS"])
@pytest.mark.parametrize(
    ("path", "rest"),
    [
        *((f"POST /api/accounts/{{login}}/{kind}", b', "amount": 1') for kind in MONEY),
        ("PUT /api/admin/trades/{order}/modify", b""),
    ],
)
async def test_a_comment_that_mt4_could_not_hold_is_refused_and_never_cut(
    shared: Any, path: str, rest: bytes, value: bytes
) -> None:
    before = await shared.everything()
    method, where = path.split(" ")
    is_refused(await put_in(shared, {"method": method, "path": where}, b'{"comment": %s%s}' % (value, rest)))
    assert await shared.everything() == before


@pytest.mark.parametrize(("raw", "kind"), HOSTILE["SHAPES"].values(), ids=HOSTILE["SHAPES"])
@pytest.mark.parametrize("route", WRITES, ids=name)
async def test_a_body_that_is_none_is_refused_by_every_write(
    shared: Any, route: Mapping[str, Any], raw: bytes, kind: str
) -> None:
    before = await shared.everything()
    good = json.dumps(shared.filled(route["json"], await shared.names())).encode()
    is_refused(await put_in(shared, route, raw.replace(b"%s", good), kind))
    assert await shared.everything() == before


@pytest.mark.parametrize("route", WRITES, ids=name)
async def test_every_member_refuses_every_wrong_type(shared: Any, route: Mapping[str, Any]) -> None:
    before, names = await shared.everything(), await shared.names()
    good = shared.filled(route["json"], names)
    for member, value in good.items():
        wrong = [None, [], {}, [[]], {"x": 1}, 1e300, "\u0000", "x" * 70_000, "\ud800", -(2**40), 2**70, 10**4299]
        wrong += [True, 0] if isinstance(value, str) else []
        wrong += [["1"], [1.5], [None], [True], [0], [-1], [2**31], [1, 1]] if isinstance(value, list) else []
        for bad in wrong:
            is_refused(await put_in(shared, route, json.dumps({**good, member: bad}).encode()))
    assert await shared.everything() == before


async def test_a_body_of_quotes_or_brackets_is_refused_at_once(shared: Any) -> None:
    route = next(route for route in ROUTES if route["number"] == 31)
    for raw in (b'"' + b'\\"' * 60_000, b"[],[" * 60_000, b'{"' * 60_000):
        started = time.perf_counter()
        is_refused(await put_in(shared, route, raw))
        assert time.perf_counter() - started < 2


LIMITS = [("usual", 65_536, 14), ("mail", 262_144, 32), ("list", 2_097_152, 31), ("list", 2_097_152, 33)]


async def in_parts(raw: bytes) -> AsyncIterator[bytes]:
    """Send without a declared length."""
    for start in range(0, len(raw), 50_000):
        yield raw[start : start + 50_000]


@pytest.mark.parametrize(("word", "limit", "number"), LIMITS)
async def test_a_body_over_its_routes_limit_is_refused_whatever_its_declared_length(
    shared: Any, word: str, limit: int, number: int
) -> None:
    route = next(route for route in ROUTES if route["number"] == number)
    before = await shared.everything()
    good = json.dumps(shared.filled(route["json"], await shared.names())).encode()
    over = good[:-1] + b" " * (limit - len(good)) + b" }"
    assert len(over) == limit + 1
    for raw, headers in (
        (over, {}),
        (in_parts(over), {}),
        (in_parts(over), {"Content_Length": "10"}),
        (good, {"Content_Length": str(limit + 1)}),
        (good, {"Content_Length": "9" * 5000}),
    ):
        answer = await put_in(shared, route, raw, **headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "payload_too_large"), (word, headers)
    assert await shared.everything() == before
    nonsense = await put_in(shared, route, in_parts(over), Content_Length="abc")
    assert (nonsense.status_code, nonsense.json()["code"]) == (400, "malformed_request")
    assert await shared.everything() == before
    within = await put_in(shared, route, over[:-2] + b"}")
    assert within.is_success


@pytest.mark.parametrize("code_page", ["cp1252", "cp1251"])
async def test_texts_fill_their_bytes_in_the_servers_code_page_and_no_more(serving: Any, code_page: str) -> None:
    letter = {"cp1252": "é", "cp1251": "ж"}[code_page]
    foreign = {"cp1252": "ж", "cp1251": "é"}[code_page]
    rooms = {"name": 127, "email": 47, "phone": 31, "country": 31, "city": 31, "state": 31, "zipcode": 15}
    rooms |= {"address": 95, "lead_source": 31, "comment": 63, "id": 31, "status": 15, "password_phone": 31}
    async with serving(settings={"mt4.code_page": code_page}) as service:
        login = (await service.names())["login"]
        for member, room in rooms.items():
            before = await service.everything()
            for bad in (letter * (room + 1), letter * (room - 1) + "€€", foreign, letter + "\u0000"):
                answer = await service.client.put(f"/api/users/{login}", json={member: bad})
                is_refused(answer)
                assert answer.json()["errors"][0]["loc"] == ["body", member]
            assert await service.everything() == before
            full = await service.client.put(f"/api/users/{login}", json={member: letter * room})
            assert (full.status_code, (await service.user(login)).get(member, letter * room)) == (200, letter * room)


@pytest.mark.parametrize("raw", HOSTILE["FORMS"].values(), ids=HOSTILE["FORMS"])
async def test_a_form_that_is_no_login_gives_no_token(shared: Any, raw: bytes) -> None:
    answer = await shared.stranger().post(
        "/api/auth/login", content=raw, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    is_refused(answer)


async def test_the_other_bodies_take_no_half_characters_either(shared: Any) -> None:
    names = await shared.names()
    for path, body in (
        (f"/api/users/{names['login']}/password/check", {"password": "\ud800"}),
        ("/api/test/connect", {"server": "a", "login": 224, "password": "\ud800"}),
        ("/api/test/connect", {"server": "\udfff", "login": 224, "password": "x"}),
        ("/api/admin/trades/by-group", {"group": "\ud800"}),
        ("/api/trades/history/" + str(names["login"]), {"types": "\ud800"}),
        ("/api/trades/history/" + str(names["login"]), {"cursor": "\ud800"}),
        ("/api/admin/trades/lookup", {"orders": ["\ud800"]}),
        ("/api/auth/login", {"username": "\ud800", "password": "x"}),
    ):
        is_refused(await put_in(shared, {"method": "POST", "path": path}, json.dumps(body).encode()))


async def test_a_pair_of_surrogates_is_one_character(shared: Any) -> None:
    path = f"/api/users/{(await shared.names())['login']}/password/check"
    answer = await shared.client.post(path, json={"password": "\U0001f600"})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "valid": False})


async def test_unknown_members_are_ignored(shared: Any) -> None:
    login = (await shared.names())["login"]
    body = {"amount": 1, "payment_method": "wire", "x": {"y": [1, 2.5, None, True, "ü"]}, "": 0}
    assert (await shared.client.post(f"/api/accounts/{login}/deposit", json=body)).status_code == 200
