"""A generated broker adds up, to the cent and for any seed."""

import tracemalloc
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.drivers.simulator.catalogue import first_prices, groups, symbols
from kernel.drivers.simulator.generator import Opened, accounts, login, next_ticket
from kernel.drivers.simulator.margin import level, margin
from kernel.drivers.simulator.market import Market
from kernel.drivers.simulator.profit import valued
from kernel.drivers.simulator.sessions import tradable
from kernel.records.market import Group
from kernel.records.trades import Trade

NOW = 1_772_900_000
YEAR = 365 * 86400
GROUPS = {group.group: group for group in groups()}


def quoted() -> Market:
    market = Market(symbols())
    for name, (bid, ask) in first_prices().items():
        market.tick(name, bid, ask, NOW)
    return market


MARKET = quoted()


def make(
    seed: int = 1, count: int = 150, now: int = NOW, groups: Sequence[Group] = groups(), code_page: str = "cp1252"
) -> Iterator[Opened]:
    return accounts(seed, count, now, MARKET, groups, code_page)


BROKER = tuple(make())
ROWS = tuple(row for account in BROKER for row in account.history)
OPEN = tuple(row for account in BROKER for row in account.open_trades)


def cents(amount: float) -> int:
    return round(amount * 100)


def balance(history: Sequence[Trade]) -> int:
    counted = [row for row in history if row.cmd in {0, 1, 6}]
    return sum(cents(row.profit) + cents(row.commission) + cents(row.storage) + cents(row.taxes) for row in counted)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**63 - 1), st.integers(NOW - YEAR, NOW + YEAR), st.sampled_from(["cp1252", "cp1251"]))
def test_any_account_of_any_seed_adds_up(seed: int, now: int, code_page: str) -> None:
    for account in make(seed, 6, now, code_page=code_page):
        user, group = account.user, GROUPS[account.user.group]
        credit = sum(cents(row.profit) for row in account.history if row.cmd == 7)
        assert (cents(user.balance), cents(user.credit)) == (balance(account.history), credit)
        assert user.balance >= 0
        assert user.credit >= 0
        assert level(user, group, account.open_trades, MARKET).level_type < 2
        closed = [(row.close_time, row.order) for row in account.history]
        assert closed == sorted(closed)
        assert all(now - YEAR <= row.open_time <= row.close_time <= now for row in account.history)
        assert all(now - YEAR <= row.open_time <= now and row.close_time == 0 for row in account.open_trades)
        assert user.regdate < min(row.open_time for row in account.history)
        assert max(row.timestamp for row in (*account.history, *account.open_trades)) <= user.lastdate <= now


def test_the_same_arguments_make_the_same_broker_and_a_seed_another() -> None:
    assert tuple(make()) == BROKER
    assert next(make(2)).user != BROKER[0].user


def test_the_first_accounts_of_a_broker_do_not_wait_for_the_rest() -> None:
    assert tuple(account.user for account in islice(make(count=100_000), 150)) == tuple(
        account.user for account in BROKER
    )


def test_accounts_do_not_pile_up_in_memory() -> None:
    stream = make(count=100_000)
    for _ in islice(stream, 400):
        pass
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _ in islice(stream, 400):
        pass
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()

    assert grown < 400 * 1500  # an account with its rows takes five times as much


def test_tickets_are_unique_in_time_order_and_below_the_next() -> None:
    tickets = [row.order for row in (*ROWS, *OPEN)]

    assert len(set(tickets)) == len(tickets)
    assert max(tickets) < next_ticket(len(BROKER))
    by_ticket = sorted((*ROWS, *OPEN), key=lambda row: row.order)
    assert all(second.open_time - first.open_time > -43200 for first, second in pairwise(by_ticket))
    for account in BROKER:
        own = sorted((*account.history, *account.open_trades), key=lambda row: row.order)
        assert all(first.open_time < second.open_time for first, second in pairwise(own))


def test_logins_rise_from_1001_with_gaps() -> None:
    logins = [account.user.login for account in BROKER]

    assert logins == sorted(set(logins)) == [login(index) for index in range(len(BROKER))]
    assert logins[0] == 1001
    assert logins[-1] > 1001 + len(logins) - 1


@pytest.mark.parametrize("seed", range(20))
def test_login_1001_is_a_rich_demonstration_account(seed: int) -> None:
    account = next(make(seed, 1))
    figures = level(account.user, GROUPS["demoforex"], account.open_trades, MARKET)

    assert (account.user.login, account.user.group) == (1001, "demoforex")
    assert (account.user.enable, account.user.enable_read_only) == (1, 0)
    assert figures.margin_free > 80_000
    assert account.open_trades


def test_there_is_some_of_everything() -> None:
    users = [account.user for account in BROKER]
    many = [account.user for account in make(3, 400)]

    assert {user.group for user in users} == set(GROUPS)
    assert len({user.leverage for user in users}) > 5
    assert {user.enable for user in many} == {user.enable_read_only for user in many} == {0, 1}
    logins = {user.login for user in many}
    assert {user.agent_account for user in many} <= logins | {0}
    assert len({user.agent_account for user in many}) > 5
    assert {row.cmd for row in ROWS} == set(range(8))
    assert {row.cmd for row in OPEN} >= {0, 1, 2, 3, 4, 5}
    assert {row.profit > 0 for row in ROWS if row.cmd in {6, 7}} == {True, False}
    assert any(row.commission_agent > 0 for account in make(3, 400) for row in account.history)
    assert any(account.user.credit for account in BROKER)
    assert {account.user.enable for account in make(3, 400) if account.open_trades} == {1}


def test_accounts_have_about_ten_to_twenty_five_rows() -> None:
    counts = sorted(len(account.history) + len(account.open_trades) for account in BROKER)

    assert counts[len(counts) // 20] >= 10
    assert counts[-1] <= 27


def test_positions_open_and_close_in_trading_hours_at_rates_of_their_time() -> None:
    for row in (*ROWS, *OPEN):
        if row.cmd <= 1:
            symbol = MARKET.symbols[row.symbol]
            assert tradable(symbol, row.open_time), row
            assert not row.close_time or tradable(symbol, row.close_time), row
            assert row.margin_rate > 0
            assert row.conv_rates[0] > 0
            assert (row.conv_rates[1] > 0) == (row.close_time > 0)
            assert row.open_price > 0
            assert row.digits == symbol.digits


def test_commissions_stand_in_the_trades_of_groups_that_charge_one() -> None:
    charged = {
        (account.user.group in {"ecn-usd", "ecn-eur"}, row.commission < 0)
        for account in BROKER
        for row in (*account.history, *account.open_trades)
        if row.cmd <= 1 and MARKET.symbols[row.symbol].type == 0
    }

    assert charged == {(True, True), (False, False)}


def test_open_trades_are_valued_as_of_now_and_no_order_is_due() -> None:
    for account in BROKER:
        for row in account.open_trades:
            group = GROUPS[account.user.group]
            assert row == valued(row, group, MARKET)
            if row.cmd == 0 and row.sl:
                assert row.sl < row.close_price < row.tp
            if row.cmd == 1 and row.tp:
                assert row.tp < row.close_price < row.sl
            if row.cmd in {2, 5}:
                assert row.open_price < row.close_price
            if row.cmd in {3, 4}:
                assert row.open_price > row.close_price
            assert row.expiration == 0 or row.expiration > NOW


def test_balance_and_credit_rows_have_the_form_that_mt4_gives_them() -> None:
    for row in ROWS:
        if row.cmd >= 6:
            assert (row.symbol, row.digits, row.volume, row.state) == ("", 0, 1, 3)
            assert row.open_time == row.close_time
            assert row.profit != 0
            if row.cmd == 7 and row.profit > 0:
                assert row.expiration > NOW
                assert row.expiration % 3600 == 0


def test_groups_that_forbid_hedges_hold_none() -> None:
    market = Market([symbol for symbol in symbols() if symbol.symbol == "EURUSD"])
    market.tick("EURUSD", *first_prices()["EURUSD"], NOW)
    held = [
        {row.cmd for row in account.open_trades if row.cmd <= 1}
        for group in ("fifo-usd", "demoforex")
        for account in accounts(1, 200, NOW, market, [GROUPS[group]], "cp1252")
    ]

    assert [len(sides) for sides in held[:200]].count(2) == 0
    assert [len(sides) for sides in held[200:]].count(2) > 10


def test_no_account_holds_more_than_its_money_bears() -> None:
    for account in make(4, 600):
        group, trades = GROUPS[account.user.group], account.open_trades
        for row in trades:
            used = margin([row], account.user.leverage, group, MARKET, order_check=True)
            assert used <= account.user.balance / 4 + 0.01
        sides = {(row.symbol, row.cmd) for row in trades if row.cmd <= 1}
        if len(sides) == len({symbol for symbol, _ in sides}):  # a hedge may lower the margin without money
            assert level(account.user, group, trades, MARKET).margin_free + group.credit >= 0


def test_no_trade_of_the_past_ruined_its_account() -> None:
    for account in make(4, 600):
        cash = 0
        for row in sorted(account.history, key=lambda row: row.order):
            change = balance([row])
            assert change >= -cash / 2 - 1
            cash += change


def test_trades_last_hours_or_days() -> None:
    held = [row.close_time - row.open_time for row in ROWS if row.cmd <= 1]

    assert sum(seconds <= 60 for seconds in held) < len(held) / 50
    assert max(held) <= 6 * 86400


def test_passwords_pass_mt4s_rules_and_differ() -> None:
    for account in BROKER:
        for password in (account.password, account.investor):
            assert 5 <= len(password) <= 15
            assert any(map(str.isdigit, password))
            assert any(map(str.isupper, password))
            assert any(map(str.islower, password))
        assert account.password != account.investor


def test_yesterdays_and_last_months_money_follow_from_history() -> None:
    midnight = NOW // 86400 * 86400
    first_of_month = 1_772_323_200  # 1 March 2026
    for account in BROKER:
        before_today = [row for row in account.history if row.close_time < midnight]
        before_month = [row for row in account.history if row.close_time < first_of_month]
        assert cents(account.user.prevbalance) == balance(before_today)
        assert cents(account.user.prevmonthbalance) == balance(before_month)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"count": -1}, "cannot make -1 accounts"),
        ({"count": 3_000_000}, "tickets go up to 2147483647"),
        ({"now": 1000}, "before 1000 server seconds"),
        ({"groups": ()}, "without groups"),
        ({"code_page": "cp0"}, "code page 'cp0' is not known"),
    ],
)
def test_what_cannot_be_made_is_refused_at_once(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        make(**arguments)


def test_a_broker_without_the_demonstration_group_starts_with_another() -> None:
    assert next(make(groups=groups()[3:5])).user.group == groups()[3].group
    assert list(make(count=0)) == []


@pytest.mark.parametrize("group", ["real-gbp", "ecn-eur", "real-jpy"])
def test_groups_whose_free_margin_hides_losses_start_above_stop_out_as_well(group: str) -> None:
    only = GROUPS[group]

    levels = [level(one.user, only, one.open_trades, MARKET).level_type for one in make(1, 300, groups=[only])]

    assert levels.count(2) == 0
    assert levels.count(0) > 250
