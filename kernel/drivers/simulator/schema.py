"""The simulator's SQLite file: its tables, its version, and what makes one unusable."""

import os
import secrets
import sqlite3
from pathlib import Path
from typing import Final

from kernel.drivers.simulator.rows import ddl
from kernel.drivers.simulator.settings import IN_MEMORY
from kernel.records.trades import Trade
from kernel.records.users import User

VERSION: Final = 1
APPLICATION: Final = 0x4D543453
"""``MT4S``: tells our file from any other SQLite database."""

_TABLES: Final = (
    f"CREATE TABLE users({ddl(User, 'login')}, main_digest BLOB, investor_digest BLOB, phone_digest BLOB)",
    f"CREATE TABLE trades({ddl(Trade, 'order')})",
    "CREATE TABLE config(kind TEXT, name TEXT, position INTEGER, record BLOB, PRIMARY KEY(kind, name))",
    "CREATE TABLE marks(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE quotes(symbol TEXT PRIMARY KEY, bid REAL, ask REAL, high REAL, low REAL, time INTEGER, sdir INTEGER)",
    (
        "CREATE TABLE mails(id INTEGER PRIMARY KEY, "
        "time INTEGER, login INTEGER, sender TEXT, subject TEXT, body TEXT, logins TEXT)"
    ),
    "CREATE TABLE secret(key BLOB NOT NULL)",
)
_INDEXES: Final = (
    'CREATE INDEX open_trades ON trades("order") WHERE state < 3',
    "CREATE INDEX history ON trades(login, close_time)",
    "CREATE INDEX agent_commissions ON trades(login, close_time) WHERE commission_agent <> 0 AND state >= 3",
    "CREATE INDEX credits ON trades(expiration) WHERE cmd = 7 AND expiration > 0",
)


class UnusableDatabase(Exception):
    """The file cannot be the simulator's state; the text says why and what to do."""


def connect(path: str) -> sqlite3.Connection:
    """Open the file, alone: a second process on one state would see none of the first one's changes."""
    if path != IN_MEMORY:
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # SQLite's own files take over these rights
    try:
        # The first start generates in a thread, so that it can be interrupted; calls never overlap.
        connection = sqlite3.connect(path, timeout=2.0, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
    except sqlite3.DatabaseError as error:
        raise UnusableDatabase(f"{path}: {_reason(error)}") from error
    return connection


def is_new(connection: sqlite3.Connection, path: str) -> bool:
    """Whether nothing is in it yet; raises ``UnusableDatabase`` for what is not ours or another version."""
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
        return True
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
        raise UnusableDatabase(f"{path} is a database of something else; name another file")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != VERSION:
        raise UnusableDatabase(
            f"{path} has schema version {version} and this program reads version {VERSION}; "
            "name another file, or remove this one to start with a new broker"
        )
    return False


def create(connection: sqlite3.Connection) -> None:
    """Lay the tables, inside the caller's transaction; indexes come when they are full."""
    for statement in _TABLES:
        connection.execute(statement)
    connection.execute("INSERT INTO secret VALUES(?)", (secrets.token_bytes(32),))
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {VERSION}")


def index(connection: sqlite3.Connection) -> None:
    """Lay the indexes, once the tables are filled."""
    for statement in _INDEXES:
        connection.execute(statement)


def _reason(error: sqlite3.DatabaseError) -> str:
    text = str(error)
    if "locked" in text:
        return "another process uses this simulator; stop it, or name another file"
    return f"cannot be opened as a database ({text})"
