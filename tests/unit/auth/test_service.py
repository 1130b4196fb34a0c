"""Login, and the user behind a token as the store has it now."""

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from rich.pretty import pretty_repr

from kernel.auth.service import Auth
from kernel.auth.users import ApiUsers
from kernel.errors import BadInput, InvalidCredentials, InvalidToken, TokenExpired, Unavailable
from kernel.records.principal import Principal
from kernel.store import Statement
from kernel.store.sqlite import SqliteStore

PASSWORD = "a good password"


async def test_a_user_logs_in_and_is_known_by_the_token(auth: Auth, clock: Any) -> None:
    token = await auth.login("crm", PASSWORD)
    principal = await auth.authenticate(token.value, "192.0.2.7")

    assert (token.expires_in, token.expires_at) == (28_800, int(clock.now) + 28_800)
    assert principal == Principal(
        name="crm", scopes=frozenset({"market:read"}), session=principal.session, address="192.0.2.7"
    )
    assert len(principal.session) == 22


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("crm", "another password"),
        ("crm", PASSWORD + " "),
        ("crm", PASSWORD.upper()),
        ("nobody", PASSWORD),
        ("CRM", PASSWORD),
        ("crm ", PASSWORD),
        ("crm\0", PASSWORD),
        ("crm' OR '1'='1", PASSWORD),
        ("\ud800", PASSWORD),
        ("crm", "\ud800"),
    ],
)
async def test_a_wrong_name_or_password_is_one_answer_and_one_hash(
    auth: Auth, hasher: Any, name: str, password: str
) -> None:
    before = hasher.verified, hasher.hashed
    with pytest.raises(InvalidCredentials, match=r"^Incorrect username or password$"):
        await auth.login(name, password)

    assert (hasher.verified, hasher.hashed) == (before[0] + 1, before[1])


async def test_a_disabled_user_is_the_same_answer_and_one_hash(auth: Auth, hasher: Any, beside: ApiUsers) -> None:
    await beside.disable("crm")
    before = hasher.verified
    with pytest.raises(InvalidCredentials, match=r"^Incorrect username or password$"):
        await auth.login("crm", PASSWORD)

    assert hasher.verified == before + 1


@pytest.mark.parametrize(("name", "password"), [("", "x"), ("x", ""), ("x" * 129, "x"), ("x", "x" * 129)])
async def test_what_no_user_can_have_is_refused_before_it_costs_a_hash(
    auth: Auth, hasher: Any, name: str, password: str
) -> None:
    before = hasher.verified
    with pytest.raises(BadInput, match="1 to 128"):
        await auth.login(name, password)

    assert hasher.verified == before


async def test_a_composed_and_a_decomposed_spelling_are_one(auth: Auth) -> None:
    await auth.users.add("Zo\u00eb", "cr\u00e8me br\u00fbl\u00e9e", ["*"])

    assert (await auth.login("Zoe\u0308", "cre\u0300me bru\u0302le\u0301e")).expires_in > 0


async def test_the_nineteenth_login_at_once_is_told_to_come_back(auth: Auth) -> None:
    answers = await asyncio.gather(*(auth.login("crm", PASSWORD) for _ in range(19)), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, Exception)]

    assert [(type(answer), answer.retryable) for answer in refused] == [(Unavailable, True)]
    assert (await auth.login("crm", PASSWORD)).expires_in > 0


async def test_a_caller_that_leaves_does_not_make_room_before_its_hash_is_done(hasher: Any) -> None:
    waiting = [asyncio.ensure_future(hasher.hash(f"password {i}")) for i in range(18)]
    await asyncio.sleep(0)
    running = waiting[0]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    with pytest.raises(Unavailable):
        await hasher.hash("one more")
    await asyncio.gather(*waiting[1:])

    assert await hasher.hash("room again")


async def test_a_hash_made_with_other_parameters_is_renewed_at_login(auth: Auth, store: SqliteStore) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    await set_hash(store, old)
    await auth.login("crm", PASSWORD)

    assert (await hash_of(store)).startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert (await auth.login("crm", PASSWORD)).expires_in > 0


async def test_renewing_a_hash_does_not_undo_a_password_that_was_changed_meanwhile(
    auth: Auth, store: SqliteStore
) -> None:
    seen = await hash_of(store)
    await auth.users.set_password("crm", "a newer password")
    await auth.users.renew_hash("crm", seen, PASSWORD)

    assert (await auth.login("crm", "a newer password")).expires_in > 0


async def hash_of(store: SqliteStore) -> str:
    return (await store.read("SELECT password_hash FROM api_user WHERE name = 'crm'"))[0][0]


async def set_hash(store: SqliteStore, stored: str) -> None:
    await store.write(Statement("UPDATE api_user SET password_hash = ?", (stored,), expect=1))


@pytest.mark.parametrize("change", ["disable", "disable and enable", "password", "scopes"])
async def test_a_change_in_another_process_ends_old_tokens_two_seconds_later(
    auth: Auth, clock: Any, beside: ApiUsers, change: str
) -> None:
    token = (await auth.login("crm", PASSWORD)).value
    await auth.authenticate(token, None)
    if change.startswith("disable"):
        await beside.disable("crm")
        if change.endswith("enable"):
            await beside.enable("crm")
    elif change == "password":
        await beside.set_password("crm", "another good one")
    else:
        await beside.set_scopes("crm", ["trades:read"])

    clock.now += 1.9
    assert (await auth.authenticate(token, None)).name == "crm"
    clock.now += 0.1
    with pytest.raises(InvalidToken):
        await auth.authenticate(token, None)
    assert auth.refreshed(token) is None


async def test_a_user_who_is_gone_has_no_token(auth: Auth, clock: Any, store: SqliteStore) -> None:
    token = (await auth.login("crm", PASSWORD)).value
    await store.write(Statement("DELETE FROM api_user"))
    clock.now += 2
    with pytest.raises(InvalidToken):
        await auth.authenticate(token, None)


async def test_a_user_who_was_disabled_by_hand_has_no_token(auth: Auth, clock: Any, store: SqliteStore) -> None:
    token = (await auth.login("crm", PASSWORD)).value
    await store.write(Statement("UPDATE api_user SET disabled = 1"))
    clock.now += 2
    with pytest.raises(InvalidToken):
        await auth.authenticate(token, None)


async def test_a_name_that_is_used_again_does_not_revive_old_tokens(auth: Auth, clock: Any, store: SqliteStore) -> None:
    token = (await auth.login("crm", PASSWORD)).value
    await store.write(Statement("DELETE FROM api_user"))
    clock.now += 2
    await auth.users.add("crm", PASSWORD, ["*"])
    with pytest.raises(InvalidToken):
        await auth.authenticate(token, None)


async def test_the_store_decides_the_scopes_not_the_token(auth: Auth, clock: Any, store: SqliteStore) -> None:
    token = (await auth.login("crm", PASSWORD)).value
    await store.write(Statement("UPDATE api_user SET scopes = 'mail:send'"))
    clock.now += 2

    assert (await auth.authenticate(token, None)).scopes == {"mail:send"}


async def test_tokens_survive_a_restart(start: Any) -> None:
    first = await start()
    token = (await first.login("crm", PASSWORD)).value
    second = await start()

    assert (await second.authenticate(token, None)).name == "crm"


async def test_tighter_settings_end_older_sessions(start: Any, clock: Any) -> None:
    token = (await (await start()).login("crm", PASSWORD)).value
    tighter = await start(session_seconds=3600)
    clock.now += 3600 + 29
    await tighter.authenticate(token, None)
    clock.now += 1
    with pytest.raises(TokenExpired):
        await tighter.authenticate(token, None)


async def test_a_fresh_store_gets_one_admin_whose_password_is_told_once(
    tmp_path: Path, store: SqliteStore, clock: Any
) -> None:
    settings = settings_with(tmp_path)
    auth = Auth(store, settings, clock=clock)
    first = await auth.start()
    again = Auth(store, settings, clock=clock)

    assert await again.start() is None
    assert first is not None
    assert first.name == "admin"
    assert len(first.password) == 24
    token = await again.login("admin", first.password)
    assert (await again.authenticate(token.value, None)).scopes == {"*"}
    auth.close()
    again.close()


async def test_two_that_start_at_once_make_one_admin(tmp_path: Path, store: SqliteStore) -> None:
    both = [Auth(store, settings_with(tmp_path)) for _ in range(2)]
    told = await asyncio.gather(*(auth.start() for auth in both))
    tokens = [await auth.login("admin", admin.password) for auth in both for admin in told if admin]

    assert len(await both[0].users.list()) == 1
    assert sum(admin is not None for admin in told) == 1
    assert len({(await auth.authenticate(token.value, None)).name for auth in both for token in tokens}) == 1
    for auth in both:
        auth.close()


def settings_with(folder: Path) -> Any:
    class Defaults:
        token_seconds = 28_800
        session_seconds = 604_800
        issuer = audience = "mt4-manager-api"
        key_file = folder / "keys.json"
        leeway = 30

    return Defaults()


async def test_no_secret_shows_in_a_representation(tmp_path: Path, store: SqliteStore) -> None:
    auth = Auth(store, settings_with(tmp_path))
    first = await auth.start()
    assert first is not None
    token = await auth.login(first.name, first.password)
    assert auth._sessions is not None
    key = auth._sessions._tokens._ring.newest
    user = await auth.users.find("admin")
    shown = "".join(f"{thing!r} {thing} {pretty_repr(thing)}" for thing in (first, token, key, user))

    assert first.password not in shown
    assert token.value not in shown
    assert repr(key.secret) not in shown
    assert "argon2" not in shown
    assert os.fspath(key.kid) in shown
    auth.close()


async def test_a_login_before_the_start_is_our_mistake_not_the_callers(tmp_path: Path, store: SqliteStore) -> None:
    with pytest.raises(RuntimeError, match="start"):
        await Auth(store, settings_with(tmp_path)).authenticate("x", None)
