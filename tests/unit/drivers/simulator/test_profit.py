"""Prices of closing, profit, and its two roundings."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.drivers.simulator.market import Market
from kernel.drivers.simulator.profit import close_price, floating, profit, valued
from kernel.drivers.simulator.rounding import money, price
from kernel.records.market import Group, GroupSecurity, Symbol
from kernel.records.trades import Trade

WIDE = Group(group="g", currency="USD", secgroups=(GroupSecurity(spread_diff=10),))


def market() -> Market:
    made = Market(
        [
            Symbol(symbol="EURUSD", currency="EUR"),
            Symbol(symbol="USDJPY", digits=3, point=0.001),
            Symbol(symbol="X", profit_mode=1, contract_size=100.0, digits=2, point=0.01),
            Symbol(symbol="F", profit_mode=2, tick_value=10.0, tick_size=0.0, digits=2, point=0.01),
        ]
    )
    made.tick("EURUSD", 1.1, 1.1002, 1)
    made.tick("USDJPY", 150.0, 150.02, 1)
    return made


def trade(cmd: int, symbol: str = "EURUSD", **more: Any) -> Trade:
    return Trade(order=1, login=1, symbol=symbol, cmd=cmd, volume=100, open_price=1.1, **more)


@pytest.mark.parametrize(
    ("cmd", "expected"),
    [(0, 1.09995), (1, 1.10025), (2, 1.10025), (3, 1.09995), (4, 1.10025), (5, 1.09995), (6, None), (7, None)],
)
def test_a_trade_stands_against_the_groups_price_of_its_side(cmd: int, expected: float | None) -> None:
    assert close_price(trade(cmd), WIDE, market()) == expected


def test_without_a_quote_a_trade_keeps_its_last_figures() -> None:
    held = trade(0, "X", close_price=5.0, profit=12.5)

    assert close_price(held, WIDE, market()) is None
    assert valued(held, WIDE, market()) is held
    assert floating(held, WIDE, market()) == 12.5


@pytest.mark.parametrize("cmd", [2, 3, 4, 5, 6, 7])
def test_orders_and_balance_rows_have_no_profit(cmd: int) -> None:
    assert profit(trade(cmd), 2.0, "USD", market()) == 0.0
    assert floating(trade(cmd, profit=100.0), WIDE, market()) == 0.0


def test_without_a_way_to_convert_there_is_no_profit() -> None:
    assert profit(trade(0), 2.0, "XYZ", market()) == 0.0
    assert profit(trade(0, "unknown"), 2.0, "USD", market()) == 0.0
    assert profit(trade(0, "F"), 2.0, "USD", market()) == 0.0


def test_a_pairs_two_turnovers_are_rounded_apart() -> None:
    held = Trade(order=1, login=1, symbol="USDJPY", volume=1, open_price=150.004)

    # 1000/150 a yen: 1000.08 less 1000.03 where rounding once would give 0.06.
    assert profit(held, 150.0126, "USD", market()) == 0.05


def test_a_valued_trade_shows_what_closing_would_bring() -> None:
    held = trade(0, commission=-7.0, storage=-1.5, taxes=-0.5)
    now = valued(held, WIDE, market())

    assert (now.close_price, now.profit) == (1.09995, -5.0)
    assert floating(held, WIDE, market()) == -14.0


@settings(deadline=None)
@given(st.integers(1, 10000), st.floats(0.5, 2.0), st.floats(0.5, 2.0), st.sampled_from([0, 1]))
def test_a_pairs_profit_agrees_with_decimal_arithmetic(volume: int, opened: float, closed: float, cmd: int) -> None:
    opened, closed = price(opened, 5), price(closed, 5)
    cents = [
        (Decimal(str(value)) * volume * 1000).quantize(Decimal("0.01"), ROUND_HALF_UP) for value in (opened, closed)
    ]
    held = Trade(order=1, login=1, symbol="EURUSD", cmd=cmd, volume=volume, open_price=opened)
    expected = cents[1] - cents[0] if cmd == 0 else cents[0] - cents[1]

    assert profit(held, closed, "USD", market()) == float(expected)


@given(st.integers(-(10**12), 10**12))
def test_money_rounds_halves_away_from_zero(thousandths: int) -> None:
    exact = Decimal(thousandths) / 1000

    assert money(thousandths / 1000) == float(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))


def test_nothing_is_not_negative() -> None:
    assert str(money(-0.001)) == "0.0"
