"""Margin call and stop-out, by trading-math.md §5."""

from collections.abc import Callable
from random import Random

import pytest

from kernel.drivers.simulator import margin
from kernel.drivers.simulator.clock import ManualClock
from kernel.drivers.simulator.feed import RandomWalk
from kernel.drivers.simulator.server import TradeServer
from kernel.drivers.simulator.ticks import Tick
from kernel.records.events import Event, MarginCallEvent
from kernel.records.trades import Activation, Transaction

Account = Callable[..., int]
Order = Callable[..., int]
Quote = Callable[..., None]
Serve = Callable[..., TradeServer]


@pytest.fixture
def told(server: TradeServer) -> list[Event]:
    events: list[Event] = []
    server.state.listeners.append(events.append)
    return events


def levels(told: list[Event]) -> list[int]:
    return [event.margin.level_type for event in told if isinstance(event, MarginCallEvent)]


def test_the_worst_is_closed_first_and_no_more_than_needed(
    server: TradeServer, account: Account, order: Order, quote: Quote, told: list[Event]
) -> None:
    account(server, money=3000.0)
    quote(server, 1.0839, 1.084)
    small, large = order(server, 0, 1.084, 50), order(server, 0, 1.084, 150)

    quote(server, 1.0775, 1.0776)
    assert levels(told) == [1]
    quote(server, 1.074, 1.0741)

    (row,) = [row for row in server.state.storage.history(1001, 0, 2**31 - 1) if row.cmd < 6]
    # Equity is 3000 less a loss of 2000 against a margin of 2167.80.
    assert (row.order, row.activation, row.close_price) == (large, Activation.STOPOUT, 1.074)
    assert row.comment == "so: 46.1%/1000.0/2167.8"
    assert list(server.state.book.trades) == [small]
    assert levels(told) == [1, 2, 0]


def test_everything_goes_when_nothing_helps_and_the_balance_may_fall_below_zero(
    server: TradeServer, account: Account, order: Order, quote: Quote, told: list[Event]
) -> None:
    account(server, money=2000.0)
    quote(server, 1.0839, 1.084)
    order(server, 0, 1.084, 100)
    order(server, 0, 1.084, 50)

    quote(server, 1.0, 1.0001)

    assert server.state.book.trades == {}
    assert server.state.book.users[1001].balance == 2000.0 - 150_000 * 0.084
    assert levels(told)[-1] == 0
    assert server.state.levels == {}


def test_a_withdrawal_can_cause_a_stop_out(server: TradeServer, account: Account, order: Order, quote: Quote) -> None:
    account(server, money=3000.0)
    quote(server, 1.0839, 1.084)
    order(server, 0, 1.084, 100)

    server.dealing.transact(Transaction(type=83, cmd=6, orderby=1001, price=-2800.0))
    assert len(server.state.book.trades) == 1
    server.advance()

    assert server.state.book.trades == {}


def test_a_fully_hedged_account_is_left_alone_where_the_group_says_so(
    server: TradeServer, account: Account, order: Order, quote: Quote
) -> None:
    account(server, group="real-jpy", money=1000.0)
    quote(server, 1.0839, 1.084)
    for cmd in (0, 1):
        order(server, cmd, 1.084, 100)
    server.advance()

    assert len(server.state.book.trades) == 2
    assert server.state.levels[1001].level_type == 2


def test_nothing_is_closed_while_the_market_is_closed(
    serve: Serve, account: Account, order: Order, quote: Quote, clock: ManualClock
) -> None:
    server = serve(check_sessions=False)
    clock.advance(3 * 86400)
    account(server, money=2000.0)
    order(server, 0, 1.084, 100)
    quote(server, 1.0, 1.0001)

    assert len(server.state.book.trades) == 1
    assert server.state.levels[1001].level_type == 2


@pytest.mark.parametrize("seed", range(4))
def test_no_account_comes_to_another_level_unseen(serve: Serve, clock: ManualClock, seed: int) -> None:
    """The bands of the stop-out against looking at every account after every tick."""
    server = serve(accounts=150, seed=seed)
    state, random = server.state, Random(seed)  # noqa: S311 - repeatable, not secret
    server.advance()
    walk = RandomWalk(seed, state.market)
    for _ in range(150):
        clock.advance(random.choice((1, 60, 900)))
        ticks = walk.step(server.now())
        # Now and then the market jumps, so that accounts really come to their levels.
        jump = random.choice((1.0, 1.0, 0.99, 1.01))
        server.apply_ticks([Tick(t.symbol, t.bid * jump, t.ask * jump * 1.0001) for t in ticks])
        for login, user in state.book.users.items():
            found = margin.level(user, state.group_of(user), state.book.positions_of(login), state.market)
            known = state.levels.get(login)
            assert found.level_type == (0 if known is None else known.level_type), login
