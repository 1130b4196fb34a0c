"""Groups, online accounts, symbols and prices: every answer of endpoints 22 to 27, whole."""

from typing import Any
from urllib.parse import quote

import msgspec
import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")


def plain(records: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(records))


async def test_groups_come_by_name_without_their_terms_and_one_with_them(shared: Any) -> None:
    groups = sorted(plain(await shared.desk.groups()), key=lambda group: group["group"])
    assert any(group["secmargins"] for group in groups)
    assert all(group["secgroups"] for group in groups)
    for group in groups:
        one = await shared.client.get(f"/api/groups/{group['group']}")
        assert (one.status_code, one.json()) == (200, {"status": "ok", "group": dict(group)})
        del group["secgroups"], group["secmargins"]

    answer = await shared.client.get("/api/groups/")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "groups": groups, "total": len(groups)})


async def test_a_groups_mail_server_is_never_shown(shared: Any) -> None:
    for path in ("/api/groups/", f"/api/groups/{(await shared.names())['group']}"):
        assert "smtp" not in (await shared.client.get(path)).text


async def test_symbols_come_by_name_without_their_hours_and_one_with_them(shared: Any) -> None:
    symbols = sorted(plain(await shared.desk.symbols()), key=lambda symbol: symbol["symbol"])
    for symbol in symbols:
        if "/" not in symbol["symbol"]:
            one = await shared.client.get(f"/api/symbols/{quote(symbol['symbol'])}")
            assert (one.status_code, one.json()) == (200, {"status": "ok", "symbol": dict(symbol)})
            assert len(symbol["sessions"]) in {0, 7}
        del symbol["sessions"]

    answer = await shared.client.get("/api/symbols/")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "symbols": symbols, "total": len(symbols)})
    assert {"#AAPL", "BTC/USD", "EURUSD.m"} <= {symbol["symbol"] for symbol in answer.json()["symbols"]}


async def test_online_accounts_are_those_of_mt4_and_not_a_group_of_that_name(shared: Any) -> None:
    online = plain(await shared.desk.online())
    answer = await shared.client.get("/api/groups/online")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "online": online, "total": len(online)})


async def test_a_price_is_the_last_quote_with_its_time_as_text(shared: Any) -> None:
    quote_ = plain(await shared.desk.symbol_info("EURUSD"))
    text = "2026-03-04 12:00:00 UTC"
    answer = await shared.client.get("/api/symbols/EURUSD/price")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "price": quote_ | {"lasttime_str": text}})
    members = ("symbol", "bid", "ask", "high", "low", "digits", "point", "spread", "direction", "lasttime")
    assert sorted(quote_) == sorted(members)


@pytest.mark.parametrize("path", ["/api/groups/nothing", "/api/groups/DEMOFOREX", "/api/groups/%00", "/api/groups/%FF"])
async def test_an_unknown_group_is_not_found_and_case_counts(
    shared: Any, settled: Any, failure: Any, path: str
) -> None:
    answer = await shared.client.get(path)
    name = answer.json()["message"].removeprefix("Group ").removesuffix(" was not found")
    assert answer.status_code == 404
    assert settled(answer) == failure("group_not_found", f"Group {name} was not found")


@pytest.mark.parametrize("rest", ["", "/price"])
async def test_an_unknown_symbol_is_not_found_and_case_counts(
    shared: Any, settled: Any, failure: Any, rest: str
) -> None:
    for name in ("NOTHING", "eurusd", " EURUSD"):
        answer = await shared.client.get(f"/api/symbols/{quote(name)}{rest}")
        assert answer.status_code == 404
        assert settled(answer) == failure("symbol_not_found", f"Symbol {name!r} was not found")


@pytest.mark.parametrize(
    ("path", "size"), [("/api/groups/{}", 15), ("/api/symbols/{}", 11), ("/api/symbols/{}/price", 11)]
)
async def test_a_name_longer_than_mt4_can_hold_is_invalid(
    shared: Any, settled: Any, invalid: Any, path: str, size: int
) -> None:
    assert (await shared.client.get(path.format("x" * size))).status_code == 404
    answer = await shared.client.get(path.format("x" * (size + 1)))
    words = f"expected `str` of length <= {size}"
    assert (answer.status_code, settled(answer)) == (422, invalid(["path", "name"], words))


async def test_a_symbol_without_a_quote_has_no_price_yet(shared: Any, settled: Any, failure: Any) -> None:
    shared.forget_quote("USDJPY")
    answer = await shared.client.get("/api/symbols/USDJPY/price")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert settled(answer) == failure("price_unavailable", "Symbol 'USDJPY' has no quote yet", retryable=True)
