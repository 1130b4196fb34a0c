"""The end of the trading day, by trading-math.md §6 to §8."""

from collections.abc import Callable

from msgspec.structs import replace

from kernel.drivers.simulator.clock import DAY, ManualClock, day_end, ends_month, weekday
from kernel.drivers.simulator.server import TradeServer
from kernel.records.trades import State, Transaction

Account = Callable[..., int]
Order = Callable[..., int]
Quote = Callable[..., None]
Serve = Callable[..., TradeServer]
WEDNESDAY_NOON = 1_772_625_600


def to_end_of_day(server: TradeServer, clock: ManualClock) -> None:
    clock.advance(day_end(server.now(), 23, 59) - server.now())
    server.advance()


def test_swaps_come_once_a_night_and_three_times_on_wednesday(
    server: TradeServer, account: Account, order: Order, clock: ManualClock
) -> None:
    account(server)
    ticket = order(server, 0, 1.084, 100)
    assert server.now() == WEDNESDAY_NOON

    seen: list[float] = []
    for _ in range(5):
        to_end_of_day(server, clock)
        server.advance()
        seen.append(server.state.book.trades[ticket].storage)

    # Wednesday three nights, Thursday and Friday one each, none on Saturday and Sunday.
    assert seen == [-18.6, -24.8, -31.0, -31.0, -31.0]


def test_missed_days_are_made_up_for_at_once(
    server: TradeServer, account: Account, order: Order, clock: ManualClock
) -> None:
    account(server)
    ticket = order(server, 0, 1.084, 100)
    clock.advance(7 * DAY)
    server.advance()

    assert server.state.book.trades[ticket].storage == -6.2 * 7
    assert server.state.common.overnight_last_time == day_end(WEDNESDAY_NOON + 6 * DAY, 23, 59)


def test_a_position_of_today_pays_for_no_night_before_it(
    server: TradeServer, account: Account, order: Order, clock: ManualClock
) -> None:
    account(server)
    clock.advance(2 * DAY)
    ticket = order(server, 0, 1.084, 100)
    server.advance()

    assert server.state.book.trades[ticket].storage == 0.0


def test_a_swap_is_paid_when_the_position_closes(
    server: TradeServer, account: Account, order: Order, clock: ManualClock
) -> None:
    account(server)
    ticket = order(server, 0, 1.084, 100)
    to_end_of_day(server, clock)
    clock.advance(3600)
    order(server, 0, 1.084, 50, type=76, order=ticket)

    (rest,) = server.state.book.trades.values()
    assert (rest.storage, server.state.book.users[1001].balance) == (-9.3, 9990.7)


def test_yesterdays_and_last_months_figures_are_kept(
    server: TradeServer, account: Account, order: Order, quote: Quote, clock: ManualClock
) -> None:
    account(server)
    quote(server, 1.0839, 1.084)
    order(server, 0, 1.084, 100)
    to_end_of_day(server, clock)

    user = server.state.book.users[1001]
    assert (user.prevbalance, user.prevequity, user.prevmonthbalance) == (10_000.0, 9971.4, 0.0)

    clock.advance(27 * DAY)
    server.advance()
    user = server.state.book.users[1001]
    assert (user.prevmonthbalance, user.prevmonthequity) == (10_000.0, user.prevequity)


def test_agents_get_what_their_clients_closed_that_day(
    server: TradeServer, account: Account, order: Order, clock: ManualClock
) -> None:
    account(server, 1001, group="ecn-usd")
    account(server, 2000, money=0.0)
    server.accounts.update(replace(server.state.book.users[1001], agent_account=2000))
    ticket = order(server, 0, 1.084, 300)
    to_end_of_day(server, clock)
    assert server.state.book.users[2000].balance == 0.0

    clock.advance(3600)
    order(server, 0, 1.084, 300, type=76, order=ticket)
    for _ in range(2):
        to_end_of_day(server, clock)

    (row,) = server.state.storage.history(2000, 0, 2**31 - 1)
    assert (row.profit, row.comment, server.state.book.users[2000].balance) == (2.1, "agent '1001'", 2.1)


def test_interest_grows_daily_and_is_paid_at_the_months_end(
    server: TradeServer, account: Account, clock: ManualClock
) -> None:
    server.state.groups["real-usd"] = replace(server.state.groups["real-usd"], interestrate=3.6)
    account(server, group="real-usd")
    to_end_of_day(server, clock)
    assert server.state.book.users[1001].interestrate == 1.0

    clock.advance(27 * DAY)
    server.advance()
    user = server.state.book.users[1001]
    assert (user.balance, user.interestrate) == (10_028.0, 0.0)


def test_a_rollover_cut_short_goes_on_where_it_was(
    serve: Serve, account: Account, order: Order, clock: ManualClock
) -> None:
    server = serve(database="roll.sqlite3")
    for login in range(1001, 2101):
        account(server, login)
        order(server, 0, 1.084, 100, orderby=login)
    clock.advance(day_end(server.now(), 23, 59) - server.now())
    steps = server.advancing()
    next(steps)
    server.close()

    server.load()
    server.advance()

    assert {trade.storage for trade in server.state.book.trades.values()} == {-18.6}


def test_day_orders_end_with_the_day(server: TradeServer, account: Account, order: Order, clock: ManualClock) -> None:
    symbols = server.state.market.symbols
    symbols["GBPUSD"] = replace(symbols["GBPUSD"], gtc_pendings=0)
    account(server)
    kept = order(server, 2, 1.05)
    order(server, 2, 1.2, symbol="GBPUSD")
    to_end_of_day(server, clock)

    rows = [row for row in server.state.storage.history(1001, 0, 2**31 - 1) if row.cmd < 6]
    assert (list(server.state.book.trades), [row.state for row in rows]) == ([kept], [State.DELETED])


def test_expired_credits_stay_unless_the_option_writes_them_off(
    serve: Serve, server: TradeServer, account: Account, clock: ManualClock
) -> None:
    option = serve(expire_credits=True)
    for each in (server, option):
        account(each)
        for amount in (50.0, 30.0):
            each.dealing.transact(Transaction(type=83, cmd=7, orderby=1001, price=amount, expiration=each.now() + 3600))
        each.dealing.transact(Transaction(type=83, cmd=7, orderby=1001, price=-20.0))
    clock.advance(3600)
    for each in (server, option):
        each.advance()
        each.advance()

    assert (server.state.book.users[1001].credit, option.state.book.users[1001].credit) == (60.0, 0.0)
    rows = option.state.storage.history(1001, 0, 2**31 - 1)
    assert sum(row.profit for row in rows if row.cmd == 7) == 0.0


def test_the_calendar_is_the_servers() -> None:
    assert (weekday(WEDNESDAY_NOON), weekday(WEDNESDAY_NOON + 5 * DAY)) == (2, 0)
    assert day_end(WEDNESDAY_NOON, 23, 59) == WEDNESDAY_NOON + 12 * 3600 - 60
    assert day_end(day_end(WEDNESDAY_NOON, 23, 59), 23, 59) == WEDNESDAY_NOON + DAY + 12 * 3600 - 60
    assert [ends_month(moment) for moment in (1_772_323_199, 1_772_323_200)] == [True, False]
