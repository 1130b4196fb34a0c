"""Stops, pending orders and expirations, set off by prices and by the hour."""

from collections.abc import Callable

import pytest

from kernel.drivers.simulator.clock import ManualClock
from kernel.drivers.simulator.server import TradeServer
from kernel.drivers.simulator.tripwires import Band, Tripwires
from kernel.records.trades import Activation, State, Trade

Account = Callable[..., int]
Order = Callable[..., int]
Quote = Callable[..., None]
Serve = Callable[..., TradeServer]


def ended(server: TradeServer) -> list[Trade]:
    return [row for row in server.state.storage.history(1001, 0, 2**31 - 1) if row.cmd < 6]


@pytest.mark.parametrize(
    ("cmd", "stops", "kept", "fired", "price", "why"),
    [
        (0, {"sl": 1.08}, (1.08001, 1.081), (1.08, 1.0801), 1.08, Activation.SL),
        (0, {"tp": 1.09}, (1.08999, 1.0905), (1.0905, 1.0906), 1.09, Activation.TP),
        (1, {"sl": 1.09}, (1.0895, 1.08999), (1.0895, 1.09), 1.09, Activation.SL),
        (1, {"tp": 1.08}, (1.0795, 1.08001), (1.0795, 1.08), 1.08, Activation.TP),
    ],
)
def test_a_stop_closes_at_its_own_price_and_not_before(
    server: TradeServer,
    account: Account,
    order: Order,
    quote: Quote,
    cmd: int,
    stops: dict[str, float],
    kept: tuple[float, float],
    fired: tuple[float, float],
    price: float,
    why: Activation,
) -> None:
    account(server)
    ticket = order(server, cmd, 1.084, comment="mine", **stops)

    quote(server, *kept)
    assert list(server.state.book.trades) == [ticket]
    quote(server, *fired)

    (row,) = ended(server)
    mark = "[sl]" if why == Activation.SL else "[tp]"
    assert (row.close_price, row.activation, row.comment) == (price, why, f"mine{mark}")
    assert server.state.book.users[1001].balance == 10_000.0 + row.profit


@pytest.mark.parametrize(
    ("cmd", "price", "kept", "fired"),
    [
        (2, 1.08, (1.0799, 1.08001), (1.0799, 1.08)),
        (3, 1.09, (1.08999, 1.0901), (1.09, 1.0901)),
        (4, 1.09, (1.0898, 1.08999), (1.0899, 1.09)),
        (5, 1.08, (1.08001, 1.0801), (1.08, 1.0801)),
    ],
)
def test_a_pending_order_opens_at_its_price_and_not_before(
    server: TradeServer,
    account: Account,
    order: Order,
    quote: Quote,
    cmd: int,
    price: float,
    kept: tuple[float, float],
    fired: tuple[float, float],
) -> None:
    account(server)
    ticket = order(server, cmd, price)

    quote(server, *kept)
    assert server.state.book.trades[ticket].pending
    quote(server, *fired)

    trade = server.state.book.trades[ticket]
    assert (trade.cmd, trade.open_price, trade.activation) == (cmd % 2, price, Activation.PENDING)


def test_the_group_sees_its_own_prices(server: TradeServer, account: Account, order: Order, quote: Quote) -> None:
    account(server, group="micro-usd")
    ticket = order(server, 0, 1.084, sl=1.08)

    quote(server, 1.08007, 1.0802)
    assert list(server.state.book.trades) == [ticket]
    quote(server, 1.08006, 1.0802)
    assert server.state.book.trades == {}


def test_a_pending_order_without_its_margin_is_deleted(
    server: TradeServer, account: Account, order: Order, quote: Quote
) -> None:
    account(server, money=100.0)
    order(server, 2, 1.08, 100)
    quote(server, 1.0799, 1.08)

    (row,) = ended(server)
    assert (row.state, row.cmd, row.comment) == (State.DELETED, 2, "[no money]")


def test_an_expired_order_is_deleted_on_time(
    server: TradeServer, account: Account, order: Order, clock: ManualClock
) -> None:
    account(server)
    order(server, 2, 1.05, expiration=server.now() + 60)

    clock.advance(59)
    server.advance()
    assert len(server.state.book.trades) == 1
    clock.advance(1)
    server.advance()

    assert [(row.state, row.comment) for row in ended(server)] == [(State.DELETED, "[expiration]")]


def test_nothing_is_set_off_while_the_market_is_closed(
    serve: Serve, account: Account, order: Order, quote: Quote, clock: ManualClock
) -> None:
    server = serve(check_sessions=False)
    clock.advance(3 * 86400)
    account(server)
    ticket = order(server, 0, 1.084, sl=1.08)
    quote(server, 1.07, 1.071)
    assert list(server.state.book.trades) == [ticket]

    clock.advance(2 * 86400)
    quote(server, 1.07, 1.071)
    assert ticket not in server.state.book.trades


def test_a_modified_stop_is_the_one_that_counts(
    server: TradeServer, account: Account, order: Order, quote: Quote
) -> None:
    account(server)
    ticket = order(server, 0, 1.084, sl=1.08)
    quote(server, 1.0838, 1.0839)
    order(server, 0, 1.084, type=80, order=ticket, sl=1.07)
    quote(server, 1.075, 1.076)
    assert list(server.state.book.trades) == [ticket]

    quote(server, 1.07, 1.071)
    assert [row.close_price for row in ended(server)] == [1.07]


def test_tripwires_give_what_a_quote_leaves_and_forget_old_bands() -> None:
    wires = Tripwires()
    for key in range(1000):
        for _ in range(3):
            wires.arm(key, [Band("A", 90 - key, 110 + key), Band("B", 1, 2)])
    wires.disarm(5)

    assert wires.crossed("A", 90, 100) == {0}
    assert wires.crossed("A", 89, 112) == {1, 2}
    assert wires.crossed("A", 86.5, 100) == {3}
    assert wires.crossed("A", 84, 100) == {4, 6}
    assert wires.crossed("C", 0, 9) == set()
    assert wires.crossed("B", 1, 1.5) == set(range(7, 1000))
    assert len(wires) == 0


def test_an_order_that_expired_before_anyone_looked_is_deleted_too(
    server: TradeServer, account: Account, order: Order, clock: ManualClock
) -> None:
    account(server)
    order(server, 2, 1.05, expiration=server.now() + 60)
    clock.advance(60)
    server.advance()

    assert server.state.book.trades == {}
