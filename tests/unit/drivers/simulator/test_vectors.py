"""The reference vectors of trading-math.md §9."""

from collections.abc import Callable
from typing import Any

import pytest

from kernel.drivers.simulator.margin import margin
from kernel.drivers.simulator.market import Market
from kernel.drivers.simulator.profit import profit
from kernel.drivers.simulator.swaps import swap
from kernel.records.market import Group, Symbol
from kernel.records.trades import Trade

USD = Group(group="g", currency="USD")
MONDAY = 0


def forex(name: str = "EURUSD", digits: int = 5, **settings: Any) -> Symbol:
    return Symbol(symbol=name, currency=name[:3], digits=digits, point=10.0**-digits, **settings)


def cfd(margin_mode: int, contract: float, **settings: Any) -> Symbol:
    return Symbol(symbol="X", digits=2, point=0.01, margin_mode=margin_mode, contract_size=contract, **settings)


def buy(volume: int, price: float, rate: float = 1.0, symbol: str = "X") -> Trade:
    return Trade(order=1, login=1, symbol=symbol, volume=volume, open_price=price, margin_rate=rate)


def sell(volume: int, price: float, rate: float = 1.0, symbol: str = "X") -> Trade:
    return Trade(order=2, login=1, symbol=symbol, cmd=1, volume=volume, open_price=price, margin_rate=rate)


def eurusd(side: Callable[..., Trade], volume: int) -> Trade:
    return side(volume, 1.1, 1.1, "EURUSD")


HEDGED = forex(margin_hedged=50000.0)
LARGE_LEG = Group(group="g", currency="USD", hedge_largeleg=1)
INDEX = cfd(3, 10.0, tick_size=0.5, tick_value=0.5, margin_divider=20.0)
FUTURE = cfd(2, 1.0, margin_initial=6000.0, margin_maintenance=5000.0)

MARGINS = {
    "forex": (forex(), [eurusd(buy, 100)], USD, 1100.00),
    "forex, fully hedged": (HEDGED, [eurusd(buy, 100), eurusd(sell, 100)], USD, 1100.00),
    "forex, partly hedged": (HEDGED, [eurusd(buy, 150), eurusd(sell, 100)], USD, 1650.00),
    "forex, large leg": (HEDGED, [eurusd(buy, 150), eurusd(sell, 100)], LARGE_LEG, 1650.00),
    "cfd": (cfd(1, 100.0, margin_divider=10.0), [sell(300, 2000.0), buy(100, 2000.0)], USD, 40000.00),
    "futures": (FUTURE, [buy(300, 100.0)], USD, 15000.00),
    "cfd-index": (INDEX, [buy(100, 15000.0)], USD, 7500.00),
    "cfd-leverage": (cfd(4, 100.0), [sell(100, 2000.0)], USD, 2000.00),
}


@pytest.mark.parametrize("case", MARGINS)
def test_margin_is_what_the_reference_says(case: str) -> None:
    symbol, trades, group, expected = MARGINS[case]

    assert margin(trades, 100, group, Market([symbol])) == expected


def test_a_new_order_in_futures_needs_the_initial_margin() -> None:
    assert margin([buy(300, 100.0)], 100, USD, Market([FUTURE]), order_check=True) == 18000.00


def test_profit_of_a_pair_in_its_own_quote_currency() -> None:
    market = Market([forex()])
    market.tick("EURUSD", 1.101, 1.1011, 1)

    assert profit(buy(100, 1.1, symbol="EURUSD"), 1.101, "USD", market) == 100.00


def test_profit_of_a_pair_in_its_base_currency() -> None:
    market = Market([forex("USDJPY", 3)])
    market.tick("USDJPY", 150.15, 150.16, 1)

    assert profit(buy(100, 150.0, symbol="USDJPY"), 150.15, "USD", market) == 99.90


def test_profit_of_a_cfd() -> None:
    market = Market([cfd(1, 100.0, profit_mode=1)])

    assert profit(sell(200, 2000.0), 1990.5, "USD", market) == 1900.00


def test_profit_of_a_future() -> None:
    market = Market([cfd(2, 50.0, profit_mode=2, tick_value=12.5, tick_size=0.25)])

    assert profit(buy(300, 5000.0), 5001.5, "USD", market) == 225.00


def test_swap_in_points() -> None:
    market = Market([forex(swap_long=-5.5)])
    market.tick("EURUSD", 1.1, 1.1001, 1)

    assert swap(buy(100, 1.1, symbol="EURUSD"), USD, market, MONDAY) == -5.50


def test_swap_as_interest() -> None:
    market = Market([cfd(1, 100.0, profit_mode=1, swap_type=2, swap_long=3.0)])
    market.tick("X", 2000.0, 2000.5, 1)

    assert swap(buy(200, 1900.0), USD, market, MONDAY) == 33.33
