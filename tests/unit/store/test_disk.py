"""A disk that fails under the store."""

import subprocess
import sys
from pathlib import Path

import pytest

resource = pytest.importorskip("resource", reason="file size limits exist on POSIX only")

SCRIPT = """
import asyncio, resource, sys
from kernel.store import Statement, StoreUnavailable
from kernel.store.sqlite import SqliteStore

async def attempt(store, text):
    try:
        await store.write(Statement("INSERT INTO note VALUES (?)", (text,)))
    except StoreUnavailable as error:
        return error.code
    return "written"

async def main():
    store = SqliteStore(sys.argv[1], exclusive=True)
    await store.open()
    await store.write(Statement("CREATE TABLE note (text TEXT)"))
    said = [await attempt(store, "before")]
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
    said += await asyncio.gather(attempt(store, "x" * 1_000_000), attempt(store, "neighbour"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    said.append(await attempt(store, "after"))
    print(said, store.writable, await store.read("SELECT text FROM note"))
    await store.close()

asyncio.run(main())
"""


def test_after_an_input_or_output_error_nothing_is_written_until_a_restart(path: Path) -> None:
    script = [sys.executable, "-c", SCRIPT, str(path)]
    done = subprocess.run(script, capture_output=True, text=True, check=False, timeout=60)

    refused = "journal_unavailable"
    assert done.stdout == f"{['written', refused, refused, refused]} False [('before',)]\n", done.stderr
