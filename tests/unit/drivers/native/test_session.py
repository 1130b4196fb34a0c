"""Sessions over the stand-in: how they begin, end, and are given up."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kernel.drivers import Driver, Indeterminate, NotSent, Rejected, Session
from kernel.drivers.native import Settings, make
from kernel.drivers.native.binaries import UnusableLibrary
from kernel.drivers.native.texts import Unfit
from kernel.records.server import Target
from kernel.records.trades import Command, Transaction, TransactionType


def deposit(login: int, amount: float, comment: str = "in", **more: Any) -> Transaction:
    asked = {"type": TransactionType.BALANCE, "cmd": Command.BALANCE, "orderby": login} | more
    return Transaction(price=amount, comment=comment, **asked)


async def test_a_session_is_logged_in_and_pumps_and_leaves_nothing_behind(
    server: Any, session: Session, driver: Driver
) -> None:
    assert (session.connected, session.pumping, await driver.reachable()) == (True, True, True)
    assert session.manager.login == 224
    assert "money" in session.manager.rights
    assert (server.count("objects"), server.count("pump_threads")) == (2, 1)

    await session.close()
    await session.close()

    assert (session.connected, session.pumping) == (False, False)
    assert (server.count("objects"), server.count("pump_threads"), server.count("live_blocks")) == (0, 0, 0)
    with pytest.raises(NotSent, match="the session is closed"):
        await session.ping()
    with pytest.raises(NotSent):
        await session.margins()


async def test_a_driver_that_is_not_started_opens_nothing(server: Any, target: Target, tmp_path: Path) -> None:
    driver = make(Settings(library=str(server.path)), tmp_path, code_page="cp1252")

    assert not await driver.reachable()
    with pytest.raises(NotSent, match="the MT4 library is not loaded"):
        await driver.open(target)


async def test_a_missing_library_and_an_unknown_code_page_stop_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there is no code page 'cp0'"):
        make(Settings(), tmp_path, code_page="cp0")
    with pytest.raises(UnusableLibrary, match="is not there"):
        await make(Settings(), tmp_path, code_page="cp1252").start()


async def test_a_wrong_password_is_refused_with_65_and_the_object_released(
    server: Any, driver: Driver, target: Target
) -> None:
    with pytest.raises(Rejected) as refused:
        await driver.open(Target(server=target.server, login=target.login, password="wrong"))

    await driver.close()
    assert (refused.value.retcode, server.count("objects")) == (65, 0)


async def test_a_server_that_does_not_answer_was_not_sent_anything(server: Any, driver: Driver, target: Target) -> None:
    server.run("fault Connect refuse code=6")

    with pytest.raises(NotSent, match=r"no trade server answers at 203\.0\.113\.10:443: No connection \(code 6\)"):
        await driver.open(target)
    await driver.close()
    assert (server.count("objects"), server.count("Login")) == (0, 0)


async def test_a_password_that_is_not_of_the_code_page_never_reaches_the_library(
    server: Any, driver: Driver, target: Target
) -> None:
    with pytest.raises(Unfit, match="the manager's password 'Щ' is not in the server's code page cp1252"):
        await driver.open(Target(server=target.server, login=1, password="Щ"))
    assert server.count("Connect") == 0


@pytest.mark.parametrize("call", ["Connect", "Login", "ManagerRights"])
async def test_a_login_that_is_given_up_is_logged_out_when_it_comes_back(
    server: Any, driver: Driver, target: Target, call: str
) -> None:
    before = threading.active_count()
    server.run(f"fault {call} hang")
    opening = asyncio.create_task(driver.open(target))
    await server.until(lambda: server.count("hanging") == 1)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening

    server.run("release")
    await server.until(lambda: server.count("objects") == 0)
    await server.until(lambda: threading.active_count() == before)


async def test_an_idle_line_that_mt4_dropped_is_found_by_the_next_call(
    server: Any, driver: Driver, target: Target
) -> None:
    session = await driver.open(target)
    server.run("cut")
    assert session.connected

    with pytest.raises(Indeterminate):
        await session.common()
    assert not session.connected
    again = await driver.open(target)
    assert await again.groups()


async def test_idle_objects_are_pinged_before_mt4_drops_them(server: Any, opened: Callable[..., Any]) -> None:
    session = await opened(keepalive_seconds=1.0)
    before = server.count("Ping")

    await server.until(lambda: server.count("Ping") >= before + 2)

    assert session.connected


async def test_a_keep_alive_that_fails_ends_the_session_before_a_call_does(
    server: Any, opened: Callable[..., Any]
) -> None:
    session = await opened(keepalive_seconds=1.0)
    server.run("cut")

    await server.until(lambda: not session.connected)

    with pytest.raises(NotSent, match="the session is over: Ping was answered 255"):
        await session.trade_transaction(deposit(1001, 5.0))
