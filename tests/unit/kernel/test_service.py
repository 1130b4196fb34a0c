"""The parts together: started in order, stopped in any case, and told of what the pump brings."""

import asyncio
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from kernel.app import Application
from kernel.config import load
from kernel.drivers.simulator import SimulatorDriver
from kernel.drivers.simulator.clock import ManualClock
from kernel.drivers.simulator.faults import Fault, Plan
from kernel.drivers.simulator.server import TradeServer
from kernel.drivers.simulator.settings import Settings
from kernel.drivers.simulator.ticks import Tick
from kernel.enabled import enabled_plugins
from kernel.hooks import hookimpl
from kernel.records.server import Target
from kernel.service import Service, make_driver
from kernel.store.sqlite import SqliteStore
from kernel.testing import bench

Module = Callable[..., ModuleType]
Until = Callable[..., Any]
FEW = {"mt4.simulator.accounts": 1}


@pytest.fixture
def told() -> list[Any]:
    return []


@pytest.fixture
def hears(module: Module, told: list[Any]) -> ModuleType:
    """A plugin that notes whatever the trade server does."""

    @hookimpl
    async def on_price(price: Any) -> None:
        told.append(("price", price.symbol))

    @hookimpl
    async def on_trade(change: str, trade: Any) -> None:
        told.append(("trade", change, trade.cmd))

    @hookimpl
    async def on_user(change: str, user: Any) -> None:
        told.append(("user", change, user.login))

    @hookimpl
    async def on_connection(status: Any) -> None:
        told.append(("connection", status.connected))

    return module("hears", on_price=on_price, on_trade=on_trade, on_user=on_user, on_connection=on_connection)


async def test_what_the_pump_brings_reaches_the_plugins_in_order(
    hears: ModuleType, told: list[Any], until: Until
) -> None:
    async with bench(FEW, plugins={"hears": hears}) as kernel:
        kernel.server.apply_ticks([Tick("EURUSD", 1.1, 1.1001)])
        await kernel.client.put("/api/users/1001", json={"city": "Bern"})
        await kernel.client.post("/api/accounts/1001/deposit", json={"amount": 5})
        await until(lambda: ("trade", "close", 6) in told)

        assert told[0] == ("connection", True)
        assert ("price", "EURUSD") in told
        ours = [each for each in told if each[0] in {"user", "trade"}]
        assert [ours[0], ours[-1]] == [("user", "update", 1001), ("user", "update", 1001)]


async def test_plugins_hear_that_the_link_goes_and_comes_back(hears: ModuleType, told: list[Any], until: Until) -> None:
    async with bench(FEW, plugins={"hears": hears}) as kernel:
        await kernel.client.post("/api/test/disconnect")
        login = {"server": "mt4", "login": 224, "password": "your_manager_password"}
        await kernel.client.post("/api/test/connect", json=login)
        await until(lambda: told.count(("connection", True)) == 2)

    assert [each for each in told if each[0] == "connection"] == [
        ("connection", True),
        ("connection", False),
        ("connection", True),
    ]


async def test_the_stop_leaves_no_task_behind(hears: ModuleType) -> None:
    before = asyncio.all_tasks()
    async with bench(FEW, plugins={"hears": hears}) as kernel:
        await kernel.client.post("/api/accounts/1001/deposit", json={"amount": 5})
    await asyncio.sleep(0)

    assert asyncio.all_tasks() - before == set()


async def test_new_writes_during_the_stop_are_503_and_readiness_says_so() -> None:
    async with bench(FEW) as kernel:
        await kernel.service.gateway.stop()
        kernel.service.readiness.stopping = True
        answer = await kernel.client.post("/api/accounts/1001/deposit", json={"amount": 5})
        assert (answer.status_code, answer.json()["code"]) == (503, "shutting_down")
        assert (answer.json()["outcome"], answer.headers["Retry-After"]) == ("not_applied", "1")
        ready = await kernel.client.get("/api/health/ready")
        assert (ready.status_code, ready.json()["ready"]) == (503, False)


def service(folder: Any, *, driver: Any = None) -> Service:
    settings = load(None, {}, {"kernel.data": str(folder)})
    given = {"accounts": 0, "database": ":memory:", "tick_seconds": 0}
    driver = driver or SimulatorDriver(TradeServer(Settings(**given), folder, ManualClock()))
    return Service(settings, driver, enabled_plugins(settings))


async def test_a_start_that_fails_closes_what_it_had_opened(tmp_path: Any) -> None:
    class Broken(SimulatorDriver):
        async def start(self) -> None:
            raise OSError("no such library")

    given = {"accounts": 0, "database": ":memory:", "tick_seconds": 0}
    broken = Broken(TradeServer(Settings(**given), tmp_path, ManualClock()))
    app = Application(service(tmp_path, driver=broken))
    before = asyncio.all_tasks()
    with pytest.RaisesGroup(OSError, flatten_subgroups=True):
        async with app.litestar.lifespan():
            pass

    assert asyncio.all_tasks() == before
    store = SqliteStore(load(None, {}, {"kernel.data": str(tmp_path)}).store_path, exclusive=True)
    await store.open()  # would refuse, were the first one still open
    await store.close()


async def test_a_stop_that_breaks_somewhere_still_ends_everything_else(tmp_path: Any) -> None:
    running = service(tmp_path)
    await running.start()

    async def broken(_: float) -> None:
        raise RuntimeError("a bug")

    running.registry.drain = broken  # type: ignore[method-assign] - the bug is the test
    with pytest.raises(RuntimeError):
        await running.stop()

    assert not running.store.writable
    assert not running.connection.status().connected


async def test_a_server_that_is_down_leaves_the_service_up_and_answering_503(until: Until) -> None:
    pace = {"mt4.reconnect_first_seconds": 0.01, "mt4.reconnect_most_seconds": 0.02}
    async with bench(FEW | pace, faults=[Fault(call="open", kind="lost_before")]) as kernel:
        answer = await kernel.client.get("/api/users/1001")
        assert (answer.status_code, answer.json()["code"]) == (503, "mt4_not_connected")
        assert (await kernel.client.get("/api/health")).status_code == 200
        kernel.driver._trouble.plan = Plan()
        await until(lambda: kernel.service.connection.status().connected)
        assert (await kernel.client.get("/api/users/1001")).status_code == 200


def test_the_driver_of_the_settings_is_made(tmp_path: Any) -> None:
    driver = make_driver(load(None, {}, {"kernel.data": str(tmp_path)}))

    assert isinstance(driver, SimulatorDriver)


async def test_without_a_password_nothing_is_tried_until_somebody_connects(tmp_path: Any) -> None:
    server = TradeServer(Settings(accounts=0, database=":memory:", tick_seconds=0), tmp_path)
    driver = SimulatorDriver(server, Plan([Fault(call="open", kind="latency", seconds=0)]))
    settings = load(None, {}, {"kernel.data": str(tmp_path), "mt4.driver": "native"})
    running = Service(settings, driver, [])
    await running.start()
    try:
        assert driver._trouble.plan._matched == [0]
        status = running.connection.status()
        assert (status.connected, status.reconnects) == (False, 0)
        assert status.last_error == "the settings have no manager password: connect with POST /api/test/connect"

        await running.connection.connect(Target(server="mt4", login=224, password="your_manager_password"))
        assert running.connection.status().connected
    finally:
        await running.stop()


async def test_a_start_that_fails_leaves_no_user_whose_password_nobody_saw(tmp_path: Any) -> None:
    class Broken(SimulatorDriver):
        async def start(self) -> None:
            raise OSError("no such library")

    failing = service(tmp_path, driver=Broken(TradeServer(Settings(accounts=0), tmp_path)))
    with pytest.raises(OSError, match="no such library"):
        await failing.start()
    await failing.stop()

    later = service(tmp_path)
    assert await later.start() is not None
    await later.stop()
