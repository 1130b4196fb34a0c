"""The installed plugin, found by its entry point, inside a kernel over the simulator."""

from typing import Any

import pytest

from kernel.testing import Bench, bench

LISTED = {"kernel.plugins": ("users", "accounts", "deposit_limit")}
LIMITED = {**LISTED, "plugins.deposit_limit.largest": 100}


async def account(kernel: Bench) -> dict[str, Any]:
    """The first account of the simulated broker, as it is now."""
    return (await kernel.client.get("/api/users/", params={"limit": 1})).json()["users"][0]


async def test_a_deposit_above_the_limit_never_reaches_the_server() -> None:
    async with bench(LIMITED) as kernel:
        before = await account(kernel)
        answer = await kernel.client.post(f"/api/accounts/{before['login']}/deposit", json={"amount": 100.01})
        after = await account(kernel)

    assert (answer.status_code, answer.json()["code"]) == (409, "operation_rejected")
    assert answer.json()["reason"] == "100.01 is above the limit of 100 for one deposit"
    assert after == before


async def test_a_deposit_at_the_limit_is_booked() -> None:
    async with bench(LIMITED) as kernel:
        before = await account(kernel)
        answer = await kernel.client.post(f"/api/accounts/{before['login']}/deposit", json={"amount": 100})
        after = await account(kernel)

    assert answer.status_code == 200
    assert after["balance"] == pytest.approx(before["balance"] + 100)


async def test_a_trusted_user_is_not_bound() -> None:
    async with bench({**LIMITED, "plugins.deposit_limit.trusted": ["bench money:deposit"]}) as kernel:
        client = await kernel.client_with("money:deposit")
        login = (await account(kernel))["login"]
        answer = await client.post(f"/api/accounts/{login}/deposit", json={"amount": 100.01})

    assert answer.status_code == 200


@pytest.mark.parametrize("largest", [None, 0, -1, "NaN", "a lot"])
async def test_a_limit_that_is_none_stops_the_start(largest: object) -> None:
    given = {} if largest is None else {"plugins.deposit_limit.largest": largest}

    with pytest.raises(Exception, match="largest"):
        async with bench({**LISTED, **given}):
            pass
