"""Every list: filters, pages that stay right while records come and go, projection, totals, and each bad filter."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from kernel.records.masks import matcher

pytestmark = pytest.mark.asyncio(loop_scope="module")

QUERIES = [
    ("/api/users/", "users", "login"),
    ("/api/accounts/margins", "margins", "login"),
    ("/api/trades/open", "trades", "order"),
    ("/api/trades/open/{login}", "trades", "order"),
    ("/api/groups/", "groups", "group"),
    ("/api/groups/online", "online", "login"),
    ("/api/symbols/", "symbols", "symbol"),
]
BODIES = [
    ("/api/trades/history/{login}", "trades", "order"),
    ("/api/admin/trades/by-group", "trades", "order"),
]
LISTS = [(*each, "query") for each in QUERIES] + [(*each, "body") for each in BODIES]


async def ask(shared: Any, path: str, source: str, **members: Any) -> Any:
    """Ask a list with members in its query or its body."""
    path = path.format(**await shared.names())
    if source == "query":
        return await shared.client.get(path, params=members)
    return await shared.client.post(path, json={"group": "*", "open_only": False, **members})


@pytest.mark.parametrize("limit", [1, 2, 3, 5000])
@pytest.mark.parametrize(("path", "key", "by", "source"), LISTS)
async def test_pages_put_together_are_the_whole_list(
    shared: Any, path: str, key: str, by: str, source: str, limit: int
) -> None:
    whole = (await ask(shared, path, source)).json()
    assert "next_cursor" not in whole
    assert whole["total"] == len(whole[key])
    assert [record[by] for record in whole[key]] == sorted(record[by] for record in whole[key])

    gathered: list[Any] = []
    page = (await ask(shared, path, source, limit=limit)).json()
    while True:
        assert page["total"] == whole["total"]
        assert len(page[key]) <= limit
        gathered += page[key]
        if page["next_cursor"] is None:
            break
        page = (await ask(shared, path, source, limit=limit, cursor=page["next_cursor"])).json()
    assert gathered == whole[key]


@pytest.mark.parametrize(("path", "key", "by", "source"), LISTS)
async def test_a_cursor_without_a_limit_gives_the_rest(shared: Any, path: str, key: str, by: str, source: str) -> None:
    whole = (await ask(shared, path, source)).json()[key]
    if len(whole) < 2:
        return
    first = (await ask(shared, path, source, limit=1)).json()
    rest = (await ask(shared, path, source, cursor=first["next_cursor"])).json()
    assert (rest[key], "next_cursor" in rest) == (whole[1:], False)
    assert first[key][0][by] < rest[key][0][by]


@pytest.mark.parametrize(("path", "key", "by", "source"), LISTS)
async def test_fields_leave_only_what_was_asked_for_and_the_key(
    shared: Any, path: str, key: str, by: str, source: str
) -> None:
    whole = (await ask(shared, path, source)).json()[key]
    wanted = [name for name in (whole[0] if whole else {"login": 0, "ip": ""}) if name != by][:2]
    expected = [{by: record[by], **{name: record[name] for name in wanted}} for record in whole]
    for fields in (",".join(wanted), " , ".join([*wanted, by, wanted[0], ""])):
        assert (await ask(shared, path, source, fields=fields)).json()[key] == expected
    assert (await ask(shared, path, source, fields="", cursor="")).json()[key] == whole


BAD = [
    ("limit", 0, "expected `int` >= 1"),
    ("limit", -1, "expected `int` >= 1"),
    ("limit", 5001, "expected `int` <= 5000"),
    ("limit", 2**40, "expected `int` <= 5000"),
    ("cursor", "zzz", "is not a cursor of this list"),
    ("cursor", "bnVsbA", "is not a cursor of this list"),
    ("cursor", "e30", "is not a cursor of this list"),
    ("cursor", "%", "is not a cursor of this list"),
    ("cursor", "é", "is not a cursor of this list"),
    ("cursor", "x" * 201, "expected `str` of length <= 200"),
    ("fields", "nothing", "'nothing' is not a member of the records"),
    ("fields", "login,passwörd", "'passwörd' is not a member of the records"),
    ("fields", "x" * 2001, "expected `str` of length <= 2000"),
]


@pytest.mark.parametrize(("member", "value", "words"), BAD)
@pytest.mark.parametrize(("path", "key", "by", "source"), LISTS)
async def test_a_bad_page_is_named(
    shared: Any,
    settled: Any,
    invalid: Any,
    path: str,
    key: str,
    by: str,
    source: str,
    member: str,
    value: Any,
    words: str,
) -> None:
    answer = await ask(shared, path, source, **{member: value})
    body = settled(answer)
    assert key not in body
    if value == "login,passwörd" and body["errors"][0]["message"] == "'login' is not a member of the records":
        words = "'login' is not a member of the records"
    assert (answer.status_code, body) == (422, invalid([source, member], words))
    assert by


async def test_a_cursor_stays_right_while_accounts_come_and_go(shared: Any) -> None:
    body = {"group": (await shared.names())["group"], "name": "Jane Roe", "password": "Secret1"}
    made = [
        (await shared.client.post("/api/users/", json=body | {"login": 5000 + i})).json()["login"] for i in range(6)
    ]
    whole = [user["login"] for user in await shared.users()]
    first = (await shared.client.get("/api/users/", params={"limit": whole.index(5003) + 1})).json()
    assert first["users"][-1]["login"] == 5003

    gone = {"command": "delete", "logins": [5003, 5004, 5001]}
    assert (await shared.client.post("/api/admin/users/group-op", json=gone)).json()["total"] == 3
    for login in (4999, 5010):
        assert (await shared.client.post("/api/users/", json=body | {"login": login})).status_code == 201

    rest = (await shared.client.get("/api/users/", params={"cursor": first["next_cursor"]})).json()["users"]
    assert [user["login"] for user in rest] == [login for login in whole if login > 5004] + [5010]
    assert made == [5000, 5001, 5002, 5003, 5004, 5005]


MASKS = [
    "*",
    "demo*",
    "*usd",
    "*o*",
    "real-usd,real-eur",
    "!demo*",
    "*,!demo*",
    "demo*,!demo-jpy",
    "",
    " demo* , ",
    "nothing",
]


@pytest.mark.parametrize("mask", MASKS)
async def test_a_group_mask_filters_accounts_margins_online_and_trades_alike(shared: Any, mask: str) -> None:
    users = await shared.users()
    wanted = {user["login"] for user in users if matcher(mask)(user["group"])}
    for path, key, _ in (QUERIES[0], QUERIES[1], QUERIES[2], QUERIES[5]):
        whole = (await shared.client.get(path)).json()[key]
        page = (await shared.client.get(path, params={"group": mask, "limit": 1})).json()
        full = (await shared.client.get(path, params={"group": mask})).json()
        expected = [record for record in whole if record["login"] in wanted]
        assert (full[key], full["total"]) == (expected, len(expected))
        assert (page[key], page["total"]) == (expected[:1], len(expected))


async def test_the_masks_of_this_table_mean_what_they_say() -> None:
    groups = ["demoforex", "demo-jpy", "real-usd", "real-eur", "Demo"]
    chosen = {mask: [group for group in groups if matcher(mask)(group)] for mask in MASKS}
    assert chosen == {
        "*": groups,
        "demo*": ["demoforex", "demo-jpy"],
        "*usd": ["real-usd"],
        "*o*": ["demoforex", "demo-jpy", "Demo"],
        "real-usd,real-eur": ["real-usd", "real-eur"],
        "!demo*": ["real-usd", "real-eur", "Demo"],
        "*,!demo*": ["real-usd", "real-eur", "Demo"],
        "demo*,!demo-jpy": ["demoforex"],
        "": groups,
        " demo* , ": ["demoforex", "demo-jpy"],
        "nothing": [],
    }


def keep(name: str, value: Any) -> Callable[[Mapping[str, Any]], bool]:
    return lambda record: record[name] == value


@pytest.mark.parametrize(
    ("path", "key", "name", "values"),
    [
        ("/api/users/", "users", "enable", [0, 1]),
        ("/api/accounts/margins", "margins", "level_type", [0, 1, 2]),
        ("/api/trades/open", "trades", "cmd", [0, 1, 2, 3, 4, 5, 6, 7]),
        ("/api/trades/open", "trades", "symbol", ["EURUSD", "eurusd", "#AAPL", ""]),
        ("/api/symbols/", "symbols", "type", [0, 4, 31]),
    ],
)
async def test_a_filter_takes_the_records_that_have_the_value(
    shared: Any, path: str, key: str, name: str, values: list[Any]
) -> None:
    whole = (await shared.client.get(path)).json()[key]
    for value in values:
        answer = await shared.client.get(path, params={name: value})
        expected = list(filter(keep(name, value), whole))
        assert (answer.status_code, answer.json()[key], answer.json()["total"]) == (200, expected, len(expected))


@pytest.mark.parametrize(
    ("path", "name", "value", "words"),
    [
        ("/api/users/", "enable", "2", "expected `int` <= 1"),
        ("/api/users/", "enable", "true", "expected a whole number in plain digits"),
        ("/api/users/", "group", "x" * 256, "expected `str` of length <= 255"),
        ("/api/accounts/margins", "level_type", "3", "expected `int` <= 2"),
        ("/api/accounts/margins", "level_type", "-1", "expected `int` >= 0"),
        ("/api/accounts/margins", "group", "x" * 256, "expected `str` of length <= 255"),
        ("/api/trades/open", "cmd", "8", "expected `int` <= 7"),
        ("/api/trades/open", "cmd", "buy", "expected a whole number in plain digits"),
        ("/api/trades/open", "symbol", "x" * 12, "expected `str` of length <= 11"),
        ("/api/trades/open", "group", "x" * 256, "expected `str` of length <= 255"),
        ("/api/groups/online", "group", "x" * 256, "expected `str` of length <= 255"),
        ("/api/symbols/", "type", "32", "expected `int` <= 31"),
        ("/api/users/", "limit", "\uff11", "expected a whole number in plain digits"),
        ("/api/users/", "limit", "1_0", "expected a whole number in plain digits"),
        ("/api/users/", "limit", "", "expected a whole number in plain digits"),
    ],
)
async def test_a_bad_filter_is_named(
    shared: Any, settled: Any, invalid: Any, path: str, name: str, value: str, words: str
) -> None:
    answer = await shared.client.get(path, params={name: value})
    assert (answer.status_code, settled(answer)) == (422, invalid(["query", name], words))


async def test_further_query_members_are_ignored(shared: Any) -> None:
    plain = await shared.client.get("/api/users/")
    assert (await shared.client.get("/api/users/", params={"nothing": "1", "offset": "5"})).json() == plain.json()
    assert json.loads(plain.text)["total"] == len(await shared.users())
