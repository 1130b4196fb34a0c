"""Money and trades through any driver: booked, opened, closed, corrected, deleted."""

from typing import Any

import pytest
from msgspec.structs import replace

from kernel.drivers import Rejected, Session
from kernel.records.trades import Command, Transaction, TransactionType
from kernel.records.users import NewUser

pytestmark = pytest.mark.asyncio(loop_scope="module")
EVER = 2**31 - 1


async def funded(session: Session, stack: Any, money: float = 10_000.0) -> int:
    new = NewUser(group=stack.group, name="Ada", password="Abc12", password_investor="Xyz98")
    login = await session.user_record_new(new)
    if money:
        await booked(session, login, money)
    return login


async def booked(session: Session, login: int, amount: float, comment: str = "in", **more: Any) -> int:
    asked = {"type": TransactionType.BALANCE, "cmd": Command.BALANCE, "orderby": login} | more
    return await session.trade_transaction(Transaction(price=amount, comment=comment, **asked))


async def bought(session: Session, stack: Any, login: int, volume: int = 10) -> int:
    price = await session.symbol_info(stack.symbol)
    assert price is not None
    asked = {"type": TransactionType.OPEN, "cmd": Command.BUY, "orderby": login, "symbol": stack.symbol}
    return await session.trade_transaction(Transaction(price=price.ask, volume=volume, **asked))


async def balance(session: Session, login: int) -> float:
    (user,) = await session.user_records([login])
    return user.balance


async def test_money_in_and_out_moves_the_balance_and_writes_one_row_each(session: Session, stack: Any) -> None:
    login = await funded(session, stack, 0)

    tickets = [await booked(session, login, 100.25, "Einzahlung ü"), await booked(session, login, -40.0, "out")]

    assert await balance(session, login) == 60.25
    rows = await session.trades_history(login, 0, EVER)
    assert [(row.order, row.cmd, row.profit, row.comment) for row in rows] == [
        (tickets[0], Command.BALANCE, 100.25, "Einzahlung ü"),
        (tickets[1], Command.BALANCE, -40.0, "out"),
    ]


async def test_money_for_nobody_is_refused(session: Session) -> None:
    with pytest.raises(Rejected):
        await booked(session, EVER - 1, 5.0)


async def test_credit_needs_an_expiration_in_the_future(session: Session, stack: Any) -> None:
    login = await funded(session, stack, 0)
    with pytest.raises(Rejected) as refused:
        await booked(session, login, 50.0, cmd=Command.CREDIT)
    assert refused.value.retcode == 3

    until = await session.server_time() // 3600 * 3600 + 30 * 86400
    await booked(session, login, 50.0, cmd=Command.CREDIT, expiration=until)

    (user,) = await session.user_records([login])
    assert (user.balance, user.credit) == (0.0, 50.0)


async def test_a_position_is_opened_seen_and_closed(session: Session, stack: Any) -> None:
    login = await funded(session, stack)
    ticket = await bought(session, stack, login)

    (trade,) = await session.trade_records([ticket])
    assert (trade.login, trade.symbol, trade.cmd, trade.volume) == (login, stack.symbol, Command.BUY, 10)
    assert ticket in [each.order for each in await session.trades()]
    margin = await session.margin_level(login)
    assert margin.login == login
    assert margin.margin > 0
    assert login in [each.login for each in await session.margins()]

    price = await session.symbol_info(stack.symbol)
    assert price is not None
    asked = {"type": TransactionType.CLOSE, "cmd": Command.BUY, "order": ticket, "symbol": stack.symbol}
    await session.trade_transaction(Transaction(price=price.bid, volume=10, **asked))

    assert ticket not in [each.order for each in await session.trades()]
    assert ticket in [each.order for each in await session.trades_history(login, 0, EVER)]


async def test_the_margin_of_nobody_is_refused_with_3(session: Session) -> None:
    with pytest.raises(Rejected) as refused:
        await session.margin_level(EVER - 1)
    assert refused.value.retcode == 3


async def test_tickets_that_do_not_exist_are_left_out(session: Session) -> None:
    assert list(await session.trade_records([EVER])) == []
    assert list(await session.trade_records([])) == []


async def test_a_trade_record_is_corrected_and_balances_do_not_follow(session: Session, stack: Any) -> None:
    login = await funded(session, stack)
    ticket = await bought(session, stack, login)
    (trade,) = await session.trade_records([ticket])

    await session.adm_trade_record_modify(replace(trade, comment="corrected", storage=-1.5))

    (changed,) = await session.trade_records([ticket])
    assert (changed.comment, changed.storage) == ("corrected", -1.5)
    assert await balance(session, login) == 10_000.0


async def test_deleted_trades_are_out_of_the_database(session: Session, stack: Any) -> None:
    login = await funded(session, stack)
    ticket = await bought(session, stack, login)

    await session.adm_trades_delete([ticket])

    assert list(await session.trade_records([ticket])) == []


async def test_an_admin_sees_all_trades_of_an_account_or_the_open_ones(session: Session, stack: Any) -> None:
    login = await funded(session, stack)
    ticket = await bought(session, stack, login)

    everything = await session.adm_trades(str(login), open_only=False)
    positions = await session.adm_trades(str(login), open_only=True)

    assert [trade.order for trade in positions] == [ticket]
    assert {trade.cmd for trade in everything} == {Command.BUY, Command.BALANCE}
