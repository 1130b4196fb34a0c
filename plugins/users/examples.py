"""Examples for the API page."""

from typing import Any, Final

_JOHN: Final[dict[str, Any]] = {
    "login": 100023,
    "group": "demoforex",
    "name": "John Smith",
    "email": "john@example.com",
    "phone": "+35725000000",
    "country": "Cyprus",
    "city": "Limassol",
    "state": "",
    "zipcode": "3010",
    "address": "1 Main St",
    "lead_source": "",
    "comment": "",
    "id": "CRM-771",
    "status": "",
    "leverage": 100,
    "agent_account": 0,
    "taxes": 0.0,
    "interestrate": 0.0,
    "enable": 1,
    "enable_change_password": 1,
    "enable_read_only": 0,
    "enable_otp": 0,
    "send_reports": 1,
    "mqid": 0,
    "user_color": 4278190080,
    "regdate": 1772000000,
    "lastdate": 1772900000,
    "timestamp": 1772900000,
    "last_ip": "203.0.113.7",
    "balance": 1500.0,
    "credit": 0.0,
    "prevbalance": 1500.0,
    "prevmonthbalance": 1000.0,
    "prevequity": 1498.2,
    "prevmonthequity": 1000.0,
}
USERS: Final = {"status": "ok", "users": [_JOHN], "total": 1}
USER: Final = {"status": "ok", "user": _JOHN}
NEW_USER: Final = {"group": "demoforex", "name": "Jane Roe", "password": "Secret1", "leverage": 100, "id": "CRM-772"}
CREATED: Final = {
    "status": "ok",
    "message": "User created",
    "login": 100024,
    "user": {**_JOHN, "login": 100024, "name": "Jane Roe", "id": "CRM-772", "balance": 0.0},
}
CHANGE: Final = {"leverage": 200, "comment": "VIP"}
UPDATED: Final = {
    "status": "ok",
    "message": "User updated",
    "updated": ["leverage", "comment"],
    "user": {**_JOHN, "leverage": 200, "comment": "VIP"},
}
PASSWORD_SET: Final = {"status": "ok", "message": "Password changed", "login": 100023, "change_investor": False}
