"""Callers that hang up, and the stop: a write under way is finished, logged and told; new ones are refused."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import structlog

from kernel.drivers.simulator.faults import Fault
from kernel.errors import Failure, ShuttingDown
from kernel.hooks import hookimpl
from kernel.loader import Plugin
from kernel.records.money import Deposit
from kernel.records.scalars import Amount

Rigging = Callable[..., Any]
Until = Callable[..., Any]
SLOW = Fault(call="trade_transaction", kind="latency", seconds=0.1)
DEPOSIT = Deposit(amount=Amount("5.00"), comment="d")


@pytest.fixture
def told() -> list[Any]:
    return []


@pytest.fixture
def hears(plugin: Callable[..., Plugin], told: list[Any]) -> Plugin:
    @hookimpl
    async def post_deposit(receipt: Any) -> None:
        told.append(receipt)

    return plugin("hears", post_deposit=post_deposit)


async def begun(rig: Any, until: Until) -> asyncio.Task[Any]:
    """A deposit whose call is on its way."""
    task = asyncio.create_task(rig.gateway.deposit(1001, DEPOSIT, by=rig.by))
    await until(lambda: rig.driver._trouble._tasks)
    return task


async def test_a_caller_that_hangs_up_abandons_nothing(
    rigging: Rigging, until: Until, hears: Plugin, told: list[Any]
) -> None:
    async with rigging(SLOW, plugins=[hears]) as rig:
        with structlog.testing.capture_logs() as log:
            request = await begun(rig, until)
            request.cancel()
            await asyncio.wait({request})
            assert request.cancelled()
            await until(lambda: told)

        assert rig.money_rows()[1:] == [(5.0, "d")]
        assert told[0].balance == 10_005.0
        assert [entry["what"] for entry in log if entry["event"] == "write done"] == ["deposit"]
        assert b'mt4api_writes_total{outcome="done",what="deposit"} 1.0' in rig.metrics.text()


async def test_a_caller_that_hangs_up_during_the_checks_abandons_nothing(
    rigging: Rigging, until: Until, plugin: Callable[..., Plugin]
) -> None:
    asked: list[int] = []

    @hookimpl
    async def pre_deposit() -> None:
        asked.append(1)
        await asyncio.sleep(0.05)

    async with rigging(plugins=[plugin("slow", pre_deposit=pre_deposit)]) as rig:
        request = asyncio.create_task(rig.gateway.deposit(1001, DEPOSIT, by=rig.by))
        await until(lambda: asked)
        request.cancel()
        await asyncio.wait({request})
        await until(lambda: len(rig.money_rows()) == 2)


async def test_a_refusal_that_nobody_waits_for_complains_nowhere(rigging: Rigging, until: Until) -> None:
    complaints: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    async with rigging(Fault(call="trade_transaction", kind="refuse", retcode=2)) as rig:
        request = asyncio.create_task(rig.gateway.deposit(1001, DEPOSIT, by=rig.by))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        request.cancel()
        await asyncio.wait({request})
        await until(lambda: not rig.gateway._writes)

    assert complaints == []


async def test_the_stop_waits_for_the_write_under_way_and_tells_of_it(
    rigging: Rigging, until: Until, hears: Plugin, told: list[Any]
) -> None:
    async with rigging(SLOW, plugins=[hears]) as rig:
        request = await begun(rig, until)
        stopping = asyncio.create_task(rig.gateway.stop())
        await asyncio.sleep(0)
        with pytest.raises(ShuttingDown) as caught:
            await rig.gateway.deposit(1001, DEPOSIT, by=rig.by)
        assert not stopping.done()
        await stopping
        await rig.registry.drain(1)

        assert (caught.value.status, caught.value.code, caught.value.outcome) == (503, "shutting_down", "not_applied")
        assert (await request).balance == 10_005.0
        assert rig.money_rows()[1:] == [(5.0, "d")]
        assert len(told) == 1


async def test_reads_go_on_during_the_stop(rigging: Rigging) -> None:
    async with rigging() as rig:
        await rig.gateway.stop()
        assert (await rig.gateway.user(1001)).login == 1001


async def test_the_stop_is_bounded_by_the_deadline_of_a_write_that_hangs(rigging: Rigging, until: Until) -> None:
    async with rigging(Fault(call="trade_transaction", kind="hang"), trade_seconds=0.2) as rig:
        request = asyncio.create_task(rig.gateway.deposit(1001, DEPOSIT, by=rig.by))
        await until(rig.link._write_lane.locked)
        async with asyncio.timeout(2):
            await rig.gateway.stop()
        with pytest.raises(Failure) as caught:
            await request

        assert (caught.value.code, caught.value.outcome) == ("outcome_unknown", "unknown")


async def test_a_write_that_is_cut_off_says_in_the_log_whether_it_was_sent(rigging: Rigging, until: Until) -> None:
    async with rigging(SLOW) as rig:
        with structlog.testing.capture_logs() as log:
            request = await begun(rig, until)
            for task in rig.gateway._writes:
                task.cancel()
            await asyncio.wait({request})

        [entry] = [entry for entry in log if entry["event"] == "write cut off"]
        assert (entry["log_level"], entry["sent"], entry["what"]) == ("critical", True, "deposit")


async def test_a_bug_after_the_send_is_an_unknown_outcome_not_a_clean_failure(rigging: Rigging) -> None:
    async with rigging() as rig:

        def broken(*_: Any, **__: Any) -> None:
            raise KeyError("a bug")

        rig.registry.tell = broken
        with pytest.raises(Failure) as caught:
            await rig.gateway.deposit(1001, DEPOSIT, by=rig.by)

        assert (caught.value.status, caught.value.outcome) == (500, "unknown")
        assert caught.value.details["operation_id"].startswith("op_")


async def test_a_bug_before_the_send_is_told_as_not_applied(rigging: Rigging) -> None:
    async with rigging() as rig:

        async def broken(*_: Any, **__: Any) -> None:
            raise KeyError("a bug")

        rig.registry.check = broken
        with pytest.raises(Failure) as caught:
            await rig.gateway.deposit(1001, DEPOSIT, by=rig.by)

        assert (caught.value.status, caught.value.outcome) == (500, "not_applied")
        assert len(rig.money_rows()) == 1
