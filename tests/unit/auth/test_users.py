"""The API's users as the command line and the service keep them."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from kernel.auth.scopes import KNOWN, MEANING, check
from kernel.auth.users import ApiUser, ApiUsers
from kernel.errors import BadInput, NotFound
from kernel.store.sqlite import SqliteStore

GOOD = "a good password"


@pytest.fixture
def users(store: SqliteStore, hasher: Any, clock: Any) -> ApiUsers:
    return ApiUsers(store, hasher=hasher, clock=clock)


async def test_a_user_is_added_found_and_listed(users: ApiUsers, clock: Any) -> None:
    added = await users.add("Jürgen Groß", GOOD, ["trades:read", "market:read", "trades:read"])
    await users.add("admin", GOOD, ["*"])
    now = int(clock.now)

    assert added == ApiUser(
        name="Jürgen Groß",
        scopes=frozenset({"market:read", "trades:read"}),
        epoch=now,
        disabled=False,
        created_at=now,
        changed_at=now,
    )
    assert await users.find("Jürgen Groß") == added
    assert await users.find("jürgen groß") is None
    assert [user.name for user in await users.list()] == ["Jürgen Groß", "admin"]


async def test_the_store_holds_a_hash_and_not_the_password(users: ApiUsers, store: SqliteStore) -> None:
    await users.add("crm", GOOD, ["*"])
    rows = await store.read("SELECT * FROM api_user")

    assert rows[0][1].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert GOOD not in repr(rows)


async def test_a_taken_name_is_refused_and_changes_nothing(users: ApiUsers) -> None:
    first = await users.add("crm", GOOD, ["market:read"])
    with pytest.raises(BadInput, match="There is an API user 'crm' already"):
        await users.add("crm", "another password", ["*"])

    assert await users.list() == [first]


@pytest.mark.parametrize(
    "name", ["", "x" * 129, " crm", "crm ", "c\nrm", "c\0rm", "c\u202erm", "c\u200brm", "c\u00a0rm", "c\ud800rm"]
)
async def test_a_name_that_cannot_be_seen_whole_is_refused(users: ApiUsers, name: str) -> None:
    with pytest.raises(BadInput, match="1 to 128 printable"):
        await users.add(name, GOOD, ["*"])

    assert await users.list() == []


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", "12 to 128"),
        ("elevenchars", "12 to 128"),
        ("x1" * 64 + "y", "12 to 128"),
        ("a good password\n", "control"),
        ("a good\0password", "control"),
        ("abababababab", "different"),
        ("The-First-Admin", "name"),
    ],
)
@pytest.mark.parametrize("act", ["add", "set"])
async def test_a_poor_password_is_refused_without_being_repeated(
    users: ApiUsers, hasher: Any, act: str, password: str, said: str
) -> None:
    name = "the-first-admin"
    if act == "set":
        await users.add(name, GOOD, ["*"])
    before = hasher.hashed, await users.list()
    with pytest.raises(BadInput, match=said) as error:
        await (users.add(name, password, ["*"]) if act == "add" else users.set_password(name, password))

    assert not password or password not in f"{error.value!r} {error.value.details}"
    assert (hasher.hashed, await users.list()) == before


@pytest.mark.parametrize("password", ["twelve chars", "x1Y2z" + "é" * 123])
async def test_a_password_of_either_end_of_the_range_is_taken(users: ApiUsers, password: str) -> None:
    assert (await users.add("crm", password, ["*"])).name == "crm"


async def test_an_unknown_scope_is_refused_with_a_guess(users: ApiUsers) -> None:
    with pytest.raises(BadInput, match="There is no scope 'money:deposits'; did you mean 'money:deposit'"):
        await users.add("crm", GOOD, ["market:read", "money:deposits"])
    with pytest.raises(BadInput, match=r"There is no scope 'zzz'; known are .*accounts:read, .*users:write"):
        await users.add("crm", GOOD, ["zzz"])
    with pytest.raises(BadInput, match="at least one"):
        await users.add("crm", GOOD, [])

    assert await users.list() == []


async def test_a_scope_of_a_plugin_is_known_when_it_was_registered(store: SqliteStore, hasher: Any) -> None:
    users = ApiUsers(store, hasher=hasher, known=KNOWN | {"bonus:give"})

    assert (await users.add("crm", GOOD, ["bonus:give"])).scopes == {"bonus:give"}


def test_every_scope_has_a_sentence() -> None:
    assert all(sentence.endswith(".") and sentence[0].isupper() for sentence in MEANING.values())
    assert check(KNOWN) == KNOWN


CHANGES: dict[str, Callable[[ApiUsers, str], Awaitable[None]]] = {
    "password": lambda users, name: users.set_password(name, "another good one"),
    "scopes": lambda users, name: users.set_scopes(name, ["mail:send"]),
    "disable": lambda users, name: users.disable(name),
    "enable": lambda users, name: users.enable(name),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_each_change_raises_the_epoch_of_that_user_alone(users: ApiUsers, clock: Any, change: str) -> None:
    before = await users.add("crm", GOOD, ["*"])
    other = await users.add("other", GOOD, ["*"])
    clock.now += 10
    await CHANGES[change](users, "crm")
    after = await users.find("crm")

    assert after is not None
    assert (after.epoch, after.changed_at) == (before.epoch + 1, int(clock.now))
    assert after.scopes == ({"mail:send"} if change == "scopes" else {"*"})
    assert after.disabled is (change == "disable")
    assert await users.find("other") == other


@pytest.mark.parametrize("name", ["nobody", "", "c\ud800rm"])
@pytest.mark.parametrize("change", CHANGES)
async def test_a_change_to_a_user_who_is_not_there_says_so(users: ApiUsers, change: str, name: str) -> None:
    with pytest.raises(NotFound, match="There is no API user"):
        await CHANGES[change](users, name)


async def test_the_first_user_is_added_to_an_empty_store_only(users: ApiUsers) -> None:
    first = await users.add_first("admin", GOOD, ["*"])

    assert first is not None
    assert await users.add_first("second", GOOD, ["*"]) is None
    assert await users.list() == [first]
