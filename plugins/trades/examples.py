"""Examples for the API page."""

from typing import Any, Final

_OPEN: Final[dict[str, Any]] = {
    "order": 249967850,
    "login": 100023,
    "symbol": "EURUSD",
    "digits": 5,
    "cmd": 0,
    "cmd_str": "buy",
    "volume": 10,
    "lots": 0.1,
    "open_time": 1772890000,
    "open_price": 1.0841,
    "sl": 0.0,
    "tp": 0.0,
    "state": 0,
    "close_time": 0,
    "close_price": 1.0839,
    "expiration": 0,
    "reason": 0,
    "commission": 0.0,
    "commission_agent": 0.0,
    "storage": 0.0,
    "profit": -2.0,
    "taxes": 0.0,
    "magic": 0,
    "comment": "",
    "margin_rate": 1.0841,
    "conv_rates": [1.0, 0.0],
    "activation": 0,
    "gw_order": 0,
    "gw_volume": 0,
    "timestamp": 1772901810,
}
_BALANCE: Final[dict[str, Any]] = {
    **_OPEN,
    "order": 249967841,
    "symbol": "",
    "digits": 0,
    "cmd": 6,
    "cmd_str": "balance",
    "volume": 1,
    "lots": 0.01,
    "open_time": 1772900100,
    "open_price": 0.0,
    "state": 3,
    "close_time": 1772900100,
    "close_price": 0.0,
    "profit": 500.0,
    "comment": "Deposit A-771",
    "margin_rate": 0.0,
    "conv_rates": [0.0, 0.0],
    "timestamp": 1772900100,
}
TRADES: Final = {"status": "ok", "trades": [_OPEN], "total": 1}
TRADES_OF_LOGIN: Final = {"status": "ok", "login": 100023, "trades": [_OPEN], "total": 1}
HISTORY_QUERY: Final = {"from_date": "2026-02-25", "to_date": "2026-03-08", "types": "all"}
HISTORY: Final = {
    "status": "ok",
    "login": 100023,
    "from": 1771977600,
    "to": 1773014399,
    "trades": [_BALANCE],
    "total": 1,
}
