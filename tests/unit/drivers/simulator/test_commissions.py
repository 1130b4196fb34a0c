"""Commissions by money, points and percent, per lot and per deal, with agents and taxes."""

from typing import Any

import pytest

from kernel.drivers.simulator.commissions import Charge, charge
from kernel.drivers.simulator.market import Market
from kernel.records.market import Group, GroupSecurity, Symbol
from kernel.records.trades import Trade

MONEY, PIPS, PERCENT = 0, 1, 2
PER_LOT, PER_DEAL = 0, 1


def market() -> Market:
    made = Market(
        [
            Symbol(symbol="EURGBP"),
            Symbol(symbol="GBPUSD"),
            Symbol(symbol="F", profit_mode=2, tick_value=12.5, tick_size=0.25, digits=2, point=0.01),
        ]
    )
    made.tick("EURGBP", 0.8, 0.81, 1)
    made.tick("GBPUSD", 1.25, 1.26, 1)
    return made


def trade(cmd: int = 0, symbol: str = "EURGBP", price: float = 0.8) -> Trade:
    return Trade(order=1, login=1, symbol=symbol, cmd=cmd, volume=250, open_price=price)


def group(**terms: Any) -> Group:
    return Group(group="g", secgroups=(GroupSecurity(**terms),))


@pytest.mark.parametrize(
    ("base", "kind", "per", "expected"),
    [
        (3.5, MONEY, PER_LOT, -8.75),
        (3.5, MONEY, PER_DEAL, -3.5),
        (4.0, PIPS, PER_LOT, -12.5),  # 2.5 lots, 4 points of 1 GBP a lot
        (4.0, PIPS, PER_DEAL, -12.5),
        (0.01, PERCENT, PER_LOT, -25.0),  # of 200000 GBP
    ],
)
def test_a_commission_is_what_the_groups_terms_make_of_the_deal(
    base: float, kind: int, per: int, expected: float
) -> None:
    assert charge(trade(), group(comm_base=base, comm_type=kind, comm_lots=per), market()) == Charge(expected, 0.0, 0.0)


def test_a_futures_turnover_is_counted_in_ticks() -> None:
    assert charge(trade(1, "F", 5000.0), group(comm_base=0.01, comm_type=PERCENT), market()).commission == -62.5


def test_the_agent_gains_and_the_tax_adds_to_what_is_paid() -> None:
    terms = group(comm_base=4.0, comm_tax=10.0, comm_agent=2.0, comm_agent_type=PIPS, comm_agent_lots=PER_LOT)

    assert charge(trade(), terms, market()) == Charge(-10.0, 6.25, -1.0)


@pytest.mark.parametrize("free", [trade(cmd=2), trade(cmd=6), trade(symbol="unknown")])
def test_what_is_no_position_costs_nothing(free: Trade) -> None:
    assert charge(free, group(comm_base=4.0), market()) == Charge(0.0, 0.0, 0.0)


def test_a_group_without_terms_for_the_class_charges_nothing() -> None:
    assert charge(trade(), Group(group="g"), market()) == Charge(0.0, 0.0, 0.0)


def test_nothing_is_charged_as_zero_without_a_sign() -> None:
    assert str(charge(trade(), group(), market()).commission) == "0.0"
