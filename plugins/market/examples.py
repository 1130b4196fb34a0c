"""Examples for the API page."""

from typing import Any, Final

_GROUP: Final[dict[str, Any]] = {
    "group": "demoforex",
    "enable": 1,
    "company": "Broker Ltd",
    "currency": "USD",
    "default_leverage": 100,
    "default_deposit": 0.0,
    "margin_call": 100,
    "margin_stopout": 50,
    "margin_type": 0,
    "margin_mode": 1,
    "use_swap": 1,
    "rights": 14,
    "reports": 1,
}
GROUPS: Final = {"status": "ok", "groups": [_GROUP], "total": 1}
GROUP: Final = {
    "status": "ok",
    "group": {
        **_GROUP,
        "secgroups": [
            {
                "show": 1,
                "trade": 1,
                "execution": 1,
                "comm_base": 0.0,
                "comm_type": 0,
                "spread_diff": 0,
                "lot_min": 1,
                "lot_max": 10000,
                "lot_step": 1,
            }
        ],
        "secmargins": [{"symbol": "EURUSD", "swap_long": -0.5, "swap_short": 0.1, "margin_divider": 1.0}],
    },
}
ONLINE: Final = {
    "status": "ok",
    "online": [{"login": 100023, "group": "demoforex", "ip": "203.0.113.7", "counter": 1}],
    "total": 1,
}
_SYMBOL: Final[dict[str, Any]] = {
    "symbol": "EURUSD",
    "description": "Euro vs US Dollar",
    "currency": "EUR",
    "margin_currency": "EUR",
    "type": 0,
    "digits": 5,
    "trade": 2,
    "exemode": 2,
    "spread": 0,
    "stops_level": 0,
    "contract_size": 100000.0,
    "tick_value": 0.0,
    "tick_size": 0.0,
    "point": 1e-05,
    "swap_enable": 1,
    "swap_type": 0,
    "swap_long": -0.5,
    "swap_short": 0.1,
}
SYMBOLS: Final = {"status": "ok", "symbols": [_SYMBOL], "total": 1}
SYMBOL: Final = {
    "status": "ok",
    "symbol": {
        **_SYMBOL,
        "sessions": [{"quote": [{"open": "00:00", "close": "24:00"}], "trade": [{"open": "00:05", "close": "23:55"}]}],
    },
}
PRICE: Final = {
    "status": "ok",
    "price": {
        "symbol": "EURUSD",
        "bid": 1.0839,
        "ask": 1.084,
        "high": 1.0862,
        "low": 1.0811,
        "digits": 5,
        "point": 1e-05,
        "spread": 10,
        "direction": 1,
        "lasttime": 1772901813,
        "lasttime_str": "2026-03-07 16:43:33 UTC",
    },
}
