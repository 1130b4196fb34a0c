"""The simulator's broker in the stand-in: two servers written apart have to say the same of it."""

import ctypes
import runpy
import struct
import time
from pathlib import Path
from typing import Any, Final

import pytest

from kernel.drivers.simulator import catalogue
from kernel.drivers.simulator.generator import Opened, accounts
from kernel.drivers.simulator.margin import level
from kernel.drivers.simulator.market import Market

_ACCOUNTS: Final = 150
_SEED: Final = 5


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Market, list[Opened]]:
    """A file with the broker, and the broker."""
    path = tmp_path_factory.mktemp("world") / "world"
    script = Path(__file__).resolve().parents[2] / "standin" / "world.py"
    with path.open("wb") as file:
        runpy.run_path(str(script))["write"](file, _ACCOUNTS, _SEED, "cp1251")
    now = int(time.time()) + 7200
    market = Market(catalogue.symbols())
    for symbol, (bid, ask) in catalogue.first_prices().items():
        market.tick(symbol, bid, ask, now)
    return path, market, list(accounts(_SEED, _ACCOUNTS, now, market, catalogue.groups(), "cp1251"))


@pytest.fixture
def loaded(standin: Any, world: tuple[Path, Market, list[Opened]], make: Any) -> Any:
    """An object on the stand-in that holds the world."""
    standin.run("reset")
    standin.run("setting tick_seconds 0")
    assert standin.run(f"world {world[0]}") == ""
    return make().on_line()


def test_margins_are_those_that_the_simulator_computes(loaded: Any, world: Any, raw: Any) -> None:
    _, market, opened = world
    groups = {group.group: group for group in catalogue.groups()}
    buffer = ctypes.create_string_buffer(88)
    found, expected = [], []
    for one in opened:
        assert loaded.call(156, one.user.login, buffer, kinds=(raw.i32, raw.ptr)) == 0
        found.append(struct.unpack_from("<ddi4xdddii", buffer, 32))
        margin = level(one.user, groups[one.user.group], one.open_trades, market)
        figures = (margin.balance, margin.equity, margin.volume, margin.margin, margin.margin_free, margin.margin_level)
        expected.append((*figures, margin.margin_type, margin.level_type))

    assert found == expected
    assert sum(row[3] > 0 for row in found) > _ACCOUNTS // 4


def test_accounts_groups_symbols_and_trades_are_all_there(standin: Any, loaded: Any, world: Any) -> None:
    _, market, opened = world
    users = loaded.rows(97, 1120)
    loaded.call(85)

    assert users.read(0) == [one.user.login for one in opened]
    assert [name.decode("cp1251") for name in users.text(108, 128)] == [one.user.name for one in opened]
    assert loaded.rows(93, 13696).text(0, 16) == [group.group.encode() for group in catalogue.groups()]
    assert loaded.rows(86, 1936).text(0, 12) == [name.encode() for name in market.symbols]
    assert standin.count("open") == sum(len(one.open_trades) for one in opened)
    assert standin.count("closed") == sum(len(one.history) for one in opened)
