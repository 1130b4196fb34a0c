"""Examples for the API page."""

from typing import Any, Final

_TRADE: Final[dict[str, Any]] = {
    "order": 249967850,
    "login": 100023,
    "symbol": "EURUSD",
    "cmd": 0,
    "cmd_str": "buy",
    "volume": 10,
    "lots": 0.1,
    "profit": -2.0,
    "comment": "",
}
FOUND: Final = {"status": "ok", "trades": [_TRADE], "total": 1, "not_found": [1]}
BY_GROUP: Final = {"status": "ok", "group": "demo*", "open_only": True, "trades": [_TRADE], "total": 1}
MODIFIED: Final = {
    "status": "ok",
    "message": "Trade modified",
    "updated": ["comment"],
    "trade": {**_TRADE, "comment": "corrected"},
    "previous": {"comment": ""},
}
DELETED: Final = {
    "status": "ok",
    "message": "2 trades deleted",
    "deleted": [249967850, 249967851],
    "not_found": [],
    "total": 2,
}
MAIL: Final = {"logins": [100023, 100024], "subject": "Maintenance", "body": "<p>Saturday, 10:00</p>"}
BATCH: Final = {"command": "set_group", "logins": [100023, 100024, 999999], "group": "demoforex"}
BATCH_DONE: Final = {
    "status": "ok",
    "message": "2 of 3 users updated",
    "command": "set_group",
    "affected": [100023, 100024],
    "not_found": [999999],
    "failed": [],
    "total": 2,
}
CONFIG: Final[dict[str, Any]] = {
    "status": "ok",
    "config": {
        "name": "Broker-Demo",
        "owner": "Broker Ltd",
        "server_version": 400,
        "server_build": 1420,
        "port": 443,
        "timeout": 180,
        "timezone": 2,
        "timezone_real": 3,
        "daylightcorrection": 1,
        "endhour": 23,
        "endminute": 59,
        "lastorder": 249967850,
        "lastlogin": 100024,
    },
    "manager": {
        "login": 224,
        "name": "API",
        "groups": "*",
        "rights": ["manager", "money", "online", "trades", "email", "user_details", "see_trades"],
    },
    "utc_offset_seconds": 10800,
}
