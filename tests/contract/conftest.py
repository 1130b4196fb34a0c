"""One service for a module of reads, and one of its own for a test that writes or breaks something."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
import pytest_asyncio
import structlog

Serving = Callable[..., AbstractAsyncContextManager[Any]]


@pytest.fixture(scope="module", autouse=True)
def plain_log() -> Iterator[None]:
    """Write the log in plain lines: coloured tracebacks of thousands of refusals would take most of the time."""
    structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()])
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def hosting(serving: Serving) -> Callable[..., AsyncGenerator[Any]]:
    """Start a service for a fixture of one's own: ``async for service in hosting(settings={…}): yield service``."""
    return lambda *faults, **options: _hosted(serving(*faults, **options))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(hosting: Callable[..., AsyncGenerator[Any]]) -> AsyncGenerator[Any]:
    """A service for all tests of a module: whoever uses it leaves it connected."""
    async for service in hosting():
        yield service


@pytest.fixture
async def service(hosting: Callable[..., AsyncGenerator[Any]]) -> AsyncGenerator[Any]:
    """A service of the test's own."""
    async for service in hosting():
        yield service


async def _hosted(serving: AbstractAsyncContextManager[Any]) -> AsyncGenerator[Any]:
    """Start and stop in one task, as the service needs it: a fixture's two halves run in two."""
    started: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    over = asyncio.Event()

    async def live() -> None:
        async with serving as service:
            started.set_result(service)
            await over.wait()

    host = asyncio.create_task(live())
    await asyncio.wait({host, started}, return_when=asyncio.FIRST_COMPLETED)
    if host.done():
        await host
    yield started.result()
    over.set()
    await host
