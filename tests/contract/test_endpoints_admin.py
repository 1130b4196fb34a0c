"""Repairs, mail, batches and configuration: every answer of endpoints 28 to 34, whole."""

from typing import Any

import msgspec
import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")


def by_order(trades: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    return {trade["order"]: trade for trade in trades}


async def test_lookup_finds_open_and_closed_in_the_order_asked_and_names_what_is_missing(shared: Any) -> None:
    names = await shared.names()
    opened, closed = await shared.open_trades(), await shared.history(names["login"])
    wanted = [closed[-1], opened[0], closed[0]]
    orders = [2147483647, *(trade["order"] for trade in wanted), 1]

    answer = await shared.client.post("/api/admin/trades/lookup", json={"orders": orders})

    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ok", "trades": wanted, "total": 3, "not_found": [2147483647, 1]},
    )
    nothing = await shared.client.post("/api/admin/trades/lookup", json={"orders": [1]})
    assert (nothing.status_code, nothing.json()) == (
        200,
        {"status": "ok", "trades": [], "total": 0, "not_found": [1]},
    )


@pytest.mark.parametrize("open_only", [True, False])
async def test_trades_by_group_takes_masks_and_logins(shared: Any, *, open_only: bool) -> None:
    users, opened = await shared.users(), await shared.open_trades()
    login, mask = (await shared.names())["login"], users[0]["group"]
    for group, logins in (
        ("*", {user["login"] for user in users}),
        (mask, {user["login"] for user in users if user["group"] == mask}),
        (f"*,!{mask}", {user["login"] for user in users if user["group"] != mask}),
        (str(login), {login}),
        ("nothing*", set[int]()),
    ):
        trades = [trade for trade in opened if trade["login"] in logins]
        if not open_only:
            trades += [row for each in logins for row in await shared.history(each)]
        trades.sort(key=lambda trade: trade["order"])

        body = {"group": group} if open_only else {"group": group, "open_only": False}
        answer = await shared.client.post("/api/admin/trades/by-group", json=body)

        expected = {"status": "ok", "group": group, "open_only": open_only, "trades": trades, "total": len(trades)}
        assert (answer.status_code, answer.json()) == (200, expected)


@pytest.mark.parametrize("which", ["order", "closed"])
async def test_an_edit_changes_what_it_names_and_shows_what_was_there(shared: Any, which: str) -> None:
    order = (await shared.names())[which]
    found = (await shared.client.post("/api/admin/trades/lookup", json={"orders": [order]})).json()["trades"][0]
    change = {"comment": "corrected", "magic": -7, "commission": -1.25, "taxes": 0.5, "expiration": 2147483647}

    answer = await shared.client.put(f"/api/admin/trades/{order}/modify", json=change)

    after = found | change | {"timestamp": await shared.desk.server_time()}
    assert answer.status_code == 200
    body = answer.json()
    assert sorted(body.pop("updated")) == sorted(change)
    previous = {name: found[name] for name in change}
    assert body == {"status": "ok", "message": "Trade modified", "trade": after, "previous": previous}
    again = await shared.client.post("/api/admin/trades/lookup", json={"orders": [order]})
    assert again.json()["trades"] == [after]


async def test_every_documented_member_of_a_trade_can_be_edited(shared: Any) -> None:
    order = (await shared.names())["closed"]
    change = {
        "sl": 1.1,
        "tp": 1.2,
        "open_price": 1.05,
        "close_price": 1.15,
        "open_time": 1772000000,
        "close_time": 1772000060,
        "expiration": 0,
        "commission": 1.0,
        "commission_agent": 2.0,
        "storage": 3.0,
        "profit": -4.0,
        "taxes": 5.0,
        "magic": 6,
        "comment": "",
    }
    answer = await shared.client.put(f"/api/admin/trades/{order}/modify", json=change)
    assert (answer.status_code, answer.json()["trade"] | change) == (200, answer.json()["trade"])


async def test_deleted_trades_are_gone_and_missing_ones_named(shared: Any) -> None:
    names, held = await shared.names(), await shared.everything()
    orders = [names["order"], 1, names["closed"]]

    answer = await shared.client.post("/api/admin/trades/delete", json={"orders": orders})

    assert (answer.status_code, answer.json()) == (
        200,
        {
            "status": "ok",
            "message": "2 trades deleted",
            "deleted": [names["order"], names["closed"]],
            "not_found": [1],
            "total": 2,
        },
    )
    after = await shared.everything()
    gone = {order: by_order(held["trades"])[order] for order in (names["order"], names["closed"])}
    assert by_order(after["trades"]) | gone == by_order(held["trades"])
    assert after["users"] == held["users"]
    single = {"orders": [(await shared.names())["closed"]]}
    assert (await shared.client.post("/api/admin/trades/delete", json=single)).json()["message"] == "1 trade deleted"


@pytest.mark.parametrize(("given", "sender"), [({}, "Support"), ({"from": "Büro"}, "Büro")])
async def test_a_mail_reaches_each_login_once(shared: Any, given: dict[str, str], sender: str) -> None:
    names = await shared.names()
    logins, body = [names["login"], names["other"]], "<p>Größe\tund</p>\r\nZeilen"
    mail = {"logins": logins, "subject": "Wartung", "body": body, **given}

    answer = await shared.client.post("/api/admin/mail", json=mail)

    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "message": "Mail sent", "recipients": 2})
    assert shared.last_mail() == (sender, "Wartung", body, f"[{logins[0]}, {logins[1]}]")


@pytest.mark.parametrize(
    ("command", "argument", "became"),
    [
        ("disable", {}, {"enable": 0}),
        ("enable", {}, {"enable": 1}),
        ("leverage", {"leverage": 5000}, {"leverage": 5000}),
        ("set_group", {"group": "real-eur"}, {"group": "real-eur"}),
    ],
)
async def test_a_batch_says_what_became_of_each_account(
    shared: Any, command: str, argument: dict[str, Any], became: dict[str, Any]
) -> None:
    names = await shared.names()
    logins = [names["other"], names["nobody"], names["login"]]
    before = {user["login"]: user for user in await shared.users()}

    answer = await shared.client.post(
        "/api/admin/users/group-op", json={"command": command, "logins": logins, **argument}
    )

    affected = [names["other"], names["login"]]
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "status": "ok",
            "message": "2 of 3 users updated",
            "command": command,
            "affected": affected,
            "not_found": [names["nobody"]],
            "failed": [],
            "total": 2,
        },
    )
    stamp = {"timestamp": await shared.desk.server_time()}
    changed = {login: before[login] | became | stamp for login in affected}
    assert {user["login"]: user for user in await shared.users()} == before | changed


async def test_deleting_accounts_leaves_those_with_open_orders_and_says_so(shared: Any) -> None:
    names = await shared.names()
    body = {"group": names["group"], "name": "Jane Roe", "password": "Secret1"}
    flat = (await shared.client.post("/api/users/", json=body)).json()["login"]
    busy = next(trade["login"] for trade in await shared.open_trades())

    answer = await shared.client.post("/api/admin/users/group-op", json={"command": "delete", "logins": [flat, busy]})

    assert (answer.status_code, answer.json()) == (
        200,
        {
            "status": "ok",
            "message": "1 of 2 users updated",
            "command": "delete",
            "affected": [flat],
            "not_found": [],
            "failed": [busy],
            "total": 1,
        },
    )
    logins = {user["login"] for user in await shared.users()}
    assert (flat in logins, busy in logins) == (False, True)


async def test_the_configuration_comes_with_what_our_manager_may_do(shared: Any) -> None:
    common = msgspec.to_builtins(await shared.desk.common())
    rights = (
        "manager money online riskman broker admin logs reports trades market_watch email user_details see_trades "
        "news plugins server_reports techsupport market notifications"
    )
    manager = {"login": 224, "name": "Manager", "groups": "*", "rights": rights.split()}
    answer = await shared.client.get("/api/server/config")
    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ok", "config": common, "manager": manager, "utc_offset_seconds": 7200},
    )
