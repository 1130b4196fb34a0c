"""The driver as the kernel uses it: made, started, opened, closed."""

import asyncio
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from kernel.drivers import NotSent, Rejected
from kernel.drivers.simulator import Settings, SimulatorDriver, make
from kernel.drivers.simulator.faults import BadPlan
from kernel.records.events import PriceEvent
from kernel.records.server import Target

US = Target(server="mt4.example.com:443", login=224, password="your_manager_password")


async def started(data: Path, **options: object) -> SimulatorDriver:
    driver = make(Settings(**{"accounts": 5, "tick_seconds": 0, **options}), data)
    await driver.start()
    return driver


async def test_a_driver_serves_between_start_and_close_and_keeps_its_state(tmp_path: Path) -> None:
    driver = make(Settings(accounts=5, tick_seconds=0), tmp_path)
    assert not await driver.reachable()
    with pytest.raises(NotSent):
        await driver.open(US)
    await driver.start()
    session = await driver.open(US)
    users = await session.users()
    assert (len(users), users[0].login, await driver.reachable()) == (5, 1001, True)

    await driver.close()
    await driver.close()
    assert not session.connected
    with pytest.raises(NotSent):
        await session.users()
    assert (tmp_path / "simulator.sqlite3").exists()

    again = await started(tmp_path, accounts=99)
    assert await (await again.open(US)).users() == users
    await again.close()


async def test_prices_move_by_themselves(tmp_path: Path) -> None:
    driver = await started(tmp_path, tick_seconds=0.001, database=":memory:")
    events = (await driver.open(US)).events()
    event = await asyncio.wait_for(anext(events), 10)

    assert isinstance(event, PriceEvent)
    await driver.close()


async def test_recorded_ticks_are_played(tmp_path: Path) -> None:
    (tmp_path / "ticks.csv").write_text("time,symbol,bid,ask\n0,EURUSD,1.5,1.5002\n")
    driver = await started(tmp_path, tick_seconds=0.001, ticks="ticks.csv", database=":memory:")
    event = await asyncio.wait_for(anext((await driver.open(US)).events()), 10)

    assert isinstance(event, PriceEvent)
    assert (event.price.symbol, event.price.bid) == ("EURUSD", 1.5)
    await driver.close()


async def test_a_bad_file_of_ticks_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "ticks.csv").write_text("time,symbol,bid,ask\n0,NOSUCH,1.5,1.5002\n")
    driver = make(Settings(accounts=1, ticks="ticks.csv", database=":memory:"), tmp_path)
    with pytest.raises(ValueError, match="line 2"):
        await driver.start()
    await driver.close()


async def test_an_outdated_server_says_5(tmp_path: Path) -> None:
    driver = await started(tmp_path, old_version=True, database=":memory:")
    with pytest.raises(Rejected) as caught:
        await driver.open(US)

    assert caught.value.retcode == 5
    await driver.close()


async def test_a_plan_can_keep_sessions_from_opening(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(
        "[[fault]]\ncall='open'\nkind='lost_before'\nnth=1\n[[fault]]\ncall='open'\nkind='refuse'\nretcode=8\nnth=2\n"
    )
    driver = await started(tmp_path, faults="plan.toml", database=":memory:")
    with pytest.raises(NotSent):
        await driver.open(US)
    with pytest.raises(Rejected) as caught:
        await driver.open(US)

    assert (caught.value.retcode, (await driver.open(US)).connected) == (8, True)
    await driver.close()


async def test_a_start_that_is_cancelled_leaves_nothing_behind(tmp_path: Path) -> None:
    driver = make(Settings(accounts=100_000, tick_seconds=0), tmp_path)
    starting = asyncio.ensure_future(driver.start())
    await asyncio.wait({starting}, timeout=0.3)
    starting.cancel()
    await asyncio.wait({starting})
    assert starting.cancelled()

    again = await started(tmp_path)
    assert len(await (await again.open(US)).users()) == 5
    await again.close()


@pytest.mark.parametrize(
    "options",
    [
        {"accounts": -1},
        {"tick_seconds": -1},
        {"timezone": 99},
        {"manager_rights": ["sing"]},
        {"unknown": 1},
        {"idle_seconds": 0},
    ],
)
def test_settings_that_cannot_work_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(options, Settings)


def test_settings_are_filled_from_a_table() -> None:
    assert msgspec.convert({"accounts": 7, "manager_rights": ["money"]}, Settings) == Settings(
        accounts=7, manager_rights=("money",)
    )


def test_a_broken_plan_stops_making_the_driver(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text("nonsense")
    with pytest.raises(BadPlan):
        make(Settings(faults="plan.toml"), tmp_path)


def test_the_driver_loads_no_web_stack() -> None:
    code = "import sys, kernel.drivers.simulator; print([m for m in ('litestar', 'pluggy') if m in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "[]"
