"""What the endpoints that change something do over each stack: their whole answers, and what the driver then sees."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")
SECRET = "long enough for a test"
WRITTEN_BY_MT4 = ("timestamp", "regdate", "lastdate", "last_ip")
MONEY = [
    ("deposit", 6, 1, "Deposit completed"),
    ("withdraw", 6, -1, "Withdrawal completed"),
    ("credit", 7, 1, "Credit added"),
]


def but(record: dict[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key not in names}


async def test_2_a_login_gives_a_token_that_opens_what_its_scopes_say(stacked: Any) -> None:
    await stacked.service.auth.users.add("crm", SECRET, ["market:read"])
    client = stacked.stranger()

    answer = await client.post("/api/auth/login", data={"username": "crm", "password": SECRET})

    body = answer.json()
    assert (answer.status_code, sorted(body)) == (200, ["access_token", "expires_in", "token_type"])
    client.headers["Authorization"] = f"Bearer {body['access_token']}"
    assert (await client.get("/api/groups/")).json()["total"] == len(await stacked.desk.groups())
    assert (await client.get("/api/users/")).status_code == 403


async def test_4_and_5_a_link_is_closed_and_opened_on_request(stacked: Any) -> None:
    async def connected() -> tuple[bool, bool]:
        body = (await stacked.client.get("/api/test/status")).json()
        return body["connected"], body["pumping"]

    down = await stacked.client.post("/api/test/disconnect")
    assert (down.status_code, down.json()) == (200, {"status": "ok", "message": "Disconnected"})
    assert await connected() == (False, False)

    up = await stacked.client.post("/api/test/connect", json=stacked.target)
    assert (up.status_code, up.json()) == (200, {"status": "ok", "message": "Connected and logged in successfully"})
    assert await connected() == (True, True)
    assert (await stacked.client.get("/api/users/")).json()["total"] == len(await stacked.desk.users())


async def test_11_an_account_is_opened_as_it_was_asked_for(stacked: Any) -> None:
    given = {
        "group": stacked.stack.group,
        "name": "Jürgen Größe",
        "email": "j@example.com",
        "city": "Köln",
        "id": "C-7",
    }
    given |= {"leverage": 250, "comment": "née €", "enable_read_only": 1, "agent_account": 5, "mqid": 2**32 - 1}

    answer = await stacked.client.post("/api/users/", json=given | {"password": "Secret1"})

    login = answer.json()["login"]
    user = await stacked.user(login)
    assert (answer.status_code, answer.json()) == (
        201,
        {"status": "ok", "message": "User created", "login": login, "user": user},
    )
    assert user | given | {"balance": 0.0, "credit": 0.0} == user
    assert login in [each.login for each in await stacked.desk.users()]
    await stacked.desk.user_password_check(login, "Secret1")


async def test_12_an_update_changes_what_it_names_and_nothing_else(stacked: Any) -> None:
    login = await stacked.opened(50.0)
    before = await stacked.user(login)
    change = {"comment": "VIP ß", "leverage": 33, "enable_read_only": 1, "zipcode": "50667"}

    answer = await stacked.client.put(f"/api/users/{login}", json=change)

    body, after = answer.json(), await stacked.user(login)
    assert sorted(body.pop("updated")) == sorted(change)
    assert (answer.status_code, body) == (200, {"status": "ok", "message": "User updated", "user": after})
    assert but(after, *WRITTEN_BY_MT4) == but(before, *WRITTEN_BY_MT4) | change


@pytest.mark.parametrize("investor", [False, True])
async def test_13_a_password_is_set_and_is_the_right_one_from_then_on(stacked: Any, *, investor: bool) -> None:
    login = await stacked.opened()
    body = {"password": "Other2", "change_investor": investor}

    answer = await stacked.client.put(f"/api/users/{login}/password", json=body)

    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ok", "message": "Password changed", "login": login, "change_investor": investor},
    )
    for password, valid in (("Secret1", investor), ("Other2", not investor)):
        check = await stacked.client.post(f"/api/users/{login}/password/check", json={"password": password})
        assert (check.status_code, check.json()) == (200, {"status": "ok", "valid": valid})


@pytest.mark.parametrize(("kind", "cmd", "sign", "message"), MONEY, ids=[each[0] for each in MONEY])
@pytest.mark.parametrize("amount", ["0.01", "12.30", "7", "999.99"])
async def test_14_to_16_money_moves_by_exactly_the_amount_and_leaves_one_row_with_its_comment(
    stacked: Any, settled: Any, kind: str, cmd: int, sign: int, message: str, amount: str
) -> None:
    login = await stacked.opened(1234.56)
    before, rows = await stacked.user(login), await stacked.history(login)
    comment = "Überweisung €99 ÄÖÜ 12345678901"
    assert len(comment.encode("cp1252")) == 31

    answer = await stacked.client.post(f"/api/accounts/{login}/{kind}", json={"amount": amount, "comment": comment})

    assert answer.status_code == 200, answer.text
    body, after = settled(answer), await stacked.user(login)
    row = (await stacked.history(login))[-1]
    moved = "credit" if kind == "credit" else "balance"
    assert Decimal(repr(after[moved])) == Decimal(repr(before[moved])) + sign * Decimal(amount)
    assert but(after, moved, *WRITTEN_BY_MT4) == but(before, moved, *WRITTEN_BY_MT4)
    ends = {"expiration": row["expiration"]} if kind == "credit" else {}
    said = {"login": login, "order": row["order"], "amount": float(amount), "comment": comment}
    now = {"balance": after["balance"], "credit": after["credit"]}
    assert body == {"status": "ok", "message": message, **said, **now, **ends}
    assert await stacked.history(login) == [*rows, row]
    told = (row["login"], row["cmd"], row["profit"], row["comment"])
    assert told == (login, cmd, sign * float(amount), comment)


async def test_16_credit_has_an_end_a_year_ahead_and_is_taken_back_by_a_negative_amount(stacked: Any) -> None:
    login, path = await stacked.opened(10.0), "/api/accounts/{}/credit"
    earliest = await stacked.desk.server_time()
    given = await stacked.client.post(path.format(login), json={"amount": 50})
    latest = await stacked.desk.server_time()
    ends = given.json()["expiration"]
    assert ends in {(now + 365 * 86400) // 3600 * 3600 for now in (earliest, latest)}
    assert (await stacked.history(login))[-1]["expiration"] == ends

    taken = await stacked.client.post(path.format(login), json={"amount": "-20.50"})

    user = await stacked.user(login)
    assert (taken.status_code, taken.json()["message"], taken.json()["amount"]) == (200, "Credit removed", -20.5)
    assert (user["balance"], user["credit"], taken.json()["credit"]) == (10.0, 29.5, 29.5)


async def test_16_no_more_credit_is_taken_back_than_there_is(stacked: Any, settled: Any, failure: Any) -> None:
    login = await stacked.opened(10.0)
    assert (await stacked.client.post(f"/api/accounts/{login}/credit", json={"amount": 5})).status_code == 200
    before, rows = await stacked.user(login), await stacked.history(login)

    answer = await stacked.client.post(f"/api/accounts/{login}/credit", json={"amount": "-5.01"})

    words = "Removal of credit of 5.01 exceeds available 5.00"
    more = {"outcome": "not_applied", "available": 5.0}
    assert (answer.status_code, settled(answer)) == (409, failure("not_enough_money", words, **more))
    assert (await stacked.user(login), await stacked.history(login)) == (before, rows)


async def test_15_a_withdrawal_takes_all_that_there_is_and_no_cent_more(
    stacked: Any, settled: Any, failure: Any
) -> None:
    login = await stacked.opened(100.25)
    path, before, rows = f"/api/accounts/{login}/withdraw", await stacked.user(login), await stacked.history(login)

    above = await stacked.client.post(path, json={"amount": "100.26"})

    words = "Withdrawal of 100.26 exceeds available 100.25"
    more = {"outcome": "not_applied", "available": 100.25}
    assert (above.status_code, settled(above)) == (409, failure("not_enough_money", words, **more))
    assert (await stacked.user(login), await stacked.history(login)) == (before, rows)
    assert (await stacked.client.post(path, json={"amount": "100.25"})).json()["balance"] == 0.0
    over = await stacked.client.post(path, json={"amount": 1, "check_free_margin": False})
    assert (over.status_code, over.json()["balance"]) == (200, (await stacked.user(login))["balance"])


async def test_15_what_backs_an_open_position_is_not_paid_out(stacked: Any, settled: Any) -> None:
    login = await stacked.opened(10_000.0)
    await stacked.bought(login)
    margin = await stacked.desk.margin_level(login)
    assert margin.margin > 10

    answer = await stacked.client.post(f"/api/accounts/{login}/withdraw", json={"amount": 9_999})

    assert (answer.status_code, answer.json()["code"]) == (409, "not_enough_money")
    assert settled(answer)["available"] == pytest.approx(margin.margin_free, abs=margin.margin / 2)
    assert (await stacked.user(login))["balance"] == 10_000.0


async def test_14_and_15_money_moved_at_once_is_booked_once_each(stacked: Any) -> None:
    login = await stacked.opened(1000.0)
    rows = await stacked.history(login)
    kinds = [("deposit", "10.07"), ("withdraw", "3.02")] * 15

    answers = await asyncio.gather(
        *(stacked.client.post(f"/api/accounts/{login}/{kind}", json={"amount": amount}) for kind, amount in kinds)
    )

    assert [answer.status_code for answer in answers] == [200] * 30
    new = (await stacked.history(login))[len(rows) :]
    booked = {
        answer.json()["order"]: sign * answer.json()["amount"]
        for answer, sign in zip(answers, [1, -1] * 15, strict=True)
    }
    assert {row["order"]: row["profit"] for row in new} == booked
    assert len(booked) == len(new) == 30
    assert (await stacked.user(login))["balance"] == 1105.75


@pytest.mark.parametrize("kind", ["deposit", "withdraw", "credit"])
async def test_14_to_16_more_than_the_limit_is_refused(stacked: Any, settled: Any, invalid: Any, kind: str) -> None:
    login = await stacked.opened(10.0)
    before, rows = await stacked.user(login), await stacked.history(login)

    answer = await stacked.client.post(f"/api/accounts/{login}/{kind}", json={"amount": "10000000.01"})

    expected = invalid(["body", "amount"], "must be at most 10000000", outcome="not_applied")
    assert (answer.status_code, settled(answer)) == (422, expected)
    assert (await stacked.user(login), await stacked.history(login)) == (before, rows)


@pytest.mark.parametrize("which", ["order", "closed"])
async def test_30_an_edit_changes_what_it_names_and_shows_what_was_there(stacked: Any, which: str) -> None:
    order = (await stacked.fresh())[which]
    moving = ("close_price", "profit", "storage", "timestamp") if which == "order" else ("timestamp",)
    before = await stacked.trade(order)
    balance = (await stacked.user(before["login"]))["balance"]
    change = {"comment": "corrected ü", "magic": -7, "commission": -1.25, "taxes": 0.5}

    answer = await stacked.client.put(f"/api/admin/trades/{order}/modify", json=change)

    body, after = answer.json(), await stacked.trade(order)
    assert answer.status_code == 200, answer.text
    assert sorted(body.pop("updated")) == sorted(change)
    assert but(body.pop("trade"), *moving) == but(after, *moving)
    previous = {name: before[name] for name in change}
    assert body == {"status": "ok", "message": "Trade modified", "previous": previous}
    assert but(after, *moving) == but(before, *moving) | change
    assert (await stacked.user(before["login"]))["balance"] == balance


async def test_31_deleted_trades_are_gone_and_missing_ones_named(stacked: Any) -> None:
    login = await stacked.opened(10_000.0)
    closed, opened, kept = [await stacked.bought(login) for _ in range(3)]
    await stacked.sold(closed)

    answer = await stacked.client.post("/api/admin/trades/delete", json={"orders": [closed, 2**31 - 1, opened]})

    said = {"deleted": [closed, opened], "not_found": [2**31 - 1], "total": 2}
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "message": "2 trades deleted", **said})
    assert [trade.order for trade in await stacked.desk.trade_records([closed, opened, kept])] == [kept]


async def test_32_a_mail_is_taken_for_each_login(stacked: Any) -> None:
    mail = {"logins": [await stacked.opened(), await stacked.opened()], "subject": "Grüße", "body": "<p>Größe €</p>"}

    answer = await stacked.client.post("/api/admin/mail", json=mail)

    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "message": "Mail sent", "recipients": 2})


@pytest.mark.parametrize(
    ("command", "argument", "became"),
    [
        ("disable", {}, {"enable": 0}),
        ("enable", {}, {"enable": 1}),
        ("leverage", {"leverage": 25}, {"leverage": 25}),
        ("set_group", {}, {}),
        ("delete", {}, None),
    ],
)
async def test_33_a_batch_says_what_became_of_each_account(
    stacked: Any, command: str, argument: dict[str, Any], became: dict[str, Any] | None
) -> None:
    logins = [await stacked.opened(), await stacked.opened()]
    other = next(each.group for each in await stacked.desk.groups() if each.group != stacked.stack.group)
    before = [await stacked.user(login) for login in logins]
    if command == "set_group":
        argument = became = {"group": other}
    body = {"command": command, "logins": [*logins, 2**31 - 2], **argument}

    answer = await stacked.client.post("/api/admin/users/group-op", json=body)

    said = {"command": command, "affected": logins, "not_found": [2**31 - 2], "failed": [], "total": 2}
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "message": "2 of 3 users updated", **said})
    after = [but(each, *WRITTEN_BY_MT4) for each in await stacked.users(logins)]
    assert after == ([] if became is None else [but(each, *WRITTEN_BY_MT4) | became for each in before])
