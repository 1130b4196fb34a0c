"""Open trades and history: every answer of endpoints 19 to 21, whole."""

from typing import Any

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")
DAY = 86400


async def test_open_trades_are_positions_and_pending_orders_of_all_accounts(shared: Any) -> None:
    trades = await shared.open_trades()
    assert {trade["cmd"] < 2 for trade in trades} == {True, False}
    answer = await shared.client.get("/api/trades/open")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "trades": trades, "total": len(trades)})


async def test_open_trades_of_one_account_are_its_own(shared: Any) -> None:
    trades = await shared.open_trades()
    for user in await shared.users():
        own = [trade for trade in trades if trade["login"] == user["login"]]
        answer = await shared.client.get(f"/api/trades/open/{user['login']}")
        assert (answer.status_code, answer.json()) == (
            200,
            {"status": "ok", "login": user["login"], "trades": own, "total": len(own)},
        )


@pytest.mark.parametrize("body", [{}, {"json": {}}, {"json": None}, {"content": b""}])
async def test_history_without_a_range_is_all_that_was_ever_closed(shared: Any, body: Any) -> None:
    login = (await shared.names())["login"]
    rows, now = await shared.history(login), await shared.desk.server_time()
    assert {row["cmd"] >= 6 for row in rows} == {True, False}
    answer = await shared.client.post(f"/api/trades/history/{login}", **body)
    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ok", "login": login, "from": 0, "to": now + DAY, "trades": rows, "total": len(rows)},
    )


async def test_an_account_without_a_past_has_an_empty_history(shared: Any) -> None:
    body = {"group": (await shared.names())["group"], "name": "Jane Roe", "password": "Secret1"}
    login = (await shared.client.post("/api/users/", json=body)).json()["login"]
    answer = await shared.client.post(f"/api/trades/history/{login}", json={"from": 5, "to": 5})
    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ok", "login": login, "from": 5, "to": 5, "trades": [], "total": 0},
    )


async def test_the_range_is_of_close_times_with_both_ends_inside(shared: Any) -> None:
    login = (await shared.names())["login"]
    rows = await shared.history(login)
    since, until = rows[3]["close_time"], rows[-3]["close_time"]
    inside = [row for row in rows if since <= row["close_time"] <= until]
    assert 0 < len(inside) < len(rows)

    answer = await shared.client.post(f"/api/trades/history/{login}", json={"from": since, "to": until})

    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ok", "login": login, "from": since, "to": until, "trades": inside, "total": len(inside)},
    )


async def test_dates_are_whole_days_of_the_server_through_their_last_second(shared: Any) -> None:
    login, now = (await shared.names())["login"], await shared.desk.server_time()
    deposited = await shared.client.post(f"/api/accounts/{login}/deposit", json={"amount": 1})
    day = {"from_date": "2026-03-04", "to_date": "2026-03-04"}
    start = now // DAY * DAY

    answer = await shared.client.post(f"/api/trades/history/{login}", json=day)

    assert (answer.json()["from"], answer.json()["to"]) == (start, start + DAY - 1)
    assert answer.json()["trades"][-1]["order"] == deposited.json()["order"]
    assert {row["close_time"] // DAY for row in answer.json()["trades"]} == {start // DAY}
    mixed = await shared.client.post(f"/api/trades/history/{login}", json={"from_date": "2026-03-04", "to": now})
    assert mixed.json()["trades"][-1]["order"] == deposited.json()["order"]


@pytest.mark.parametrize(
    ("types", "kinds"), [("all", {0, 1, 2, 3, 4, 5, 6, 7}), ("trades", {0, 1, 2, 3, 4, 5}), ("balance", {6, 7})]
)
async def test_types_tells_trades_from_money(shared: Any, types: str, kinds: set[int]) -> None:
    login = (await shared.names())["login"]
    wanted = [row for row in await shared.history(login) if row["cmd"] in kinds]
    answer = await shared.client.post(f"/api/trades/history/{login}", json={"types": types})
    assert wanted
    assert (answer.json()["trades"], answer.json()["total"]) == (wanted, len(wanted))


async def test_a_symbol_is_taken_exactly(shared: Any) -> None:
    login = (await shared.names())["login"]
    rows = await shared.history(login)
    symbol = next(row["symbol"] for row in rows if row["symbol"])
    wanted = [row for row in rows if row["symbol"] == symbol]
    answer = await shared.client.post(f"/api/trades/history/{login}", json={"symbol": symbol})
    assert (answer.json()["trades"], answer.json()["total"]) == (wanted, len(wanted))
    other = await shared.client.post(f"/api/trades/history/{login}", json={"symbol": symbol.swapcase()})
    assert (other.json()["trades"], other.json()["total"]) == ([], 0)
