"""The demonstration broker's metals, indices, shares, futures and crypto currencies."""

from collections.abc import Iterator
from typing import Any

from kernel.drivers.simulator.classes import (
    AMERICAN_DAY,
    BREAK_AT_NIGHT,
    CRYPTO,
    EUROPEAN_DAY,
    FRIDAY,
    FUTURES,
    INDICES,
    METALS,
    NEVER_CLOSED,
    SHARES,
    TWO_SESSIONS,
    Row,
)
from kernel.drivers.simulator.modes import MarginMode, ProfitMode, SwapType


def contracts() -> Iterator[Row]:
    """Give all of them; each class has a margin mode of its own."""
    yield from _metals()
    yield from _indices()
    yield from _shares()
    yield from _futures()
    yield from _crypto()


def _metals() -> Iterator[Row]:
    usual: dict[str, Any] = {
        "type": METALS,
        "swap_type": SwapType.DOLLARS,
        "stops_level": 20,
        "sessions": BREAK_AT_NIGHT,
    }
    yield (
        "XAUUSD",
        2178.4,
        28,
        usual
        | {"description": "Gold vs US Dollar", "digits": 2, "contract_size": 100.0, "margin_hedged": 50.0}
        | {"profit_mode": ProfitMode.CFD, "margin_mode": MarginMode.CFDLEVERAGE}
        | {"swap_long": -28.4, "swap_short": 14.2},
    )
    yield (
        "XAGUSD",
        24.315,
        25,
        usual
        | {"description": "Silver vs US Dollar", "digits": 3, "currency": "XAG", "margin_currency": "XAG"}
        | {"contract_size": 5000.0, "margin_hedged": 2500.0, "swap_long": -0.62, "swap_short": 0.21},
    )


def _indices() -> Iterator[Row]:
    for name, description, currency, bid, spread, tick, sessions in (
        ("US500", "S&P 500", "USD", 5117.3, 6, 0.1, TWO_SESSIONS),
        ("US30", "Dow Jones 30", "USD", 38790.5, 25, 0.5, TWO_SESSIONS),
        ("NAS100", "Nasdaq 100", "USD", 17985.0, 15, 0.5, TWO_SESSIONS),
        ("GER40", "DAX 40", "EUR", 17932.5, 12, 0.5, BREAK_AT_NIGHT),
        ("UK100", "FTSE 100", "GBP", 7727.4, 14, 0.1, BREAK_AT_NIGHT),
        ("JP225", "Nikkei 225", "JPY", 39050.0, 100, 1.0, BREAK_AT_NIGHT),
    ):
        yield (
            name,
            bid,
            spread,
            {"description": description, "currency": currency, "margin_currency": currency, "type": INDICES}
            | {"digits": 1, "contract_size": 100.0 if currency == "JPY" else 10.0, "tick_size": tick}
            | {"tick_value": tick, "profit_mode": ProfitMode.CFD, "margin_mode": MarginMode.CFDINDEX}
            | {"margin_divider": 50.0, "swap_type": SwapType.INTEREST, "swap_long": -7.9, "swap_short": -1.1}
            | {"swap_rollover3days": FRIDAY, "stops_level": 10, "sessions": sessions},
        )


def _shares() -> Iterator[Row]:
    for name, description, currency, bid, spread, sessions in (
        ("#AAPL", "Apple Inc.", "USD", 172.62, 4, AMERICAN_DAY),
        ("#MSFT", "Microsoft Corp.", "USD", 416.42, 9, AMERICAN_DAY),
        ("#NVDA", "NVIDIA Corp.", "USD", 878.37, 22, AMERICAN_DAY),
        ("#TSLA", "Tesla Inc.", "USD", 163.57, 6, AMERICAN_DAY),
        ("#SAP", "SAP SE", "EUR", 174.84, 12, EUROPEAN_DAY),
        ("#HSBA.L", "HSBC Holdings PLC", "GBP", 5.86, 2, EUROPEAN_DAY),
    ):
        yield (
            name,
            bid,
            spread,
            {"description": description, "currency": currency, "margin_currency": currency, "type": SHARES}
            | {"digits": 2, "contract_size": 100.0, "profit_mode": ProfitMode.CFD, "margin_mode": MarginMode.CFD}
            | {"margin_divider": 5.0, "margin_hedged": 50.0, "swap_type": SwapType.INTEREST, "swap_openprice": 1}
            | {"swap_long": -8.3, "swap_short": -2.7, "swap_rollover3days": FRIDAY, "sessions": sessions}
            | {"long_only": int(currency == "GBP")},
        )


def _futures() -> Iterator[Row]:
    for name, description, bid, spread, tick, value, initial, maintenance in (
        ("ES.FUT", "E-mini S&P 500 future", 5180.25, 25, 0.25, 12.5, 12980.0, 11800.0),
        ("CL.FUT", "Light sweet crude oil future", 80.58, 3, 0.01, 10.0, 6490.0, 5900.0),
        ("ZW.FUT", "Wheat future", 528.5, 50, 0.25, 12.5, 2035.0, 1850.0),
    ):
        yield (
            name,
            bid,
            spread,
            {"description": description, "type": FUTURES, "digits": 2, "contract_size": value / tick}
            | {"tick_size": tick, "tick_value": value, "profit_mode": ProfitMode.FUTURES}
            | {"margin_mode": MarginMode.FUTURES, "margin_initial": initial, "margin_maintenance": maintenance}
            | {"margin_hedged": maintenance / 4, "swap_enable": 0, "sessions": BREAK_AT_NIGHT},
        )


def _crypto() -> Iterator[Row]:
    for name, description, bid, spread, digits, contract in (
        ("BTC/USD", "Bitcoin vs US Dollar", 67240.5, 2400, 2, 1.0),
        ("ETHUSD", "Ether vs US Dollar", 3518.2, 190, 2, 10.0),
        ("LTCUSD", "Litecoin vs US Dollar", 84.31, 35, 2, 100.0),
        ("XRPUSD", "XRP vs US Dollar", 0.6107, 22, 4, 10000.0),
    ):
        yield (
            name,
            bid,
            spread,
            {"description": description, "type": CRYPTO, "digits": digits, "contract_size": contract}
            | {"profit_mode": ProfitMode.CFD, "margin_mode": MarginMode.CFDLEVERAGE, "margin_divider": 0.1}
            | {"swap_type": SwapType.INTEREST, "swap_long": -20.0, "swap_short": -5.0, "sessions": NEVER_CLOSED},
        )
