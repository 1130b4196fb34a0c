"""Writes to one account or trade go one after the other: what was read is still true when it is written."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from kernel.drivers.simulator.faults import Fault
from kernel.errors import Failure
from kernel.hooks import hookimpl
from kernel.loader import Plugin
from kernel.records.money import CreditChange, Deposit, Withdrawal
from kernel.records.scalars import Amount
from kernel.records.server import GroupOperation
from kernel.records.trades import TradeChange, Transaction, TransactionType
from kernel.records.users import NewUser, UserChange

Rigging = Callable[..., Any]
Make = Callable[..., Plugin]
DEPOSIT = Deposit(amount=Amount("5.00"), comment="d")
CHANGE = UserChange(city="Limassol")
BATCH = GroupOperation(command="disable", logins=(1001, 7))
WRITES: dict[str, Callable[[Any], Awaitable[Any]]] = {
    "deposit": lambda rig: rig.gateway.deposit(1001, DEPOSIT, by=rig.by),
    "withdrawal": lambda rig: rig.gateway.withdraw(1001, Withdrawal(amount=Amount("4")), by=rig.by),
    "credit": lambda rig: rig.gateway.credit(1001, CreditChange(amount=Amount("3")), by=rig.by),
    "user_update": lambda rig: rig.gateway.update_user(1001, CHANGE, by=rig.by),
    "group_operation": lambda rig: rig.gateway.group_operation(BATCH, by=rig.by),
}


@pytest.mark.parametrize("write", WRITES)
async def test_writes_to_one_account_go_one_after_the_other(write: str, rigging: Rigging, plugin: Make) -> None:
    inside, most = 0, 0

    async def slow() -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0.02)
        inside -= 1

    names = {f"pre_{write}", "pre_deposit"}
    slowly = plugin("slow", **{name: hookimpl(slow, specname=name) for name in names})
    async with rigging(plugins=[slowly]) as rig:
        await asyncio.gather(WRITES[write](rig), WRITES["deposit"](rig), WRITES[write](rig))

    assert most == 1


async def test_two_batches_over_the_same_accounts_do_not_wait_for_each_other_for_ever(
    rigging: Rigging, plugin: Make
) -> None:
    @hookimpl
    async def pre_group_operation() -> None:
        await asyncio.sleep(0.002)

    slowly = plugin("slow", pre_group_operation=pre_group_operation)
    async with rigging(plugins=[slowly]) as rig, asyncio.timeout(5):
        orders = [(1001, 1002), (1002, 1001)] * 10
        await asyncio.gather(
            *(
                rig.gateway.group_operation(GroupOperation(command="enable", logins=logins), by=rig.by)
                for logins in orders
            )
        )


async def test_a_write_that_waits_too_long_for_its_account_is_not_sent(rigging: Rigging, until: Any) -> None:
    slow = Fault(call="trade_transaction", kind="latency", seconds=0.5)
    async with rigging(slow, change_seconds=0.1, trade_seconds=2) as rig:
        first = asyncio.create_task(rig.gateway.deposit(1001, DEPOSIT, by=rig.by))
        await until(lambda: rig.driver._trouble._tasks)
        with pytest.raises(Failure) as caught:
            await rig.gateway.deposit(1001, DEPOSIT, by=rig.by)
        await first

        assert (caught.value.code, caught.value.outcome) == ("overloaded", "not_applied")
        assert len(rig.money_rows()) == 2


async def test_a_disable_beside_a_change_of_the_record_is_not_undone(rigging: Rigging, plugin: Make) -> None:
    @hookimpl
    async def pre_user_update() -> None:
        await asyncio.sleep(0.05)

    async with rigging(plugins=[plugin("slow", pre_user_update=pre_user_update)]) as rig:
        updating = asyncio.create_task(rig.gateway.update_user(1001, CHANGE, by=rig.by))
        await asyncio.sleep(0.02)
        await rig.gateway.group_operation(BATCH, by=rig.by)
        await updating
        user = await rig.gateway.user(1001)

    assert (user.enable, user.city) == (0, "Limassol")


async def test_two_edits_of_one_trade_both_hold(rigging: Rigging, plugin: Make) -> None:
    @hookimpl
    async def pre_trade_modify() -> None:
        await asyncio.sleep(0.02)

    async with rigging(plugins=[plugin("slow", pre_trade_modify=pre_trade_modify)]) as rig:
        order = rig.server.balances.apply(Transaction(type=TransactionType.BALANCE, cmd=6, orderby=1001, price=1.0))
        await asyncio.gather(
            rig.gateway.modify_trade(order, TradeChange(comment="one"), by=rig.by),
            rig.gateway.modify_trade(order, TradeChange(magic=5), by=rig.by),
        )
        trade = (await rig.gateway.trades_of([order]))[order]

    assert (trade.comment, trade.magic) == ("one", 5)


async def test_of_many_who_ask_for_one_number_one_gets_it_and_the_others_are_told(
    rigging: Rigging, plugin: Make
) -> None:
    @hookimpl
    async def pre_user_create() -> None:
        await asyncio.sleep(0)

    asked = NewUser(login=4711, group="demoforex", name="Ada", password="Abc12")
    async with rigging(plugins=[plugin("slow", pre_user_create=pre_user_create)]) as rig:
        answers = await asyncio.gather(
            *(rig.gateway.create_user(asked, by=rig.by) for _ in range(10)), return_exceptions=True
        )

    kinds = [type(answer).__name__ for answer in answers]
    assert (kinds.count("User"), kinds.count("LoginExists")) == (1, 9)
