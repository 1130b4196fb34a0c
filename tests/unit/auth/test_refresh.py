"""When a session gets a new token, and when no more."""

from typing import Any

import pytest

from kernel.auth.service import Auth
from kernel.auth.users import ApiUsers
from kernel.errors import TokenExpired

PASSWORD = "a good password"
HOUR = 3600
DAY = 24 * HOUR


@pytest.mark.parametrize(
    ("life", "after", "given"),
    [
        (8 * HOUR, 0, False),
        (8 * HOUR, 7 * HOUR - 1, False),
        (8 * HOUR, 7 * HOUR, True),
        (8 * HOUR, 8 * HOUR - 1, True),
        (8 * HOUR, 8 * HOUR + 29, True),
        (8 * HOUR, 8 * HOUR + 30, False),
        (HOUR, 50 * 60 - 1, False),
        (HOUR, 50 * 60, True),
        (300, 0, False),
        (300, 1, True),
        (3 * DAY, 3 * DAY - 9 * HOUR - 1, False),
        (3 * DAY, 3 * DAY - 9 * HOUR, True),
    ],
)
async def test_a_token_is_renewed_in_its_last_eighth_or_ten_minutes(
    start: Any,
    clock: Any,
    life: int,
    after: int,
    given: bool,  # noqa: FBT001 - a table's column
) -> None:
    auth = await start(token_seconds=life)
    token = await auth.login("crm", PASSWORD)
    clock.now += after
    renewed = auth.refreshed(token.value)

    assert (renewed is not None) is given
    if renewed is not None:
        assert (renewed.expires_in, renewed.expires_at) == (life, int(clock.now) + life)
        assert (await auth.authenticate(renewed.value, None)).name == "crm"


async def test_the_new_token_continues_the_same_session(auth: Auth, clock: Any) -> None:
    old = (await auth.login("crm", PASSWORD)).value
    clock.now += 7.5 * HOUR
    new = auth.refreshed(old)
    assert new is not None
    before, after = (await auth.authenticate(old, None)), (await auth.authenticate(new.value, None))

    assert before == after
    assert new.value != old


async def test_a_session_gets_one_new_token_a_minute(auth: Auth, clock: Any) -> None:
    old = (await auth.login("crm", PASSWORD)).value
    other = (await auth.login("crm", PASSWORD)).value
    clock.now += 7.5 * HOUR
    first = auth.refreshed(old)
    clock.now += 59
    same = auth.refreshed(old)
    elsewhere = auth.refreshed(other)
    clock.now += 1
    next_one = auth.refreshed(old)

    assert first is not None
    assert same is not None
    assert next_one is not None
    assert elsewhere is not None
    assert (same.value, same.expires_at, same.expires_in) == (first.value, first.expires_at, first.expires_in - 59)
    assert len({first.value, next_one.value, elsewhere.value}) == 3


async def test_a_new_token_is_not_answered_with_itself(start: Any, clock: Any) -> None:
    auth = await start(token_seconds=300)
    old = (await auth.login("crm", PASSWORD)).value
    clock.now += 200
    new = auth.refreshed(old)

    assert new is not None
    assert auth.refreshed(new.value) is None
    assert auth.refreshed(old) == new


async def test_a_session_that_is_always_refreshed_ends_at_its_greatest_age(auth: Auth, clock: Any) -> None:
    began = int(clock.now)
    token = await auth.login("crm", PASSWORD)
    ends = [token.expires_at]
    while clock.now < began + 8 * DAY:
        clock.now += 600
        try:
            await auth.authenticate(token.value, None)
        except TokenExpired:
            break
        if renewed := auth.refreshed(token.value):
            token = renewed
            ends.append(token.expires_at)

    assert max(ends) == ends[-1] == began + 7 * DAY
    assert len(ends) > 20
    assert began + 7 * DAY <= clock.now <= began + 7 * DAY + 600


async def test_a_token_longer_than_the_session_is_cut_to_it(start: Any, clock: Any) -> None:
    auth = await start(token_seconds=8 * HOUR, session_seconds=2 * HOUR)
    token = await auth.login("crm", PASSWORD)
    clock.now += 2 * HOUR - 60

    assert token.expires_in == 2 * HOUR
    assert auth.refreshed(token.value) is None


async def test_a_token_that_is_no_good_is_not_refreshed(auth: Auth, clock: Any, beside: ApiUsers) -> None:
    token = (await auth.login("crm", PASSWORD)).value
    clock.now += 7.5 * HOUR
    await beside.set_scopes("crm", ["*"])
    with pytest.raises(Exception, match="not valid"):
        await auth.authenticate(token, None)

    assert auth.refreshed(token) is None
    assert auth.refreshed("nonsense") is None


async def test_a_user_this_process_has_not_looked_at_gets_nothing(start: Any, clock: Any) -> None:
    token = (await (await start()).login("crm", PASSWORD)).value
    clock.now += 7.5 * HOUR
    restarted = await start()

    assert restarted.refreshed(token) is None
    await restarted.authenticate(token, None)
    assert restarted.refreshed(token) is not None
