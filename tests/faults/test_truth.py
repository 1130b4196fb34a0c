"""Under every fault that the line can have, what callers are told agrees with what the trade server booked."""

import asyncio
import random
from collections import Counter
from typing import Any

import pytest

from kernel.drivers.simulator.faults import Fault, Plan
from kernel.testing import Bench, bench

PACE = {
    "mt4.simulator.accounts": 3,
    "mt4.reconnect_first_seconds": 0.005,
    "mt4.reconnect_most_seconds": 0.02,
    "mt4.ping_seconds": 0.05,
    "mt4.canary_seconds": 0.05,
    "mt4.trade_seconds": 0.1,
    "mt4.read_seconds": 0.3,
}
TROUBLE = (
    Fault(call="trade_transaction", kind="lost_after", probability=0.06),
    Fault(call="trade_transaction", kind="lost_before", probability=0.06),
    Fault(call="trade_transaction", kind="drop", probability=0.05),
    Fault(call="trade_transaction", kind="hang", probability=0.02),
    Fault(call="trade_transaction", kind="refuse", retcode=134, probability=0.05),
    Fault(call="trade_transaction", kind="refuse", retcode=128, probability=0.05),
    Fault(call="trade_transaction", kind="latency", seconds=0.15, probability=0.02),
    Fault(call="user_records", kind="empty", probability=0.03),
    Fault(call="user_records", kind="lost_before", probability=0.03),
    Fault(call="margin_level", kind="refuse", retcode=2, probability=0.05),
    Fault(call="ping", kind="lost_before", probability=0.05),
)


def booked(kernel: Bench, login: int) -> Counter[str]:
    """Count the comments of an account's money rows, as the server holds them."""
    rows = kernel.server.state.storage.history(login, 0, 2**31 - 1)
    return Counter(row.comment for row in rows if row.comment.startswith("t"))


async def connected(kernel: Bench) -> None:
    async with asyncio.timeout(5):
        while not kernel.service.connection.status().connected:  # noqa: ASYNC110 - the link sets no event of ours
            await asyncio.sleep(0.002)


@pytest.mark.parametrize("seed", range(3))
async def test_no_answer_about_money_is_ever_wrong(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - repeatable, not secret
    told: dict[str, tuple[int, dict[str, Any]]] = {}
    async with bench(PACE) as kernel:

        async def move(number: int) -> None:
            login, way = 1001 + number % 3, dice.choice(("deposit", "withdraw", "deposit"))
            comment = f"t{number}"
            answer = await kernel.client.post(
                f"/api/accounts/{login}/{way}", json={"amount": "1.01", "comment": comment}
            )
            told[comment] = (login, {"status_code": answer.status_code, **answer.json()})

        kernel.driver._trouble.plan = Plan(TROUBLE, seed)
        for start in range(0, 240, 8):
            await connected(kernel)
            await asyncio.gather(*(move(number) for number in range(start, start + 8)))
        kernel.driver._trouble.plan = Plan()
        await asyncio.sleep(0.2)  # what was late has come by now
        rows = {login: booked(kernel, login) for login in (1001, 1002, 1003)}

    outcomes: Counter[str] = Counter()
    for comment, (login, answer) in told.items():
        count = rows[login][comment]
        outcome = "done" if answer["status_code"] == 200 else answer["outcome"]
        outcomes[outcome] += 1
        assert count in {"done": (1,), "not_applied": (0,), "unknown": (0, 1)}[outcome], (comment, answer)
        assert (answer.get("code") == "outcome_unknown") is (outcome == "unknown"), answer
    assert min(outcomes[outcome] for outcome in ("done", "not_applied", "unknown")) > 5, outcomes


async def test_accounts_that_exist_are_never_404_and_lists_never_empty_while_sessions_go_blind() -> None:
    blind = tuple(
        Fault(call=call, kind="empty", probability=0.1)
        for call in ("user_records", "users", "groups", "trades", "symbols", "trade_records", "trades_history")
    )
    paths = ("/api/users/1001", "/api/users/", "/api/groups/", "/api/trades/open", "/api/symbols/",
             "/api/accounts/1001/margin")  # fmt: skip
    seen: Counter[int] = Counter()
    async with bench(PACE) as kernel:
        kernel.driver._trouble.plan = Plan(blind, seed=5)
        for _ in range(40):
            await connected(kernel)
            for answer in await asyncio.gather(*(kernel.client.get(path) for path in paths)):
                seen[answer.status_code] += 1
                body = answer.json()
                assert answer.status_code in {200, 503, 504}, body
                assert answer.status_code != 200 or body.get("total", 1) > 0, body
    assert min(seen[200], seen[503]) > 20, seen


async def test_of_twenty_withdrawals_at_once_over_http_one_passes() -> None:
    async with bench({"mt4.simulator.accounts": 3}) as kernel:
        balance = kernel.server.state.book.users[1001].balance
        margin = (await kernel.client.get("/api/accounts/1001/margin")).json()["margin"]
        part = round(min(balance, margin["margin_free"]) * 0.6, 2)
        answers = await asyncio.gather(
            *(
                kernel.client.post("/api/accounts/1001/withdraw", json={"amount": part, "comment": f"t{n}"})
                for n in range(20)
            )
        )

        assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 19}
        assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"not_enough_money"}
        assert booked(kernel, 1001).total() == 1


async def test_reads_are_served_over_http_while_a_deposit_hangs() -> None:
    async with bench({"mt4.simulator.accounts": 3, "mt4.trade_seconds": 1}) as kernel:
        kernel.driver._trouble.plan = Plan([Fault(call="trade_transaction", kind="hang")])
        deposit = asyncio.create_task(kernel.client.post("/api/accounts/1001/deposit", json={"amount": 1}))
        await asyncio.sleep(0.05)
        async with asyncio.timeout(0.7):
            for _ in range(10):
                assert (await kernel.client.get("/api/users/1001")).status_code == 200
        answer = await deposit

    assert (answer.status_code, answer.json()["outcome"]) == (504, "unknown")
