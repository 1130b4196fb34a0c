"""Each of the 34 endpoints over each stack: its whole answer, held against what the driver itself says."""

import re
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from time import gmtime, strftime
from types import MappingProxyType
from typing import Any

import msgspec
import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")
WRITES = (Path(__file__).parent / "test_writes.py").read_text("utf-8")


def plain(records: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(records))


def listed(key: str, records: list[Any], **more: Any) -> dict[str, Any]:
    return {"status": "ok", **more, key: records, "total": len(records)}


def text(seconds: int) -> str:
    return strftime("%Y-%m-%d %H:%M:%S UTC", gmtime(seconds))


async def users(on: Any) -> Any:
    return listed("users", plain(await on.desk.users()))


async def one_user(on: Any) -> Any:
    return {"status": "ok", "user": await on.user(on.names["login"])}


async def margin(on: Any) -> Any:
    found = plain(await on.desk.margin_level(on.names["login"]))
    assert found["margin"] > 0
    return {"status": "ok", "margin": found}


async def margins(on: Any) -> Any:
    rows = sorted(plain(await on.desk.margins()), key=lambda row: row["login"])
    assert on.names["login"] in [row["login"] for row in rows if row["volume"]]
    return listed("margins", rows)


async def trades(on: Any) -> Any:
    return listed("trades", await on.open_trades())


async def trades_of_one(on: Any) -> Any:
    login = on.names["login"]
    own = [trade for trade in await on.open_trades() if trade["login"] == login]
    assert on.names["order"] in [trade["order"] for trade in own]
    return listed("trades", own, login=login)


async def history(on: Any) -> Any:
    login = on.names["other"]
    rows = await on.history(login)
    assert {on.names["closed"]} < {row["order"] for row in rows}
    return listed("trades", rows, login=login)


async def groups(on: Any) -> Any:
    rows = sorted(plain(await on.desk.groups()), key=lambda row: row["group"])
    hidden = {"secgroups", "secmargins"}
    return listed("groups", [{key: row[key] for key in row if key not in hidden} for row in rows])


async def online(on: Any) -> Any:
    return listed("online", plain(await on.desk.online()))


async def one_group(on: Any) -> Any:
    (group,) = [row for row in plain(await on.desk.groups()) if row["group"] == on.stack.group]
    return {"status": "ok", "group": group}


async def symbols(on: Any) -> Any:
    rows = sorted(plain(await on.desk.symbols()), key=lambda row: row["symbol"])
    assert len(rows) > 5
    return listed("symbols", [{key: row[key] for key in row if key != "sessions"} for row in rows])


async def one_symbol(on: Any) -> Any:
    (symbol,) = [row for row in plain(await on.desk.symbols()) if row["symbol"] == on.stack.symbol]
    return {"status": "ok", "symbol": symbol}


async def price(on: Any) -> Any:
    quote = plain(await on.desk.symbol_info(on.stack.symbol))
    return {"status": "ok", "price": quote | {"lasttime_str": text(quote["lasttime"])}}


async def lookup(on: Any) -> Any:
    found = [await on.trade(on.names["closed"]), await on.trade(on.names["order"])]
    return listed("trades", found, not_found=[on.names["no_order"]])


async def by_group(on: Any) -> Any:
    groups_of = {user.login: user.group for user in await on.desk.users()}
    own = [trade for trade in await on.open_trades() if groups_of[trade["login"]] == on.stack.group]
    assert on.names["order"] in [trade["order"] for trade in own]
    return listed("trades", own, group=on.stack.group, open_only=True)


async def configuration(on: Any) -> Any:
    us = on.desk.manager
    manager = {"login": us.login, "name": us.name, "groups": us.groups, "rights": list(us.rights)}
    return {"status": "ok", "config": plain(await on.desk.common()), "manager": manager}


async def health(_: Any) -> Any:
    return {"status": "ok", "service": "mt4-manager-api", "version": "1.0.0"}


async def service_health(on: Any) -> Any:
    return {"status": "ok", "service": "mt4-service", "connected": on.desk.connected}


async def status(on: Any) -> Any:
    link = {"connected": on.desk.connected, "pumping": on.desk.pumping}
    return {"status": "ok", "server": on.target["server"], "login": on.target["login"], **link, "last_error": None}


async def ping(on: Any) -> Any:
    return {"status": "ok", "ping": await on.desk.ping() is None}


async def server_time(on: Any) -> Any:
    now = await on.desk.server_time()
    return {"status": "ok", "server_time": now, "server_time_str": text(now)}


def orders(on: Any) -> Any:
    return {"orders": [on.names["closed"], on.names["no_order"], on.names["order"]]}


def our_group(on: Any) -> Any:
    return {"group": on.stack.group}


READS: Mapping[int, tuple[str, Callable[[Any], Awaitable[Any]], tuple[str, ...], Any]] = MappingProxyType(
    {  # number: the request, what its answer must be, members that differ each time, the body
        1: ("GET /api/health", health, (), None),
        3: ("GET /api/test/service-health", service_health, (), None),
        6: ("GET /api/test/status", status, ("since", "reconnects"), None),
        7: ("GET /api/test/ping", ping, ("latency_ms",), None),
        8: ("GET /api/test/server-time", server_time, (), None),
        9: ("GET /api/users/", users, (), None),
        10: ("GET /api/users/{login}", one_user, (), None),
        17: ("GET /api/accounts/{login}/margin", margin, (), None),
        18: ("GET /api/accounts/margins", margins, ("as_of",), None),
        19: ("GET /api/trades/open", trades, (), None),
        20: ("GET /api/trades/open/{login}", trades_of_one, (), None),
        21: ("POST /api/trades/history/{other}", history, ("from", "to"), None),
        22: ("GET /api/groups/", groups, (), None),
        23: ("GET /api/groups/online", online, (), None),
        24: ("GET /api/groups/{group}", one_group, (), None),
        25: ("GET /api/symbols/", symbols, (), None),
        26: ("GET /api/symbols/{symbol}", one_symbol, (), None),
        27: ("GET /api/symbols/{symbol}/price", price, (), None),
        28: ("POST /api/admin/trades/lookup", lookup, (), orders),
        29: ("POST /api/admin/trades/by-group", by_group, (), our_group),
        34: ("GET /api/server/config", configuration, ("utc_offset_seconds",), None),
    }
)


@pytest.mark.parametrize("number", READS)
async def test_a_read_answers_what_the_driver_says(stacked: Any, number: int) -> None:
    do, oracle, differing, body = READS[number]
    await stacked.fresh()
    method, path = do.split(" ")
    route = {"method": method, "path": path} | ({"json": body(stacked)} if body else {})

    expected, answer = await stacked.steady(lambda: oracle(stacked), lambda: stacked.send(route))

    shown = answer.json()
    for member in differing:
        assert isinstance(shown.pop(member), int | float)
    assert (answer.status_code, shown) == (200, expected)


async def test_these_reads_and_the_writes_beside_them_are_the_34_endpoints() -> None:
    written = re.findall(r"^async def test_(\d+)(?:_(?:to|and)_(\d+))?_", WRITES, re.MULTILINE)
    numbers = {*READS, *(int(each) for pair in written for each in pair if each)}
    assert sorted(numbers) == list(range(1, 35))
