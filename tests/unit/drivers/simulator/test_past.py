"""The prices of the year before."""

from itertools import pairwise

import pytest

from kernel.drivers.simulator.catalogue import first_prices, symbols
from kernel.drivers.simulator.market import Market
from kernel.drivers.simulator.past import SLOT, SLOTS, Past
from kernel.records.market import Symbol

NOW = 1_772_900_000


def make() -> Past:
    market = Market(symbols())
    for name, (bid, ask) in first_prices().items():
        market.tick(name, bid, ask, NOW)
    return Past(market, NOW)


PAST = make()


def bids(past: Past, name: str) -> list[float]:
    quotes = [past.market(past.start + slot * SLOT).quote(name) for slot in range(SLOTS)]
    return [quote.bid for quote in quotes if quote is not None]


@pytest.mark.parametrize("symbol", symbols(), ids=lambda symbol: symbol.symbol)
def test_a_years_prices_move_without_leaps_and_lead_to_todays(symbol: Symbol) -> None:
    name = symbol.symbol
    found = bids(PAST, name)
    today = first_prices()[name][0]

    assert len(found) == SLOTS
    assert max(found) > min(found) * 1.02
    assert max(found) < min(found) * 8
    assert found[-1] == pytest.approx(today, rel=0.1)
    assert all(abs(after / before - 1) < 0.2 for before, after in pairwise(found))


def test_crosses_of_the_past_agree_with_their_pairs() -> None:
    past = PAST

    for slot in range(0, SLOTS, 30):
        market = past.market(past.start + slot * SLOT)
        euro, yen, cross = (market.quote(name) for name in ("EURUSD", "USDJPY", "EURJPY"))
        assert euro is not None
        assert yen is not None
        assert cross is not None
        assert cross.bid == pytest.approx(euro.bid * yen.bid, rel=1e-4)


def test_from_now_on_it_is_todays_market() -> None:
    past = make()

    assert past.market(NOW) is past.today
    assert past.market(NOW - 1) is not past.today
    assert past.market(NOW - 1) is past.market(NOW - SLOT)


def test_a_symbol_without_a_quote_today_had_none() -> None:
    past = Past(Market(symbols()), NOW)

    assert past.market(NOW - 1).quote("EURUSD") is None
