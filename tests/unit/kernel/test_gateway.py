"""Money through the one door: exact to the cent, never more than is free, and honest about what happened."""

import asyncio
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from kernel.drivers.simulator.faults import Fault
from kernel.drivers.simulator.ticks import Tick
from kernel.errors import (
    AccountNotFound,
    BadInput,
    Failure,
    Forbidden,
    NotConnected,
    NotEnoughMoney,
    NotEnoughRights,
)
from kernel.hooks import hookimpl
from kernel.records.money import CreditChange, Deposit, Withdrawal
from kernel.records.principal import Principal
from kernel.records.scalars import Amount
from kernel.records.trades import Transaction, TransactionType

Rigging = Callable[..., Any]
HOUR = 3600


def deposit(amount: str, comment: str = "d") -> Deposit:
    return Deposit(amount=Amount(amount), comment=comment)


def withdrawal(amount: str, **more: Any) -> Withdrawal:
    return Withdrawal(amount=Amount(amount), comment="w", **more)


def position(rig: Any, lots: int = 100) -> None:
    """Give the first account an open position, whose margin cannot be taken out."""
    rig.server.apply_ticks([Tick("EURUSD", 1.1, 1.1001)])
    rig.server.dealing.transact(
        Transaction(type=TransactionType.OPEN, cmd=0, orderby=1001, symbol="EURUSD", volume=lots, price=1.1001)
    )


async def free_of(rig: Any) -> Decimal:
    margin, user = await rig.gateway.margin(1001), await rig.gateway.user(1001)
    return min(Decimal(repr(user.balance)), Decimal(repr(margin.margin_free)) - Decimal(repr(user.credit)))


async def test_two_thousand_random_amounts_are_exact_to_the_cent(rigging: Rigging) -> None:
    dice = random.Random(7)  # noqa: S311 - repeatable, not secret
    async with rigging() as rig:
        total = Decimal(10_000)
        for turn in range(2000):
            cents = dice.choice((1, 7, 99, 10**4, 10**7, 10**9 - 1))
            amount = Decimal(dice.randint(1, cents)).scaleb(-2)
            if turn % 3 and amount <= total:
                total -= amount
                await rig.gateway.withdraw(1001, withdrawal(str(amount)), by=rig.by)
            else:
                total += amount
                receipt = await rig.gateway.deposit(1001, deposit(str(amount)), by=rig.by)
                assert Decimal(repr(receipt.balance)) == total
        user = await rig.gateway.user(1001)

        assert Decimal(repr(user.balance)) == total
        rows = [Decimal(repr(profit)) for profit, _ in rig.money_rows()]
        assert (len(rows), sum(rows)) == (2001, total)


async def test_of_twenty_withdrawals_at_once_of_most_of_what_is_free_one_passes(rigging: Rigging) -> None:
    for _ in range(5):
        async with rigging() as rig:
            position(rig)
            part = str(((await free_of(rig)) * Decimal("0.6")).quantize(Decimal("0.01")))
            answers = await asyncio.gather(
                *(rig.gateway.withdraw(1001, withdrawal(part), by=rig.by) for _ in range(20)), return_exceptions=True
            )

            assert sum(not isinstance(answer, BaseException) for answer in answers) == 1
            assert sum(isinstance(answer, NotEnoughMoney) for answer in answers) == 19
            assert rig.money_rows()[1:] == [(-float(part), "w")]


async def test_what_backs_positions_and_credit_cannot_be_taken_out(rigging: Rigging) -> None:
    async with rigging() as rig:
        await rig.gateway.credit(1001, CreditChange(amount=Amount("500")), by=rig.by)
        position(rig)
        free = await free_of(rig)
        available = free.quantize(Decimal("0.01"), "ROUND_FLOOR")
        assert 0 < free < 10_000

        with pytest.raises(NotEnoughMoney) as caught:
            await rig.gateway.withdraw(1001, withdrawal(str(available + Decimal("0.01"))), by=rig.by)
        assert caught.value.details["available"] == float(available)
        assert (caught.value.outcome, len(rig.money_rows())) == ("not_applied", 2)
        receipt = await rig.gateway.withdraw(1001, withdrawal(str(available)), by=rig.by)
        assert receipt.amount == float(available)


async def test_what_is_available_is_never_below_nothing(rigging: Rigging) -> None:
    async with rigging() as rig:
        rig.open_account(1003, money=0)
        with pytest.raises(NotEnoughMoney, match=r"Withdrawal of 0\.01 exceeds available 0\.00"):
            await rig.gateway.withdraw(1003, withdrawal("0.01"), by=rig.by)


async def test_the_override_takes_more_and_needs_its_scope(rigging: Rigging) -> None:
    async with rigging() as rig:
        teller = Principal(name="teller", scopes=frozenset({"money:withdraw"}))
        with pytest.raises(Forbidden):
            await rig.gateway.withdraw(1001, withdrawal("20000", check_free_margin=False), by=teller)
        assert len(rig.money_rows()) == 1

        receipt = await rig.gateway.withdraw(1001, withdrawal("20000", check_free_margin=False), by=rig.by)
        assert receipt.balance == -10_000


@pytest.mark.parametrize(
    "fault",
    [
        Fault(call="margin_level", kind="refuse", retcode=2),
        Fault(call="margin_level", kind="hang"),
        Fault(call="margin_level", kind="lost_before"),
        Fault(call="margin_level", kind="empty"),
        Fault(call="user_records", kind="refuse", retcode=4, nth=2),
        Fault(call="user_records", kind="empty", nth=1),
        Fault(call="user_records", kind="hang", nth=2),
    ],
    ids=lambda fault: f"{fault.call} {fault.kind}",
)
async def test_a_withdrawal_whose_cover_cannot_be_read_is_never_sent(fault: Fault, rigging: Rigging) -> None:
    async with rigging(fault, read_seconds=0.05) as rig:
        with pytest.raises(Failure) as caught:
            await rig.gateway.withdraw(1001, withdrawal("1"), by=rig.by)

        assert (caught.value.outcome, len(rig.money_rows())) == ("not_applied", 1)
        assert caught.value.status in {502, 503, 504}


async def test_money_that_comes_and_goes_during_a_check_is_seen(rigging: Rigging, plugin: Any) -> None:
    rigs: list[Any] = []

    async def pre_withdrawal() -> None:
        rigs[0].server.balances.apply(
            Transaction(type=TransactionType.BALANCE, cmd=6, orderby=1001, price=-9_999.0, comment="dealer")
        )

    async def pre_credit() -> None:
        rigs[0].server.balances.apply(
            Transaction(type=TransactionType.BALANCE, cmd=7, orderby=1001, price=-99.0, comment="dealer")
        )

    slow = plugin("slow", pre_withdrawal=hookimpl(pre_withdrawal), pre_credit=hookimpl(pre_credit))
    async with rigging(plugins=[slow]) as rig:
        rigs.append(rig)
        with pytest.raises(NotEnoughMoney, match=r"exceeds available 1\.00"):
            await rig.gateway.withdraw(1001, withdrawal("5000"), by=rig.by)
        end = int(rig.server.now()) // HOUR * HOUR + HOUR
        rig.server.balances.apply(
            Transaction(type=TransactionType.BALANCE, cmd=7, orderby=1001, price=100.0, expiration=end)
        )
        with pytest.raises(NotEnoughMoney, match=r"Removal of credit of 50\.00 exceeds available 1\.00"):
            await rig.gateway.credit(1001, CreditChange(amount=Amount("-50")), by=rig.by)


@pytest.mark.parametrize(
    ("digits", "amount", "said"),
    [
        ({}, "0.001", "must have at most 2 decimals"),
        ({}, "1.000", None),
        ({"USD": 0}, "1.5", "must have at most 0 decimals"),
        ({"USD": 0}, "2.00", None),
        ({"USD": 8}, "0.10000000", None),
        ({"EUR": 0}, "1.55", None),
        ({"USD": 8}, "999999999.12345678", "has more digits than MT4 can hold"),
        ({}, "10000000.01", "must be at most 10000000"),
    ],
)
async def test_amounts_have_the_digits_of_the_currency_and_are_refused_not_rounded(
    digits: dict[str, int], amount: str, said: str | None, rigging: Rigging
) -> None:
    largest = Decimal(10**9) if digits.get("USD") == 8 else Decimal(10**7)
    async with rigging(money_digits=digits, largest_amount=largest) as rig:
        if said is None:
            assert (await rig.gateway.deposit(1001, deposit(amount), by=rig.by)).amount == float(amount)
            return
        for write in (rig.gateway.deposit(1001, deposit(amount), by=rig.by),
                      rig.gateway.withdraw(1001, withdrawal(amount), by=rig.by),
                      rig.gateway.credit(1001, CreditChange(amount=Amount(f"-{amount}")), by=rig.by)):  # fmt: skip
            with pytest.raises(BadInput) as caught:
                await write
            assert caught.value.details["errors"][0].message == said
        assert len(rig.money_rows()) == 1


async def test_what_is_available_is_cut_at_the_digits_of_the_currency(rigging: Rigging) -> None:
    async with rigging(money_digits={"USD": 0}) as rig:
        await rig.gateway.withdraw(1001, withdrawal("9999"), by=rig.by)
        rig.server.balances.apply(
            Transaction(type=TransactionType.BALANCE, cmd=6, orderby=1001, price=0.99, comment="x")
        )
        with pytest.raises(NotEnoughMoney, match=r"Withdrawal of 2 exceeds available 1\Z"):
            await rig.gateway.withdraw(1001, withdrawal("2"), by=rig.by)


async def test_credit_in_ends_in_the_future_at_a_full_hour(rigging: Rigging) -> None:
    async with rigging() as rig:
        now = rig.server.now()
        for end, said in (
            (now // HOUR * HOUR, "must be in the future and before 2038-01-19"),
            (now // HOUR * HOUR + HOUR + 1, "must be at a full hour"),
        ):
            with pytest.raises(BadInput, match=said):
                await rig.gateway.credit(1001, CreditChange(amount=Amount("1"), expiration=end), by=rig.by)
        for day, said in (("2026-02-30", "must be a date"), ("2039-01-01", "before 2038"), ("2020-01-01", "future")):
            with pytest.raises(BadInput, match=said):
                await rig.gateway.credit(1001, CreditChange(amount=Amount("1"), expiration_date=day), by=rig.by)
        receipt = await rig.gateway.credit(1001, CreditChange(amount=Amount("1")), by=rig.by)

        assert receipt.expiration % HOUR == 0
        assert 364 * 24 * HOUR < receipt.expiration - now <= 365 * 24 * HOUR
        assert (receipt.credit, len(rig.money_rows())) == (1.0, 2)


async def test_an_applied_deposit_stays_a_success_when_the_account_cannot_be_read_again(rigging: Rigging) -> None:
    async with rigging(Fault(call="user_records", kind="refuse", retcode=2, nth=2)) as rig:
        receipt = await rig.gateway.deposit(1001, deposit("5"), by=rig.by)

        assert (receipt.balance, receipt.credit, receipt.order > 0) == (None, None, True)
        assert rig.money_rows()[1:] == [(5.0, "d")]


async def test_an_unknown_account_is_404_and_a_blind_session_never_is(rigging: Rigging) -> None:
    async with rigging(Fault(call="user_records", kind="empty", nth=2)) as rig:
        with pytest.raises(AccountNotFound):
            await rig.gateway.deposit(7, deposit("5"), by=rig.by)
        with pytest.raises(NotConnected):
            await rig.gateway.deposit(1001, deposit("5"), by=rig.by)
        assert len(rig.money_rows()) == 1


async def test_a_missing_right_is_told_before_anything_is_sent(rigging: Rigging) -> None:
    async with rigging(options={"manager_rights": ("manager", "see_trades")}) as rig:
        with pytest.raises(NotEnoughRights, match="lacks the right 'money'") as caught:
            await rig.gateway.deposit(1001, deposit("5"), by=rig.by)

        assert (caught.value.outcome, caught.value.mt4.retcode) == ("not_applied", 7)


async def test_without_a_session_every_write_and_read_says_so(rigging: Rigging) -> None:
    async with rigging() as rig:
        await rig.link.disconnect()
        for call in (
            rig.gateway.users(),
            rig.gateway.server_time(),
            rig.gateway.deposit(1001, deposit("5"), by=rig.by),
        ):
            with pytest.raises(NotConnected):
                await call


async def test_the_locks_of_idle_accounts_are_let_go(rigging: Rigging) -> None:
    async with rigging() as rig:
        for login in range(5000, 5050):
            with pytest.raises(AccountNotFound):
                await rig.gateway.deposit(login, deposit("1"), by=rig.by)

        assert len(rig.gateway._locks) == 0
