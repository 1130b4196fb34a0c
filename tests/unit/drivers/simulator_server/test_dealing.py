"""A manager's orders, by behaviour.md §10 and trading-math.md §4."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from kernel.drivers import Rejected
from kernel.drivers.simulator.clock import ManualClock
from kernel.drivers.simulator.server import TradeServer
from kernel.records.trades import State, Trade, Transaction

Account = Callable[..., int]
Order = Callable[..., int]
Serve = Callable[..., TradeServer]
Quote = Callable[..., None]


def history(server: TradeServer, login: int = 1001) -> list[Trade]:
    return [row for row in server.state.storage.history(login, 0, 2**31 - 1) if row.cmd < 6]


def test_an_opened_position_fixes_its_rates(server: TradeServer, account: Account, order: Order) -> None:
    account(server, group="demo-eur")
    ticket = order(server, 0, 1.08401, comment="x" * 40, sl=1.08, tp=1.09)

    trade = server.state.book.trades[ticket]
    assert (trade.open_price, trade.sl, trade.tp, trade.volume, trade.digits) == (1.08401, 1.08, 1.09, 100, 5)
    assert (trade.margin_rate, trade.state, trade.reason, trade.comment) == (1.0, 0, 2, "x" * 31)
    assert trade.conv_rates == (pytest.approx(1 / 1.0839), 0.0)


def test_commission_and_taxes_are_charged_at_opening(server: TradeServer, account: Account, order: Order) -> None:
    account(server, group="ecn-usd")
    trade = server.state.book.trades[order(server, 0, 1.084, 200)]

    assert (trade.commission, trade.commission_agent) == (-7.0, 1.4)


def test_a_full_close_moves_the_balance(server: TradeServer, account: Account, order: Order) -> None:
    account(server, group="ecn-usd")
    ticket = order(server, 0, 1.084, 100, comment="mine")
    order(server, 0, 1.085, 100, type=76, order=ticket)

    closed = history(server)
    assert [(t.order, t.profit, t.commission, t.state, t.comment) for t in closed] == [(ticket, 100.0, -3.5, 3, "mine")]
    assert server.state.book.users[1001].balance == 10_096.5
    assert server.state.book.trades == {}


def test_a_partial_close_leaves_the_rest_under_a_new_ticket(
    server: TradeServer, account: Account, order: Order
) -> None:
    account(server, group="ecn-usd")
    ticket = order(server, 1, 1.084, 100)
    opened = server.state.book.trades[ticket]
    order(server, 1, 1.083, 30, type=76, order=ticket)

    (rest,) = server.state.book.trades.values()
    (closed,) = history(server)
    assert rest == replace(
        opened,
        order=ticket + 1,
        volume=70,
        commission=-2.45,
        commission_agent=0.49,
        comment=f"from #{ticket}",
        timestamp=server.now(),
    )
    assert (closed.volume, closed.profit, closed.commission) == (30, 30.0, -1.05)
    assert (closed.state, closed.comment) == (State.CLOSED_PART, f"to #{ticket + 1}")
    assert server.state.book.users[1001].balance == 10_028.95


def test_close_by_closes_both_and_keeps_the_rest(server: TradeServer, account: Account, order: Order) -> None:
    account(server)
    bought, sold = order(server, 0, 1.084, 100), order(server, 1, 1.086, 60)
    order(server, 0, 0, type=78, order=bought, orderby=sold)

    (rest,) = server.state.book.trades.values()
    assert (rest.cmd, rest.volume, rest.open_price, rest.comment) == (0, 40, 1.084, f"from #{bought}")
    assert [(t.order, t.profit, t.state) for t in history(server)] == [(bought, 120.0, 5), (sold, 0.0, 5)]
    assert server.state.book.users[1001].balance == 10_120.0


def test_close_all_cancels_opposite_positions_out(server: TradeServer, account: Account, order: Order) -> None:
    account(server)
    for cmd, volume in ((0, 50), (0, 70), (1, 100)):
        order(server, cmd, 1.084, volume)
    order(server, 0, 0, type=79)

    assert [(t.cmd, t.volume) for t in server.state.book.trades.values()] == [(0, 20)]
    assert server.state.book.users[1001].balance == 10_000.0


def test_a_deleted_pending_order_stays_in_the_history(server: TradeServer, account: Account, order: Order) -> None:
    account(server)
    pending = order(server, 2, 1.05)
    order(server, 2, 0, type=77, order=pending)

    (row,) = history(server)
    assert (row.order, row.cmd, row.state, row.profit, row.close_time) == (pending, 2, State.DELETED, 0.0, server.now())


def test_a_deleted_position_leaves_nothing(server: TradeServer, account: Account, order: Order) -> None:
    account(server)
    order(server, 0, 0, type=77, order=order(server, 0, 1.084))

    assert (server.state.book.trades, history(server)) == ({}, [])
    assert server.state.book.users[1001].balance == 10_000.0


def test_modify_writes_everything_and_comment_only_the_comment(
    server: TradeServer, account: Account, order: Order
) -> None:
    account(server)
    ticket = order(server, 2, 1.05, sl=1.04, tp=1.06)
    before = server.state.book.trades[ticket]
    order(server, 0, 1.051, type=80, order=ticket, tp=1.07, expiration=server.now() + 60)
    order(server, 0, 0, type=82, order=ticket, comment="new")

    expected = replace(before, open_price=1.051, sl=0.0, tp=1.07, expiration=server.now() + 60, comment="new")
    assert server.state.book.trades[ticket] == expected


def test_activating_makes_a_position_of_a_pending_order(server: TradeServer, account: Account, order: Order) -> None:
    account(server, group="ecn-usd")
    ticket = order(server, 5, 1.05, expiration=server.now() + 60)
    order(server, 0, 1.049, type=81, order=ticket)

    trade = server.state.book.trades[ticket]
    assert (trade.cmd, trade.open_price, trade.expiration, trade.commission) == (1, 1.049, 0, -3.5)


@pytest.mark.parametrize("kind", [*range(64, 75), 0, 84, -1])
def test_what_is_no_type_of_a_managers_is_3(server: TradeServer, account: Account, kind: int) -> None:
    account(server)
    with pytest.raises(Rejected) as caught:
        server.dealing.transact(Transaction(type=kind, orderby=1001, symbol="EURUSD", volume=100, price=1.0))

    assert caught.value.retcode == 3


OPENINGS = [
    ({"orderby": 42}, 3),
    ({"symbol": "NOSUCH"}, 3),
    ({"cmd": 6}, 3),
    ({"cmd": -1}, 3),
    ({"price": 0.0}, 129),
    ({"price": -1.0}, 129),
    ({"price": float("nan")}, 129),
    ({"price": float("inf")}, 129),
    ({"sl": 1.2}, 130),
    ({"tp": 1.0}, 130),
    ({"sl": 1.08398}, 130),
    ({"sl": -1.0}, 130),
    ({"sl": float("nan")}, 130),
    ({"cmd": 1, "tp": 1.2}, 130),
    ({"volume": 0}, 131),
    ({"volume": -5}, 131),
    ({"volume": 10**6}, 131),
    ({"symbol": "#AAPL", "price": 170.0}, 132),
    ({"symbol": "USDNOK", "price": 10.0}, 133),
    ({"symbol": "#HSBA.L", "price": 5.9, "cmd": 1}, 140),
    ({"cmd": 2, "expiration": 5}, 147),
    ({"cmd": 2, "expiration": 2**31}, 147),
]


@pytest.mark.parametrize(("change", "retcode"), OPENINGS)
def test_an_order_that_breaks_a_rule_has_its_code_and_no_ticket(
    server: TradeServer, account: Account, change: dict[str, object], retcode: int
) -> None:
    account(server)
    asked = {"type": 75, "cmd": 0, "orderby": 1001, "symbol": "EURUSD", "volume": 100, "price": 1.084, **change}
    last = server.state.common.lastorder

    with pytest.raises(Rejected) as caught:
        server.dealing.transact(Transaction(**asked))

    assert caught.value.retcode == retcode
    assert (server.state.book.trades, server.state.common.lastorder) == ({}, last)


CLOSINGS = [
    ({"order": 999}, 3),
    ({"volume": 0}, 131),
    ({"volume": 101}, 131),
    ({"price": 0.0}, 129),
    ({"type": 77, "order": 999}, 3),
    ({"type": 78, "orderby": 999}, 3),
    ({"type": 79, "symbol": "EURUSD", "orderby": 1001}, 3),
    ({"type": 80, "price": 0.0}, 129),
    ({"type": 80, "price": 1.084, "sl": 1.0839}, 130),
    ({"type": 81}, 3),
    ({"type": 82, "order": 999}, 3),
]


@pytest.mark.parametrize(("change", "retcode"), CLOSINGS)
def test_a_change_of_an_order_that_cannot_be_leaves_it_as_it_was(
    server: TradeServer, account: Account, order: Order, change: dict[str, object], retcode: int
) -> None:
    account(server)
    ticket = order(server, 0, 1.084)
    before = dict(server.state.book.trades)
    asked = {"type": 76, "order": ticket, "volume": 100, "price": 1.084, **change}

    with pytest.raises(Rejected) as caught:
        server.dealing.transact(Transaction(**asked))

    assert caught.value.retcode == retcode
    assert server.state.book.trades == before


def test_a_disabled_or_read_only_account_opens_nothing(server: TradeServer, account: Account, order: Order) -> None:
    user = server.state.book.users[account(server)]
    for change, retcode in (({"enable": 0}, 64), ({"enable_read_only": 1}, 133)):
        server.accounts.update(replace(user, **change))
        with pytest.raises(Rejected) as caught:
            order(server, 0, 1.084)
        assert caught.value.retcode == retcode


def test_a_group_that_prohibits_hedging_and_wants_fifo_says_149_and_150(
    server: TradeServer, account: Account, order: Order
) -> None:
    account(server, group="fifo-usd")
    first, second = order(server, 0, 1.084), order(server, 0, 1.084)

    with pytest.raises(Rejected) as hedge:
        order(server, 1, 1.084)
    with pytest.raises(Rejected) as fifo:
        order(server, 0, 1.084, type=76, order=second)
    order(server, 0, 1.084, type=76, order=first)
    order(server, 0, 1.084, type=76, order=second)

    assert (hedge.value.retcode, fifo.value.retcode) == (149, 150)


def test_one_order_more_than_the_group_allows_is_148(server: TradeServer, account: Account, order: Order) -> None:
    account(server, group="micro-usd")
    for _ in range(20):
        order(server, 2, 1.05, 1)

    with pytest.raises(Rejected) as caught:
        order(server, 2, 1.05, 1)

    assert caught.value.retcode == 148


def test_money_is_asked_for_by_option_only(serve: Serve, server: TradeServer, account: Account, order: Order) -> None:
    account(server, money=100.0)
    order(server, 0, 1.084, 1000)
    strict = serve(check_money=True)
    account(strict, money=100.0)
    last = strict.state.common.lastorder

    with pytest.raises(Rejected) as caught:
        order(strict, 0, 1.084, 1000)

    assert caught.value.retcode == 134
    assert (strict.state.book.trades, strict.state.common.lastorder) == ({}, last)
    assert len(server.state.book.trades) == 1


def test_hours_are_asked_for_unless_told_otherwise(
    serve: Serve, account: Account, order: Order, clock: ManualClock
) -> None:
    clock.advance(3 * 86400)
    server, lax = serve(), serve(check_sessions=False)
    account(server)
    account(lax)

    with pytest.raises(Rejected) as caught:
        order(server, 0, 1.084)

    assert caught.value.retcode == 132
    assert order(lax, 0, 1.084) in lax.state.book.trades
