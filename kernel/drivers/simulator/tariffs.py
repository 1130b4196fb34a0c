"""The demonstration broker's groups: currencies, levels, charges and special rules of every kind."""

from functools import cache
from typing import Any, Final

from kernel.drivers.simulator.modes import CommissionLots, CommissionType, FreeMargin, MarginType
from kernel.records.market import Group, GroupMargin, GroupSecurity

_COMPANY: Final = {
    "company": "Example Markets Ltd",
    "signature": "Example Markets",
    "support_page": "https://support.example.com",
    "support_email": "support@example.com",
    "templates": "standard",
}
_CLASSES: Final = ("majors", "crosses", "metals", "indices", "shares", "futures", "crypto")
_ECN: Final = {"comm_base": 3.5, "comm_agent": 0.7, "spread_diff": 0}


@cache
def tariffs() -> tuple[Group, ...]:
    """Give all of them, the demonstration accounts' first."""
    return (*_demo(), *_standard(), *_special())


def _group(name: str, classes: tuple[GroupSecurity, ...], **settings: Any) -> Group:
    secmargins = settings.get("secmargins", ())
    return Group(group=name, secgroups=classes, secmargins_total=len(secmargins), **_COMPANY, **settings)


def _classes(*, usual: dict[str, Any] | None = None, **own: dict[str, Any]) -> tuple[GroupSecurity, ...]:
    """Give the terms for each class: the usual ones, and over them what is named for a class."""
    return tuple(GroupSecurity(**({"lot_max": 5000, **(usual or {}), **own.get(name, {})})) for name in _CLASSES)


def _demo() -> tuple[Group, ...]:
    plain = _classes()
    return (
        _group("demoforex", plain, default_deposit=10000.0),
        _group("demo-eur", plain, currency="EUR", default_deposit=10000.0),
        _group(
            "demo-jpy",
            plain,
            currency="JPY",
            default_deposit=1000000.0,
            margin_mode=FreeMargin.USE_LOSS,
            credit=50000.0,
        ),
    )


def _standard() -> tuple[Group, ...]:
    wide = _classes(usual={"spread_diff": 6}, crypto={"spread_diff": 400}, futures={"trade": 0, "show": 0})
    agents = {"comm_agent": 1.0, "comm_agent_type": CommissionType.PIPS}
    return (
        _group("real-usd", wide, default_leverage=200, margin_stopout=30, margin_call=80),
        _group("real-eur", wide, currency="EUR", default_leverage=200, margin_stopout=30, margin_call=80),
        _group(
            "real-gbp",
            _classes(usual={"spread_diff": 5, **agents}),
            currency="GBP",
            margin_mode=FreeMargin.USE_PROFIT,
            secmargins=(GroupMargin(symbol="GBPUSD", swap_long=-2.9, swap_short=-0.4, margin_divider=2.0),),
        ),
        _group(
            "real-jpy",
            _classes(usual={"spread_diff": 8}),
            currency="JPY",
            margin_type=MarginType.CURRENCY,
            margin_call=20000,
            margin_stopout=5000,
            stopout_skip_hedged=1,
        ),
    )


def _special() -> tuple[Group, ...]:
    per_deal = {"comm_base": 8.0, "comm_lots": CommissionLots.PER_DEAL, "comm_tax": 10.0}
    percent = {"comm_base": 0.1, "comm_type": CommissionType.PERCENT, "comm_agent": 0.02}
    percent |= {"comm_agent_type": CommissionType.PERCENT}
    in_pips = {"comm_base": 4.0, "comm_type": CommissionType.PIPS}
    few = {"trade": 0, "show": 0}
    return (
        _group(
            "ecn-usd",
            _classes(usual=_ECN, shares=percent, futures=per_deal, crypto=percent),
            default_leverage=500,
            margin_stopout=20,
            margin_call=60,
            secmargins=(
                GroupMargin(symbol="XAUUSD", swap_long=-25.0, swap_short=12.0, margin_divider=2.0),
                GroupMargin(symbol="BTC/USD", margin_divider=0.2),
            ),
        ),
        _group(
            "ecn-eur",
            _classes(usual=in_pips, shares=percent, crypto=percent),
            currency="EUR",
            hedge_largeleg=1,
            margin_mode=FreeMargin.DONT_USE,
        ),
        _group(
            "swapfree-usd",
            _classes(usual={"spread_diff": 10}, crypto=few),
            use_swap=0,
            margin_type=MarginType.CURRENCY,
            margin_call=100,
            margin_stopout=0,
        ),
        _group(
            "fifo-usd",
            _classes(usual={"spread_diff": 4}, shares=few, crypto=few),
            default_leverage=50,
            hedge_prohibited=1,
            close_fifo=1,
        ),
        _group(
            "micro-usd",
            _classes(usual={"spread_diff": 12, "lot_max": 1000}, shares=few, futures=few, crypto=few),
            default_leverage=500,
            maxpositions=20,
            close_reopen=1,
        ),
    )
