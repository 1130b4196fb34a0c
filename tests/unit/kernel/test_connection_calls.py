"""Calls over the link: deadlines, lanes, empty answers, and what the pump brings."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from kernel.drivers import Indeterminate, NotSent, Rejected, Session
from kernel.drivers.simulator.faults import Fault
from kernel.errors import Unavailable
from kernel.records.events import GapEvent, UserEvent
from kernel.records.server import Target
from kernel.records.trades import Transaction, TransactionType

QUICK = {"ping_seconds": 0.02, "canary_seconds": 0.02, "reconnect_first_seconds": 0.01, "reconnect_most_seconds": 0.05}
TARGET = Target(server="other:443", login=224, password="your_manager_password")
WRONG = Target(server="other:443", login=224, password="wrong")
Until = Callable[..., Any]
Rigging = Callable[..., Any]


async def users(session: Session) -> Any:
    return await session.user_records([1001])


async def _deposit(session: Session) -> int:
    return await session.trade_transaction(
        Transaction(type=TransactionType.BALANCE, cmd=6, orderby=1001, price=1.0, comment="x")
    )


async def test_reads_and_writes_have_a_session_each(rigging: Rigging) -> None:
    async with rigging() as rig:
        used: list[Session] = []

        async def note(session: Session) -> None:
            used.append(session)

        await rig.link.read(note, 1)
        await rig.link.write(note, 1)

        assert used[0] is not used[1]
        assert sorted(map(id, used)) == sorted(map(id, rig.sessions))


async def test_a_session_that_answers_but_sees_nothing_is_replaced_and_believed_never(
    rigging: Rigging, until: Until
) -> None:
    async with rigging(Fault(call="user_records", kind="empty", nth=1)) as rig:
        with pytest.raises(NotSent, match="sees nothing"):
            await rig.link.rows(users, 1)
        await until(lambda: rig.link.status().reconnects == 1)

        assert len(await rig.link.rows(users, 1)) == 1


async def test_an_empty_answer_of_a_session_that_sees_its_groups_is_believed(rigging: Rigging) -> None:
    async with rigging() as rig:
        assert await rig.link.rows(lambda session: session.user_records([5]), 1) == []
        assert rig.link.status().reconnects == 0


async def test_the_empty_answer_of_a_session_that_was_replaced_meanwhile_is_not_believed(rigging: Rigging) -> None:
    async with rigging() as rig:

        async def replaced_during(session: Session) -> Any:
            session._trouble._logged_out = True  # type: ignore[attr-defined] - past the port, into the simulator
            found = await session.user_records([1001])
            await rig.link.connect(TARGET)
            return found

        with pytest.raises((NotSent, Indeterminate)):
            await rig.link.rows(replaced_during, 5)


async def test_an_answer_that_there_is_no_session_makes_it_look_at_once(rigging: Rigging, until: Until) -> None:
    async with rigging(ping_seconds=60, canary_seconds=60) as rig:

        async def blind(session: Any) -> Any:
            session._trouble._logged_out = True
            return await session.server_time()

        await rig.link.read(blind, 1)
        with pytest.raises(Rejected, match="6"):
            await rig.link.read(lambda session: session.common(), 1)
        await until(lambda: rig.link.status().reconnects == 1)


async def test_a_refusal_makes_it_look_at_nothing(rigging: Rigging) -> None:
    plan = (Fault(call="ping", kind="latency", seconds=0), Fault(call="common", kind="refuse", retcode=7))
    async with rigging(*plan, ping_seconds=60) as rig:
        for _ in range(3):
            with pytest.raises(Rejected):
                await rig.link.read(lambda session: session.common(), 1)
        await asyncio.sleep(0.02)

        assert rig.driver._trouble.plan._matched[0] == 0


async def test_the_first_255_is_told_and_the_next_call_finds_a_new_session(rigging: Rigging, until: Until) -> None:
    async with rigging(Fault(call="server_time", kind="lost_before", times=1), ping_seconds=60) as rig:
        with pytest.raises(Indeterminate) as caught:
            await rig.link.read(lambda session: session.server_time(), 1)
        assert caught.value.retcode == 255
        await until(lambda: rig.link.status().reconnects == 1)

        assert await rig.link.read(lambda session: session.server_time(), 1) > 0


async def test_a_long_read_is_not_taken_for_a_dead_session(rigging: Rigging) -> None:
    async with rigging(Fault(call="trades_history", kind="latency", seconds=0.3), **QUICK) as rig:
        assert await rig.link.read(lambda session: session.trades_history(1001, 0, 2**31 - 1), 2)
        assert rig.link.status().reconnects == 0


async def test_a_deadline_ends_a_read_and_a_write(rigging: Rigging) -> None:
    async with rigging(Fault(call="*", kind="hang"), ping_seconds=60) as rig:
        for call in (rig.link.read, rig.link.write):
            started = time.monotonic()
            with pytest.raises(TimeoutError):
                await call(lambda session: session.server_time(), 0.05)
            assert time.monotonic() - started < 0.5


async def test_reads_go_on_while_a_write_hangs(rigging: Rigging) -> None:
    async with rigging(Fault(call="trade_transaction", kind="hang"), ping_seconds=60) as rig:
        hanging = asyncio.create_task(rig.link.write(_deposit, 0.5))
        await asyncio.sleep(0.01)
        started = time.monotonic()
        for _ in range(20):
            assert await rig.link.rows(users, 0.2)

        assert time.monotonic() - started < 0.3
        assert not hanging.done()
        with pytest.raises(TimeoutError):
            await hanging


async def test_a_call_that_gets_no_turn_was_not_sent(rigging: Rigging) -> None:
    async with rigging(Fault(call="trade_transaction", kind="hang"), ping_seconds=60) as rig:
        hanging = asyncio.create_task(rig.link.write(_deposit, 0.3))
        await asyncio.sleep(0.01)
        begun: list[Session] = []

        async def note(session: Session) -> None:
            begun.append(session)

        with pytest.raises(Unavailable) as caught:
            await rig.link.write(note, 0.05)

        assert (caught.value.code, caught.value.retryable, begun) == ("overloaded", True, [])
        with pytest.raises(TimeoutError):
            await hanging


async def test_what_the_pump_brings_is_told_once_also_while_links_change(rigging: Rigging, until: Until) -> None:
    async with rigging() as rig:
        heard = len(rig.events)
        rig.open_account(2001, money=0)
        await until(lambda: len(rig.events) > heard)
        await rig.link.connect(TARGET)
        rig.open_account(2002, money=0)
        await until(lambda: any(isinstance(e, UserEvent) and e.user.login == 2002 for e in rig.events))
        await asyncio.sleep(0.02)

        added = [e.user.login for e in rig.events if isinstance(e, UserEvent) and e.change == "add"]
        assert added == [1001, 1002, 2001, 2002]


async def test_a_gap_of_the_pump_is_told(rigging: Rigging, until: Until) -> None:
    async with rigging(Fault(call="server_time", kind="pump_gap", seconds=0.02)) as rig:
        await rig.link.read(lambda session: session.server_time(), 1)
        assert rig.link.status().pumping is False
        await until(lambda: GapEvent("pumping timeout") in rig.events)

        assert rig.link.status().pumping is True


async def test_a_pump_that_ends_by_itself_renews_the_link(rigging: Rigging, until: Until) -> None:
    async with rigging(ping_seconds=60) as rig:
        rig.link.session._pump.close()
        await until(lambda: rig.link.status().reconnects == 1)

        assert rig.link.status().pumping is True
