"""A session's line and pump, by behaviour.md §2, §4 and §18."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from kernel.drivers import Indeterminate, NotSent, Rejected
from kernel.drivers.simulator import SimulatorDriver
from kernel.drivers.simulator.authority import Authority
from kernel.drivers.simulator.clock import ManualClock
from kernel.drivers.simulator.faults import Fault, Plan
from kernel.drivers.simulator.pump import Pump
from kernel.drivers.simulator.server import TradeServer
from kernel.drivers.simulator.session import SimulatorSession
from kernel.drivers.simulator.ticks import Tick
from kernel.records.events import Event, GapEvent, PriceEvent, TradeEvent, UserEvent
from kernel.records.server import Manager, Target
from kernel.records.trades import Trade, Transaction

Account = Callable[..., int]
Quote = Callable[..., None]
Serve = Callable[..., TradeServer]
US = Target(server="any", login=224, password="your_manager_password")
DEPOSIT = Transaction(type=83, cmd=6, orderby=1001, price=5.0, comment="once")


def rows(server: TradeServer) -> list[str]:
    return [row.comment for row in server.state.storage.history(1001, 0, 2**31 - 1)]


async def log_in(server: TradeServer, *planned: Fault, seed: int = 0) -> SimulatorSession:
    return await SimulatorDriver(server, Plan(planned, seed)).open(US)


async def waiting(events: AsyncIterator[Event], count: int) -> list[Event]:
    return [await asyncio.wait_for(anext(events), 5) for _ in range(count)]


async def check_lost(session: SimulatorSession) -> None:
    """The call after a loss is 255, every later one was never sent."""
    assert session.connected
    with pytest.raises(Indeterminate) as first:
        await session.ping()
    assert first.value.retcode == 255
    for _ in range(2):
        assert not session.connected
        with pytest.raises(NotSent):
            await session.server_time()


async def test_an_idle_line_dies_after_three_minutes_and_says_so_late(server: TradeServer, clock: ManualClock) -> None:
    session = await log_in(server)
    clock.advance(180)
    await session.ping()
    clock.advance(180.5)

    assert not session.pumping
    await check_lost(session)
    assert (await log_in(server)).connected


async def test_pumped_reads_do_not_keep_the_line_alive(server: TradeServer, clock: ManualClock) -> None:
    session = await log_in(server)
    for _ in range(2):
        clock.advance(90)
        await session.margins()
    clock.advance(1)

    await check_lost(session)


async def test_a_closed_session_sends_nothing_and_ends_its_events(server: TradeServer) -> None:
    session = await log_in(server)
    await session.close()
    await session.close()

    with pytest.raises(NotSent):
        await session.users()
    assert [event async for event in session.events()] == []
    assert server.state.listeners == []


async def test_events_come_from_whoever_causes_them(server: TradeServer, account: Account, quote: Quote) -> None:
    one, other = await log_in(server), await log_in(server)
    account(server, money=0)
    ticket = await one.trade_transaction(DEPOSIT)
    quote(server, 1.08, 1.0801)
    quote(server, 1.09, 1.0901)

    for session in (one, other):
        opened, booked, moved, price = await waiting(session.events(), 4)
        assert isinstance(opened, UserEvent)
        assert isinstance(booked, TradeEvent)
        assert isinstance(moved, UserEvent)
        assert isinstance(price, PriceEvent)
        assert (opened.change, booked.change, booked.trade.order) == ("add", "close", ticket)
        assert (moved.user.balance, price.price.bid) == (5.0, 1.09)


async def test_a_pump_without_room_gives_up_everything_for_one_gap(server: TradeServer, account: Account) -> None:
    account(server)
    pump = Pump(Authority(server.state, Manager(login=1)), room=3)
    quoted = server.state.market.price("EURUSD")
    assert quoted is not None
    for order in range(5):
        pump.put(PriceEvent(quoted))
        pump.put(TradeEvent("add", Trade(order=order, login=1001)))
    pump.close()

    got = [event async for event in pump.events()]
    assert [type(event) for event in got] == [GapEvent, TradeEvent, PriceEvent]


async def test_a_pump_gap_is_told_after_it(server: TradeServer, account: Account) -> None:
    session = await log_in(server, Fault(call="ping", kind="pump_gap", seconds=0.01))
    await session.ping()
    account(server)
    assert not session.pumping
    (gap,) = await waiting(session.events(), 1)
    account(server, 1002, money=0)
    (after,) = await waiting(session.events(), 1)

    assert isinstance(gap, GapEvent)
    assert isinstance(after, UserEvent)
    assert (session.pumping, after.user.login) == (True, 1002)


async def test_more_calls_a_second_than_allowed_get_8(serve: Serve, clock: ManualClock) -> None:
    session = await log_in(serve(calls_per_second=3))
    for _ in range(3):
        await session.ping()
    with pytest.raises(Rejected) as caught:
        await session.ping()
    clock.advance(1)
    await session.ping()

    assert caught.value.retcode == 8


async def test_a_failing_disk_is_told_and_nothing_is_half_done(server: TradeServer, account: Account) -> None:
    account(server, money=0)
    session = await log_in(server)
    server.state.storage._db.execute("PRAGMA query_only = ON")

    with pytest.raises(Rejected) as caught:
        await session.trade_transaction(DEPOSIT)
    server.state.storage._db.execute("PRAGMA query_only = OFF")

    assert (caught.value.retcode, server.state.book.users[1001].balance, rows(server)) == (4, 0.0, [])


async def test_ticks_arrive_on_the_pump_as_prices(server: TradeServer) -> None:
    session = await log_in(server)
    server.apply_ticks([Tick("EURUSD", 1.1, 1.1002), Tick("GBPUSD", 1.3, 1.3002)])
    got = await waiting(session.events(), 2)

    assert got == [PriceEvent(await session.symbol_info(name)) for name in ("EURUSD", "GBPUSD")]
    assert await session.symbol_info("NOSUCH") is None
