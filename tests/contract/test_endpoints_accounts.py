"""Money and margin: every answer of endpoints 14 to 18, whole, and the row that MT4 then holds."""

from typing import Any

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")
KINDS = [
    ("deposit", "Deposit completed", "Deposit", 6, 1),
    ("withdraw", "Withdrawal completed", "Withdrawal", 6, -1),
]
AMOUNTS = [(500, 500.0), (0.01, 0.01), ("12.30", 12.3), ("7", 7.0), (1e2, 100.0), (3.10, 3.1), ("0001.50", 1.5)]


def row(order: int, login: int, cmd: int, amount: float, comment: str, now: int, expiration: int = 0) -> dict[str, Any]:
    return {
        "order": order,
        "login": login,
        "cmd": cmd,
        "cmd_str": {6: "balance", 7: "credit"}[cmd],
        "symbol": "",
        "digits": 0,
        "volume": 1,
        "lots": 0.01,
        "open_time": now,
        "close_time": now,
        "open_price": 0.0,
        "close_price": 0.0,
        "sl": 0.0,
        "tp": 0.0,
        "state": 3,
        "reason": 0,
        "expiration": expiration,
        "commission": 0.0,
        "commission_agent": 0.0,
        "storage": 0.0,
        "taxes": 0.0,
        "profit": amount,
        "magic": 0,
        "comment": comment,
        "margin_rate": 0.0,
        "conv_rates": [0.0, 0.0],
        "activation": 0,
        "gw_order": 0,
        "gw_volume": 0,
        "timestamp": now,
    }


@pytest.mark.parametrize(("kind", "message", "default", "cmd", "sign"), KINDS, ids=[kind[0] for kind in KINDS])
@pytest.mark.parametrize(("amount", "number"), AMOUNTS, ids=[repr(amount) for amount, _ in AMOUNTS])
async def test_money_moves_by_exactly_the_amount_and_leaves_one_row(
    shared: Any, settled: Any, kind: str, message: str, default: str, cmd: int, sign: int, amount: Any, number: float
) -> None:
    login = (await shared.names())["login"]
    before, rows = await shared.user(login), await shared.history(login)

    answer = await shared.client.post(f"/api/accounts/{login}/{kind}", json={"amount": amount})

    after, common = await shared.user(login), await shared.desk.common()
    assert (answer.status_code, settled(answer)) == (
        200,
        {
            "status": "ok",
            "message": message,
            "login": login,
            "order": common.lastorder,
            "amount": number,
            "balance": after["balance"],
            "credit": after["credit"],
            "comment": default,
        },
    )
    assert after["balance"] == round(before["balance"] + sign * number, 2)
    now = await shared.desk.server_time()
    assert await shared.history(login) == [*rows, row(common.lastorder, login, cmd, sign * number, default, now)]


async def test_a_comment_may_use_all_31_bytes_of_the_code_page(shared: Any, settled: Any) -> None:
    login, comment = (await shared.names())["login"], "Überweisung 1234567890 ÄÖÜ €99 "[:31]
    assert len(comment.encode("cp1252")) == 31

    answer = await shared.client.post(
        f"/api/accounts/{login}/deposit", json={"amount": 1, "comment": comment, "payment_method": "wire"}
    )

    assert (answer.status_code, settled(answer)["comment"]) == (200, comment)
    assert (await shared.history(login))[-1]["comment"] == comment


async def test_credit_comes_with_an_expiration_a_year_ahead_and_goes_by_a_negative_amount(
    shared: Any, settled: Any
) -> None:
    login, now = (await shared.names())["other"], await shared.desk.server_time()
    before = await shared.user(login)
    given = await shared.client.post(f"/api/accounts/{login}/credit", json={"amount": 50, "comment": "Bonus"})
    expiration = (now + 365 * 86400) // 3600 * 3600
    order = (await shared.desk.common()).lastorder
    common = {"login": login, "balance": before["balance"]}
    assert (given.status_code, settled(given)) == (
        200,
        {
            "status": "ok",
            "message": "Credit added",
            "order": order,
            "amount": 50.0,
            **common,
            "credit": before["credit"] + 50,
            "expiration": expiration,
            "comment": "Bonus",
        },
    )
    taken = await shared.client.post(f"/api/accounts/{login}/credit", json={"amount": "-20.5"})
    assert (taken.status_code, settled(taken)) == (
        200,
        {
            "status": "ok",
            "message": "Credit removed",
            "order": order + 1,
            "amount": -20.5,
            **common,
            "credit": before["credit"] + 29.5,
            "expiration": 0,
            "comment": "Credit",
        },
    )
    assert (await shared.history(login))[-2:] == [
        row(order, login, 7, 50.0, "Bonus", now, expiration),
        row(order + 1, login, 7, -20.5, "Credit", now),
    ]
    assert await shared.user(login) == before | {"credit": before["credit"] + 29.5, "timestamp": now}


@pytest.mark.parametrize(
    ("given", "ends"),
    [
        ({"expiration": 1804435200}, 1804435200),
        ({"expiration_date": "2026-12-31"}, 1798761600),
        ({"expiration_date": "2026-03-04"}, 1772668800),
    ],
)
async def test_credit_ends_at_the_given_hour_or_with_the_given_day(shared: Any, given: Any, ends: int) -> None:
    login = (await shared.names())["other"]
    answer = await shared.client.post(f"/api/accounts/{login}/credit", json={"amount": 1, **given})
    assert (answer.status_code, answer.json()["expiration"]) == (200, ends)
    assert (await shared.history(login))[-1]["expiration"] == ends


async def test_a_withdrawal_may_take_exactly_what_is_free_and_no_cent_more(
    shared: Any, settled: Any, failure: Any
) -> None:
    login = (await shared.names())["login"]
    user, margin = await shared.user(login), await shared.desk.margin_level(login)
    free = round(min(user["balance"], margin.margin_free - user["credit"]), 2)
    path, before = f"/api/accounts/{login}/withdraw", await shared.everything()

    above = await shared.client.post(path, json={"amount": f"{free + 0.01:.2f}"})

    words = f"Withdrawal of {free + 0.01:.2f} exceeds available {free:.2f}"
    assert (above.status_code, settled(above)) == (
        409,
        failure("not_enough_money", words, outcome="not_applied", available=free),
    )
    assert await shared.everything() == before
    assert (await shared.client.post(path, json={"amount": f"{free:.2f}"})).status_code == 200
    over = await shared.client.post(path, json={"amount": 1, "check_free_margin": False})
    assert (over.status_code, over.json()["balance"]) == (200, round(user["balance"] - free - 1, 2))


async def test_no_more_credit_can_be_removed_than_there_is(shared: Any, settled: Any, failure: Any) -> None:
    login = (await shared.names())["other"]
    held = (await shared.user(login))["credit"]
    before = await shared.everything()

    answer = await shared.client.post(f"/api/accounts/{login}/credit", json={"amount": -held - 1})

    words = f"Removal of credit of {held + 1:.2f} exceeds available {held:.2f}"
    assert (answer.status_code, settled(answer)) == (
        409,
        failure("not_enough_money", words, outcome="not_applied", available=held),
    )
    assert await shared.everything() == before


async def test_margins_are_those_of_mt4_for_one_and_for_all(shared: Any) -> None:
    margins = [
        {name: getattr(margin, name) for name in margin.__struct_fields__} for margin in await shared.desk.margins()
    ]
    users = {user["login"]: user for user in await shared.users()}
    assert [margin["login"] for margin in margins] == list(users)
    assert any(margin["volume"] for margin in margins)
    for margin in margins:
        one = await shared.client.get(f"/api/accounts/{margin['login']}/margin")
        assert (one.status_code, one.json()) == (200, {"status": "ok", "margin": margin})
        held = users[margin["login"]]
        assert margin["balance"] == round(held["balance"] + held["credit"], 2)

    every = await shared.client.get("/api/accounts/margins")
    now = await shared.desk.server_time()
    assert (every.status_code, every.json()) == (
        200,
        {"status": "ok", "margins": margins, "total": len(margins), "as_of": now},
    )


async def test_margins_without_a_pump_are_not_ready(shared: Any, settled: Any, failure: Any) -> None:
    shared.suffer({"call": "ping", "kind": "pump_gap", "seconds": 3600})
    assert (await shared.client.get("/api/test/ping")).status_code == 200
    margins = await shared.client.get("/api/accounts/margins")
    price = await shared.client.get("/api/symbols/EURUSD/price")
    shared.suffer()
    await shared.log_in()

    assert (margins.status_code, settled(margins)) == (
        503,
        failure("pump_not_ready", "The margin table is not loaded yet", retryable=True),
    )
    assert (price.status_code, settled(price)) == (
        503,
        failure("pump_not_ready", "Prices are not loaded yet", retryable=True),
    )
