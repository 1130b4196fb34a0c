"""What the manager of the service may not do on the trade server is refused by name, before it is sent."""

from typing import Any

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")

NEEDS: list[tuple[str, str, Any, tuple[str, ...]]] = [
    ("GET", "/api/users/", None, ("manager",)),
    ("POST", "/api/users/", {"group": "$group", "name": "Jane Roe", "password": "Secret1"}, ("manager",)),
    ("PUT", "/api/users/{login}", {"comment": "VIP"}, ("manager",)),
    ("PUT", "/api/users/{login}/password", {"password": "Secret3"}, ("manager",)),
    ("POST", "/api/users/{login}/password/check", {"password": "Secret3"}, ("manager",)),
    ("POST", "/api/accounts/{login}/deposit", {"amount": 1}, ("money",)),
    ("POST", "/api/accounts/{login}/withdraw", {"amount": 1, "check_free_margin": False}, ("money",)),
    ("POST", "/api/accounts/{login}/credit", {"amount": 1}, ("money",)),
    ("GET", "/api/trades/open", None, ("see_trades",)),
    ("GET", "/api/trades/open/{login}", None, ("see_trades",)),
    ("POST", "/api/trades/history/{login}", None, ("see_trades",)),
    ("GET", "/api/groups/online", None, ("online",)),
    ("POST", "/api/admin/trades/lookup", {"orders": ["$order"]}, ("see_trades",)),
    ("POST", "/api/admin/trades/by-group", {"group": "*"}, ("admin",)),
    ("PUT", "/api/admin/trades/{order}/modify", {"comment": "x"}, ("trades", "admin", "see_trades")),
    ("POST", "/api/admin/trades/delete", {"orders": ["$closed"]}, ("trades", "admin", "see_trades")),
    ("POST", "/api/admin/mail", {"logins": ["$login"], "subject": "s", "body": "b"}, ("email",)),
    ("POST", "/api/admin/users/group-op", {"command": "enable", "logins": ["$login"]}, ("manager",)),
]
EITHER = [
    ("GET", "/api/accounts/{login}/margin", ("riskman", "see_trades")),
    ("GET", "/api/accounts/margins", ("riskman", "see_trades")),
]
SEVEN = {"retcode": 7, "name": "RET_NOT_ENOUGH_RIGHTS", "description": "Not enough rights"}


def route(method: str, path: str, body: Any) -> dict[str, Any]:
    return {"method": method, "path": path} | ({} if body is None else {"json": body})


@pytest.mark.parametrize(("method", "path", "body", "rights"), NEEDS)
async def test_a_missing_right_is_named_and_nothing_is_sent(
    shared: Any, settled: Any, failure: Any, method: str, path: str, body: Any, rights: tuple[str, ...]
) -> None:
    for missing in rights:
        await shared.log_in(*(right for right in shared.desk.manager.rights if right != missing))
        before = await shared.everything()
        answer = await shared.send(route(method, path, body))
        words = f"The manager 225 lacks the right {missing!r} on the MT4 server"
        writes = "$closed" in str(body) or method == "PUT" or "accounts" in path or "mail" in path
        writes = writes or (path in {"/api/users/", "/api/admin/users/group-op"} and method == "POST")
        outcome = {"outcome": "not_applied"} if writes else {}
        assert answer.status_code == 403
        assert settled(answer) == failure("mt4_not_enough_rights", words, mt4=SEVEN, **outcome)
        assert await shared.everything() == before


@pytest.mark.parametrize(("method", "path", "body", "rights"), NEEDS)
async def test_the_named_rights_are_enough(
    shared: Any, method: str, path: str, body: Any, rights: tuple[str, ...]
) -> None:
    await shared.log_in(*rights)
    answer = await shared.send(route(method, path, body))
    assert answer.is_success, answer.text


@pytest.mark.parametrize(("method", "path", "rights"), EITHER)
async def test_either_of_two_rights_shows_margins(
    shared: Any, settled: Any, failure: Any, method: str, path: str, rights: tuple[str, ...]
) -> None:
    for right in rights:
        await shared.log_in(right)
        assert (await shared.send(route(method, path, None))).status_code == 200
    await shared.log_in("money")
    answer = await shared.send(route(method, path, None))
    words = "The manager 225 lacks the right 'riskman' or 'see_trades' on the MT4 server"
    assert (answer.status_code, settled(answer)) == (403, failure("mt4_not_enough_rights", words, mt4=SEVEN))


@pytest.mark.parametrize("path", ["/api/groups/", "/api/symbols/", "/api/symbols/EURUSD/price", "/api/server/config"])
async def test_groups_symbols_prices_and_configuration_need_no_right(shared: Any, path: str) -> None:
    await shared.log_in("news")
    assert (await shared.client.get(path)).status_code == 200


async def test_without_user_details_the_private_members_come_back_empty(shared: Any, settled: Any) -> None:
    private = ("name", "email", "phone", "country", "city", "state", "zipcode", "address", "id", "last_ip")
    user = (await shared.users())[0]
    await shared.log_in("manager")
    answer = await shared.client.get(f"/api/users/{user['login']}")
    assert (answer.status_code, settled(answer)) == (
        200,
        {"status": "ok", "user": user | dict.fromkeys(private, "")},
    )


async def test_accounts_of_other_managers_groups_are_not_there(shared: Any) -> None:
    users = await shared.users()
    ours, theirs = users[0], next(user for user in users if user["group"] != users[0]["group"])
    await shared.log_in(*shared.desk.manager.rights, groups=ours["group"])

    listed = (await shared.client.get("/api/users/")).json()["users"]
    assert {user["group"] for user in listed} == {ours["group"]}
    for path in ("/api/users/{}", "/api/accounts/{}/margin", "/api/trades/open/{}"):
        answer = await shared.client.get(path.format(theirs["login"]))
        assert (answer.status_code, answer.json()["code"]) == (404, "account_not_found")
    before = await shared.everything()
    for kind in ("deposit", "withdraw", "credit"):
        answer = await shared.client.post(f"/api/accounts/{theirs['login']}/{kind}", json={"amount": 1})
        assert (answer.status_code, answer.json()["code"]) == (404, "account_not_found")
    assert await shared.everything() == before
    answer = await shared.client.get(f"/api/groups/{theirs['group']}")
    assert (answer.status_code, answer.json()["code"]) == (404, "group_not_found")
