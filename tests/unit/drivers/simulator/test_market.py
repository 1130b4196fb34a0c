"""Quotes, group spreads and conversion between currencies."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.drivers.simulator.market import Market, Quote
from kernel.records.market import Group, GroupSecurity, Price, Symbol

DAY = 86400


def pair(name: str, digits: int = 5, **more: Any) -> Symbol:
    return Symbol(symbol=name, currency=name[:3], digits=digits, point=10.0**-digits, **more)


def market(**bids: float) -> Market:
    made = Market([pair(name, 3 if name.endswith("JPY") else 5) for name in bids])
    for name, bid in bids.items():
        made.tick(name, bid, bid * 1.0002, 1)
    return made


def test_before_the_first_tick_there_is_no_quote() -> None:
    made = Market([pair("EURUSD")])

    assert (made.quote("EURUSD"), made.price("EURUSD"), made.fed("EURUSD")) == (None, None, None)
    assert made.group_prices("EURUSD", Group(group="g")) is None


def test_a_day_has_its_own_high_and_low_and_a_tick_its_direction() -> None:
    made = Market([pair("EURUSD")])
    seen = [made.tick("EURUSD", bid, bid + 0.0001, time) for bid, time in ((1.1, 10), (1.2, 20), (1.0, 30), (1.0, 40))]

    assert [(quote.high, quote.low, quote.direction) for quote in seen] == [
        (1.1, 1.1, 2),
        (1.2, 1.1, 0),
        (1.2, 1.0, 1),
        (1.2, 1.0, 2),
    ]
    assert made.tick("EURUSD", 1.05, 1.0502, DAY) == Quote(1.05, 1.0502, 1.05, 1.05, DAY, 0)


def test_a_price_is_the_last_quote_with_its_spread_in_points() -> None:
    made = Market([pair("USDJPY", 3)])
    made.tick("USDJPY", 150.1004, 150.1196, 7)

    assert made.price("USDJPY") == Price(
        symbol="USDJPY",
        bid=150.1,
        ask=150.12,
        high=150.1,
        low=150.1,
        digits=3,
        point=0.001,
        spread=20,
        direction=2,
        lasttime=7,
    )


def test_a_fixed_spread_makes_the_ask_from_the_bid() -> None:
    made = Market([pair("EURUSD", spread=30, spread_balance=2)])
    quote = made.tick("EURUSD", 1.1, 1.1001, 1)
    fed = made.fed("EURUSD")

    assert (quote.bid, quote.ask) == (1.10002, 1.10032)
    assert fed is not None
    assert made.tick("EURUSD", *fed, 2).bid == 1.10002


@pytest.mark.parametrize(
    ("bid", "ask"), [(0.0, 1.0), (-1.0, 1.0), (1.1, 1.0), (float("nan"), 1.0), (1.0, float("inf"))]
)
def test_what_is_no_price_is_refused_and_changes_nothing(bid: float, ask: float) -> None:
    made = market(EURUSD=1.1)
    before = made.quote("EURUSD")

    with pytest.raises(ValueError, match="EURUSD: bid"):
        made.tick("EURUSD", bid, ask, 2)
    assert made.quote("EURUSD") == before


def test_an_unknown_symbol_is_named() -> None:
    with pytest.raises(ValueError, match="there is no symbol 'GBPUSD'"):
        market(EURUSD=1.1).tick("GBPUSD", 1.0, 1.1, 2)


@pytest.mark.parametrize(
    ("diff", "expected"),
    [(0, (1.1, 1.1002)), (10, (1.09995, 1.10025)), (-10, (1.10005, 1.10015)), (3, (1.09999, 1.10022))],
)
def test_a_group_sees_its_own_spread_half_of_it_below(diff: int, expected: tuple[float, float]) -> None:
    made = Market([pair("EURUSD", type=1)])
    made.tick("EURUSD", 1.1, 1.1002, 1)
    group = Group(group="g", secgroups=(GroupSecurity(), GroupSecurity(spread_diff=diff)))

    assert made.group_prices("EURUSD", group) == expected


def test_a_group_without_terms_for_the_class_sees_the_raw_price() -> None:
    made = Market([pair("EURUSD", type=9)])
    made.tick("EURUSD", 1.1, 1.1002, 1)

    assert made.group_prices("EURUSD", Group(group="g")) == (1.1, 1.1002)


def test_rates_are_found_direct_inverse_and_over_the_dollar() -> None:
    made = market(EURUSD=1.1, USDJPY=150.0, GBPUSD=1.25)

    assert made.rate("EUR", "EUR") == 1.0
    assert made.rate("EUR", "USD") == 1.1
    assert made.rate("USD", "EUR") == pytest.approx(1 / 1.1)
    assert made.rate("GBP", "JPY") == pytest.approx(1.25 * 150.0)
    assert made.rate("JPY", "GBP") == pytest.approx(1 / 150.0 / 1.25)
    assert made.rate("EUR", "XYZ") is None


def test_a_pair_without_a_quote_converts_nothing() -> None:
    made = Market([pair("EURUSD")])

    assert (made.rate("EUR", "USD"), made.tick_values(made.symbols["EURUSD"], "EUR")) == (None, None)


def test_the_suffix_of_the_traded_symbol_leads_to_pairs_with_the_same() -> None:
    made = Market([pair("EURUSD"), pair("EURUSD.m"), pair("GBPEUR.m"), pair("USDJPY")])
    for name, bid in (("EURUSD", 1.1), ("EURUSD.m", 1.2), ("GBPEUR.m", 1.15), ("USDJPY", 150.0)):
        made.tick(name, bid, bid, 1)

    assert made.rate("EUR", "USD", ".m") == 1.2
    assert made.rate("USD", "JPY", ".m") == 150.0
    assert made.rate("GBP", "EUR") is None


@settings(deadline=None)
@given(
    st.floats(0.1, 10),
    st.floats(0.1, 10),
    st.floats(1, 500),
    st.permutations(["EUR", "GBP", "JPY", "USD"]),
)
def test_there_and_back_again_is_one(eurusd: float, gbpusd: float, usdjpy: float, order: list[str]) -> None:
    made = market(EURUSD=eurusd, GBPUSD=gbpusd, USDJPY=usdjpy)
    there, back = made.rate(order[0], order[1]), made.rate(order[1], order[0])

    assert there is not None
    assert back is not None
    assert there * back == pytest.approx(1.0)


def test_tick_values_of_a_pair_take_the_bid_for_buys_and_the_ask_for_sells() -> None:
    made = Market([pair("USDJPY", 3), pair("EURGBP"), pair("GBPUSD")])
    made.tick("USDJPY", 150.0, 151.0, 1)
    made.tick("EURGBP", 0.85, 0.86, 1)
    made.tick("GBPUSD", 1.25, 1.26, 1)

    assert made.tick_values(made.symbols["USDJPY"], "JPY") == (100000.0, 100000.0)
    assert made.tick_values(made.symbols["USDJPY"], "USD") == pytest.approx((100000 / 150.0, 100000 / 151.0))
    assert made.tick_values(made.symbols["EURGBP"], "USD") == pytest.approx((125000.0, 126000.0))


def test_tick_values_of_other_symbols_convert_at_the_bid() -> None:
    made = Market(
        [
            pair("EURUSD"),
            Symbol(symbol="#SAP", currency="EUR", profit_mode=1, contract_size=10.0, digits=2, point=0.01),
            Symbol(symbol="F", currency="EUR", profit_mode=2, contract_size=7.0, tick_value=12.5, tick_size=0.25),
        ]
    )
    made.tick("EURUSD", 1.1, 1.2, 1)

    assert made.tick_values(made.symbols["#SAP"], "USD") == pytest.approx((11.0, 11.0))
    assert made.tick_values(made.symbols["F"], "USD") == pytest.approx((13.75, 13.75))
    assert made.conversion(made.symbols["#SAP"], "USD") == 1.1


def test_dependents_are_the_symbol_and_what_converts_its_profit() -> None:
    made = market(EURUSD=1.1, USDJPY=150.0, GBPUSD=1.25, EURGBP=0.85)

    assert made.dependents("EURUSD", "USD") == {"EURUSD"}
    assert made.dependents("USDJPY", "USD") == {"USDJPY"}
    assert made.dependents("EURUSD", "EUR") == {"EURUSD"}
    assert made.dependents("USDJPY", "EUR") == {"USDJPY", "EURUSD"}
    assert made.dependents("EURGBP", "JPY") == {"EURGBP", "GBPUSD", "USDJPY"}
    assert made.dependents("EURGBP", "XYZ") == {"EURGBP"}
    assert made.dependents("nothing", "USD") == frozenset()
