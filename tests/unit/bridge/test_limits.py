"""The bridge's own limits."""

import math

import pytest

from kernel.bridge.limits import Allowed, Limits
from kernel.drivers import Rejected
from kernel.drivers.wire.operations import OPERATIONS, WRITES
from kernel.records.trades import Transaction, TransactionType

ALLOWED = Allowed(largest_amount=100.0, hourly_amount=250.0)


class Hour:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def money(amount: float, kind: int = TransactionType.BALANCE) -> object:
    return OPERATIONS["trade_transaction"].arguments(Transaction(type=kind, cmd=6, orderby=1, price=amount))


def code_of(limits: Limits, arguments: object, operation: str = "trade_transaction", role: str = "money") -> int:
    with pytest.raises(Rejected) as refused:
        limits.check(operation, arguments, role)
    return refused.value.retcode


@pytest.mark.parametrize(("amount", "code"), [(100.01, 7), (-100.01, 7), (math.inf, 3), (-math.inf, 3), (math.nan, 3)])
def test_an_amount_above_the_limit_or_that_is_none_is_refused(amount: float, code: int) -> None:
    assert code_of(Limits(ALLOWED, Hour()), money(amount)) == code


def test_the_amounts_of_an_hour_add_up_whatever_their_sign_and_are_forgotten_after_it() -> None:
    clock = Hour()
    limits = Limits(ALLOWED, clock)
    for amount in (100.0, -100.0):
        limits.moved(limits.check("trade_transaction", money(amount), "money"))
    assert code_of(limits, money(50.01)) == 8
    assert limits.check("trade_transaction", money(50.0), "money") == 50.0

    clock.now = 3599.9
    assert code_of(limits, money(50.01)) == 8
    clock.now = 3600.0
    assert limits.check("trade_transaction", money(100.0), "money") == 100.0


def test_what_mt4_refused_does_not_count() -> None:
    limits = Limits(ALLOWED, Hour())
    for _ in range(10):
        moved = limits.moved(limits.check("trade_transaction", money(100.0), "money"))
        moved.amount = 0.0

    assert limits.check("trade_transaction", money(100.0), "money") == 100.0


def test_a_price_of_a_trade_is_no_amount() -> None:
    limits = Limits(ALLOWED, Hour())

    assert limits.check("trade_transaction", money(43_000.0, TransactionType.OPEN), "money") == 0.0


@pytest.mark.parametrize("role", ["read", "", "admin"])
def test_only_the_role_money_writes(role: str) -> None:
    assert code_of(Limits(Allowed(), Hour()), money(1.0), role=role) == 7


@pytest.mark.parametrize("name", sorted(WRITES))
def test_a_write_that_is_not_listed_is_refused(name: str) -> None:
    limits = Limits(Allowed(operations=WRITES - {name}), Hour())

    assert code_of(limits, object(), name) == 7
