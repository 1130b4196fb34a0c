"""MT4's return codes: their names, the texts MT4 gives them, and what each proves about a write.

Numbers from the public header, build 1403; texts as real libraries logged them. 151 and 255 are in no
header and do come. Which codes prove that nothing was applied is ``design/money.md`` §2.3.
"""

from enum import IntEnum
from typing import Final

from msgspec import Struct


class Retcode(IntEnum):
    """``RET_*``, without the prefix."""

    OK = 0
    OK_NONE = 1
    ERROR = 2
    INVALID_DATA = 3
    TECH_PROBLEM = 4
    OLD_VERSION = 5
    NO_CONNECT = 6
    NOT_ENOUGH_RIGHTS = 7
    TOO_FREQUENT = 8
    MALFUNCTION = 9
    GENERATE_KEY = 10
    SECURITY_SESSION = 11
    INVALID_COMPANY = 15
    ACCOUNT_DISABLED = 64
    BAD_ACCOUNT_INFO = 65
    PUBLIC_KEY_MISSING = 66
    TRADE_TIMEOUT = 128
    TRADE_BAD_PRICES = 129
    TRADE_BAD_STOPS = 130
    TRADE_BAD_VOLUME = 131
    TRADE_MARKET_CLOSED = 132
    TRADE_DISABLE = 133
    TRADE_NO_MONEY = 134
    TRADE_PRICE_CHANGED = 135
    TRADE_OFFQUOTES = 136
    TRADE_BROKER_BUSY = 137
    TRADE_REQUOTE = 138
    TRADE_ORDER_LOCKED = 139
    TRADE_LONG_ONLY = 140
    TRADE_TOO_MANY_REQ = 141
    TRADE_ACCEPTED = 142
    TRADE_PROCESS = 143
    TRADE_USER_CANCEL = 144
    TRADE_MODIFY_DENIED = 145
    TRADE_CONTEXT_BUSY = 146
    TRADE_EXPIRATION_DENIED = 147
    TRADE_TOO_MANY_ORDERS = 148
    TRADE_HEDGE_PROHIBITED = 149
    TRADE_PROHIBITED_BY_FIFO = 150


NETWORK_PROBLEM: Final = 255
"""The line broke during the call: nobody knows whether it was carried out."""

_TEXTS: Final = {
    0: "OK",
    1: "OK/None",
    2: "Common error",
    3: "Invalid parameters",
    4: "Technical problem",
    5: "Old version",
    6: "No connection",
    7: "Not enough rights",
    8: "Too frequent requests",
    9: "Malfunctional operation",
    64: "Account disabled",
    65: "Invalid account",
    66: "Public key missing",
    128: "Trade timeout",
    129: "Invalid prices",
    130: "Invalid S/L or T/P",
    131: "Invalid volume",
    132: "Market is closed",
    133: "Trade is disabled",
    134: "Not enough money",
    135: "Price changed",
    136: "Off quotes",
    137: "Broker is busy",
    138: "Requote",
    139: "Order is locked",
    140: "Only long positions allowed",
    141: "Too many requests",
    142: "Request accepted",
    143: "Request in process",
    144: "Request cancelled by user",
    145: "Modification denied",
    146: "Trade context is busy",
    147: "Expiration denied",
    148: "Too many orders",
    149: "Hedging is prohibited",
    150: "Prohibited by FIFO rule",
    NETWORK_PROBLEM: "Network problem",
}

MONEY_REFUSALS: Final = frozenset({3, 5, 7, 8, 64, 65, 66, *range(129, 135), 139, 140, 141})
"""Codes of a balance operation that prove it was not applied; every other one but 0 proves nothing."""

EDIT_REFUSALS: Final = MONEY_REFUSALS | {145, 147, 148, 149, 150}
"""The same for edits of trades and of records."""


class Mt4Error(Struct, frozen=True, kw_only=True):
    """A return code as answers show it; ``name`` is None for codes that no header has."""

    retcode: int
    name: str | None
    description: str


def describe(retcode: int) -> Mt4Error:
    """Say what a return code is called, as ``ErrorDescription`` would."""
    known = retcode in Retcode.__members__.values()
    name = f"RET_{Retcode(retcode).name}" if known else None
    return Mt4Error(retcode=retcode, name=name, description=_TEXTS.get(retcode, "Unknown error"))
