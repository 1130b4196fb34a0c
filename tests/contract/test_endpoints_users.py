"""Accounts: every answer of endpoints 9 to 13 and of the password check, whole."""

import re
from typing import Any

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")
EVERY_MEMBER = {
    "email": "jane@example.com",
    "phone": "+35725000000",
    "country": "Cyprus",
    "city": "Limassol",
    "state": "LIM",
    "zipcode": "3010",
    "address": "1 Main St",
    "lead_source": "fair",
    "comment": "née Doe",
    "id": "CRM-772",
    "status": "gold",
    "leverage": 250,
    "agent_account": 1001,
    "taxes": 12.5,
    "interestrate": 1.25,
    "enable": 0,
    "enable_change_password": 0,
    "enable_read_only": 1,
    "enable_otp": 1,
    "send_reports": 0,
    "mqid": 4294967295,
    "user_color": 255,
}
NEVER_SHOWN = {"password", "password_investor", "password_phone", "otp_secret", "secure_reserved", "api_data", "unused"}


async def test_the_list_has_every_account_whole_and_by_login(shared: Any) -> None:
    users = await shared.users()
    answer = await shared.client.get("/api/users/")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "users": users, "total": len(users)})
    assert NEVER_SHOWN.isdisjoint(users[0])


async def test_one_account_comes_whole_with_a_version_in_its_etag(shared: Any) -> None:
    user = (await shared.users())[0]
    answer = await shared.client.get(f"/api/users/{user['login']}")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "user": user})
    assert re.fullmatch(r'"[0-9a-f]{16}"', answer.headers["ETag"])


async def test_a_new_account_takes_the_next_login_and_the_defaults(shared: Any) -> None:
    names, last = await shared.names(), (await shared.desk.common()).lastlogin
    group = next(each for each in await shared.desk.groups() if each.group == names["group"])
    body = {"group": names["group"], "name": "Jane Roe", "password": "Secret1"}

    answer = await shared.client.post("/api/users/", json=body)

    now = await shared.desk.server_time()
    user = await shared.user(last + 1)
    assert (answer.status_code, answer.json()) == (
        201,
        {"status": "ok", "message": "User created", "login": last + 1, "user": user},
    )
    said = {"login": last + 1, "group": names["group"], "name": "Jane Roe", "leverage": group.default_leverage}
    flags = {"enable": 1, "enable_change_password": 1, "enable_read_only": 0, "enable_otp": 0, "send_reports": 1}
    rest = {"user_color": 4278190080, "regdate": now, "timestamp": now, "balance": 0.0, "credit": 0.0}
    assert user | said | flags | rest == user
    assert (await shared.client.post(f"/api/users/{last + 1}/password/check", json={"password": "Secret1"})).json() == {
        "status": "ok",
        "valid": True,
    }


async def test_a_new_account_may_bring_its_login_and_every_member(shared: Any) -> None:
    group, login = (await shared.names())["group"], 777_001
    body = {"login": login, "group": group, "name": "Jürgen Größe", "password": "Secret1", **EVERY_MEMBER}
    secrets = {"password_investor": "Invest1", "password_phone": "phone word"}

    answer = await shared.client.post("/api/users/", json=body | secrets)

    del body["password"]
    user = await shared.user(login)
    assert (answer.status_code, answer.json()) == (
        201,
        {"status": "ok", "message": "User created", "login": login, "user": user},
    )
    assert user | body == user


async def test_flags_are_understood_as_true_and_false_and_shown_as_0_and_1(shared: Any) -> None:
    login = (await shared.names())["login"]
    for flag in (True, False, 1, 0):
        answer = await shared.client.put(f"/api/users/{login}", json={"enable_read_only": flag})
        assert repr(answer.json()["user"]["enable_read_only"]) == repr(int(flag))


async def test_an_update_changes_what_it_names_and_nothing_else(shared: Any) -> None:
    login = (await shared.names())["login"]
    before = await shared.user(login)

    answer = await shared.client.put(f"/api/users/{login}", json={"comment": "VIP", "leverage": 200})

    after = before | {"leverage": 200, "comment": "VIP", "timestamp": await shared.desk.server_time()}
    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ok", "message": "User updated", "updated": ["comment", "leverage"], "user": after},
    )
    assert await shared.user(login) == after


async def test_an_update_may_name_every_member_and_move_the_account(shared: Any) -> None:
    names = await shared.names()
    groups = [each.group for each in await shared.desk.groups() if each.group != names["group"]]
    made = await shared.client.post(
        "/api/users/", json={"group": names["group"], "name": "Jane Roe", "password": "Secret1"}
    )
    login = made.json()["login"]
    change = {"group": groups[0], "name": "Jane Moved", **EVERY_MEMBER}

    answer = await shared.client.put(f"/api/users/{login}", json=change | {"password_phone": "new word"})

    assert answer.status_code == 200
    assert sorted(answer.json()["updated"]) == sorted([*change, "password_phone"])
    user = await shared.user(login)
    assert (answer.json()["user"], user | change) == (user, user)


async def test_if_match_lets_only_the_version_pass_that_the_caller_has_seen(
    shared: Any, settled: Any, failure: Any
) -> None:
    login = (await shared.names())["other"]
    path = f"/api/users/{login}"
    seen = (await shared.client.get(path)).headers["ETag"]

    assert (await shared.client.put(path, json={"status": "a"}, headers={"If-Match": seen})).status_code == 200
    before = await shared.everything()
    stale = await shared.client.put(path, json={"status": "b"}, headers={"If-Match": seen})

    assert (stale.status_code, settled(stale)) == (
        412,
        failure("precondition_failed", f"Account {login} has changed since it was read", outcome="not_applied"),
    )
    assert await shared.everything() == before
    assert (await shared.client.put(path, json={"status": "c"}, headers={"If-Match": "*"})).status_code == 200


@pytest.mark.parametrize("investor", [False, True])
async def test_a_password_is_set_and_can_be_checked(shared: Any, *, investor: bool) -> None:
    login = (await shared.names())["login"]
    body = {"password": "Main1pass" if not investor else "Read1only", "change_investor": investor}

    answer = await shared.client.put(f"/api/users/{login}/password", json=body | {"clean_pubkey": True})

    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ok", "message": "Password changed", "login": login, "change_investor": investor},
    )
    check = await shared.client.post(f"/api/users/{login}/password/check", json={"password": body["password"]})
    assert (check.status_code, check.json()) == (200, {"status": "ok", "valid": not investor})


async def test_another_password_is_not_valid(shared: Any) -> None:
    login = (await shared.names())["login"]
    for password in ("x", "Wrong1", "\u043f\u0430\u0440\u043e\u043b\u044c1", "\u0000", " "):
        check = await shared.client.post(f"/api/users/{login}/password/check", json={"password": password})
        assert (check.status_code, check.json()) == (200, {"status": "ok", "valid": False})
