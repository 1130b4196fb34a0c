"""Examples for the API page."""

from typing import Any, Final

_BOOKED: Final[dict[str, Any]] = {
    "status": "ok",
    "message": "Deposit completed",
    "login": 100023,
    "order": 249967841,
    "amount": 500.0,
    "balance": 2000.0,
    "credit": 0.0,
    "comment": "Deposit A-771",
    "operation_id": "op_01KG4R2Z5V7Q9M3T8X6B1N0C4D",
}
DEPOSIT: Final = {"amount": 500.0, "comment": "Deposit A-771"}
DEPOSITED: Final = _BOOKED
WITHDRAWAL: Final = {"amount": 100.0, "comment": "Withdrawal"}
WITHDRAWN: Final = {
    **_BOOKED,
    "message": "Withdrawal completed",
    "order": 249967842,
    "amount": 100.0,
    "balance": 1900.0,
    "comment": "Withdrawal",
}
CREDIT: Final = {"amount": 50.0, "comment": "Bonus", "expiration": 1804435200}
CREDITED: Final = {
    **_BOOKED,
    "message": "Credit added",
    "order": 249967843,
    "amount": 50.0,
    "balance": 1900.0,
    "credit": 50.0,
    "expiration": 1804435200,
    "comment": "Bonus",
}
_MARGIN: Final = {
    "login": 100023,
    "group": "demoforex",
    "leverage": 100,
    "updated": 0,
    "balance": 1950.0,
    "equity": 1948.2,
    "volume": 2,
    "margin": 23.4,
    "margin_free": 1924.8,
    "margin_level": 8325.64,
    "margin_type": 0,
    "level_type": 0,
}
MARGIN: Final = {"status": "ok", "margin": _MARGIN}
MARGINS: Final = {"status": "ok", "margins": [_MARGIN], "total": 1, "as_of": 1772901814}
