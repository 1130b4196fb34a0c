"""The demonstration broker's currency pairs."""

from collections.abc import Iterator
from typing import Any, Final

from kernel.drivers.simulator.classes import CROSSES, ROUND_THE_CLOCK, Row
from kernel.drivers.simulator.modes import SwapType

_IN_DOLLARS: Final = {
    "USD": 1.0,
    "EUR": 1.0839,
    "GBP": 1.2712,
    "AUD": 0.6553,
    "NZD": 0.6078,
    "CAD": 0.7326,
    "CHF": 1.1304,
    "JPY": 0.006612,
    "SEK": 0.0956,
    "NOK": 0.0942,
    "PLN": 0.2521,
    "TRY": 0.0311,
    "ZAR": 0.0537,
}


def pairs() -> Iterator[Row]:
    """Give majors, micro contracts, crosses and the rarely traded."""
    yield from _majors()
    yield from _crosses()
    yield from _rare()


def _pair(name: str, description: str, points: int, swaps: tuple[float, float], **settings: Any) -> Row:
    """Give a currency pair: its price follows from what both currencies are in dollars.

    With a suffix it is the micro contract, a hundredth of the usual one.
    """
    base, quote, suffix = name[:3], name[3:6], name[6:]
    usual: dict[str, Any] = {
        "description": description,
        "currency": base,
        "margin_currency": base,
        "digits": 3 if quote == "JPY" else 5,
        "contract_size": 1000.0 if suffix else 100000.0,
        "margin_hedged": 500.0 if suffix else 50000.0,
        "swap_long": swaps[0],
        "swap_short": swaps[1],
        "sessions": ROUND_THE_CLOCK,
    }
    return name, _IN_DOLLARS[base] / _IN_DOLLARS[quote], points, usual | settings


def _majors() -> Iterator[Row]:
    yield _pair("EURUSD", "Euro vs US Dollar", 10, (-6.2, 2.1), stops_level=5)
    yield _pair("GBPUSD", "Great Britain Pound vs US Dollar", 14, (-3.4, -0.8), stops_level=5)
    yield _pair("USDJPY", "US Dollar vs Japanese Yen", 12, (9.8, -18.6), stops_level=5)
    yield _pair("USDCHF", "US Dollar vs Swiss Franc", 15, (6.4, -11.9), stops_level=5)
    yield _pair("AUDUSD", "Australian Dollar vs US Dollar", 13, (-3.1, 0.6), stops_level=5)
    yield _pair("NZDUSD", "New Zealand Dollar vs US Dollar", 18, (-1.7, -1.2), stops_level=5)
    yield _pair("USDCAD", "US Dollar vs Canadian Dollar", 17, (1.4, -6.5), stops_level=5)
    yield _pair("EURUSD.m", "Euro vs US Dollar, micro", 16, (-6.6, 1.7))
    yield _pair("USDJPY.m", "US Dollar vs Japanese Yen, micro", 19, (9.1, -19.4))


def _crosses() -> Iterator[Row]:
    for name, description, spread, swaps in (
        ("EURGBP", "Euro vs Great Britain Pound", 15, (-5.1, 1.3)),
        ("EURJPY", "Euro vs Japanese Yen", 18, (6.3, -14.2)),
        ("EURCHF", "Euro vs Swiss Franc", 19, (2.6, -7.8)),
        ("EURAUD", "Euro vs Australian Dollar", 26, (-7.9, 2.4)),
        ("GBPJPY", "Great Britain Pound vs Japanese Yen", 27, (14.9, -27.3)),
        ("GBPCHF", "Great Britain Pound vs Swiss Franc", 28, (7.1, -14.6)),
        ("AUDJPY", "Australian Dollar vs Japanese Yen", 20, (5.2, -11.4)),
        ("CADJPY", "Canadian Dollar vs Japanese Yen", 21, (5.6, -12.1)),
    ):
        yield _pair(name, description, spread, swaps, type=CROSSES, margin_hedged=0.0, stops_level=10)


def _rare() -> Iterator[Row]:
    """Give pairs with fixed spreads; the last is only there to turn money, not to trade."""
    rare: dict[str, Any] = {
        "type": CROSSES,
        "margin_divider": 0.2,
        "margin_hedged": 100000.0,
        "margin_hedged_strong": 1,
        "swap_type": SwapType.MARGIN_CURRENCY,
        "stops_level": 50,
        "exemode": 1,
    }
    for name, description, fixed, swaps in (
        ("USDSEK", "US Dollar vs Swedish Krona", 450, (-2.1, -6.8)),
        ("USDPLN", "US Dollar vs Polish Zloty", 300, (-14.5, 3.2)),
        ("USDTRY", "US Dollar vs Turkish Lira", 900, (-112.0, 31.0)),
        ("USDZAR", "US Dollar vs South African Rand", 700, (-24.0, 7.5)),
    ):
        yield _pair(name, description, fixed, swaps, spread=fixed, **rare)
    yield _pair("USDNOK", "US Dollar vs Norwegian Krone", 500, (-3.0, -5.9), type=CROSSES, trade=1)
