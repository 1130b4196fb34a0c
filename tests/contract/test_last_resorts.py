"""What callers are told when the service itself has a bug, and while it stops."""

import tomllib
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import pytest_asyncio

from kernel.api import PUBLIC, get, hookimpl

pytestmark = pytest.mark.asyncio(loop_scope="module")
ROUTES = tomllib.loads((Path(__file__).parent / "cases/routes.toml").read_text("utf-8"))["route"]
WRITES = [route for route in ROUTES if "write" in route]


@get("/broken", scope=PUBLIC)
async def answer_brokenly() -> dict[str, str]:
    """Have a bug."""
    raise ZeroDivisionError("a secret of the inside")


@hookimpl
def register_routes() -> Sequence[Any]:
    return (answer_brokenly,)


def plugin() -> ModuleType:
    module = ModuleType("contract_broken")
    module.__dict__.update(api=1, register_routes=register_routes)
    return module


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stopping(hosting: Callable[..., AsyncGenerator[Any]]) -> AsyncGenerator[Any]:
    """A service that has begun to stop and still answers."""
    async for service in hosting():
        await service.bench.service.gateway.stop()
        yield service


async def test_a_bug_is_a_500_that_says_nothing_of_the_inside(serving: Any, settled: Any, failure: Any) -> None:
    async with serving(plugins={"broken": plugin()}) as service:
        answer = await service.stranger().get("/api/broken")
        words = "Something went wrong here; it is in the log under the request id"
        assert (answer.status_code, settled(answer)) == (500, failure("internal_error", words))
        assert (await service.client.get("/api/test/ping")).status_code == 200


@pytest.mark.parametrize("route", WRITES, ids=lambda route: f"{route['method']} {route['path']}")
async def test_a_stopping_service_takes_no_write(
    stopping: Any, settled: Any, failure: Any, route: Mapping[str, Any]
) -> None:
    before = await stopping.everything()

    answer = await stopping.send(route)

    words = "The service is stopping; nothing was sent"
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert settled(answer) == failure("shutting_down", words, retryable=True, outcome="not_applied")
    assert await stopping.everything() == before
