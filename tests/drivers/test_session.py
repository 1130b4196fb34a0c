"""The session itself through any driver: its login, its lists, its events and its end."""

import asyncio
from typing import Any

import pytest
from msgspec.structs import replace

from kernel.drivers import NotSent, Rejected, Session
from kernel.drivers.wire.operations import OPERATIONS
from kernel.records.events import TradeEvent, UserEvent
from kernel.records.server import Mail
from kernel.records.trades import Command, Transaction, TransactionType
from kernel.records.users import NewUser

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def new_account(session: Session, stack: Any) -> int:
    return await session.user_record_new(NewUser(group=stack.group, name="Eve", password="Abc12"))


async def test_a_login_gives_a_session_with_the_managers_rights(session: Session, stack: Any) -> None:
    assert (session.connected, session.pumping) == (True, True)
    assert session.manager.login == stack.target.login
    assert {"manager", "money"} <= set(session.manager.rights)
    assert await stack.driver.reachable() is True


async def test_a_wrong_password_is_refused_with_65(stack: Any) -> None:
    with pytest.raises(Rejected) as refused:
        await stack.driver.open(replace(stack.target, password="wrong"))
    assert refused.value.retcode == 65


async def test_every_call_of_the_port_is_there(session: Session) -> None:
    missing = [name for name in OPERATIONS if getattr(type(session), name) is getattr(Session, name)]
    assert missing == []
    assert len(OPERATIONS) == 24


async def test_the_servers_clock_and_configuration_are_read(session: Session) -> None:
    await session.ping()
    assert await session.server_time() > 1_600_000_000
    assert (await session.common()).name != ""


async def test_groups_and_symbols_are_whole_records(session: Session, stack: Any) -> None:
    group = next(each for each in await session.groups() if each.group == stack.group)
    symbol = next(each for each in await session.symbols() if each.symbol == stack.symbol)

    assert len(group.secgroups) >= 1
    assert symbol.contract_size > 0
    assert len(symbol.sessions) == 7


async def test_a_quote_is_there_or_none(session: Session, stack: Any) -> None:
    price = await session.symbol_info(stack.symbol)

    assert price is not None
    assert 0 < price.bid <= price.ask
    assert await session.symbol_info("NO SUCH") is None


async def test_who_is_online_is_a_list(session: Session) -> None:
    logins = {user.login for user in await session.users()}

    assert {row.login for row in await session.online()} <= logins


async def test_mail_is_taken(session: Session, stack: Any) -> None:
    login = await new_account(session, stack)

    mail = Mail(logins=(login,), subject="Grüße", body="<p>Hello</p>")
    assert await session.mail_send(mail, session.manager.mailbox) is None


async def test_events_say_what_happened_in_its_order(session: Session, stack: Any) -> None:
    login = await new_account(session, stack)
    asked = {"type": TransactionType.BALANCE, "cmd": Command.BALANCE, "orderby": login}
    ticket = await session.trade_transaction(Transaction(price=12.5, **asked))
    heard: list[str] = []

    async with asyncio.timeout(10):
        async for event in session.events():
            if isinstance(event, UserEvent) and event.user.login == login:
                heard.append(event.change)
            if isinstance(event, TradeEvent) and event.trade.order == ticket:
                assert event.trade.profit == 12.5
                heard.append("money")
            if "money" in heard and "update" in heard:
                break

    assert heard[0] == "add"


async def test_a_refusal_leaves_the_session_as_it_was(session: Session) -> None:
    with pytest.raises(Rejected):
        await session.margin_level(2**31 - 2)

    assert session.connected
    await session.ping()


async def test_calls_at_once_all_get_their_own_answers(session: Session) -> None:
    users = list(await session.users())[:8]

    found = await asyncio.gather(*(session.user_records([user.login]) for user in users * 8))

    assert [records[0].login for records in found] == [user.login for user in users * 8]


async def test_two_sessions_live_side_by_side(session: Session, stack: Any) -> None:
    other = await stack.driver.open(stack.target)
    await other.close()

    assert not other.connected
    assert session.connected
    await session.ping()


async def test_a_closed_session_sends_nothing_and_ends_its_events(stack: Any) -> None:
    session = await stack.driver.open(stack.target)
    await session.close()
    await session.close()

    assert (session.connected, session.pumping) == (False, False)
    with pytest.raises(NotSent):
        await session.users()
    async with asyncio.timeout(5):
        assert [event async for event in session.events() if not hasattr(event, "price")] == []
