"""Writes over a live bridge: each id once, in time, in its own session, within the bridge's limits."""

import asyncio
import time
from typing import Any

import pytest

from kernel.drivers import Indeterminate, NotSent, Rejected
from kernel.drivers.wire.messages import Fenced
from kernel.records.trades import Transaction, TransactionType
from kernel.records.users import NewUser

REFUSED = '[[fault]]\ncall = "trade_transaction"\nkind = "refuse"\nretcode = {code}\n'
LOST = '[[fault]]\ncall = "trade_transaction"\nkind = "lost_after"\n'
SLOW = '[[fault]]\ncall = "trade_transaction"\nkind = "latency"\nseconds = 0.4\n'


async def account(session: Any) -> int:
    return await session.user_record_new(NewUser(group="demoforex", name="Ada", password="Abc12"))


def deposit(login: int, amount: float = 5.0) -> Transaction:
    return Transaction(type=TransactionType.BALANCE, cmd=6, orderby=login, price=amount)


async def balance(session: Any, login: int) -> float:
    (user,) = await session.user_records([login])
    return user.balance


async def test_an_id_is_carried_out_once_and_a_second_try_changes_nothing(bridged: Any) -> None:
    async with bridged() as running:
        driver = await running.client()
        session = await driver.open(running.target)
        login = await account(session)

        await session.fenced("op_1").trade_transaction(deposit(login))
        with pytest.raises(Indeterminate, match="before"):
            await session.fenced("op_1").trade_transaction(deposit(login))

        assert await balance(session, login) == 5.0
        assert await driver.fence("op_1") == Fenced(session.incarnation, "done", 0)


async def test_writes_without_an_id_of_their_own_get_one_each(bridged: Any) -> None:
    async with bridged() as running:
        session = await running.session()
        login = await account(session)

        await asyncio.gather(*(session.trade_transaction(deposit(login)) for _ in range(20)))

        assert await balance(session, login) == 100.0


async def test_fifty_tries_of_one_id_at_once_are_one_deposit(bridged: Any) -> None:
    async with bridged() as running:
        sessions = [await running.session() for _ in range(2)]
        login = await account(sessions[0])

        tries = (sessions[number % 2].fenced("op_1").trade_transaction(deposit(login)) for number in range(50))
        ends = await asyncio.gather(*tries, return_exceptions=True)

        assert sum(isinstance(end, int) for end in ends) == 1
        assert sum(isinstance(end, Indeterminate) for end in ends) == 49
        assert await balance(sessions[0], login) == 5.0


async def test_a_fenced_id_is_never_sent(bridged: Any) -> None:
    async with bridged() as running:
        driver = await running.client()
        session = await driver.open(running.target)
        login = await account(session)

        assert (await driver.fence("op_1")).state == "unseen"
        with pytest.raises(NotSent, match="fenced"):
            await session.fenced("op_1").trade_transaction(deposit(login))

        assert await balance(session, login) == 0.0
        assert (await driver.fence("op_1")).state == "fenced"


async def test_a_write_that_comes_too_late_is_never_sent(bridged: Any) -> None:
    async with bridged() as running:
        session = await running.session()
        login = await account(session)

        with pytest.raises(NotSent, match="late"):
            await session.fenced("op_1", not_after=time.monotonic() - 0.01).trade_transaction(deposit(login))
        await session.fenced("op_1", not_after=time.monotonic() + 5).trade_transaction(deposit(login))

        assert await balance(session, login) == 5.0


@pytest.mark.parametrize("code", [134, 3])
async def test_a_refusal_of_mt4_is_remembered(bridged: Any, code: int) -> None:
    async with bridged(REFUSED.format(code=code)) as running:
        driver = await running.client()
        session = await driver.open(running.target)

        with pytest.raises(Rejected) as refused:
            await session.fenced("op_1").trade_transaction(deposit(1))

        assert refused.value.retcode == code
        assert await driver.fence("op_1") == Fenced(session.incarnation, "done", code)


async def test_an_unknown_outcome_crosses_with_its_code(bridged: Any) -> None:
    async with bridged(LOST) as running:
        driver = await running.client()
        session = await driver.open(running.target)
        login = await account(session)

        with pytest.raises(Indeterminate) as unknown:
            await session.fenced("op_1").trade_transaction(deposit(login))

        assert unknown.value.retcode == 255
        assert not session.connected
        assert (await driver.fence("op_1")).retcode == 255
        assert await balance(await driver.open(running.target), login) == 5.0


async def test_a_caller_who_goes_away_does_not_stop_a_write_and_its_end_is_noted(bridged: Any) -> None:
    async with bridged(SLOW) as running:
        driver = await running.client(trade_seconds=0.2)
        session = await driver.open(running.target)
        login = await account(session)

        with pytest.raises(Indeterminate):
            await session.fenced("op_1").trade_transaction(deposit(login))
        assert (await driver.fence("op_1")).state == "in_flight"
        fenced = await driver.fence("op_1")
        while fenced.state == "in_flight":
            fenced = await driver.fence("op_1")

        assert fenced == Fenced(session.incarnation, "done", 0)
        assert await balance(session, login) == 5.0


async def test_a_write_of_another_incarnation_or_session_is_never_sent(bridged: Any) -> None:
    async with bridged() as running:
        session = await running.session()
        login = await account(session)
        for change in ({"incarnation": "another"}, {"generation": session.generation + 1}):
            other = session.fenced("op_1")
            other._opened = _changed(other._opened, change)
            with pytest.raises(NotSent, match="over"):
                await other.trade_transaction(deposit(login))
            session._standing.connected = True  # it took the refusal for its own
        assert await balance(session, login) == 0.0
        assert (await (await running.client()).fence("op_1")).state == "unseen"


async def test_limits_of_the_bridge_hold_whatever_the_client_says(bridged: Any) -> None:
    limits = {"largest_amount": 100.0, "hourly_amount": 150.0, "operations": ("trade_transaction", "user_record_new")}
    async with bridged(**limits) as running:
        session = await running.session()
        login = await account(session)
        codes = []
        for amount in (100.0, 100.01, -100.01, float("nan"), float("inf"), 50.01, 50.0, 0.01):
            try:
                await session.trade_transaction(deposit(login, amount))
                codes.append(0)
            except Rejected as refused:
                codes.append(refused.retcode)
        with pytest.raises(Rejected) as forbidden:
            await session.adm_trades_delete([1])

        assert codes == [0, 7, 7, 3, 3, 8, 0, 8]
        assert forbidden.value.retcode == 7
        assert await balance(session, login) == 150.0
        assert session.connected


def _changed(record: Any, change: dict[str, Any]) -> Any:
    return type(record)(**{name: getattr(record, name) for name in record.__struct_fields__} | change)
