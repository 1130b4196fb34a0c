"""Accounts through any driver: opened, changed, locked, moved, and their passwords."""

from typing import Any

import pytest
from msgspec.structs import replace

from kernel.drivers import Rejected, Session
from kernel.records.scalars import Flag
from kernel.records.server import GroupOperation
from kernel.records.users import NewUser, User

pytestmark = pytest.mark.asyncio(loop_scope="module")
NOBODY = 2**31 - 2


async def opened(session: Session, stack: Any, **more: Any) -> int:
    new = NewUser(**{"group": stack.group, "name": "Zoë Ång", "password": "Abc12", "password_investor": "Xyz98"} | more)
    return await session.user_record_new(new)


async def record(session: Session, login: int) -> User:
    (user,) = await session.user_records([login])
    return user


async def test_a_new_account_has_what_was_asked_for(session: Session, stack: Any) -> None:
    login = await opened(session, stack, email="zoe@example.com", leverage=200, enable_read_only=Flag(1), city="Århus")

    user = await record(session, login)

    assert (user.login, user.group, user.name, user.email, user.city) == (
        login,
        stack.group,
        "Zoë Ång",
        "zoe@example.com",
        "Århus",
    )
    assert (user.leverage, user.enable, user.enable_read_only, user.balance) == (200, 1, 1, 0.0)
    assert user in await session.users()


async def test_the_list_of_accounts_is_in_the_order_of_their_logins(session: Session, stack: Any) -> None:
    await opened(session, stack)
    logins = [user.login for user in await session.users()]

    assert logins == sorted(set(logins))
    assert len(logins) >= 1


async def test_a_taken_login_is_refused(session: Session, stack: Any) -> None:
    login = await opened(session, stack)

    with pytest.raises(Rejected):
        await opened(session, stack, login=login)


async def test_a_group_that_is_not_there_is_refused(session: Session, stack: Any) -> None:
    before = len(await session.users())

    with pytest.raises(Rejected):
        await opened(session, stack, group="no such group")

    assert len(await session.users()) == before


async def test_records_are_given_for_those_accounts_that_exist(session: Session, stack: Any) -> None:
    login = await opened(session, stack)

    assert [user.login for user in await session.user_records([NOBODY, login])] == [login]
    assert list(await session.user_records([NOBODY])) == []


async def test_an_update_changes_the_record_but_not_its_money(session: Session, stack: Any) -> None:
    user = await record(session, await opened(session, stack))

    await session.user_record_update(replace(user, name="Zoë Berg", leverage=50, balance=1e6), "phone word")

    changed = await record(session, user.login)
    assert (changed.name, changed.leverage, changed.balance) == ("Zoë Berg", 50, 0.0)


async def test_a_password_is_right_wrong_and_replaced(session: Session, stack: Any) -> None:
    login = await opened(session, stack)
    await session.user_password_check(login, "Abc12")
    with pytest.raises(Rejected) as wrong:
        await session.user_password_check(login, "Abc13")
    assert wrong.value.retcode == 65

    await session.user_password_set(login, "Neu34", investor=False, clean_pubkey=False)

    await session.user_password_check(login, "Neu34")
    with pytest.raises(Rejected):
        await session.user_password_check(login, "Abc12")


async def test_the_investors_password_leaves_the_main_one_alone(session: Session, stack: Any) -> None:
    login = await opened(session, stack)

    await session.user_password_set(login, "Inv56", investor=True, clean_pubkey=False)

    await session.user_password_check(login, "Abc12")


async def test_a_command_for_many_accounts_reaches_each(session: Session, stack: Any) -> None:
    logins = (await opened(session, stack), await opened(session, stack))

    await session.users_group_op(GroupOperation(command="disable", logins=logins))
    await session.users_group_op(GroupOperation(command="leverage", logins=logins, leverage=25))

    assert [(user.enable, user.leverage) for user in await session.user_records(logins)] == [(0, 25), (0, 25)]


async def test_a_deleted_account_is_gone(session: Session, stack: Any) -> None:
    login = await opened(session, stack)

    await session.users_group_op(GroupOperation(command="delete", logins=(login,)))

    assert list(await session.user_records([login])) == []
