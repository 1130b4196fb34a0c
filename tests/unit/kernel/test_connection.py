"""The supervised link: connects, notices what is dead or blind, comes back, and leaks nothing."""

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

QUICK = {"ping_seconds": 0.02, "canary_seconds": 0.02, "reconnect_first_seconds": 0.01, "reconnect_most_seconds": 0.05}
TARGET = Target(server="other:443", login=224, password="your_manager_password")
WRONG = Target(server="other:443", login=224, password="wrong")
Until = Callable[..., Any]
Rigging = Callable[..., Any]


def opened(rig: Any) -> int:
    """How many times a login was tried, by the plan's own count."""
    return rig.driver._trouble.plan._matched[0]


def states(rig: Any) -> list[bool]:
    return [status.connected for status in rig.changes]


async def users(session: Session) -> Any:
    return await session.user_records([1001])


async def test_it_connects_at_the_start_and_says_so(rigging: Rigging) -> None:
    async with rigging() as rig:
        status = rig.link.status()

        assert (status.connected, status.pumping, status.reconnects, status.last_error) == (True, True, 0, None)
        assert (status.server, status.login) == ("mt4", 224)
        assert states(rig) == [True]
        assert rig.link.canary_age < 5


async def test_reads_and_writes_have_a_session_each(rigging: Rigging) -> None:
    async with rigging() as rig:
        used: list[Session] = []

        async def note(session: Session) -> None:
            used.append(session)

        await rig.link.read(note, 1)
        await rig.link.write(note, 1)

        assert used[0] is not used[1]
        assert sorted(map(id, used)) == sorted(map(id, rig.sessions))


async def test_a_server_that_is_down_at_the_start_is_found_later(rigging: Rigging, until: Until) -> None:
    async with rigging(Fault(call="open", kind="lost_before", times=3), **QUICK) as rig:
        assert not rig.link.status().connected
        with pytest.raises(NotSent):
            await rig.link.read(users, 1)
        await until(lambda: rig.link.status().connected)

        assert opened(rig) == 5  # three failures, then two sessions
        assert rig.link.status().last_error is None


async def test_a_start_does_not_wait_for_a_server_that_answers_nothing(rigging: Rigging) -> None:
    started = time.monotonic()
    async with rigging(Fault(call="open", kind="hang"), **QUICK) as rig:
        assert time.monotonic() - started < 4
        assert not rig.link.status().connected
    assert time.monotonic() - started < 5


async def test_it_tries_again_less_and_less_often(rigging: Rigging) -> None:
    pace = QUICK | {"reconnect_first_seconds": 0.02, "reconnect_most_seconds": 0.2}
    async with rigging(Fault(call="open", kind="lost_before"), **pace) as rig:
        await asyncio.sleep(1.5)

        # Waits are 0 to 0.02, 0.04 … 0.2 seconds: on average 0.1 in the end.
        assert 8 <= opened(rig) <= 45


async def test_a_wrong_password_is_not_tried_again_and_again(rigging: Rigging, until: Until) -> None:
    async with rigging(Fault(call="open", kind="refuse", retcode=65), **QUICK) as rig:
        await asyncio.sleep(0.4)
        assert opened(rig) == 1
        assert rig.link.status().last_error == "MT4 answered 65"

        rig.suffer()
        await rig.link.connect(TARGET)  # does not have to wait either
        await until(lambda: rig.link.status().connected)


@pytest.mark.parametrize("code", [2, 4, 6, 8])
async def test_a_refusal_that_may_pass_is_tried_again(code: int, rigging: Rigging, until: Until) -> None:
    async with rigging(Fault(call="open", kind="refuse", retcode=code, times=2), **QUICK) as rig:
        await until(lambda: rig.link.status().connected)


async def test_a_link_that_never_holds_is_not_renewed_in_a_storm(rigging: Rigging) -> None:
    pace = QUICK | {"ping_seconds": 0.001, "canary_seconds": 1, "reconnect_most_seconds": 5, "reconnect_first_seconds": 0.05}
    plan = (Fault(call="open", kind="latency", seconds=0), Fault(call="ping", kind="lost_before"))
    async with rigging(*plan, **pace) as rig:
        await asyncio.sleep(1.2)

        # Every session dies at its first ping. Without growing pauses there would be hundreds.
        assert 2 <= len([state for state in states(rig) if state]) <= 12


async def test_a_link_that_held_is_renewed_at_once(rigging: Rigging, until: Until) -> None:
    pace = QUICK | {"reconnect_first_seconds": 0.01, "reconnect_most_seconds": 0.3}
    async with rigging(Fault(call="open", kind="lost_before", times=6), **pace) as rig:
        await until(lambda: rig.link.status().connected)  # the pause has grown by now
        await asyncio.sleep(0.35)
        rig.driver._sessions[-1]._line.cut()
        await until(lambda: not rig.link.status().connected)
        lost = time.monotonic()
        await until(lambda: rig.link.status().connected)

        assert time.monotonic() - lost < 0.1


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
            session._trouble._logged_out = True  # type: ignore[attr-defined]
            found = await session.user_records([1001])
            await rig.link.connect(TARGET)
            return found

        with pytest.raises((NotSent, Indeterminate)):
            await rig.link.rows(replaced_during, 5)


async def test_the_canary_finds_a_blind_session_that_nobody_uses(rigging: Rigging, until: Until) -> None:
    async with rigging(**QUICK) as rig:
        for session in rig.sessions:
            session._trouble._logged_out = True
        await until(lambda: rig.link.status().reconnects == 1)

        assert rig.changes[1].last_error == "the session answers, but sees nothing"


async def test_a_blind_session_for_writes_is_found_too(rigging: Rigging, until: Until) -> None:
    async with rigging(**QUICK) as rig:

        async def blind(session: Any) -> None:
            session._trouble._logged_out = True

        await rig.link.write(blind, 1)
        await until(lambda: rig.link.status().reconnects == 1)


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
    async with rigging(Fault(call="common", kind="refuse", retcode=7), ping_seconds=60) as rig:
        for _ in range(3):
            with pytest.raises(Rejected):
                await rig.link.read(lambda session: session.common(), 1)
        await asyncio.sleep(0.02)

        assert "ping" not in called(rig)


def called(rig: Any) -> set[str]:
    """What moved the line since it was opened: nothing but the refused calls leaves the clock alone."""
    rig.clock.advance(1)
    return {"ping"} if any(session._line._last == rig.clock() for session in rig.sessions) else set()


async def test_the_first_255_is_told_and_the_next_call_finds_a_new_session(rigging: Rigging, until: Until) -> None:
    async with rigging(Fault(call="server_time", kind="lost_before", times=1), ping_seconds=60) as rig:
        with pytest.raises(Indeterminate) as caught:
            await rig.link.read(lambda session: session.server_time(), 1)
        assert caught.value.retcode == 255
        await until(lambda: rig.link.status().reconnects == 1)

        assert await rig.link.read(lambda session: session.server_time(), 1) > 0


async def test_a_lost_ping_renews_the_link_and_tells_of_the_gap(rigging: Rigging, until: Until) -> None:
    async with rigging(Fault(call="ping", kind="lost_before", nth=3), **QUICK) as rig:
        await until(lambda: rig.link.status().reconnects == 1)

        assert states(rig) == [True, False, True]
        assert rig.events == [GapEvent("the link was renewed")]


async def test_a_ping_that_hangs_is_a_lost_one(rigging: Rigging, until: Until) -> None:
    async with rigging(Fault(call="ping", kind="hang", nth=1), **QUICK) as rig:
        await until(lambda: rig.link.status().reconnects == 1)
        assert rig.changes[1].last_error == "no answer to a ping"


async def test_a_long_read_is_not_taken_for_a_dead_session(rigging: Rigging) -> None:
    async with rigging(Fault(call="trades_history", kind="latency", seconds=0.3), **QUICK) as rig:
        assert await rig.link.read(lambda session: session.trades_history(1001, 0, 2**31 - 1), 2)
        assert rig.link.status().reconnects == 0


async def test_an_idle_session_is_kept_alive(rigging: Rigging) -> None:
    async with rigging(options={"idle_seconds": 180}, **QUICK) as rig:
        for _ in range(8):
            rig.clock.advance(100)
            await asyncio.sleep(0.1)

        assert rig.link.status().reconnects == 0


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
        deposit = asyncio.create_task(rig.link.write(lambda s: s.ping() if s is None else _deposit(s), 2))
        await until(lambda: rig.driver._trouble._tasks)
        await rig.link.connect(TARGET)

        assert await deposit > 0
        await until(lambda: len(rig.sessions) == 2)


async def _deposit(session: Session) -> int:
    from kernel.records.trades import Transaction, TransactionType  # noqa: PLC0415 - used here only

    return await session.trade_transaction(
        Transaction(type=TransactionType.BALANCE, cmd=6, orderby=1001, price=1.0, comment="x")
    )


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
    async with rigging(Fault(call="open", kind="latency", seconds=0)) as rig:
        rig.suffer(Fault(call="open", kind="latency", seconds=0.05, nth=2))
        connecting = asyncio.create_task(rig.link.connect(TARGET))
        await until(lambda: opened(rig) == 2)
        await rig.link.close()
        with pytest.raises(NotSent):
            await connecting

        assert rig.sessions == []


async def test_a_deadline_ends_a_read_and_a_write(rigging: Rigging) -> None:
    async with rigging(Fault(call="*", kind="hang"), ping_seconds=60) as rig:
        for call in (rig.link.read, rig.link.write):
            started = time.monotonic()
            with pytest.raises(TimeoutError):
                await call(lambda session: session.server_time(), 0.05)
            assert time.monotonic() - started < 0.5


async def test_reads_go_on_while_a_write_hangs(rigging: Rigging, until: Until) -> None:
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


async def test_a_link_says_since_when_it_is_as_it_is(rigging: Rigging) -> None:
    async with rigging() as rig:
        assert abs(rig.link.status().since - time.time()) < 3
