"""Overnight charges: the four types, the triple day, and who pays none."""

from typing import Any

import pytest

from kernel.drivers.simulator.market import Market
from kernel.drivers.simulator.swaps import swap
from kernel.records.market import Group, GroupMargin, Symbol
from kernel.records.trades import Trade

USD = Group(group="g", currency="USD")
TUESDAY, WEDNESDAY, FRIDAY, SATURDAY, SUNDAY = 1, 2, 4, 5, 6


def market(**more: Any) -> Market:
    pair: dict[str, Any] = {"currency": "EUR", "swap_long": -6.0, "swap_short": 2.0}
    cfd: dict[str, Any] = pair | {"margin_currency": "GBP", "contract_size": 10.0, "profit_mode": 1, "margin_mode": 1}
    cfd |= {"digits": 2, "point": 0.01}
    made = Market(
        [
            Symbol(symbol="EURGBP", **(pair | more)),
            Symbol(symbol="EURUSD"),
            Symbol(symbol="GBPUSD"),
            Symbol(symbol="X", **(cfd | more)),
        ]
    )
    for name, bid in (("EURGBP", 0.8), ("EURUSD", 1.1), ("GBPUSD", 1.25), ("X", 360.0)):
        made.tick(name, bid, bid + 0.01, 1)
    return made


def trade(cmd: int = 0, symbol: str = "EURGBP", price: float = 0.9) -> Trade:
    return Trade(order=1, login=1, symbol=symbol, cmd=cmd, volume=200, open_price=price)


@pytest.mark.parametrize(
    ("kind", "symbol", "cmd", "expected"),
    [
        (0, "EURGBP", 0, -15.0),  # 2 lots, 6 points of 1 GBP a lot, 1.25 dollars a pound
        (0, "EURGBP", 1, 5.0),
        (0, "X", 0, -1.32),  # 2 lots of 10, 6 points of 0.01 EUR
        (1, "EURGBP", 0, -13.2),  # 12 EUR
        (1, "X", 1, 4.4),
        (2, "EURGBP", 0, -33.33),  # 6 % of 160000 GBP for one of 360 days
        (2, "X", 1, 0.44),  # closes at the ask of 360.01
        (3, "EURGBP", 0, -13.2),  # 12 EUR, the base
        (3, "X", 0, -15.0),  # 12 GBP
    ],
)
def test_each_swap_type_charges_in_its_own_currency(kind: int, symbol: str, cmd: int, expected: float) -> None:
    assert swap(trade(cmd, symbol), USD, market(swap_type=kind), TUESDAY) == expected


def test_swap_in_dollars_is_a_reading_of_type_one() -> None:
    assert swap(trade(), USD, market(swap_type=1), TUESDAY, dollars=True) == -12.0


def test_interest_may_be_on_the_price_of_opening() -> None:
    assert swap(trade(price=0.9), USD, market(swap_type=2, swap_openprice=1), TUESDAY) == -37.5


def test_the_rollover_day_counts_three_nights_and_the_weekend_none() -> None:
    nights = [swap(trade(), USD, market(), day) for day in range(7)]

    assert nights == [-15.0, -15.0, -45.0, -15.0, -15.0, 0.0, 0.0]


def test_the_rollover_day_is_the_symbols() -> None:
    friday = market(swap_rollover3days=FRIDAY)

    assert [swap(trade(), USD, friday, day) for day in (WEDNESDAY, FRIDAY)] == [-15.0, -45.0]


def test_a_group_has_its_own_rates_for_a_symbol_where_they_are_set() -> None:
    own = Group(group="g", secmargins=(GroupMargin(symbol="EURGBP", swap_long=-4.0),))

    assert [swap(trade(cmd), own, market(), TUESDAY) for cmd in (0, 1)] == [-10.0, 5.0]


def test_some_pay_no_swap() -> None:
    free = Group(group="g", use_swap=0)

    assert swap(trade(), free, market(), TUESDAY) == 0.0
    assert swap(trade(), USD, market(swap_enable=0), TUESDAY) == 0.0
    assert swap(trade(cmd=2), USD, market(), TUESDAY) == 0.0
    assert swap(trade(symbol="unknown"), USD, market(), TUESDAY) == 0.0
    assert swap(trade(), Group(group="g", currency="XYZ"), market(), TUESDAY) == 0.0
