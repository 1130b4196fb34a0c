"""Calls at once and calls that hang: one on each object, and none after the line is gone."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from kernel.drivers import Driver, Indeterminate, NotSent, Session
from kernel.records.server import Target
from kernel.records.trades import Command, Transaction, TransactionType

MANY = 300


def deposit(login: int, amount: float, comment: str = "in", **more: Any) -> Transaction:
    asked = {"type": TransactionType.BALANCE, "cmd": Command.BALANCE, "orderby": login} | more
    return Transaction(price=amount, comment=comment, **asked)


async def first_login(session: Session) -> int:
    return (await session.users())[0].login


async def test_callers_at_once_never_meet_on_one_object(server: Any, driver: Driver, target: Target) -> None:
    server.run("setting latency 0.001")
    session = await driver.open(target)
    login = await first_login(session)
    calls: list[Callable[[], Any]] = [
        session.ping,
        session.users,
        session.trades,
        session.server_time,
        lambda: session.margin_level(login),
        lambda: session.user_records([login]),
    ]

    await asyncio.gather(*(calls[number % len(calls)]() for number in range(MANY)))

    assert (server.count("overlaps"), session.connected) == (0, True)
    assert server.count("objects") == 3 + 1  # what the settings allow, and the pump


async def test_a_call_that_hangs_keeps_its_object_and_the_others_go_on(
    server: Any, driver: Driver, target: Target
) -> None:
    session = await driver.open(target)
    server.run("fault ManagerCommon hang times=1")
    stuck = asyncio.create_task(session.common())
    await server.until(lambda: server.count("hanging") == 1)

    stuck.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stuck
    assert await session.groups()
    await session.close()
    assert server.count("objects") == 1

    before = threading.active_count()
    server.run("release")
    await server.until(lambda: server.count("objects") == 0)
    await server.until(lambda: threading.active_count() < before)
    assert server.count("overlaps") == 0


async def test_calls_that_wait_when_the_line_goes_or_are_given_up_are_never_made(
    server: Any, opened: Callable[..., Any]
) -> None:
    session = await opened(request_sessions=1)
    login = await first_login(session)
    server.run("fault ManagerCommon hang times=1")
    stuck = asyncio.create_task(session.common())
    await server.until(lambda: server.count("hanging") == 1)
    given_up, waiting = (asyncio.create_task(session.trade_transaction(deposit(login, 5.0))) for _ in range(2))
    await asyncio.sleep(0)
    given_up.cancel()
    server.run("release")

    with pytest.raises(Indeterminate):
        await stuck
    with pytest.raises(asyncio.CancelledError):
        await given_up
    with pytest.raises(NotSent, match="the session is over: ManagerCommon was answered 255"):
        await waiting
    assert server.count("TradeTransaction") == 0


async def test_a_ping_waits_behind_a_call_that_hangs_and_is_not_made_once_that_found_the_line_gone(
    server: Any, opened: Callable[..., Any]
) -> None:
    session = await opened(request_sessions=1)
    server.run("fault ManagerCommon hang times=1")
    stuck = asyncio.create_task(session.common())
    await server.until(lambda: server.count("hanging") == 1)
    before = server.count("Ping")
    ping = asyncio.create_task(session.ping())
    done, _ = await asyncio.wait({ping}, timeout=0.05)
    assert not done

    server.run("release")

    with pytest.raises(Indeterminate):
        await stuck
    with pytest.raises(NotSent, match="the session is over: ManagerCommon was answered 255"):
        await ping
    assert server.count("Ping") == before
