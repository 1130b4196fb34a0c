"""The demonstration broker has every arithmetic, and its tables fit together."""

import pytest

from kernel.drivers.simulator.catalogue import first_prices, groups, symbols
from kernel.drivers.simulator.market import Market
from kernel.drivers.simulator.sessions import trading_hours
from kernel.records.market import Symbol

MARKET = Market(symbols())
for _name, (_bid, _ask) in first_prices().items():
    MARKET.tick(_name, _bid, _ask, 1)


def test_there_are_about_forty_symbols_and_a_dozen_groups_with_names_that_fit() -> None:
    names = [symbol.symbol for symbol in symbols()]

    assert 38 <= len(names) == len(set(names)) <= 48
    assert all(len(name.encode()) <= 11 for name in names)
    assert {mark for mark in "#./" if any(mark in name for name in names)} == set("#./")
    assert 10 <= len(groups()) == len({group.group for group in groups()}) <= 16
    assert all(len(group.group.encode()) <= 15 for group in groups())
    assert groups()[0].group == "demoforex"


def test_every_mode_of_the_arithmetic_occurs() -> None:
    found = symbols()

    assert {symbol.margin_mode for symbol in found} == {0, 1, 2, 3, 4}
    assert {symbol.profit_mode for symbol in found} == {0, 1, 2}
    assert {symbol.swap_type for symbol in found} == {0, 1, 2, 3}
    assert {symbol.long_only for symbol in found} == {0, 1}
    assert {symbol.margin_hedged_strong for symbol in found} == {0, 1}
    assert {bool(symbol.spread) for symbol in found} == {True, False}


def test_every_rule_of_groups_occurs() -> None:
    found = groups()
    terms = [terms for group in found for terms in group.secgroups]

    assert {group.currency for group in found} == {"USD", "EUR", "GBP", "JPY"}
    assert {group.margin_mode for group in found} == {0, 1, 2, 3}
    assert {group.margin_type for group in found} == {0, 1}
    assert {one.comm_type for one in terms if one.comm_base} == {0, 1, 2}
    assert {one.comm_lots for one in terms if one.comm_base} == {0, 1}
    for rule in ("hedge_largeleg", "hedge_prohibited", "close_fifo", "stopout_skip_hedged", "credit", "maxpositions"):
        assert {bool(getattr(group, rule)) for group in found} == {True, False}, rule
    assert {group.use_swap for group in found} == {0, 1}
    assert any(one.spread_diff for one in terms)
    assert any(group.secmargins for group in found)


def test_every_group_has_terms_for_every_class_and_counts_its_overrides() -> None:
    highest = max(symbol.type for symbol in symbols())

    assert all(len(group.secgroups) == highest + 1 for group in groups())
    assert all(group.secmargins_total == len(group.secmargins) for group in groups())
    assert all(own.symbol in MARKET.symbols for group in groups() for own in group.secmargins)


@pytest.mark.parametrize("symbol", symbols(), ids=lambda symbol: symbol.symbol)
def test_a_symbol_can_be_valued_for_accounts_in_every_currency(symbol: Symbol) -> None:
    quote = MARKET.quote(symbol.symbol)

    assert quote is not None
    assert 0 < quote.bid < quote.ask < quote.bid * 1.02
    assert symbol.point == pytest.approx(10.0**-symbol.digits)
    for currency in ("USD", "EUR", "GBP", "JPY"):
        assert MARKET.tick_values(symbol, currency) is not None
        assert MARKET.rate(symbol.symbol[:3] if symbol.margin_mode == 0 else symbol.margin_currency, currency)


def test_crosses_agree_with_their_pairs() -> None:
    bids = {name: prices[0] for name, prices in first_prices().items()}

    assert bids["EURJPY"] == pytest.approx(bids["EURUSD"] * bids["USDJPY"], rel=1e-4)
    assert bids["EURGBP"] == pytest.approx(bids["EURUSD"] / bids["GBPUSD"], rel=1e-4)


def test_some_symbols_sleep_at_weekends_and_some_never() -> None:
    hours = {len(trading_hours(symbol)) for symbol in symbols()}
    saturday = {symbol.symbol for symbol in symbols() if any(hour >= 144 for hour in trading_hours(symbol))}

    assert 168 in hours
    assert min(hours) > 20
    assert saturday == {"BTC/USD", "ETHUSD", "LTCUSD", "XRPUSD"}
