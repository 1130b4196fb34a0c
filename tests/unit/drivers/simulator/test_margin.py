"""Margin, equity, levels and the check of new orders, against a second, slower way to compute them."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.drivers.simulator.catalogue import first_prices, groups, symbols
from kernel.drivers.simulator.margin import Rules, fully_hedged, level, margin, margin_rate, refuses
from kernel.drivers.simulator.market import Market
from kernel.records.market import Group, GroupMargin, Symbol
from kernel.records.trades import Trade
from kernel.records.users import User

GROUP = Group(group="g", currency="USD")


def catalogue_market() -> Market:
    market = Market(symbols())
    for name, (bid, ask) in first_prices().items():
        market.tick(name, bid, ask, 1)
    return market


def x_market(**more: Any) -> Market:
    """A market of one CFD whose whole price is margin, and whose lot is one unit."""
    usual: dict[str, Any] = {"digits": 2, "point": 0.01, "contract_size": 1.0, "margin_mode": 1, "profit_mode": 1}
    market = Market([Symbol(symbol="X", **(usual | more))])
    market.tick("X", 100.0, 100.0, 1)
    return market


def trade(cmd: int, volume: int, price: float = 100.0, symbol: str = "X", **more: Any) -> Trade:
    made: dict[str, Any] = {"order": 1, "login": 1, "margin_rate": 1.0} | more
    return Trade(symbol=symbol, cmd=cmd, volume=volume, open_price=price, **made)


def user(balance: float, credit: float = 0.0, leverage: int = 100) -> User:
    return User(login=1, group="g", balance=balance, credit=credit, leverage=leverage)


def naive_margin(trades: Sequence[Trade], leverage: int, group: Group, market: Market) -> Fraction:
    """Walk over lots one by one kind, in exact fractions, from the table of trading-math.md §4."""
    total = Fraction(0)
    for name, rows in groupby(sorted(trades, key=lambda row: row.symbol), key=lambda row: row.symbol):
        book = [row for row in rows if row.cmd in (0, 1)]
        if not book:
            continue
        symbol = market.symbols[name]
        own = next((o.margin_divider for o in group.secmargins if o.symbol == name and o.margin_divider), None)
        divider = Fraction(own or symbol.margin_divider) * (leverage if symbol.margin_mode in (0, 4) else 1)
        legs = [[row for row in book if row.cmd == side] for side in (0, 1)]
        if group.hedge_largeleg and all(legs):
            total += max(naive_part(symbol, leg, sum(row.volume for row in leg), 0) for leg in legs) / divider
            continue
        bought, sold = (sum(row.volume for row in leg) for leg in legs)
        total += naive_part(symbol, book, abs(bought - sold), 2 * min(bought, sold)) / divider
    return total


def naive_part(symbol: Symbol, book: Sequence[Trade], lone: int, paired: int) -> Fraction:
    volume = sum(row.volume for row in book)
    price = sum((Fraction(row.open_price) * row.volume for row in book), Fraction(0)) / volume
    rate = sum((Fraction(row.margin_rate) * row.volume for row in book), Fraction(0)) / volume
    ticks = Fraction(symbol.tick_value) / Fraction(symbol.tick_size) if symbol.margin_mode == 3 else Fraction(1)
    contract = Fraction(symbol.contract_size)
    fixed = Fraction(symbol.margin_initial)
    full = {0: contract, 1: price * contract, 2: Fraction(symbol.margin_maintenance), 4: price * contract}
    full[3] = price * contract * ticks
    alone = fixed if fixed and symbol.margin_mode != 2 else full[symbol.margin_mode]
    weight = price * ticks if symbol.margin_mode in (1, 3, 4) and not fixed else Fraction(1)
    return (alone * lone + Fraction(symbol.margin_hedged) * weight * paired) * rate / 100


MARKET = catalogue_market()
NAMES = sorted(MARKET.symbols)


@st.composite
def books(draw: st.DrawFn, currency: str) -> list[Trade]:
    rows: list[Trade] = []
    for order in range(draw(st.integers(0, 8))):
        symbol = MARKET.symbols[draw(st.sampled_from(NAMES))]
        quote = MARKET.quote(symbol.symbol)
        assert quote is not None
        rows.append(
            Trade(
                order=order + 1,
                login=1,
                symbol=symbol.symbol,
                cmd=draw(st.sampled_from([0, 0, 0, 1, 1, 1, 2, 5])),
                volume=draw(st.integers(1, 1000)),
                open_price=quote.bid * draw(st.floats(0.9, 1.1)),
                margin_rate=margin_rate(symbol, currency, MARKET),
                commission=-draw(st.integers(0, 1000)) / 100,
                storage=draw(st.integers(-1000, 1000)) / 100,
            )
        )
    return rows


@settings(deadline=None)
@given(st.data(), st.sampled_from(groups()), st.sampled_from([1, 30, 100, 500]))
def test_margin_of_any_book_agrees_with_the_naive_way(data: st.DataObject, group: Group, leverage: int) -> None:
    book = data.draw(books(group.currency))

    assert margin(book, leverage, group, MARKET) == pytest.approx(
        float(naive_margin(book, leverage, group, MARKET)), abs=0.0051, rel=1e-12
    )


@settings(deadline=None)
@given(st.data(), st.sampled_from(groups()), st.integers(0, 10**8), st.integers(0, 10**6))
def test_equity_of_any_book_agrees_with_the_naive_way(
    data: st.DataObject, group: Group, cents: int, credit: int
) -> None:
    book = data.draw(books(group.currency))
    figures = level(user(cents / 100, credit / 100), group, book, MARKET)

    own = (cents + credit) / 100
    floating = sum(naive_result(row, group) for row in book)
    counted = {0: 0.0, 1: floating, 2: max(floating, 0.0), 3: min(floating, 0.0)}[group.margin_mode]
    assert figures.balance == own
    assert figures.equity == pytest.approx(own + floating, abs=0.011 * (len(book) + 1), rel=1e-9)
    assert figures.margin_free == pytest.approx(own - figures.margin + counted, abs=0.011 * (len(book) + 1), rel=1e-9)
    assert figures.margin_level == (
        pytest.approx(figures.equity / figures.margin * 100, abs=0.0051, rel=1e-9) if figures.margin else 0.0
    )
    assert figures.volume == sum(row.volume for row in book if row.cmd in (0, 1))


def naive_result(row: Trade, group: Group) -> float:
    """Find the profit from the distance to the group's price, in the profit currency, then turned."""
    if row.cmd > 1:
        return 0.0
    symbol = MARKET.symbols[row.symbol]
    quote = MARKET.quote(row.symbol)
    assert quote is not None
    diff = group.secgroups[symbol.type].spread_diff * symbol.point
    bid = round(quote.bid - diff / 2 + symbol.point * 1e-6, symbol.digits)
    ask = round(bid + quote.ask - quote.bid + diff, symbol.digits)
    distance = bid - row.open_price if row.cmd == 0 else row.open_price - ask
    units = symbol.tick_value / symbol.tick_size if symbol.profit_mode == 2 else symbol.contract_size
    value = naive_rate(symbol, group.currency, 1 if row.cmd and symbol.profit_mode == 0 else 0)
    return distance * units * row.volume / 100 * value + row.commission + row.storage + row.taxes


def naive_rate(symbol: Symbol, currency: str, side: int) -> float:
    """Search all chains of up to two pairs; the catalogue has one way over the dollar at most."""
    source = symbol.symbol[3:6] if symbol.profit_mode == 0 else symbol.currency
    end = symbol.symbol[6:] if symbol.profit_mode == 0 else ""
    edges: dict[tuple[str, str], float] = {}
    for name, (bid, ask) in first_prices().items():
        base, quote, suffix = name[:3], name[3:6], name[6:]
        if MARKET.symbols[name].margin_mode == 0 and suffix in ("", end):
            price = (bid, ask)[side]
            if suffix == end or (base, quote) not in edges:
                edges[base, quote], edges[quote, base] = price, 1 / price
    if source == currency:
        return 1.0
    if (source, currency) in edges:
        return edges[source, currency]
    return edges[source, "USD"] * edges["USD", currency]


def test_leverage_zero_is_the_groups_default() -> None:
    market = x_market(margin_mode=4)
    group = Group(group="g", default_leverage=50)

    assert margin([trade(0, 100)], 0, group, market) == 2.0
    assert level(user(10.0, leverage=0), group, [], market).leverage == 50


def test_a_groups_own_divider_replaces_the_symbols_unless_it_is_not_set() -> None:
    market = x_market(margin_divider=2.0)
    own = [GroupMargin(symbol="X", margin_divider=divider) for divider in (10.0, 0.0, 1.7976931348623157e308)]

    used = [margin([trade(0, 100)], 1, Group(group="g", secmargins=(one,)), market) for one in own]

    assert used == [10.0, 50.0, 50.0]


def test_the_larger_leg_is_found_by_its_own_price_and_rate() -> None:
    group = Group(group="g", hedge_largeleg=1)
    book = [trade(0, 100, 100.0), trade(1, 90, 120.0)]

    assert margin(book, 1, group, x_market()) == 108.0


def test_an_index_without_ticks_needs_no_margin() -> None:
    market = x_market(margin_mode=3, margin_initial=500.0, margin_hedged=10.0)

    assert margin([trade(0, 200), trade(1, 100)], 1, GROUP, market) == 0.0


def test_a_margin_rate_turns_the_base_currency_and_is_never_nothing() -> None:
    assert margin_rate(MARKET.symbols["EURUSD"], "USD", MARKET) == 1.0839
    assert margin_rate(MARKET.symbols["USDJPY"], "USD", MARKET) == 1.0
    assert margin_rate(MARKET.symbols["GER40"], "USD", MARKET) == 1.0839
    assert margin_rate(MARKET.symbols["GER40"], "XYZ", MARKET) == 1.0


def test_pending_orders_need_no_margin_and_flat_accounts_have_zeros() -> None:
    flat = level(user(100.0, 20.0), GROUP, [trade(2, 100)], x_market())

    assert (flat.balance, flat.equity, flat.margin, flat.margin_free) == (120.0, 120.0, 0.0, 120.0)
    assert (flat.margin_level, flat.level_type, flat.volume) == (0.0, 0, 0)


@pytest.mark.parametrize(
    ("mode", "gain", "free"),
    [
        (0, 30.0, 900.0),
        (0, -30.0, 900.0),
        (1, 30.0, 930.0),
        (1, -30.0, 870.0),
        (2, 30.0, 930.0),
        (2, -30.0, 900.0),
        (3, 30.0, 900.0),
        (3, -30.0, 870.0),
    ],
)
def test_the_free_margin_counts_what_the_groups_mode_says(mode: int, gain: float, free: float) -> None:
    group = Group(group="g", margin_mode=mode)

    assert level(user(1000.0), group, [trade(0, 100, storage=gain)], x_market()).margin_free == free


@pytest.mark.parametrize(("balance", "expected"), [(100.01, 0), (100.0, 1), (50.01, 1), (50.0, 2), (-10.0, 2)])
def test_levels_in_percent_fire_at_the_level(balance: float, expected: int) -> None:
    group = Group(group="g", margin_call=100, margin_stopout=50)

    assert level(user(balance), group, [trade(0, 100)], x_market()).level_type == expected


def test_strict_levels_fire_only_below() -> None:
    group = Group(group="g", margin_call=100, margin_stopout=50)
    strict = Rules(strict=True)

    assert level(user(100.0), group, [trade(0, 100)], x_market(), strict).level_type == 0
    assert level(user(50.0), group, [trade(0, 100)], x_market(), strict).level_type == 1


def test_levels_in_money_look_at_the_free_margin_or_by_choice_at_the_equity() -> None:
    group = Group(group="g", margin_type=1, margin_call=40, margin_stopout=20)
    figures = [
        level(user(135.0), group, [trade(0, 100)], x_market(), rules).level_type
        for rules in (Rules(), Rules(money_figure="equity"))
    ]

    assert figures == [1, 0]
    assert level(user(120.0), group, [trade(0, 100)], x_market()).level_type == 2


def test_a_new_order_is_refused_when_it_takes_the_free_margin_below_zero() -> None:
    market = x_market()

    assert not refuses(user(300.0), GROUP, [trade(0, 200)], trade(0, 100), market)
    assert refuses(user(299.99), GROUP, [trade(0, 200)], trade(0, 100), market)


def test_a_groups_virtual_credit_helps_a_new_order() -> None:
    assert not refuses(user(0.0), Group(group="g", credit=100.0), [], trade(0, 100), x_market())


def test_the_loss_of_the_spread_counts_against_a_new_order() -> None:
    assert refuses(user(100.0), GROUP, [], trade(0, 99, 101.0), x_market())


def test_a_hedge_that_lowers_the_margin_is_allowed_without_money_unless_the_symbol_is_strict() -> None:
    held, hedge = [trade(0, 100)], trade(1, 100)

    assert not refuses(user(-50.0), GROUP, held, hedge, x_market())
    assert refuses(user(-50.0), GROUP, held, hedge, x_market(margin_hedged_strong=1))
    assert refuses(user(-50.0), GROUP, held, hedge, x_market(margin_hedged=0.5))


def test_a_new_future_is_asked_for_its_initial_margin() -> None:
    market = x_market(margin_mode=2, margin_initial=60.0, margin_maintenance=50.0)

    assert refuses(user(59.0), GROUP, [], trade(0, 100), market)
    assert not refuses(user(60.0), GROUP, [], trade(0, 100), market)


def test_a_pending_order_is_not_asked_for_money() -> None:
    assert not refuses(user(0.0), GROUP, [], trade(2, 100), x_market())


def test_an_account_is_fully_hedged_when_every_symbol_is() -> None:
    assert fully_hedged([trade(0, 100), trade(1, 60), trade(1, 40), trade(2, 7)])
    assert not fully_hedged([trade(0, 100), trade(1, 100), trade(0, 1, symbol="Y")])
    assert not fully_hedged([trade(2, 100)])
