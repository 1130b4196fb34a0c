"""Stores in real files, opened and closed around a test."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from kernel.store import Statement
from kernel.store.sqlite import SqliteStore

Gate = tuple[threading.Event, "asyncio.Future[None]"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "store.sqlite3"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(path, exclusive=True)
    await store.open()
    await store.write(Statement("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT UNIQUE)"))
    yield store
    await store.close()


@pytest.fixture
async def hold_writer(store: SqliteStore) -> AsyncIterator[Callable[[], Awaitable[Gate]]]:
    """Keep the writer's thread busy until the event is set, so that what is written meanwhile queues up."""
    opened: list[threading.Event] = []

    async def hold() -> Gate:
        assert store._writer is not None
        gate, inside = threading.Event(), threading.Event()
        opened.append(gate)

        def wait(_: object) -> None:
            inside.set()
            assert gate.wait(30)

        held = store._writer.submit(wait)
        await asyncio.to_thread(inside.wait, 30)
        return gate, held

    yield hold
    for gate in opened:
        gate.set()
