"""What the SQLite store promises to those who read and write."""

import asyncio
import sqlite3
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from kernel.store import Duplicate, Result, Statement, StoreUnavailable, StoreUnusable, Unmet
from kernel.store.sqlite import MEMORY, SqliteStore

Hold = Callable[[], Awaitable[tuple[threading.Event, "asyncio.Future[None]"]]]

INSERT = "INSERT INTO note (text) VALUES (?)"
ALL = "SELECT text FROM note ORDER BY id"


async def test_what_was_written_is_there_after_a_restart(path: Path, store: SqliteStore) -> None:
    await store.write(Statement(INSERT, ("Grüße",)))
    await store.close()
    again = SqliteStore(path, exclusive=True)
    await again.open()

    assert await again.read(ALL) == [("Grüße",)]
    await again.close()


async def test_a_write_says_what_it_changed_and_returned(store: SqliteStore) -> None:
    results = await store.write(
        Statement(INSERT + " RETURNING id", ("one",), expect=1),
        Statement("UPDATE note SET text = text || '!'", expect=1),
        Statement("SELECT text FROM note"),
    )

    assert results == [Result([(1,)], 1), Result([], 1), Result([("one!",)], 0)]


async def test_a_unit_that_fails_at_its_end_leaves_nothing_of_its_beginning(store: SqliteStore) -> None:
    with pytest.raises(Duplicate, match="note"):
        await store.write(Statement(INSERT, ("a",)), Statement(INSERT, ("a",)))

    assert await store.read(ALL) == []


async def test_a_compare_and_set_that_finds_another_state_writes_nothing(store: SqliteStore) -> None:
    await store.write(Statement(INSERT, ("new",)))
    with pytest.raises(Unmet):
        await store.write(
            Statement(INSERT, ("beside",)),
            Statement("UPDATE note SET text = 'sent' WHERE text = 'checked'", expect=1),
        )

    assert await store.read(ALL) == [("new",)]


async def test_of_many_that_compare_and_set_at_once_one_wins(store: SqliteStore) -> None:
    await store.write(Statement(INSERT, ("checked",)))
    claim = Statement("UPDATE note SET text = 'sending' WHERE text = 'checked'", expect=1)
    answers = await asyncio.gather(*(store.write(claim) for _ in range(50)), return_exceptions=True)

    assert sum(isinstance(answer, list) for answer in answers) == 1
    assert sum(isinstance(answer, Unmet) for answer in answers) == 49


async def test_callers_that_queue_during_a_commit_share_the_next(store: SqliteStore, hold_writer: Hold) -> None:
    commits: list[str] = []
    store._connections[0].set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
    gate, held = await hold_writer()
    writes = [asyncio.ensure_future(store.write(Statement(INSERT, (str(i),)))) for i in range(64)]
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(held, *writes)

    assert len(commits) == 2
    assert len(await store.read(ALL)) == 64


async def test_a_unit_that_fails_does_not_touch_those_that_share_its_commit(
    store: SqliteStore, hold_writer: Hold
) -> None:
    gate, _ = await hold_writer()
    texts = ["a", "b", "a", "c"]
    writes = [asyncio.ensure_future(store.write(Statement(INSERT, (text,)))) for text in texts]
    await asyncio.sleep(0)
    gate.set()
    answers = await asyncio.gather(*writes, return_exceptions=True)

    assert [type(answer) for answer in answers] == [list, list, Duplicate, list]
    assert await store.read(ALL) == [("a",), ("b",), ("c",)]


async def test_a_read_does_not_wait_for_a_write(store: SqliteStore, hold_writer: Hold) -> None:
    gate, _ = await hold_writer()
    write = asyncio.ensure_future(store.write(Statement(INSERT, ("later",))))

    assert await store.read(ALL) == []
    assert not write.done()
    gate.set()
    await write


async def test_a_caller_that_stops_waiting_does_not_stop_its_write(store: SqliteStore, hold_writer: Hold) -> None:
    gate, _ = await hold_writer()
    write = asyncio.ensure_future(store.write(Statement(INSERT, ("kept",))))
    neighbour = asyncio.ensure_future(store.write(Statement(INSERT, ("next",))))
    await asyncio.sleep(0)
    write.cancel()
    gate.set()
    await asyncio.wait_for(asyncio.gather(write, neighbour, return_exceptions=True), 10)

    assert write.cancelled()
    assert await store.read(ALL) == [("kept",), ("next",)]


async def test_close_finishes_what_was_handed_over(path: Path, store: SqliteStore) -> None:
    writes = [asyncio.ensure_future(store.write(Statement(INSERT, (str(i),)))) for i in range(600)]
    await asyncio.sleep(0)
    await store.close()
    await asyncio.gather(*writes)

    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM note").fetchone() == (600,)
    connection.close()


async def test_a_closed_store_refuses_and_may_be_closed_again(store: SqliteStore) -> None:
    await store.close()
    await store.close()

    assert not store.writable
    with pytest.raises(StoreUnavailable):
        await store.write(Statement(INSERT, ("late",)))
    with pytest.raises(StoreUnavailable):
        await store.read(ALL)
    with pytest.raises(StoreUnusable):
        await store.open()


@pytest.mark.parametrize("where", ["file", MEMORY])
async def test_a_read_cannot_write(tmp_path: Path, where: str) -> None:
    store = SqliteStore(MEMORY if where == MEMORY else tmp_path / "store.sqlite3")
    await store.open()
    await store.write(Statement("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT UNIQUE)"))
    with pytest.raises(StoreUnavailable):
        await store.read(INSERT, ("sneaked",))
    await store.write(Statement(INSERT, ("after",)))

    assert await store.read(ALL) == [("after",)]
    await store.close()


async def test_commits_wait_for_the_disk(store: SqliteStore) -> None:
    assert store._writer is not None
    pragmas = await store._writer.submit(
        lambda connection: [
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
        ]
    )

    assert pragmas == ["wal", 2]


async def test_a_full_disk_refuses_the_unit_and_heals_with_room(store: SqliteStore) -> None:
    def limit(pages: int) -> Callable[[sqlite3.Connection], object]:
        return lambda connection: connection.execute(f"PRAGMA max_page_count = {pages}").fetchone()

    assert store._writer is not None
    await store._writer.submit(limit(1))
    with pytest.raises(StoreUnavailable, match="full"):
        await store.write(Statement(INSERT, ("x" * 1_000_000,)))
    await store._writer.submit(limit(1_000_000))
    await store.write(Statement(INSERT, ("small",)))

    assert store.writable
    assert await store.read(ALL) == [("small",)]


async def test_a_mistake_in_sql_reaches_its_author_unchanged(store: SqliteStore) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await store.read("SELECT * FROM nowhere")
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await store.write(Statement("DELETE FROM nowhere"))


async def test_too_many_waiting_writes_are_refused(
    store: SqliteStore, hold_writer: Hold, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kernel.store.writer.QUEUE_LIMIT", 3)
    gate, _ = await hold_writer()
    writes = [asyncio.ensure_future(store.write(Statement(INSERT, (str(i),)))) for i in range(4)]
    await asyncio.sleep(0)
    gate.set()
    answers = await asyncio.gather(*writes, return_exceptions=True)

    assert [type(answer) for answer in answers] == [list, list, list, StoreUnavailable]
