"""Balance and credit operations, and the ledger that a checker goes by (behaviour.md §8)."""

import ctypes
import struct
from pathlib import Path
from typing import Any

import pytest


def _balance(api: Any, login: int) -> tuple[float, float]:
    record = api.records(login)
    return record.read(696, "<d")[0], record.read(720, "<d")[0]


def test_a_deposit_is_in_the_balance_the_history_and_the_ledger(standin: Any, api: Any, raw: Any) -> None:
    before, _ = _balance(api, 1001)

    code, order = api.deposit(1001, 100.25, b"token 1")

    row = api.rows(107, 224, (raw.i32 * 1)(order), kinds=(raw.ptr,), total=1)
    assert (code, _balance(api, 1001)[0]) == (0, round(before + 100.25, 2))
    assert (row.read(4), row.read(24), row.read(128, "<d"), row.text(148, 32)) == ([1001], [6], [100.25], [b"token 1"])
    assert order in api.history(1001).read(0)
    assert standin.ledger() == [(order, 1001, 100.25, b"token 1")]


def test_tickets_of_money_and_of_orders_come_from_one_counter(api: Any, raw: Any) -> None:
    _, first = api.deposit(1001, 1.0)
    info = raw.transaction(type=75, cmd=0, orderby=1001, symbol=b"EURUSD", volume=10, price=1.1)
    opened = api.trade(info)
    _, third = api.deposit(1002, 1.0)

    assert (opened, raw.ticket(info) - first, third - first) == (0, 1, 2)


def test_credit_in_needs_an_expiration_in_the_future_and_credit_out_does_not(api: Any, raw: Any) -> None:
    def credit(amount: float, expiration: int) -> int:
        return int(api.trade(raw.transaction(type=83, cmd=7, orderby=1001, price=amount, expiration=expiration)))

    assert (credit(50.0, 0), credit(50.0, 1), credit(50.0, 0x7FFFFFFF), credit(-20.0, 0)) == (3, 3, 0, 0)
    assert _balance(api, 1001)[1] == 30.0


@pytest.mark.parametrize(
    ("login", "amount", "cmd"),
    [(77, 5.0, 6), (1001, 0.0, 6), (1001, float("nan"), 6), (1001, float("inf"), 6), (1001, 5.0, 5)],
)
def test_what_cannot_be_is_refused_with_3_and_not_booked(
    standin: Any, api: Any, login: int, amount: float, cmd: int, raw: Any
) -> None:
    assert api.trade(raw.transaction(type=83, cmd=cmd, orderby=login, price=amount)) == 3
    assert standin.ledger() == []


def test_a_comment_is_cut_at_31_bytes_or_where_a_test_says(standin: Any, api: Any) -> None:
    api.deposit(1001, 1.0, b"x" * 32)
    standin.run("setting comment_bytes 16")
    api.deposit(1001, 1.0, b"y" * 31)

    assert [row[3] for row in standin.ledger()] == [b"x" * 31, b"y" * 16]


def test_taking_more_than_there_is_goes_through_unless_the_server_is_told_to_refuse(standin: Any, api: Any) -> None:
    let = api.deposit(1001, -1e7)[0]
    api.deposit(1001, 1e7)
    standin.run("setting refuse_overdraw 1")

    assert (let, api.deposit(1001, -1e7)[0], len(standin.ledger())) == (0, 134, 2)


def test_255_before_the_effect_books_nothing_and_255_after_it_books_once(standin: Any, api: Any) -> None:
    standin.run("fault TradeTransaction lost_before nth=1")
    standin.run("fault TradeTransaction lost_after nth=2")

    first = api.deposit(1001, 1.0, b"first")
    api.disconnect()
    second = api.on_line().deposit(1001, 2.0, b"second")

    assert (first, second, api.ping()) == ((255, 0), (255, 0), 6)
    assert [row[3] for row in standin.ledger()] == [b"second"]


def test_an_effect_may_come_long_after_the_line_has_gone(standin: Any, api: Any, raw: Any) -> None:
    standin.run("fault TradeTransaction lost_after ms=60")

    assert api.deposit(1001, 3.0)[0] == 255
    assert standin.ledger() == []
    raw.until(lambda: standin.count("late") == 0)
    assert [row[2] for row in standin.ledger()] == [3.0]


def test_the_history_may_show_a_row_later_than_the_balance(standin: Any, api: Any) -> None:
    standin.run("setting history_lag 5")
    before = _balance(api, 1001)[0]
    _, order = api.deposit(1001, 4.0)

    hidden = order in api.history(1001).read(0)
    standin.run("advance 6")

    assert (hidden, order in api.history(1001).read(0)) == (False, True)
    assert _balance(api, 1001)[0] == round(before + 4.0, 2)


def test_the_ledger_on_disk_holds_each_row_and_carries_it_into_the_next_process(
    standin: Any, api: Any, tmp_path: Path
) -> None:
    path = tmp_path / "ledger"
    standin.run(f"ledger {path}")
    _, order = api.deposit(1001, 12.5, b"\xcf\xf0 1")
    after = _balance(api, 1001)[0]
    written = path.read_text()

    standin.run("reset")
    standin.run("broker 50")
    standin.run(f"ledger {path}")
    api.disconnect()
    api.on_line()

    assert written.split()[:3] + written.split()[5:] == [str(order), "1001", "6", "12.50", "xcff02031"]
    assert _balance(api, 1001)[0] == after
    assert api.deposit(1001, 1.0)[1] == order + 1


def test_a_manager_is_told_the_balance_with_credit_and_the_margin_of_what_is_open(api: Any, raw: Any) -> None:
    api.call(99, raw.user(login=6000, enable=1), kinds=(raw.ptr,))
    api.deposit(6000, 5000.0)
    api.trade(raw.transaction(type=83, cmd=7, orderby=6000, price=100.0, expiration=0x7FFFFFFF))
    api.trade(raw.transaction(type=75, cmd=0, orderby=6000, symbol=b"EURUSD", volume=100, price=1.08512))
    level = ctypes.create_string_buffer(88)

    assert api.call(156, 6000, level, kinds=(raw.i32, raw.ptr)) == 0

    balance, equity = struct.unpack_from("<dd", level, 32)
    margin, free = struct.unpack_from("<dd", level, 56)
    # One lot at 1:100 needs 1000 EUR at the bid of 1.085; bought at the ask it is 12 points down.
    assert (balance, margin, round(equity, 2), round(free, 2)) == (5100.0, 1085.0, 5088.0, 4003.0)
