"""The same broker asked through the bridge and without it: every list the same, record by record."""

from pathlib import Path
from typing import Any

import msgspec

from kernel.bridge.worker import Job
from kernel.drivers import Driver, simulator
from kernel.drivers.simulator import Settings
from kernel.records.server import Target

US = Target(server="203.0.113.10:443", login=224, password="your_manager_password")
BROKER = Settings(accounts=300, seed=7, tick_seconds=0)
LISTS = ("groups", "symbols", "users", "trades", "online", "margins")


async def everything(driver: Driver) -> dict[str, Any]:
    session = await driver.open(US)
    found: dict[str, Any] = {name: list(await getattr(session, name)()) for name in LISTS}
    found["history"] = list(await session.adm_trades("*", open_only=False))
    found["common"] = await session.common()
    found["manager"] = session.manager
    found["price"] = await session.symbol_info("EURUSD")
    await session.close()
    return found


async def test_every_record_comes_through_the_bridge_as_it_is(tmp_path: Path, behind_a_bridge: Any) -> None:
    direct = simulator.make(BROKER, tmp_path)
    await direct.start()
    expected = await everything(direct)
    await direct.close()

    job = Job(driver="simulator", settings=BROKER, data=tmp_path, code_page="cp1252", log_level="error")
    async with behind_a_bridge(job) as driver:
        found = await everything(driver)

    assert len(expected["users"]) == 300
    assert len(msgspec.msgpack.encode(expected["history"])) > 1_000_000  # several pieces
    assert found == expected
