"""What is believed of an answer over the stand-in: codes, empty lists, and rights."""

from collections.abc import Callable
from typing import Any

import pytest

from kernel.drivers import DriverFault, Indeterminate, NotSent, Rejected, Session
from kernel.records.scalars import INT32_MAX
from kernel.records.trades import Command, Transaction, TransactionType
from kernel.records.users import NewUser


def deposit(login: int, amount: float, comment: str = "in", **more: Any) -> Transaction:
    asked = {"type": TransactionType.BALANCE, "cmd": Command.BALANCE, "orderby": login} | more
    return Transaction(price=amount, comment=comment, **asked)


def new_user(**more: Any) -> NewUser:
    return NewUser(**{"group": "demoforex", "name": "Ada", "password": "Abc12", "password_investor": "Xyz98"} | more)


async def first_login(session: Session) -> int:
    return (await session.users())[0].login


@pytest.mark.parametrize(("fault", "booked"), [("lost_before", 0), ("lost_after", 1)])
async def test_a_deposit_on_a_broken_line_is_in_doubt_and_nothing_more_is_sent(
    server: Any, session: Session, fault: str, booked: int
) -> None:
    login = await first_login(session)
    server.run(f"fault TradeTransaction {fault}")

    with pytest.raises(Indeterminate) as doubt:
        await session.trade_transaction(deposit(login, 10.0))

    assert (doubt.value.retcode, session.connected, session.pumping) == (255, False, False)
    for call in (session.ping(), session.groups(), session.trade_transaction(deposit(login, 10.0))):
        with pytest.raises(NotSent, match="the session is over: TradeTransaction was answered 255"):
            await call
    assert (server.count("TradeTransaction"), len(server.ledger())) == (1, booked)


@pytest.mark.parametrize("code", [14, 77, 252, -1])
async def test_a_code_that_means_nothing_ends_the_session(server: Any, session: Session, code: int) -> None:
    server.run(f"fault UserPasswordSet refuse code={code}")

    with pytest.raises(Indeterminate) as doubt:
        await session.user_password_set(1, "Abc12", investor=False, clean_pubkey=False)
    assert (doubt.value.retcode, session.connected) == (code, False)


@pytest.mark.parametrize("code", [2, 3, 7, 134, 151])
async def test_a_refusal_is_given_as_it_came_and_the_session_lives(server: Any, session: Session, code: int) -> None:
    login = await first_login(session)
    server.run(f"fault TradeTransaction refuse code={code} times=1")

    with pytest.raises(Rejected) as refused:
        await session.trade_transaction(deposit(login, 10.0))
    assert (refused.value.retcode, session.connected) == (code, True)
    assert await session.trade_transaction(deposit(login, 10.0)) > 0


async def test_nothing_to_do_is_no_success_for_what_makes_something(server: Any, session: Session) -> None:
    login = await first_login(session)
    server.run("fault UserRecordNew none")
    server.run("fault TradeTransaction none")

    for call in (session.user_record_new(new_user()), session.trade_transaction(deposit(login, 1.0))):
        with pytest.raises(Indeterminate) as doubt:
            await call
        assert doubt.value.retcode == 1
    assert (session.connected, server.ledger()) == (True, [])


async def test_a_list_on_a_broken_line_is_not_taken_for_an_empty_one(server: Any, session: Session) -> None:
    server.run("fault UsersRequest lost_before")

    with pytest.raises(DriverFault):
        await session.users()
    assert not session.connected


async def test_a_list_that_is_empty_on_a_living_line_is_empty(server: Any, session: Session) -> None:
    server.run("fault OnlineRequest refuse code=7")
    before = server.count("Ping")

    assert list(await session.online()) == []
    assert (server.count("Ping"), session.connected) == (before + 1, True)


async def test_lists_that_the_manager_may_not_see_are_refused_without_a_call(
    server: Any, opened: Callable[..., Any]
) -> None:
    session = await opened(rights=("manager",))

    for call in (session.trades, session.online, session.margins, lambda: session.trades_history(1, 0, 1)):
        with pytest.raises(Rejected) as refused:
            await call()
        assert refused.value.retcode == 7
    assert list(await session.adm_trades("*", open_only=True)) == []
    assert [server.count(name) for name in ("TradesRequest", "OnlineRequest", "AdmTradesRequest")] == [0, 0, 0]


async def test_every_array_is_freed_once_whatever_was_read(server: Any, session: Session) -> None:
    login = await first_login(session)
    order = await session.trade_transaction(deposit(login, 100.0))
    for _ in range(20):
        await session.users()
        await session.user_records([login, login + 1])
        await session.groups()
        await session.symbols()
        await session.trades()
        await session.trades_history(login, 0, INT32_MAX)
        await session.trade_records([order])
        await session.adm_trades("*", open_only=False)
        await session.online()
        await session.margins()
        await session.common()
    await session.close()

    kinds = ("live_blocks", "double_frees", "foreign_frees", "overlaps")
    assert {kind: server.count(kind) for kind in kinds} == dict.fromkeys(kinds, 0)
    assert server.count("allocated") == server.count("freed") > 100
