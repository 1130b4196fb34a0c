"""One process serves from a store; the command line works beside it."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kernel.store import Statement, StoreUnusable
from kernel.store.migrations import Migration, shipped
from kernel.store.sqlite import SqliteStore

SERVER = """
import asyncio, sys
from kernel.store import Statement
from kernel.store.sqlite import SqliteStore

async def serve():
    store = SqliteStore(sys.argv[1], exclusive=True)
    await store.open()
    await store.write(Statement("CREATE TABLE note (id INTEGER PRIMARY KEY)"))
    print("serving", flush=True)
    number = 0
    while sys.stdin.readline():
        for number in range(number + 1, number + 101):
            await store.write(Statement("INSERT INTO note VALUES (?)", (number,)))
            print(number, flush=True)

asyncio.run(serve())
"""
USER = Statement("INSERT INTO api_user VALUES ('crm', 'x', 'admin', 1, 0, 1, 1)")


@pytest.fixture
def server(path: Path) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "serving\n"
        yield process
        process.kill()


async def test_a_second_serving_process_is_refused_and_told_who_serves(
    path: Path, server: "subprocess.Popen[str]"
) -> None:
    second = SqliteStore(path, exclusive=True)
    with pytest.raises(StoreUnusable, match=f"in use by process {server.pid}"):
        await second.open()

    server.kill()
    server.wait()
    await second.open()
    await second.close()


async def test_the_command_line_reads_and_writes_beside_a_server(path: Path, server: "subprocess.Popen[str]") -> None:
    beside = SqliteStore(path)
    await beside.open()
    await beside.write(USER)

    assert await beside.read("SELECT name FROM api_user") == [("crm",)]
    assert server.poll() is None
    await beside.close()


async def test_what_a_killed_server_had_written_is_there(path: Path, server: "subprocess.Popen[str]") -> None:
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write("go\n")
    server.stdin.flush()
    for _ in range(37):
        server.stdout.readline()
    server.send_signal(signal.SIGKILL)
    told = 37 + len([line for line in server.stdout.read().splitlines() if line])
    store = SqliteStore(path, exclusive=True)
    await store.open()
    rows = await store.read("SELECT id FROM note ORDER BY id")
    await store.close()

    assert rows[:told] == [(number,) for number in range(1, told + 1)]


async def test_a_newer_command_line_does_not_change_the_schema_under_a_server(
    path: Path, server: "subprocess.Popen[str]"
) -> None:
    newer = (*shipped(), Migration(len(shipped()) + 1, "more", "CREATE TABLE more (id BIGINT);"))
    with pytest.raises(StoreUnusable, match="older than this version"):
        await SqliteStore(path, migrations=newer).open()

    assert server.poll() is None


async def test_a_second_store_in_the_same_process_is_refused(path: Path, store: SqliteStore) -> None:
    with pytest.raises(StoreUnusable, match="in use by process"):
        await SqliteStore(path, exclusive=True).open()

    assert store.writable


async def test_a_name_through_a_link_meets_the_same_lock(tmp_path: Path, path: Path, store: SqliteStore) -> None:
    link = tmp_path / "link.sqlite3"
    link.symlink_to(path)
    with pytest.raises(StoreUnusable, match="in use by process"):
        await SqliteStore(link, exclusive=True).open()

    assert store.writable


async def test_a_server_may_start_while_the_command_line_is_at_work(path: Path) -> None:
    beside, serving = SqliteStore(path), SqliteStore(path, exclusive=True)
    await beside.open()
    await serving.open()
    await beside.write(USER)

    assert await serving.read("SELECT name FROM api_user") == [("crm",)]
    await beside.close()
    await serving.close()
