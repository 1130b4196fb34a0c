"""Every return code of MT4 becomes the answer that the contract has for it, on every route."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")
ROUTES = tomllib.loads((Path(__file__).parent / "cases/routes.toml").read_text("utf-8"))["route"]
READS = [route for route in ROUTES if "call" in route and "write" not in route and route["call"] != "ping"]
WRITES = [route for route in ROUTES if "write" in route]

TEXTS = {
    1: ("RET_OK_NONE", "OK/None"),
    2: ("RET_ERROR", "Common error"),
    3: ("RET_INVALID_DATA", "Invalid parameters"),
    4: ("RET_TECH_PROBLEM", "Technical problem"),
    5: ("RET_OLD_VERSION", "Old version"),
    6: ("RET_NO_CONNECT", "No connection"),
    7: ("RET_NOT_ENOUGH_RIGHTS", "Not enough rights"),
    8: ("RET_TOO_FREQUENT", "Too frequent requests"),
    9: ("RET_MALFUNCTION", "Malfunctional operation"),
    10: ("RET_GENERATE_KEY", "Unknown error"),
    11: ("RET_SECURITY_SESSION", "Unknown error"),
    15: ("RET_INVALID_COMPANY", "Unknown error"),
    64: ("RET_ACCOUNT_DISABLED", "Account disabled"),
    65: ("RET_BAD_ACCOUNT_INFO", "Invalid account"),
    66: ("RET_PUBLIC_KEY_MISSING", "Public key missing"),
    128: ("RET_TRADE_TIMEOUT", "Trade timeout"),
    129: ("RET_TRADE_BAD_PRICES", "Invalid prices"),
    130: ("RET_TRADE_BAD_STOPS", "Invalid S/L or T/P"),
    131: ("RET_TRADE_BAD_VOLUME", "Invalid volume"),
    132: ("RET_TRADE_MARKET_CLOSED", "Market is closed"),
    133: ("RET_TRADE_DISABLE", "Trade is disabled"),
    134: ("RET_TRADE_NO_MONEY", "Not enough money"),
    135: ("RET_TRADE_PRICE_CHANGED", "Price changed"),
    136: ("RET_TRADE_OFFQUOTES", "Off quotes"),
    137: ("RET_TRADE_BROKER_BUSY", "Broker is busy"),
    138: ("RET_TRADE_REQUOTE", "Requote"),
    139: ("RET_TRADE_ORDER_LOCKED", "Order is locked"),
    140: ("RET_TRADE_LONG_ONLY", "Only long positions allowed"),
    141: ("RET_TRADE_TOO_MANY_REQ", "Too many requests"),
    142: ("RET_TRADE_ACCEPTED", "Request accepted"),
    143: ("RET_TRADE_PROCESS", "Request in process"),
    144: ("RET_TRADE_USER_CANCEL", "Request cancelled by user"),
    145: ("RET_TRADE_MODIFY_DENIED", "Modification denied"),
    146: ("RET_TRADE_CONTEXT_BUSY", "Trade context is busy"),
    147: ("RET_TRADE_EXPIRATION_DENIED", "Expiration denied"),
    148: ("RET_TRADE_TOO_MANY_ORDERS", "Too many orders"),
    149: ("RET_TRADE_HEDGE_PROHIBITED", "Hedging is prohibited"),
    150: ("RET_TRADE_PROHIBITED_BY_FIFO", "Prohibited by FIFO rule"),
    151: (None, "Unknown error"),
    255: (None, "Network problem"),
}
ANSWERS = {
    3: (422, "mt4_invalid_data"),
    5: (502, "mt4_version_mismatch"),
    6: (503, "mt4_not_connected"),
    7: (403, "mt4_not_enough_rights"),
    8: (429, "mt4_too_frequent"),
    64: (409, "account_disabled"),
    128: (504, "mt4_timeout"),
    134: (409, "not_enough_money"),
    139: (409, "order_locked"),
    141: (429, "mt4_too_frequent"),
    255: (504, "mt4_timeout"),
    **dict.fromkeys((65, 66, 129, 130, 131, 132, 133, 140, 145, 147, 148, 149, 150), (409, "mt4_rejected")),
}
"""Contract §1.4; what is not here is 502 ``mt4_error``."""
REFUSED_MONEY = {3, 5, 7, 8, 64, 65, 66, 129, 130, 131, 132, 133, 134, 139, 140, 141}
REFUSED_EDIT = REFUSED_MONEY | {145, 147, 148, 149, 150}
NO_CONNECT = 6
"""After which the service looks at its sessions."""
AGAIN = {429, 503, 504}


def mt4(code: int) -> dict[str, Any]:
    return {"retcode": code, "name": TEXTS[code][0], "description": TEXTS[code][1]}


async def refused_with(shared: Any, settled: Any, route: Mapping[str, Any], code: int) -> tuple[int, Any]:
    shared.suffer({"call": route["call"], "kind": "refuse", "retcode": code})
    answer = await shared.send(route)
    shared.suffer()
    if code == NO_CONNECT and route["call"] != "open":
        await shared.log_in()
    return answer.status_code, settled(answer)


@pytest.mark.parametrize("route", READS, ids=lambda route: f"{route['method']} {route['path']}")
async def test_a_read_says_what_mt4_answered_and_whether_to_ask_again(
    shared: Any, settled: Any, failure: Any, route: Mapping[str, Any]
) -> None:
    told = {65} if route["call"] == "user_password_check" else set[int]()  # the answer itself: a wrong password
    for code in sorted(TEXTS.keys() - {1} - told):
        status, name = ANSWERS.get(code, (502, "mt4_error"))
        words = f"MT4 answered {code}: {TEXTS[code][1]}"
        expected = failure(name, words, retryable=status in AGAIN, mt4=mt4(code))
        assert await refused_with(shared, settled, route, code) == (status, expected)


async def test_a_ping_that_fails_is_a_missing_connection_whatever_the_code(
    shared: Any, settled: Any, failure: Any
) -> None:
    for code in sorted(TEXTS):
        route = {"method": "GET", "path": "/api/test/ping", "call": "ping"}
        expected = failure(
            "mt4_not_connected", "Not connected to MT4 server", retryable=True, ping=False, mt4=mt4(code)
        )
        assert await refused_with(shared, settled, route, code) == (503, expected)


@pytest.mark.parametrize("route", WRITES, ids=lambda route: f"{route['method']} {route['path']}")
async def test_a_write_is_refused_only_by_codes_that_prove_it_and_unknown_by_all_others(
    shared: Any, settled: Any, failure: Any, route: Mapping[str, Any]
) -> None:
    before = await shared.everything()
    for code in sorted(TEXTS):
        if code in (REFUSED_MONEY if route.get("money") else REFUSED_EDIT):
            status, name = ANSWERS[code]
            words = f"MT4 answered {code}: {TEXTS[code][1]}"
            expected = failure(name, words, outcome="not_applied", mt4=mt4(code))
        else:
            status, words = 504, f"MT4 did not confirm the {route['write']}; it may have been applied"
            expected = failure("outcome_unknown", words, outcome="unknown", mt4=mt4(code))
        assert await refused_with(shared, settled, route, code) == (status, expected)
    assert await shared.everything() == before


@pytest.mark.parametrize(
    ("code", "status", "name"),
    [
        (64, 400, "mt4_login_failed"),
        (65, 400, "mt4_login_failed"),
        (5, 502, "mt4_version_mismatch"),
        (6, 502, "mt4_connect_failed"),
        (2, 502, "mt4_error"),
        (4, 502, "mt4_error"),
        (8, 429, "mt4_too_frequent"),
    ],
)
async def test_connect_tells_a_wrong_login_from_a_wrong_server_and_keeps_the_session(
    shared: Any, settled: Any, code: int, status: int, name: str
) -> None:
    before = settled(await shared.client.get("/api/test/status"))
    connect = next(route for route in ROUTES if route["number"] == 4)

    got, body = await refused_with(shared, settled, connect | {"call": "open"}, code)

    assert (got, body["code"], body["mt4"]) == (status, name, mt4(code))
    assert settled(await shared.client.get("/api/test/status")) == before
