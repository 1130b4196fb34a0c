"""Amounts and flags as callers write them: exact, plain, and nothing else."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from kernel.errors import BadInput, MalformedRequest
from kernel.http.body import decode
from kernel.records.money import CreditChange, Deposit, Withdrawal
from kernel.records.scalars import Amount, Flag, unique
from kernel.records.server import GroupOperation

Decode = Callable[[bytes, type], Any]


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("1", "1"),
        ("0.1", "0.1"),
        ("100.50", "100.50"),
        ('"100.50"', "100.50"),
        ("1e2", "100"),
        ("1E-2", "0.01"),
        ("999999999999", "999999999999"),
        ("0.30000000", "0.30000000"),
        ("1234567.89", "1234567.89"),
    ],
)
def test_an_amount_is_what_was_written_to_the_last_digit(written: str, amount: str) -> None:
    assert str(decode(f'{{"amount": {written}}}'.encode(), Deposit).amount) == amount


@pytest.mark.parametrize(
    "written",
    [
        *("NaN", "Infinity", "-Infinity", '"NaN"', '"Infinity"', '"-inf"', "1E+999999999", "1E-999999999"),
        *(
            '"1e5"',
            '"1_000"',
            '" 1"',
            '"1 "',
            '"1\\n"',
            '"\uff11\uff12"',
            '"٣"',
            '"0x1"',
            '"+1"',
            '"1."',
            '".5"',
            '""',
            '"--1"',
        ),
        *("1000000000000", "0.000000001", "true", "false", "null", "[]", "{}", "[1]", '"1,5"', "1e30", "1" * 400),
        *("0", "0.00", "-0", "-0.00", "-1", '"-1"', '"0"'),
    ],
)
@pytest.mark.parametrize("kind", [Deposit, Withdrawal])
def test_what_is_no_plain_amount_above_zero_is_refused(written: str, kind: type) -> None:
    with pytest.raises((BadInput, MalformedRequest)) as caught:
        decode(f'{{"amount": {written}}}'.encode(), kind)

    assert caught.value.status in {400, 422}


def test_credit_is_signed_but_never_nothing() -> None:
    assert decode(b'{"amount": -5.5}', CreditChange).amount == Decimal("-5.5")
    for written in (b"0", b"-0.00", b'"0.0"'):
        with pytest.raises(BadInput, match="amount: must not be 0"):
            decode(b'{"amount": %s}' % written, CreditChange)


@pytest.mark.parametrize(("value", "flag"), [(0, 0), (1, 1), (True, 1), (False, 0)])
def test_flags_take_numbers_and_booleans(value: object, flag: int) -> None:
    assert Flag.read(value) == flag


@pytest.mark.parametrize("value", [2, -1, Decimal(1), "1", None, 1.0, [], "true"])
def test_flags_take_nothing_else(value: object) -> None:
    with pytest.raises(ValueError, match="Expected 0 or 1"):
        Flag.read(value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1.5, None, True, b"1"])
def test_amounts_take_no_floats(value: object) -> None:
    with pytest.raises(ValueError, match="plain decimal"):
        Amount.read(value)


def test_a_number_that_stands_there_twice_is_named() -> None:
    unique("logins", [1, 2, 3])
    with pytest.raises(ValueError, match=r"`\$\.logins` has 2 twice"):
        unique("logins", [1, 2, 2, 1])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"command":"leverage","logins":[1]}', "leverage: must be given for leverage, and only for it"),
        (b'{"command":"enable","logins":[1],"group":"g"}', "group: must be given for set_group, and only for it"),
        (b'{"command":"enable","logins":[1,1]}', "logins: has 1 twice"),
        (b'{"command":"enable","logins":[0]}', "logins.0: expected `int` >= 1"),
        (b'{"command":"enable","logins":[2147483648]}', "logins.0: expected `int` <= 2147483647"),
        (b'{"command":"enable","logins":[]}', "logins: expected `array` of length >= 1"),
    ],
)
def test_a_batch_names_what_is_wrong_with_it(body: bytes, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        decode(body, GroupOperation)

    assert caught.value.message.lower() == said
