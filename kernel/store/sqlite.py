"""The store in one SQLite file: a writer thread with group commit, and readers beside it."""

import asyncio
import sqlite3
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final

from kernel.store import Result, Row, Statement, StoreUnavailable, StoreUnusable, Unmet, Value
from kernel.store.lock import FileLock
from kernel.store.migrations import Migration, migrate, pending, shipped
from kernel.store.place import prepare
from kernel.store.writer import Work, Writer, translated

MEMORY: Final = ":memory:"
"""The path of a store that is gone when it is closed."""

_READERS: Final = 2
_BUSY_SECONDS: Final = 5.0
_LOCK_SECONDS: Final = 1.0
_LOCK_POLL_SECONDS: Final = 0.02


class SqliteStore:
    """A ``Store`` for one API node.

    ``exclusive`` is for the process that serves: a second one on the same file is refused. Without
    it (the command line), users are read and written beside a running server.
    """

    def __init__(
        self,
        path: Path | str,
        *,
        exclusive: bool = False,
        migrations: Sequence[Migration] | None = None,
        mounts: Path = Path("/proc/mounts"),
    ) -> None:
        """Remember where; nothing is touched before ``open``."""
        self._memory = str(path) == MEMORY
        self._path = Path(path) if self._memory else Path(path).resolve()
        self._exclusive = exclusive
        self._migrations = migrations
        self._mounts = mounts
        self._lock = FileLock(self._path.with_name(self._path.name + ".lock"))
        self._writer: Writer | None = None
        self._closed = False
        self._connections: list[sqlite3.Connection] = []
        self._idle: SimpleQueue[sqlite3.Connection] = SimpleQueue()
        self._readers: ThreadPoolExecutor | None = None

    @property
    def writable(self) -> bool:
        """Whether writes are taken."""
        return self._writer is not None and self._writer.sound

    async def open(self) -> None:
        """Lock, migrate, start the threads; raises ``StoreUnusable`` and then holds nothing."""
        if self._writer is not None:
            raise StoreUnusable(f"The store {self._path} was opened before; make another one")
        await asyncio.to_thread(self._open)

    async def read(self, sql: str, params: Sequence[Value] = ()) -> list[Row]:
        """Query on a reader's connection, which cannot write."""
        writer = self._serving()
        if self._readers is None:
            return await writer.submit(lambda connection: _query_only(connection, sql, params))
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, sql, params)

    async def write(self, *statements: Statement) -> list[Result]:
        """Hand the unit to the writer and wait for its commit."""
        return await self._serving().submit(_unit(statements))

    async def close(self) -> None:
        """Drain the writer and the readers, then close the file and free the lock."""
        self._closed = True
        await asyncio.to_thread(self._close)

    def _serving(self) -> Writer:
        if self._writer is None or self._closed:
            raise StoreUnavailable("The store is closed")
        return self._writer

    def _open(self) -> None:
        migrations = shipped() if self._migrations is None else self._migrations
        if not self._memory:
            prepare(self._path, self._mounts)
        try:
            connection = self._connect()
            self._ready(connection, migrations)
            if not self._memory:
                self._start_readers()
        except (sqlite3.Error, OSError) as error:
            self._close()
            raise StoreUnusable(f"The store {self._path} cannot be opened: {error}") from error
        except BaseException:
            self._close()
            raise
        self._writer = Writer(connection)
        self._writer.start()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        self._connections.append(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    def _ready(self, connection: sqlite3.Connection, migrations: Sequence[Migration]) -> None:
        """Migrate under the lock; beside a server that holds it, only see that nothing is pending."""
        deadline = time.monotonic() + _LOCK_SECONDS
        while not (self._memory or self._lock.acquire()):
            if not self._exclusive and _up_to_date(connection, migrations):
                return
            if time.monotonic() > deadline:
                raise StoreUnusable(self._taken())
            time.sleep(_LOCK_POLL_SECONDS)
        pending(connection, migrations)  # before the journal mode, which would already change a stranger's file
        (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != ("memory" if self._memory else "wal"):
            raise StoreUnusable(f"The store {self._path} cannot use a write-ahead log here; its journal is {mode}")
        migrate(connection, migrations, int(time.time()))
        if not self._exclusive:
            self._lock.release()

    def _taken(self) -> str:
        wish = "One process serves from a store" if self._exclusive else "Its schema is older than this version's"
        return f"The store {self._path} is in use by process {self._lock.holder()}. {wish}: stop that one first"

    def _start_readers(self) -> None:
        for _ in range(_READERS):
            connection = self._connect()
            connection.execute("PRAGMA query_only = ON")
            self._idle.put(connection)
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="store-reader")

    def _read(self, sql: str, params: Sequence[Value]) -> list[Row]:
        connection = self._idle.get()
        try:
            return connection.execute(sql, params).fetchall()
        except sqlite3.Error as error:
            said = translated(error)
            if said is error:
                raise
            raise said from error
        finally:
            self._idle.put(connection)

    def _close(self) -> None:
        if self._writer is not None:
            self._writer.stop()
        if self._readers is not None:
            self._readers.shutdown(wait=True)
        for connection in reversed(self._connections):
            with suppress(sqlite3.Error):  # a failed disk must not keep the lock; what was promised is committed
                connection.close()
        self._connections.clear()
        self._lock.release()


def _up_to_date(connection: sqlite3.Connection, migrations: Sequence[Migration]) -> bool:
    try:
        return not pending(connection, migrations)
    except sqlite3.OperationalError:
        return False  # another process is just making the file


def _unit(statements: Sequence[Statement]) -> Work:
    def work(connection: sqlite3.Connection) -> list[Result]:
        results: list[Result] = []
        for statement in statements:
            cursor = connection.execute(statement.sql, statement.params)
            rows: list[Row] = cursor.fetchall()
            # The count of a statement with RETURNING is right only after its rows were fetched.
            if statement.expect is not None and cursor.rowcount != statement.expect:
                raise Unmet(f"{cursor.rowcount} rows instead of {statement.expect}: {statement.sql}")
            results.append(Result(rows, max(cursor.rowcount, 0)))
        return results

    return work


def _query_only(connection: sqlite3.Connection, sql: str, params: Sequence[Any]) -> list[Row]:
    connection.execute("PRAGMA query_only = ON")
    try:
        return connection.execute(sql, params).fetchall()
    finally:
        connection.execute("PRAGMA query_only = OFF")
