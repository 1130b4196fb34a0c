"""The schema's history: numbered SQL files, applied in order, each remembered with its checksum."""

import hashlib
import re
import sqlite3
from collections.abc import Iterator, Sequence
from importlib import resources
from typing import Final

from msgspec import Struct

from kernel.store import StoreUnusable

_FILE_NAME: Final = re.compile(r"([0-9]{4})_([a-z0-9_]+)\.sql\Z")
_CREATE: Final = """CREATE TABLE IF NOT EXISTS schema_migration (
    number     BIGINT NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    sha256     TEXT   NOT NULL,
    applied_at BIGINT NOT NULL
)"""


class Migration(Struct, frozen=True):
    """One step of the schema; never edited after a release, only followed by another."""

    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """The checksum of the text, with plain newlines whatever the checkout made of them."""
        return hashlib.sha256(self.sql.replace("\r\n", "\n").encode()).hexdigest()


def shipped() -> tuple[Migration, ...]:
    """Read the migrations that come with this version; raises ``StoreUnusable`` when one is missing."""
    found = sorted(
        (
            Migration(int(named[1]), named[2], file.read_text(encoding="utf-8"))
            for file in (resources.files("kernel.store") / "migrations").iterdir()
            if (named := _FILE_NAME.match(file.name))
        ),
        key=lambda migration: migration.number,
    )
    if not found or [each.number for each in found] != list(range(1, len(found) + 1)):
        raise StoreUnusable("This installation is incomplete: its schema migrations are not 1, 2, 3 and so on")
    return tuple(found)


def pending(connection: sqlite3.Connection, migrations: Sequence[Migration]) -> Sequence[Migration]:
    """Say which migrations are still to apply; raises ``StoreUnusable`` when the past is not ours."""
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "schema_migration" not in tables:
        if tables:
            raise StoreUnusable("The file is a database of another program: it holds tables but none of our history")
        return migrations
    applied = connection.execute("SELECT number, name, sha256 FROM schema_migration ORDER BY number").fetchall()
    if len(applied) > len(migrations):
        raise StoreUnusable(
            f"The store was made by a newer version: its schema is at {applied[-1][0]}, "
            f"this version knows {len(migrations)}. Install that version, or restore a backup made before it"
        )
    for (number, name, sha256), known in zip(applied, migrations, strict=False):
        if number != known.number:
            raise StoreUnusable(f"The store never had migration {known.number:04}_{known.name}, but has later ones")
        if sha256 != known.sha256:
            raise StoreUnusable(
                f"Migration {known.number:04}_{known.name} is not the text that made this store "
                f"(there it is {name}, SHA-256 {sha256[:12]}…, here {known.sha256[:12]}…)"
            )
    return migrations[len(applied) :]


def migrate(connection: sqlite3.Connection, migrations: Sequence[Migration], now: int) -> None:
    """Apply what is pending, all of it or nothing, in the connection's autocommit mode."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for migration in pending(connection, migrations):
            connection.execute(_CREATE)
            for statement in _statements(migration):
                connection.execute(statement)
            connection.execute(
                "INSERT INTO schema_migration (number, name, sha256, applied_at) VALUES (?, ?, ?, ?)",
                (migration.number, migration.name, migration.sha256, now),
            )
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _statements(migration: Migration) -> Iterator[str]:
    # executescript() would commit first and leave half a migration behind a failure.
    text = ""
    for line in migration.sql.splitlines(keepends=True):
        text += line
        if sqlite3.complete_statement(text):
            yield text
            text = ""
    if text.strip():
        raise StoreUnusable(f"Migration {migration.number:04}_{migration.name} ends inside a statement")
