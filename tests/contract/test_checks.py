"""A plugin's check stops every write: a veto with its reason, a check that cannot be made with nothing sent."""

import asyncio
import tomllib
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import pytest_asyncio

from kernel.api import Refused, hookimpl

pytestmark = pytest.mark.asyncio(loop_scope="module")
ROUTES = tomllib.loads((Path(__file__).parent / "cases/routes.toml").read_text("utf-8"))["route"]
WRITES = [route for route in ROUTES if "write" in route]
HOOKS = {
    11: "pre_user_create",
    12: "pre_user_update",
    13: "pre_password_change",
    14: "pre_deposit",
    15: "pre_withdrawal",
    16: "pre_credit",
    30: "pre_trade_modify",
    31: "pre_trades_delete",
    32: "pre_mail",
    33: "pre_group_operation",
}


def name(route: Mapping[str, Any]) -> str:
    return f"{route['method']} {route['path']}"


def plugin(called: str, check: Callable[[], Awaitable[Any]]) -> ModuleType:
    """Make a plugin that answers every ``pre_`` hook alike."""
    module = ModuleType(called)
    module.__dict__["api"] = 1
    for hook in HOOKS.values():

        async def implementation() -> Any:
            return await check()

        implementation.__name__ = hook
        setattr(module, hook, hookimpl(implementation))
    return module


async def refuse() -> None:
    raise Refused("closed for today")


async def divide() -> float:
    return 1 / 0


async def leave() -> None:
    raise SystemExit(1)


async def sleep() -> None:
    await asyncio.Event().wait()


async def agree() -> bool:
    return True


async def nothing() -> None:
    return None


BROKEN = {"raising": divide, "leaving": leave, "sleeping": sleep, "answering": agree}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def vetoing(hosting: Callable[..., AsyncGenerator[Any]]) -> AsyncGenerator[Any]:
    plugins = {"passing": plugin("contract_passing", nothing), "limits": plugin("contract_limits", refuse)}
    async for service in hosting(plugins=plugins):
        yield service


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=BROKEN)
async def broken(hosting: Callable[..., AsyncGenerator[Any]], request: Any) -> AsyncGenerator[Any]:
    check = plugin(f"contract_{request.param}", BROKEN[request.param])
    async for service in hosting(plugins={"checks": check}, settings={"kernel.hook_seconds": 0.2}):
        yield service


async def test_every_write_has_its_hook() -> None:
    assert sorted(HOOKS) == sorted(route["number"] for route in WRITES)


@pytest.mark.parametrize("route", WRITES, ids=name)
async def test_a_veto_is_a_conflict_with_the_plugins_reason_and_nothing_is_sent(
    vetoing: Any, settled: Any, failure: Any, route: Mapping[str, Any]
) -> None:
    before = await vetoing.everything()

    answer = await vetoing.send(route)

    more = {"plugin": "limits", "reason": "closed for today", "outcome": "not_applied"}
    assert answer.status_code == 409
    assert settled(answer) == failure("operation_rejected", "Refused by limits: closed for today", **more)
    assert await vetoing.everything() == before


@pytest.mark.parametrize("route", WRITES, ids=name)
async def test_a_check_that_cannot_be_made_has_not_been_passed(
    broken: Any, settled: Any, failure: Any, route: Mapping[str, Any]
) -> None:
    before = await broken.everything()

    answer = await broken.send(route)

    words = "The check of checks could not be made; nothing was sent"
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert settled(answer) == failure("check_failed", words, retryable=True, plugin="checks", outcome="not_applied")
    assert await broken.everything() == before
