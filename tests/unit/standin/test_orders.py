"""A manager's orders, the history and the edits of records (behaviour.md §10)."""

import ctypes
import struct
from typing import Any

import pytest


def _open(api: Any, raw: Any, **values: Any) -> tuple[int, int]:
    filled = {"cmd": 0, "orderby": 1001, "symbol": b"EURUSD", "volume": 100, "price": 1.08512, **values}
    info = raw.transaction(type=75, **filled)
    return api.trade(info), raw.ticket(info)


def _open_rows(api: Any, order: int) -> Any:
    """The record as the server shows it now."""
    return api.rows(107, 224, (ctypes.c_int32 * 1)(order), kinds=(ctypes.c_void_p,), total=1)


def _balance(api: Any) -> float:
    return float(api.records(1001).read(696, "<d")[0])


def test_a_position_is_closed_at_the_price_given_and_its_profit_booked(api: Any, raw: Any) -> None:
    before = _balance(api)
    _, order = _open(api, raw, price=1.08512)

    closed = api.trade(raw.transaction(type=76, order=order, volume=100, price=1.09512))

    row = _open_rows(api, order)
    assert (closed, row.read(128, "<d"), row.read(36)) == (0, [1000.0], [3])
    assert round(_balance(api) - before, 2) == 1000.0
    assert order in api.history(1001).read(0)


def test_the_rest_of_a_partial_close_is_a_new_ticket_with_the_same_opening(api: Any, raw: Any) -> None:
    _, order = _open(api, raw)

    api.trade(raw.transaction(type=76, order=order, volume=30, price=1.08512))

    rest = _open_rows(api, order + 1)
    part = _open_rows(api, order)
    assert (part.read(28), part.text(148, 32)) == ([30], [b"to #%d" % (order + 1)])
    assert (rest.read(28), rest.text(148, 32), rest.read(40, "<d")) == ([70], [b"from #%d" % order], [1.08512])


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"symbol": b"NOTHING"}, 3),
        ({"orderby": 77}, 3),
        ({"cmd": 6}, 3),
        ({"volume": 0}, 131),
        ({"volume": 20000}, 131),
        ({"price": 0.0}, 129),
        ({"price": float("nan")}, 129),
        ({"sl": 1.2}, 130),
        ({"tp": 1.0}, 130),
        ({"cmd": 2, "price": 1.0, "expiration": 5}, 147),
    ],
)
def test_an_order_that_cannot_be_gets_its_code(api: Any, raw: Any, values: dict[str, Any], code: int) -> None:
    assert _open(api, raw, **values)[0] == code


@pytest.mark.parametrize("kind", [0, 64, 66, 74, 84, 255])
def test_the_transactions_of_clients_are_refused_with_3(api: Any, raw: Any, kind: int) -> None:
    assert api.trade(raw.transaction(type=kind, orderby=1001, symbol=b"EURUSD", volume=1, price=1.0)) == 3


def test_a_pending_order_is_modified_activated_and_cancelled_into_the_history(api: Any, raw: Any) -> None:
    _, first = _open(api, raw, cmd=2, price=1.05)
    _, second = _open(api, raw, cmd=3, price=1.2)

    changed = api.trade(raw.transaction(type=80, order=first, price=1.06, sl=1.05))
    activated = api.trade(raw.transaction(type=81, order=first, price=1.0601))
    deleted = api.trade(raw.transaction(type=77, order=second))

    one, two = _open_rows(api, first), _open_rows(api, second)
    assert (changed, activated, one.read(24), one.read(40, "<d"), one.read(48, "<d")) == (0, 0, [0], [1.0601], [1.05])
    assert (deleted, two.read(36), second in api.history(1001).read(0)) == (0, [6], True)


def test_a_deleted_position_leaves_no_trace_and_no_money(api: Any, raw: Any) -> None:
    before = _balance(api)
    _, order = _open(api, raw)

    assert (api.trade(raw.transaction(type=77, order=order)), len(_open_rows(api, order)), _balance(api)) == (
        0,
        0,
        before,
    )


def test_opposite_positions_close_each_other_and_leave_the_larger_ones_rest(api: Any, raw: Any) -> None:
    _, bought = _open(api, raw, volume=150)
    _, sold = _open(api, raw, cmd=1, volume=100, price=1.085)

    closed = api.trade(raw.transaction(type=78, order=bought, orderby=sold))

    assert (closed, _open_rows(api, bought).read(36), _open_rows(api, sold).read(36)) == (0, [5], [5])
    assert _open_rows(api, sold + 1).read(28) == [50]


def test_closing_all_of_a_symbol_needs_both_directions(standin: Any, api: Any, raw: Any) -> None:
    api.call(99, raw.user(login=7000, enable=1), kinds=(raw.ptr,))
    _open(api, raw, orderby=7000, volume=100)
    alone = api.trade(raw.transaction(type=79, orderby=7000, symbol=b"EURUSD"))
    _open(api, raw, orderby=7000, volume=60, cmd=1, price=1.085)
    _open(api, raw, orderby=7000, volume=60, cmd=1, price=1.085)
    before = standin.count("open")

    assert (alone, api.trade(raw.transaction(type=79, orderby=7000, symbol=b"EURUSD"))) == (3, 0)
    assert standin.count("open") == before - 2  # of 100 bought and 120 sold, 20 stay


def test_a_comment_is_replaced_without_touching_the_rest(api: Any, raw: Any) -> None:
    _, order = _open(api, raw)

    assert api.trade(raw.transaction(type=82, order=order, comment=b"new")) == 0
    assert (_open_rows(api, order).text(148, 32), _open_rows(api, order).read(28)) == ([b"new"], [100])


def test_the_history_goes_by_the_close_time_and_holds_nothing_that_is_open(api: Any, raw: Any) -> None:
    _, order = _open(api, raw)
    rows = api.history(1001)
    first = min(rows.read(64))

    one = api.rows(108, 224, 1001, first, first, kinds=(raw.i32, raw.i32, raw.i32))
    none = api.rows(108, 224, 1001, 0, first - 1, kinds=(raw.i32, raw.i32, raw.i32))

    assert (order in rows.read(0), len(one), len(none)) == (False, 1, 0)
    assert len(api.rows(108, 224, 1001, 0, -1, kinds=(raw.i32, raw.i32, raw.i32))) == 0


def test_a_whole_record_can_be_edited_and_a_partial_one_gets_151(api: Any, raw: Any) -> None:
    _, order = api.deposit(1001, 5.0, b"old")
    before = _balance(api)
    record = ctypes.create_string_buffer(_open_rows(api, order).raw, 224)
    struct.pack_into("<d32s", record, 128, 6.0, bytes(32))
    partial = ctypes.create_string_buffer(224)
    struct.pack_into("<i", partial, 0, order)

    assert (api.call(84, record, kinds=(raw.ptr,)), api.call(84, partial, kinds=(raw.ptr,))) == (0, 151)
    assert (_open_rows(api, order).read(128, "<d"), _balance(api)) == ([6.0], before)


def test_an_administrator_asks_by_group_login_or_ticket_and_deletes_for_good(standin: Any, api: Any, raw: Any) -> None:
    def asked(request: bytes, open_only: int) -> Any:
        return api.rows(80, 224, request, open_only, kinds=(raw.text, raw.i32))

    everything, held = len(asked(b"*", 0)), asked(b"1001,1002", 1)
    orders = held.read(0)
    assert (everything, set(held.read(4)), len(asked(b"nowhere", 0))) == (150, {1001, 1002}, 0)

    deleted = api.call(83, (raw.i32 * 2)(*orders), 2, kinds=(raw.ptr, raw.i32))

    assert (deleted, len(_open_rows(api, orders[0])), standin.count("open")) == (0, 0, 48)


def test_open_trades_are_shown_at_the_price_of_now(standin: Any, api: Any, raw: Any) -> None:
    api.call(99, raw.user(login=7000, enable=1), kinds=(raw.ptr,))
    _, order = _open(api, raw, orderby=7000)
    standin.run("quote EURUSD 1.09512 1.09524")

    rows = api.rows(106, 224)

    mine = rows.read(0).index(order)
    assert (rows.read(120, "<d")[mine], rows.read(128, "<d")[mine]) == (1.09512, 1000.0)
