"""The one thread that writes to a SQLite store, committing what queued up meanwhile together."""

import asyncio
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any, Final

from msgspec import Struct

from kernel.store import Duplicate, StoreUnavailable

Work = Callable[[sqlite3.Connection], Any]

QUEUE_LIMIT: Final = 10_000
"""Units that may wait; past it a caller is refused at once."""

_BATCH_LIMIT: Final = 512
_UNIQUE: Final = frozenset(
    {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID}
)
_TROUBLE: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    }
)


class _Job(Struct, frozen=True):
    work: Work
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop


class _Failed(Struct, frozen=True):
    error: Exception


def translated(error: Exception) -> Exception:
    """Say a SQLite error in the port's words; one that can only be our own mistake stays as it is."""
    code = getattr(error, "sqlite_errorcode", 0)
    if code in _UNIQUE:
        said: Exception = Duplicate(str(error))
    elif code & 0xFF in _TROUBLE:
        said = StoreUnavailable(f"The store cannot serve now: {error}")
    else:
        return error
    said.__cause__ = error
    return said


class Writer:
    """Owns the connection from ``start`` to ``stop``; no other thread may touch it in between."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._open = threading.Lock()
        self._stopped = False
        self._broken = False
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)

    @property
    def sound(self) -> bool:
        """False after stop, and after an input or output error: a sync that failed once proves nothing later."""
        return not (self._stopped or self._broken)

    def start(self) -> None:
        """Begin to take work."""
        self._thread.start()

    def submit(self, work: Work) -> asyncio.Future[Any]:
        """Queue a unit; the future has its result once the commit is on disk."""
        with self._open:
            if self._stopped:
                raise StoreUnavailable("The store is closed")
            if self._broken:
                raise StoreUnavailable("The store takes no writes since its disk failed; restart after looking at it")
            if self._jobs.qsize() >= QUEUE_LIMIT:
                raise StoreUnavailable("Too many writes are waiting")
            loop = asyncio.get_running_loop()
            future: asyncio.Future[Any] = loop.create_future()
            self._jobs.put(_Job(work, future, loop))
        return future

    def stop(self) -> None:
        """Finish what was queued, then end the thread; blocks until then."""
        with self._open:
            if not self._stopped:
                self._stopped = True
                self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        ended = False
        while not ended and (first := self._jobs.get()) is not None:
            batch, ended = self._gather(first)
            self._finish(batch)

    def _gather(self, first: _Job) -> tuple[list[_Job], bool]:
        batch = [first]
        while len(batch) < _BATCH_LIMIT:
            try:
                job = self._jobs.get_nowait()
            except Empty:
                break
            if job is None:
                return batch, True
            batch.append(job)
        return batch, False

    def _finish(self, batch: list[_Job]) -> None:
        pairs: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Any]]] = defaultdict(list)
        for job, outcome in zip(batch, self._commit(batch), strict=True):
            pairs[job.loop].append((job.future, outcome))
        for loop, settled in pairs.items():
            try:
                loop.call_soon_threadsafe(_settle, settled)
            except RuntimeError:
                continue  # the loop has ended, and with it whoever waited

    def _commit(self, batch: list[_Job]) -> list[Any]:
        if self._broken:
            return [_Failed(StoreUnavailable("The store's disk failed; nothing was written")) for _ in batch]
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            outcomes = [self._attempt(job.work) for job in batch]
            self._connection.execute("COMMIT")
        except Exception as error:  # noqa: BLE001 - whatever it is, every caller of the batch must hear of it
            self._broken = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_IOERR
            self._roll_back()
            return [_Failed(translated(error)) for _ in batch]
        return outcomes

    def _attempt(self, work: Work) -> Any:
        self._connection.execute("SAVEPOINT unit")
        try:
            outcome = work(self._connection)
        except Exception as error:
            if not self._connection.in_transaction:
                raise  # SQLite gave up the whole transaction (disk full, I/O error): no unit of the batch is in it
            self._connection.execute("ROLLBACK TO unit")
            outcome = _Failed(translated(error))
        self._connection.execute("RELEASE unit")
        return outcome

    def _roll_back(self) -> None:
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error:
            self._broken = True


def _settle(settled: list[tuple[asyncio.Future[Any], Any]]) -> None:
    for future, outcome in settled:
        if future.done():
            continue  # cancelled: the caller stopped waiting
        if isinstance(outcome, _Failed):
            future.set_exception(outcome.error)
        else:
            future.set_result(outcome)
