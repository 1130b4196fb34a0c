"""The numbers and names of MT4's return codes, held against the public header's list."""

import pytest

from kernel.retcodes import NETWORK_PROBLEM, Retcode, describe

HEADER = (
    "0 OK|1 OK_NONE|2 ERROR|3 INVALID_DATA|4 TECH_PROBLEM|5 OLD_VERSION|6 NO_CONNECT|7 NOT_ENOUGH_RIGHTS|"
    "8 TOO_FREQUENT|9 MALFUNCTION|10 GENERATE_KEY|11 SECURITY_SESSION|15 INVALID_COMPANY|64 ACCOUNT_DISABLED|"
    "65 BAD_ACCOUNT_INFO|66 PUBLIC_KEY_MISSING|128 TRADE_TIMEOUT|129 TRADE_BAD_PRICES|130 TRADE_BAD_STOPS|"
    "131 TRADE_BAD_VOLUME|132 TRADE_MARKET_CLOSED|133 TRADE_DISABLE|134 TRADE_NO_MONEY|135 TRADE_PRICE_CHANGED|"
    "136 TRADE_OFFQUOTES|137 TRADE_BROKER_BUSY|138 TRADE_REQUOTE|139 TRADE_ORDER_LOCKED|140 TRADE_LONG_ONLY|"
    "141 TRADE_TOO_MANY_REQ|142 TRADE_ACCEPTED|143 TRADE_PROCESS|144 TRADE_USER_CANCEL|145 TRADE_MODIFY_DENIED|"
    "146 TRADE_CONTEXT_BUSY|147 TRADE_EXPIRATION_DENIED|148 TRADE_TOO_MANY_ORDERS|149 TRADE_HEDGE_PROHIBITED|"
    "150 TRADE_PROHIBITED_BY_FIFO"
)


def test_numbers_and_names_are_the_headers() -> None:
    assert "|".join(f"{code.value} {code.name}" for code in Retcode) == HEADER


@pytest.mark.parametrize(
    ("code", "name", "text"),
    [
        (0, "RET_OK", "OK"),
        (3, "RET_INVALID_DATA", "Invalid parameters"),
        (6, "RET_NO_CONNECT", "No connection"),
        (65, "RET_BAD_ACCOUNT_INFO", "Invalid account"),
        (134, "RET_TRADE_NO_MONEY", "Not enough money"),
        (NETWORK_PROBLEM, None, "Network problem"),
        (151, None, "Unknown error"),
        (-1, None, "Unknown error"),
        (2**31, None, "Unknown error"),
    ],
)
def test_a_code_is_described_also_when_no_header_has_it(code: int, name: str | None, text: str) -> None:
    shown = describe(code)

    assert (shown.retcode, shown.name, shown.description) == (code, name, text)
