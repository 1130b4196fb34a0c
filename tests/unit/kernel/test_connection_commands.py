"""Connect, disconnect and close by hand, beside whatever the supervision is doing; nothing is leaked."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from kernel.drivers import NotSent, Rejected, Session
from kernel.drivers.simulator.faults import Fault
from kernel.records.server import Target
from kernel.records.trades import Transaction, TransactionType

QUICK = {"ping_seconds": 0.02, "canary_seconds": 0.02, "reconnect_first_seconds": 0.01, "reconnect_most_seconds": 0.05}
TARGET = Target(server="other:443", login=224, password="your_manager_password")
WRONG = Target(server="other:443", login=224, password="wrong")
Until = Callable[..., Any]
Rigging = Callable[..., Any]


def opened(rig: Any) -> int:
    """How many times a login was tried, by the plan's own count."""
    return rig.driver._trouble.plan._matched[0]


async def users(session: Session) -> Any:
    return await session.user_records([1001])


async def _deposit(session: Session) -> int:
    return await session.trade_transaction(
        Transaction(type=TransactionType.BALANCE, cmd=6, orderby=1001, price=1.0, comment="x")
    )


async def test_a_manual_connect_stands_beside_the_live_link_and_a_failure_leaves_it_alone(rigging: Rigging) -> None:
    async with rigging() as rig:
        before = (rig.link.status(), rig.link.session)
        with pytest.raises(Rejected, match="65"):
            await rig.link.connect(WRONG)
        rig.suffer(Fault(call="open", kind="lost_before", nth=2))  # the second session of the pair
        with pytest.raises(NotSent):
            await rig.link.connect(TARGET)
        assert (rig.link.status(), rig.link.session) == before
        assert len(rig.sessions) == 2

        rig.suffer()
        await rig.link.connect(TARGET)
        await asyncio.sleep(0.01)

        assert rig.link.status().server == "other:443"
        assert len(rig.sessions) == 2
        assert before[1] not in rig.sessions


async def test_a_manual_connect_does_not_cut_off_a_write(rigging: Rigging, until: Until) -> None:
    fault = Fault(call="trade_transaction", kind="latency", seconds=0.1)
    async with rigging(fault) as rig:
        deposit = asyncio.create_task(rig.link.write(_deposit, 2))
        await until(lambda: rig.driver._trouble._tasks)
        await rig.link.connect(TARGET)

        assert await deposit > 0
        await until(lambda: len(rig.sessions) == 2)


async def test_a_disconnect_waits_for_the_write_under_way_and_lets_no_other_in(rigging: Rigging, until: Until) -> None:
    async with rigging(Fault(call="trade_transaction", kind="latency", seconds=0.1)) as rig:
        deposit = asyncio.create_task(rig.link.write(_deposit, 2))
        await until(lambda: rig.driver._trouble._tasks)
        going = asyncio.create_task(rig.link.disconnect())
        await asyncio.sleep(0)
        with pytest.raises(NotSent):
            await rig.link.read(users, 1)
        await going

        assert deposit.done()
        assert await deposit > 0


async def test_a_disconnect_keeps_it_down_until_it_is_connected_again(rigging: Rigging) -> None:
    async with rigging(Fault(call="open", kind="latency", seconds=0), **QUICK) as rig:
        await rig.link.disconnect()
        tries = opened(rig)
        await asyncio.sleep(0.3)

        assert (rig.link.status().connected, opened(rig), rig.sessions) == (False, tries, [])
        assert rig.link.status().last_error == "disconnected by request"
        await rig.link.connect(TARGET)
        assert rig.link.status().connected


async def test_a_disconnect_while_it_connects_wins(rigging: Rigging, until: Until) -> None:
    async with rigging(Fault(call="open", kind="lost_before", nth=1), **QUICK) as rig:
        rig.suffer(Fault(call="open", kind="latency", seconds=0.1))
        await until(lambda: opened(rig) == 1)
        await rig.link.disconnect()
        await asyncio.sleep(0.3)

        assert (rig.link.status().connected, rig.sessions) == (False, [])


async def test_a_manual_connect_while_it_connects_wins(rigging: Rigging, until: Until) -> None:
    async with rigging(Fault(call="open", kind="lost_before", nth=1), **QUICK) as rig:
        rig.suffer(Fault(call="open", kind="latency", seconds=0.1, times=1))
        await until(lambda: opened(rig) == 1)
        await rig.link.connect(TARGET)
        await asyncio.sleep(0.3)

        assert rig.link.status().server == "other:443"
        assert len(rig.sessions) == 2


async def test_a_close_while_it_connects_leaves_no_session(rigging: Rigging, until: Until) -> None:
    async with rigging(Fault(call="open", kind="lost_before", nth=1), **QUICK) as rig:
        rig.suffer(Fault(call="open", kind="latency", seconds=0.05, nth=2))
        await until(lambda: opened(rig) == 2)
        sessions = list(rig.driver._sessions)
        await rig.link.close()

        assert sessions
        assert not any(session.connected for session in sessions)


async def test_a_close_beside_a_manual_connect_leaves_no_session(rigging: Rigging, until: Until) -> None:
    async with rigging() as rig:
        gate, opening = asyncio.Event(), rig.driver.open
        sessions: list[Any] = []

        async def slow(target: Target) -> Session:
            sessions.append(await opening(target))
            if len(sessions) == 2:
                await gate.wait()
            return sessions[-1]

        rig.driver.open = slow
        connecting = asyncio.create_task(rig.link.connect(TARGET))
        await until(lambda: len(sessions) == 2)
        await rig.link.close()
        gate.set()
        with pytest.raises(NotSent, match="stopping"):
            await connecting

        assert rig.sessions == []
        assert not rig.link.status().connected


async def test_fifty_links_leave_no_session_no_listener_and_no_task(rigging: Rigging, until: Until) -> None:
    async with rigging(**QUICK) as rig:
        before = len(asyncio.all_tasks())
        for turn in range(50):
            if turn % 3 == 0:
                await rig.link.connect(TARGET)
            elif turn % 3 == 1:
                await rig.link.disconnect()
                await rig.link.connect(TARGET)
            else:
                seen = rig.link.status().reconnects
                for session in rig.sessions:
                    session._line.cut()
                await until(lambda seen=seen: rig.link.status().reconnects > seen)
        await until(lambda: len(asyncio.all_tasks()) <= before)

        assert len(rig.sessions) == 2
        assert len(rig.server.state.listeners) == 2
        await rig.link.close()
        assert (rig.sessions, rig.link._tasks, rig.link._retiring) == ([], set(), {})


async def test_a_driver_that_raises_what_it_should_not_does_not_end_the_supervision(
    rigging: Rigging, until: Until
) -> None:
    async with rigging(**QUICK) as rig:
        ours, opening = rig.driver, rig.driver.open
        failures = iter(range(3))

        async def broken(target: Target) -> Any:
            if next(failures, None) is not None:
                raise OSError("a bug")
            return await opening(target)

        ours.open = broken
        for session in rig.sessions:
            session._line.cut()
        await until(lambda: rig.link.status().reconnects == 1)
