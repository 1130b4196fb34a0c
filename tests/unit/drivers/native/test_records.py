"""Bytes of the server become records whatever they are, and what goes back leaves unknown bytes alone."""

import logging
import math
import random
import struct
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from kernel.drivers import NotSent
from kernel.drivers.native.convert import Converters, Funds, MarginTerms, dotted
from kernel.drivers.native.facts import facts
from kernel.drivers.native.requests import new_account
from kernel.drivers.native.tables import completed
from kernel.drivers.native.texts import Texts, Unfit
from kernel.drivers.native.writing import TRADE_FIELDS, USER_FIELDS, Buffer, numbers
from kernel.records.market import GroupMargin, Hours
from kernel.records.market import Session as Day
from kernel.records.trades import Margin, Trade
from kernel.records.users import NewUser, User

TEXTS = Texts("cp1251")
CONVERTERS = Converters(TEXTS)
FUZZED = {
    "UserRecord": CONVERTERS.users.read,
    "TradeRecord": CONVERTERS.trades.read,
    "MarginLevel": CONVERTERS.margins.read,
    "OnlineRecord": CONVERTERS.online.read,
    "SymbolInfo": CONVERTERS.prices.read,
    "ConCommon": CONVERTERS.common.read,
    "ConManager": CONVERTERS.managers.read,
    "ConGroup": CONVERTERS.groups,
    "ConSymbol": CONVERTERS.symbols,
}


def filled(structure: str, **values: Any) -> bytes:
    buffer = Buffer(structure, TEXTS)
    buffer.put(**values)
    return buffer.bytes()


def patched(data: bytes, structure: str, name: str, new: bytes) -> bytes:
    offset = facts().structs[structure].field(name).offset
    return data[:offset] + new + data[offset + len(new) :]


def test_an_account_is_read_field_by_field() -> None:
    told = {"login": 1001, "group": "demoforex", "name": "Иван Петров", "email": "i@example.com", "city": "Київ"}
    told |= {"leverage": 200, "agent_account": 7, "enable": 1, "user_color": 0xFF000000, "mqid": 0xFFFFFFFF}
    told |= {"balance": 1234.56, "credit": -0.01, "prevequity": 1e12, "regdate": 1_700_000_000}
    data = patched(filled("UserRecord", **told), "UserRecord", "last_ip", bytes((203, 0, 113, 9)))

    (user,) = CONVERTERS.users.read(data)

    defaults = {"enable_change_password": 0, "send_reports": 0}
    assert user == User(**told, **defaults, last_ip="203.0.113.9")


def test_a_trade_is_read_field_by_field() -> None:
    told = {"order": 5, "login": 1001, "symbol": "EURUSD", "cmd": 1, "volume": 150, "open_price": 1.17, "sl": 1.2}
    told |= {"comment": "a" * 31, "profit": -12.5, "magic": -1, "expiration": 2**31 - 1, "gw_volume": 3, "state": 3}
    data = patched(filled("TradeRecord", **told), "TradeRecord", "conv_rates", struct.pack("<2d", 1.25, 1.5))

    assert CONVERTERS.trades.read(patched(data, "TradeRecord", "reason", b"\x05")) == [
        Trade(**told, conv_rates=(1.25, 1.5), reason=5)
    ]


def test_rows_that_lie_one_after_the_other_are_all_read() -> None:
    data = b"".join(filled("TradeRecord", order=order, login=order * 2) for order in range(1, 50))

    assert CONVERTERS.trades.read(data) == [Trade(order=order, login=order * 2) for order in range(1, 50)]


def test_a_group_is_read_with_what_it_says_of_classes_and_symbols() -> None:
    data = bytearray(filled("ConGroup", group="real", secmargins_total=2, currency="EUR", margin_call=80))
    fact = facts().structs["ConGroup"]
    struct.pack_into("<i", data, fact.field("secgroups").offset + 112, 1)
    struct.pack_into("<12s4x3d", data, fact.field("secmargins").offset, b"GOLD", 1.5, -2.0, 1.7976931348623157e308)

    (group,) = CONVERTERS.groups(bytes(data))

    assert (group.group, group.currency, group.margin_call) == ("real", "EUR", 80)
    assert [terms.show for terms in group.secgroups] == [0, 1]
    assert group.secmargins == (GroupMargin(symbol="GOLD", swap_long=1.5, swap_short=-2.0), GroupMargin(symbol=""))


def test_a_symbols_week_is_read_and_hours_that_no_clock_shows_are_left_out() -> None:
    data = bytearray(filled("ConSymbol", symbol="EURUSD", digits=5))
    week = facts().structs["ConSymbol"].field("sessions").offset
    struct.pack_into("<4h", data, week + 208, 0, 5, 24, 0)
    struct.pack_into("<4h", data, week + 208 + 32, 23, 0, 1, 0)
    struct.pack_into("<4h", data, week + 208 + 96, 1, 2, 23, 55)
    struct.pack_into("<4h", data, week + 208 + 128, 1, 99, 23, 0)

    (symbol,) = CONVERTERS.symbols(bytes(data))

    monday = Day(quote=(Hours(open="00:05", close="24:00"),), trade=(Hours(open="01:02", close="23:55"),))
    assert symbol.sessions == (Day(), monday, *[Day()] * 5)


def test_a_managers_rights_are_those_whose_flags_are_set() -> None:
    data = filled("ConManager", login=224, groups="demo*", mailbox="Support", money=1, see_trades=1, notifications=7)

    (manager,) = CONVERTERS.managers.read(data)

    assert (manager.login, manager.groups, manager.mailbox) == (224, "demo*", "Support")
    assert manager.rights == ("money", "see_trades", "notifications")


@pytest.mark.parametrize("structure", FUZZED)
def test_no_bytes_of_a_server_are_too_wild_to_read(structure: str) -> None:
    chance = random.Random(structure)  # noqa: S311 - fuzz, not a secret
    size = facts().structs[structure].size
    for _ in range(200):
        records = FUZZED[structure](chance.randbytes(size * 2))

        assert len(records) == 2
        assert msgspec.json.decode(msgspec.json.encode(records), type=list[type(records[0])]) == records


def test_what_is_no_number_and_no_time_is_shown_as_0_and_told(caplog: pytest.LogCaptureFixture) -> None:
    data = patched(filled("UserRecord", login=7), "UserRecord", "balance", struct.pack("<d", math.nan))
    data = patched(data, "UserRecord", "regdate", struct.pack("<i", -1))

    with caplog.at_level(logging.WARNING):
        (user,) = CONVERTERS.users.read(data)

    assert (user.balance, user.regdate) == (0.0, 0)
    assert caplog.messages == ["UserRecord.balance is not a number; it is shown as 0"]


def test_bytes_of_another_code_page_are_replaced_and_told_of_once(caplog: pytest.LogCaptureFixture) -> None:
    texts = Texts("cp936")
    data = patched(filled("UserRecord", login=7), "UserRecord", "name", b"a\xff\xffb")

    with caplog.at_level(logging.WARNING):
        first, second = Converters(texts).users.read(data * 2)

    assert (first.name, second.name) == ("a\ufffd\ufffdb", "a\ufffd\ufffdb")
    assert texts.garbled == {"UserRecord.name"}
    assert len(caplog.messages) == 1


@pytest.mark.parametrize(
    ("code_page", "text"),
    [("cp1251", "Щербаков"), ("cp1252", "Müller €"), ("cp936", "客户账户"), ("cp932", "顧客ソ"), ("cp1256", "حساب")],
)
def test_a_text_of_the_code_page_comes_back_exactly(code_page: str, text: str) -> None:
    texts = Texts(code_page)
    buffer = Buffer("UserRecord", texts)
    buffer.put(comment=text)

    assert Converters(texts).users.read(buffer.bytes())[0].comment == text


@pytest.mark.parametrize(
    ("code_page", "comment", "reason"),
    [
        ("cp1252", "a" * 32, "TradeTransInfo.comment is 32 bytes in cp1252, MT4 has room for 31"),
        ("cp936", "客" * 16, "TradeTransInfo.comment is 32 bytes in gbk, MT4 has room for 31"),
        ("cp1252", "smile 🙂", "TradeTransInfo.comment '🙂' is not in the server's code page cp1252"),
        ("cp1252", "Щ", "TradeTransInfo.comment 'Щ' is not in the server's code page cp1252"),
        (
            "cp932",
            "£100",
            "TradeTransInfo.comment would come back as another text from the code page cp932",
        ),
        ("cp1252", "a\0b", "TradeTransInfo.comment must not hold control characters"),
    ],
)
def test_a_text_that_does_not_fit_is_refused_as_never_sent(code_page: str, comment: str, reason: str) -> None:
    with pytest.raises(Unfit) as refused:
        Buffer("TradeTransInfo", Texts(code_page)).put(comment=comment)

    assert str(refused.value) == reason
    assert isinstance(refused.value, NotSent)


def test_a_text_fills_its_field_to_the_last_byte() -> None:
    assert filled("TradeTransInfo", comment="a" * 31)[56:88] == b"a" * 31 + b"\0"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("price", math.nan),
        ("price", -math.inf),
        ("order", 2**31),
        ("order", -(2**31) - 1),
        ("type", 256),
        ("cmd", 2**15),
    ],
)
def test_a_number_that_does_not_fit_is_refused_as_never_sent(name: str, value: float) -> None:
    with pytest.raises(Unfit, match=rf"TradeTransInfo\.{name} cannot be"):
        Buffer("TradeTransInfo", TEXTS).put(**{name: value})


def test_a_login_beyond_32_bits_is_refused_as_never_sent() -> None:
    assert list(numbers([1, 2**31 - 1, -(2**31)])) == [1, 2**31 - 1, -(2**31)]
    with pytest.raises(Unfit, match="is no number of MT4's 32 bits"):
        numbers([2**31])


@pytest.mark.parametrize(("structure", "names"), [("UserRecord", USER_FIELDS), ("TradeRecord", TRADE_FIELDS)])
def test_writing_a_record_back_unchanged_changes_no_byte(structure: str, names: tuple[str, ...]) -> None:
    chance = random.Random(structure)  # noqa: S311 - fuzz, not a secret
    rows: Any = {"UserRecord": CONVERTERS.users, "TradeRecord": CONVERTERS.trades}[structure]
    for _ in range(300):
        data = chance.randbytes(facts().structs[structure].size)
        buffer = Buffer(structure, TEXTS, data)
        buffer.overlay(rows, rows.read(data)[0], names)

        assert buffer.bytes() == data


def test_only_the_bytes_of_what_changed_are_written() -> None:
    data = random.Random(1).randbytes(1120)  # noqa: S311 - fuzz, not a secret
    user = replace(CONVERTERS.users.read(data)[0], leverage=500, city="Praha", balance=1.0, regdate=5)

    buffer = Buffer("UserRecord", TEXTS, data)
    buffer.overlay(CONVERTERS.users, user, USER_FIELDS)

    expected = patched(data, "UserRecord", "leverage", struct.pack("<i", 500))
    assert buffer.bytes() == patched(expected, "UserRecord", "city", b"Praha".ljust(32, b"\0"))


def test_an_account_without_an_investors_password_gets_a_random_one_each_time() -> None:
    asked = NewUser(group="demoforex", name="Ada", password="Abc12")

    made = {new_account(asked, TEXTS).get("password_investor") for _ in range(20)}

    assert len(made) == 20
    assert {len(password) for password in made} == {12}
    given = new_account(replace(asked, password_investor="Xyz98"), TEXTS)
    assert (given.get("password"), given.get("password_investor")) == (b"Abc12", b"Xyz98")


def test_margins_are_completed_by_the_accounts_without_trades() -> None:
    held = Margin(login=2, group="real", balance=7.0, equity=5.0, margin=1.0, margin_free=4.0, margin_level=500.0)
    funds = [
        Funds(login=login, group=group, leverage=100, balance=0.1, credit=0.2)
        for login, group in ((3, "real"), (2, "real"), (1, "gone"))
    ]

    rows = completed([held], funds, [MarginTerms(group="real", margin_type=1)])

    flat = Margin(login=1, group="gone", leverage=100, balance=0.3, equity=0.3, margin_free=0.3)
    assert rows == [flat, held, replace(flat, login=3, group="real", margin_type=1)]


def test_structures_for_the_library_begin_zeroed() -> None:
    for name, fact in facts().structs.items():
        assert Buffer(name, TEXTS).bytes() == bytes(fact.size)


def test_an_address_has_its_first_octet_in_the_lowest_byte() -> None:
    assert [dotted(number) for number in (0x0A7100CB, -1, 0)] == ["203.0.113.10", "255.255.255.255", ""]
