"""A worker that dies or hangs: the caller is answered in time, the next one works, nothing is left over."""

import asyncio
import gc
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from kernel.bridge.supervisor import Care
from kernel.drivers import Indeterminate, NotSent
from kernel.records.server import Mail, Target
from kernel.records.trades import Transaction, TransactionType

HANGS = '[[fault]]\ncall = "common"\nkind = "hang"\n'
HANGING_MONEY = '[[fault]]\ncall = "trade_transaction"\nkind = "hang"\n'
DEADLINE = 0.3
US = Target(server="203.0.113.10:443", login=224, password="your_manager_password")


async def test_killed_workers_answer_their_callers_at_once_and_are_replaced(
    bridged: Any, trials: int, again: Any
) -> None:
    async with bridged(HANGS) as running:
        driver = await running.client()
        for number in range(trials):
            session = await again(lambda: driver.open(US))
            assert session.generation > number
            waiting = asyncio.create_task(session.common())
            await running.until(lambda: running.bridge.supervisor.worker.busy)
            began = time.monotonic()
            os.kill(running.pid, signal.SIGKILL)

            with pytest.raises(Indeterminate):
                await waiting
            assert time.monotonic() - began < 0.5
            await over(session)

        session = await again(lambda: driver.open(US))
        assert len(await session.users()) == 12
        assert running.bridge.supervisor.workers >= trials + 1


async def test_hanging_calls_are_answered_in_time_and_their_worker_is_replaced(
    bridged: Any, trials: int, again: Any
) -> None:
    async with bridged(HANGS) as running:
        driver, patient = await running.client(read_seconds=DEADLINE), await running.client()
        for _ in range(trials):
            session, other = await again(lambda: driver.open(US)), await again(lambda: patient.open(US))
            workers, began = running.bridge.supervisor.workers, time.monotonic()

            waiting = asyncio.create_task(session.common())
            assert len(await other.groups()) == 12  # reads go on
            with pytest.raises(Indeterminate):
                await waiting

            assert time.monotonic() - began < DEADLINE + 0.5
            await running.until(lambda: running.bridge.supervisor.workers > workers)  # noqa: B023 - called at once


async def test_a_process_that_is_blocked_altogether_is_killed_too(bridged: Any, hostile: Any, again: Any) -> None:
    async with bridged(job=hostile) as running:
        driver = await running.client(read_seconds=DEADLINE)
        session, pid = await driver.open(US), running.pid
        began = time.monotonic()

        with pytest.raises(Indeterminate):
            await session.common()

        assert time.monotonic() - began < DEADLINE + 0.5
        session = await again(lambda: driver.open(US))
        assert len(await session.users()) == 3
        assert not psutil.pid_exists(pid)


async def test_a_process_that_ends_itself_in_a_call_is_replaced(bridged: Any, hostile: Any, again: Any) -> None:
    async with bridged(job=hostile) as running:
        driver = await running.client()
        session = await driver.open(US)

        with pytest.raises(Indeterminate):
            await session.online()

        assert len(await (await again(lambda: driver.open(US))).users()) == 3


async def test_what_a_driver_must_not_raise_or_answer_is_indeterminate(bridged: Any, hostile: Any) -> None:
    async with bridged(job=hostile) as running:
        session = await running.session()

        with pytest.raises(Indeterminate, match="KeyError"):
            await session.mail_send(Mail(logins=(1,), subject="a", body="b"), "c")
        with pytest.raises(Indeterminate, match="TypeError"):
            await session.symbols()
        await session.ping()


async def test_a_write_whose_worker_is_killed_is_indeterminate_and_never_sent_again(bridged: Any, again: Any) -> None:
    async with bridged(HANGING_MONEY) as running:
        driver = await running.client()
        session = await driver.open(US)
        deposit = Transaction(type=TransactionType.BALANCE, cmd=6, orderby=1, price=5.0)
        waiting = asyncio.create_task(session.fenced("op_1").trade_transaction(deposit))
        await running.until(lambda: running.bridge.supervisor.worker.busy)
        assert (await driver.fence("op_1")).state == "in_flight"
        os.kill(running.pid, signal.SIGKILL)
        with pytest.raises(Indeterminate):
            await waiting

        again_session = await again(lambda: driver.open(US))
        with pytest.raises(Indeterminate, match="before"):
            await again_session.fenced("op_1").trade_transaction(deposit)
        fenced = await driver.fence("op_1")
        assert (fenced.state, fenced.retcode) == ("done", 255)


async def test_thirty_restarts_leave_no_thread_descriptor_or_process_behind(bridged: Any, again: Any) -> None:
    async with bridged() as running:
        driver = await running.client()
        me, first = psutil.Process(), (0, 0, 0)

        def held() -> tuple[int, int, int]:
            gc.collect()
            return threading.active_count(), me.num_fds(), len(me.children())

        for number in range(31):
            session = await again(lambda: driver.open(US))
            await session.ping()
            if number == 1:
                first = held()
            if number == 30:
                await running.until(lambda: held() == first)  # noqa: B023 - called at once
            os.kill(running.pid, signal.SIGKILL)
            await running.until(lambda: not session.connected)  # noqa: B023 - called at once

        assert running.bridge.supervisor.workers >= 31


async def test_an_old_worker_is_renewed_between_calls(bridged: Any, again: Any) -> None:
    care = Care(look_seconds=0.05, first_wait_seconds=0.01, recycle_seconds=0.5)
    async with bridged(care=care) as running:
        driver = await running.client()
        first = running.pid
        session = await driver.open(US)
        await running.until(lambda: running.bridge.supervisor.workers > 1)

        assert running.pid != first
        assert not session.connected
        assert (await again(lambda: driver.open(US))).connected


def test_a_bridge_that_is_killed_takes_its_worker_along(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kernel", "bridge", "--listen", "127.0.0.1:0", "--data", str(tmp_path)]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        while b"Listening" not in process.stderr.readline():
            continue
        children = psutil.Process(process.pid).children()
        workers = [child for child in children if "spawn_main" in " ".join(child.cmdline())]
        assert len(workers) == 1
        workers[0].suspend()
        process.kill()
        workers[0].resume()

        assert psutil.wait_procs(workers, 10)[1] == []


async def over(session: Any) -> None:
    """Call until the session knows that it is over; in between, what it was is unclear."""
    for _ in range(200):
        try:
            await session.ping()
        except NotSent:
            assert not session.connected
            return
        except Indeterminate:
            await asyncio.sleep(0.01)
    raise AssertionError("the end of the session is not noticed")
