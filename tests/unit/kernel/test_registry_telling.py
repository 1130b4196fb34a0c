"""How plugins are told what has happened: each alone, in order, contained, and drained at the stop."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import structlog

from kernel import hooks
from kernel.hooks import hookimpl
from kernel.loader import Plugin
from kernel.records.market import Price
from kernel.records.users import User
from kernel.registry import Registry

Make = Callable[..., Plugin]


def price(symbol: str, bid: float) -> Price:
    return Price(
        symbol=symbol, bid=bid, ask=bid, high=bid, low=bid, digits=5, point=1e-5, spread=0, direction=0, lasttime=1
    )


async def test_what_is_told_comes_in_order_and_alone(plugin: Make) -> None:
    told: list[str] = []
    running = 0

    @hookimpl
    async def on_user(change: str) -> None:
        nonlocal running
        running += 1
        await asyncio.sleep(0.02 if change == "add" else 0)
        told.append(f"{change} {running}")
        running -= 1

    registry = Registry([plugin("a", on_user=on_user)], hook_seconds=1)
    for change in ("add", "update", "group", "delete"):
        registry.tell(hooks.on_user, change=change, user=User(login=1))
    await registry.drain(2)

    assert told == ["add 1", "update 1", "group 1", "delete 1"]


@pytest.mark.parametrize("error", [ValueError(), SystemExit(1), asyncio.CancelledError(), KeyboardInterrupt()])
async def test_a_plugin_that_breaks_when_told_harms_nobody(error: BaseException, plugin: Make) -> None:
    told: list[str] = []

    @hookimpl
    async def breaks(change: str) -> None:
        told.append(f"breaks {change}")
        raise error

    @hookimpl
    async def hears(change: str) -> None:
        told.append(f"hears {change}")

    registry = Registry([plugin("a", on_user=breaks), plugin("b", on_user=hears)], hook_seconds=1)
    for change in ("add", "update"):
        registry.tell(hooks.on_user, change=change, user=User(login=1))
    await registry.drain(2)

    assert sorted(told) == ["breaks add", "breaks update", "hears add", "hears update"]


async def test_a_plugin_that_hangs_when_told_misses_only_that(plugin: Make) -> None:
    told: list[str] = []

    @hookimpl
    async def on_user(change: str) -> None:
        if change == "add":
            await asyncio.sleep(3600)
        told.append(change)

    registry = Registry([plugin("a", on_user=on_user)], hook_seconds=0.02)
    for change in ("add", "update"):
        registry.tell(hooks.on_user, change=change, user=User(login=1))
    await registry.drain(2)

    assert told == ["update"]


async def test_a_slow_plugin_is_told_the_last_price_of_each_symbol(plugin: Make, until: Callable[..., Any]) -> None:
    told: list[tuple[str, float]] = []
    free = asyncio.Event()

    @hookimpl
    async def on_price(price: Price) -> None:
        told.append((price.symbol, price.bid))
        await free.wait()

    registry = Registry([plugin("slow", on_price=on_price)], hook_seconds=5)
    registry.tell(hooks.on_price, price=price("EURUSD", 1.0))
    await until(lambda: told)
    for bid in range(2, 5000):
        registry.tell(hooks.on_price, price=price("EURUSD", bid))
        registry.tell(hooks.on_price, price=price("GBPUSD", bid))
    free.set()
    await registry.drain(2)

    assert told == [("EURUSD", 1.0), ("EURUSD", 4999), ("GBPUSD", 4999)]


async def test_the_drain_waits_for_what_was_told_and_ends_the_tasks(plugin: Make) -> None:
    told: list[str] = []

    @hookimpl
    async def on_user(change: str) -> None:
        await asyncio.sleep(0.01)
        told.append(change)

    registry = Registry([plugin("a", on_user=on_user)], hook_seconds=1)
    before = asyncio.all_tasks()
    for change in ("add", "update", "delete"):
        registry.tell(hooks.on_user, change=change, user=User(login=1))
    await registry.drain(2)

    assert told == ["add", "update", "delete"]
    assert asyncio.all_tasks() == before


async def test_the_drain_ends_in_time_beside_a_plugin_that_cannot_be_ended(plugin: Make) -> None:
    enough = asyncio.Event()

    @hookimpl
    async def on_user() -> None:
        while not enough.is_set():
            try:
                await enough.wait()
            except asyncio.CancelledError:
                continue

    registry = Registry([plugin("a", on_user=on_user)], hook_seconds=60)
    registry.tell(hooks.on_user, change="add", user=User(login=1))
    try:
        async with asyncio.timeout(2):
            await registry.drain(0.05)
    finally:
        enough.set()


async def test_after_the_drain_nothing_is_told_and_no_task_begins(plugin: Make) -> None:
    told: list[str] = []

    @hookimpl
    async def on_user(change: str) -> None:
        told.append(change)

    registry = Registry([plugin("a", on_user=on_user)], hook_seconds=1)
    await registry.drain(1)
    before = asyncio.all_tasks()
    registry.tell(hooks.on_user, change="add", user=User(login=1))
    await asyncio.sleep(0)

    assert (told, asyncio.all_tasks()) == ([], before)


async def test_what_is_told_carries_the_log_context_of_its_cause_not_of_the_first_one(plugin: Make) -> None:
    seen: list[Any] = []

    @hookimpl
    async def on_user() -> None:
        seen.append(structlog.contextvars.get_contextvars().get("request_id"))

    registry = Registry([plugin("a", on_user=on_user)], hook_seconds=1)
    for request in ("r1", "r2"):
        with structlog.contextvars.bound_contextvars(request_id=request):
            registry.tell(hooks.on_user, change="add", user=User(login=1))
    await registry.drain(1)

    assert seen == ["r1", "r2"]
