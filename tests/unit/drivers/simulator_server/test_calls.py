"""Every call of the session protocol, answered by the server for a manager with all rights."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from kernel.drivers import Rejected
from kernel.drivers.simulator import SimulatorDriver
from kernel.drivers.simulator.authority import Authority
from kernel.drivers.simulator.clock import ManualClock
from kernel.drivers.simulator.pump import Pump
from kernel.drivers.simulator.server import TradeServer
from kernel.drivers.simulator.session import SimulatorSession
from kernel.records.events import MarginCallEvent, TradeEvent, UserEvent
from kernel.records.server import GroupOperation, Mail, Manager, Target
from kernel.records.trades import Margin, Trade, Transaction
from kernel.records.users import NewUser

Account = Callable[..., int]
Order = Callable[..., int]
Serve = Callable[..., TradeServer]
US = Target(server="any", login=224, password="your_manager_password")


@pytest.fixture
async def session(server: TradeServer) -> SimulatorSession:
    return await SimulatorDriver(server).open(US)


async def test_the_server_tells_about_itself(session: SimulatorSession, server: TradeServer) -> None:
    common = await session.common()

    assert await session.server_time() == server.now()
    assert (common.name, common.timezone, common.endhour) == ("Simulator-Demo", 2, 23)
    assert len(await session.groups()) == 12
    assert [symbol.symbol for symbol in await session.symbols()][:2] == ["EURUSD", "GBPUSD"]
    assert session.manager.mailbox == "Support"


async def test_an_account_lives_over_the_session(session: SimulatorSession) -> None:
    login = await session.user_record_new(NewUser(group="demoforex", name="Ada", password="Abc12", password_phone="p"))
    (user,) = await session.user_records([login, login, 5])
    await session.user_record_update(replace(user, city="Paris"), "secret")
    await session.user_password_set(login, "Main77", investor=False, clean_pubkey=True)
    await session.user_password_check(login, "Main77")
    await session.users_group_op(GroupOperation(command="leverage", logins=(login,), leverage=7))

    (after,) = await session.users()
    assert (after.city, after.leverage, after.login) == ("Paris", 7, login)
    with pytest.raises(Rejected) as caught:
        await session.user_password_check(login, "secret")
    assert caught.value.retcode == 65


async def test_trades_are_read_valued(
    session: SimulatorSession, account: Account, order: Order, server: TradeServer
) -> None:
    account(server)
    ticket = order(server, 0, 1.08)
    (trade,) = await session.trades()

    assert (trade.order, trade.close_price, trade.profit) == (ticket, 1.0839, 390.0)
    assert list(await session.trade_records([ticket, 9])) == [trade]
    assert [row.order for row in await session.adm_trades("demo*", open_only=False)] == [ticket - 1, ticket]
    margin = Margin(
        login=1001,
        group="demoforex",
        leverage=100,
        balance=10_000.0,
        equity=10_390.0,
        volume=100,
        margin=1083.9,
        margin_free=9306.1,
        margin_level=958.58,
    )
    assert list(await session.margins()) == [margin]
    assert await session.margin_level(1001) == margin


async def test_trades_are_edited_and_deleted(
    session: SimulatorSession, account: Account, order: Order, server: TradeServer
) -> None:
    account(server)
    ticket = order(server, 0, 1.08)
    (trade,) = await session.trade_records([ticket])
    await session.adm_trade_record_modify(replace(trade, comment="edited"))
    assert server.state.book.trades[ticket].comment == "edited"

    await session.adm_trades_delete([ticket, 5])
    assert await session.trades() == []
    with pytest.raises(Rejected) as caught:
        await session.adm_trades_delete([ticket])
    assert caught.value.retcode == 3


async def test_mail_is_sent(session: SimulatorSession, account: Account, server: TradeServer) -> None:
    account(server)
    await session.mail_send(Mail(logins=(1001,), subject="s", body="b"), "Desk")

    assert [mail[2:5] for mail in server.state.storage.mails()] == [("Desk", "s", "b")]


async def test_some_are_online_and_they_change_with_time(serve: Serve, clock: ManualClock) -> None:
    server = serve(accounts=200)
    session = await SimulatorDriver(server).open(US)
    now = list(await session.online())
    same = list(await session.online())
    clock.advance(900)
    session = await SimulatorDriver(server).open(US)
    later = list(await session.online())

    users = server.state.book.users
    assert now == same != later
    assert 0 < len(now) < 40
    assert all((row.group, row.ip) == (users[row.login].group, users[row.login].last_ip) for row in now)
    assert {row.counter for row in (*now, *later)} <= {1, 2}


async def test_the_pump_tells_only_of_our_groups_and_who_left_them(server: TradeServer, account: Account) -> None:
    ours, theirs = account(server, 1001), account(server, 1002, group="real-usd")
    pump = Pump(Authority(server.state, Manager(login=1, groups="demo*")))
    server.state.listeners.append(pump.put)
    for login in (ours, theirs):
        server.dealing.transact(Transaction(type=83, cmd=6, orderby=login, price=1.0))
    server.accounts.batch(GroupOperation(command="set_group", logins=(ours,), group="real-usd"))
    for group in ("demoforex", "real-usd"):
        pump.put(MarginCallEvent(Margin(login=1, group=group, leverage=1)))
    pump.close()

    told = [event async for event in pump.events()]
    kinds = [
        (event.change, event.trade.login if isinstance(event, TradeEvent) else event.user.login)
        for event in told
        if isinstance(event, TradeEvent | UserEvent)
    ]
    assert kinds == [("close", ours), ("update", ours), ("delete", ours)]
    assert [event.margin.group for event in told if isinstance(event, MarginCallEvent)] == ["demoforex"]


async def test_a_managers_order_goes_through_the_session(
    session: SimulatorSession, account: Account, server: TradeServer
) -> None:
    account(server)
    ticket = await session.trade_transaction(
        Transaction(type=75, orderby=1001, symbol="EURUSD", volume=10, price=1.084)
    )
    closed = await session.trade_transaction(Transaction(type=76, order=ticket, volume=10, price=1.085))
    with pytest.raises(Rejected) as caught:
        await session.trade_transaction(Transaction(type=76, order=ticket, volume=10, price=1.085))

    rows: list[Trade] = [row for row in await session.trades_history(1001, 0, server.now()) if row.cmd == 0]
    assert (closed, [(row.order, row.profit) for row in rows], caught.value.retcode) == (ticket, [(ticket, 10.0)], 3)
