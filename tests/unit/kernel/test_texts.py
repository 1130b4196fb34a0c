"""Texts that MT4 could not hold are refused, never cut: bytes of the server's code page count."""

from typing import Any

import pytest

from kernel.errors import BadInput
from kernel.records.money import Deposit
from kernel.records.scalars import Amount
from kernel.records.server import GroupOperation, Mail
from kernel.records.texts import fitting, refuse_misfits
from kernel.records.trades import TradeChange
from kernel.records.users import NewUser, PasswordChange, UserChange

LIMITS = {
    NewUser: {
        "group": 15,
        "name": 127,
        "email": 47,
        "phone": 31,
        "country": 31,
        "city": 31,
        "state": 31,
        "zipcode": 15,
        "address": 95,
        "lead_source": 31,
        "comment": 63,
        "id": 31,
        "status": 15,
        "password": 15,
        "password_investor": 15,
        "password_phone": 31,
    },
    UserChange: {
        "group": 15,
        "name": 127,
        "email": 47,
        "phone": 31,
        "country": 31,
        "city": 31,
        "state": 31,
        "zipcode": 15,
        "address": 95,
        "lead_source": 31,
        "comment": 63,
        "id": 31,
        "status": 15,
        "password_phone": 31,
    },
    PasswordChange: {"password": 15},
    Deposit: {"comment": 31},
    TradeChange: {"comment": 31},
    Mail: {"subject": 127, "sender": 63},
    GroupOperation: {"group": 15},
}
"""MT4's ``char[n]`` less the closing NUL, behaviour.md §16."""
REQUIRED: dict[type, dict[str, Any]] = {
    NewUser: {"group": "demo", "name": "Ada", "password": "Abc12"},
    PasswordChange: {"password": "Abc12"},
    Deposit: {"amount": Amount(1)},
    Mail: {"logins": (1,), "subject": "s", "body": "b"},
    GroupOperation: {"logins": (1,), "command": "set_group", "group": "g"},
}
CASES = [(record, name, size) for record, members in LIMITS.items() for name, size in members.items()]


def filled(record: type, name: str, text: str) -> Any:
    return record(**{**REQUIRED.get(record, {}), name: text})


@pytest.mark.parametrize(("record", "name", "size"), CASES)
def test_every_text_has_the_room_that_mt4_has(record: type, name: str, size: int) -> None:
    refuse_misfits(filled(record, name, "x" * size), "cp1252")
    with pytest.raises(BadInput) as caught:
        refuse_misfits(filled(record, name, "x" * (size + 1)), "cp1252")

    [error] = caught.value.details["errors"]
    assert error.loc == ("body", "from" if name == "sender" else name)
    assert error.message == f"is {size + 1} bytes in cp1252, MT4 has room for {size}"


@pytest.mark.parametrize(
    ("text", "code_page", "fits"),
    [
        ("é" * 4, "cp1252", True),
        ("Ж", "cp1252", False),
        ("Ж" * 4, "cp1251", True),
        ("日本", "cp932", True),
        ("日本語", "cp932", False),
        ("€", "cp1250", True),
        ("😀", "cp1252", False),
        ("\ud800", "cp1252", False),
        ("ﬁ", "cp1252", False),
        ("\uff11\uff12", "cp1252", False),
        ("\xa35", "cp950", False),  # comes back as another sign
        ("\xa35", "cp1252", True),
    ],
)
def test_bytes_of_the_code_page_count_and_nothing_is_replaced(text: str, code_page: str, *, fits: bool) -> None:
    assert (fitting(text, 4, code_page) is None) is fits


@pytest.mark.parametrize("code", [*range(0x20), *range(0x7F, 0xA0)])
@pytest.mark.parametrize("code_page", ["cp1252", "cp932", "cp874"])
def test_no_control_character_gets_through(code: int, code_page: str) -> None:
    assert fitting(f"a{chr(code)}b", 31, code_page) == "must not hold control characters"


def test_every_misfit_is_named_at_once() -> None:
    record = NewUser(group="demo", name="a\0b", password="Abc12", city="Ж", comment="x" * 64)

    with pytest.raises(BadInput) as caught:
        refuse_misfits(record, "cp1252")

    assert [error.loc[1] for error in caught.value.details["errors"]] == ["name", "city", "comment"]
