"""One service for a module of reads, and one of its own for a test that writes or breaks something."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
import pytest_asyncio


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(serving: Callable[..., AbstractAsyncContextManager[Any]]) -> AsyncGenerator[Any]:
    """A service for all tests of a module: whoever uses it leaves it connected."""
    async with serving() as service:
        yield service


@pytest.fixture
async def service(serving: Callable[..., AbstractAsyncContextManager[Any]]) -> AsyncGenerator[Any]:
    """A service of the test's own."""
    async with serving() as service:
        yield service
