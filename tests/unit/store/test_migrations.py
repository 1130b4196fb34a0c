"""The schema's history is applied once, in order, and believed only when it is ours."""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from kernel.store import StoreUnusable
from kernel.store.migrations import Migration, shipped
from kernel.store.sqlite import SqliteStore

ONE = Migration(1, "one", "-- first\nCREATE TABLE one (id BIGINT);\nINSERT INTO one VALUES (1);\n")
TWO = Migration(2, "two", "CREATE TABLE two (\n    text TEXT DEFAULT 'a;b'\n);\nINSERT INTO one VALUES (2);\n")


async def open_and_close(path: Path, migrations: Sequence[Migration] | None = None) -> None:
    store = SqliteStore(path, migrations=migrations)
    await store.open()
    await store.close()


def visit(path: Path, migrations: Sequence[Migration] | None = None) -> None:
    asyncio.run(open_and_close(path, migrations))


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def test_a_new_store_has_the_schema_that_is_shipped(path: Path) -> None:
    visit(path)

    assert rows(path, "SELECT number, name, sha256 FROM schema_migration") == [
        (each.number, each.name, each.sha256) for each in shipped()
    ]
    assert rows(path, "SELECT count(*) FROM api_user") == [(0,)]


def test_an_older_store_gets_what_it_lacks_once(path: Path) -> None:
    visit(path, [ONE])
    visit(path, [ONE, TWO])
    visit(path, [ONE, TWO])

    assert rows(path, "SELECT id FROM one") == [(1,), (2,)]
    assert rows(path, "SELECT name FROM schema_migration") == [("one",), ("two",)]


def test_a_migration_that_fails_leaves_the_store_as_it_was(path: Path) -> None:
    visit(path, [ONE])
    broken = msgspec.structs.replace(TWO, sql=f"{TWO.sql}DROP TABLE nowhere;\n")
    with pytest.raises(StoreUnusable, match="nowhere"):
        visit(path, [ONE, broken])

    assert rows(path, "SELECT name FROM sqlite_master ORDER BY name") == [
        ("one",),
        ("schema_migration",),
        ("sqlite_autoindex_schema_migration_1",),
    ]
    visit(path, [ONE, TWO])


@pytest.mark.parametrize(
    ("migrations", "said"),
    [
        ([msgspec.structs.replace(ONE, sql=ONE.sql + "-- edited\n"), TWO], "0001_one is not the text"),
        ([ONE], "newer version"),
        ([ONE, msgspec.structs.replace(TWO, number=3)], "never had migration 0003_two"),
    ],
)
def test_a_past_that_is_not_ours_is_refused(path: Path, migrations: list[Migration], said: str) -> None:
    visit(path, [ONE, TWO])
    with pytest.raises(StoreUnusable, match=said):
        visit(path, migrations)
    visit(path, [ONE, TWO])

    assert rows(path, "SELECT id FROM one") == [(1,), (2,)]


def test_a_migration_that_ends_inside_a_statement_is_refused(path: Path) -> None:
    with pytest.raises(StoreUnusable, match="0001_cut ends inside a statement"):
        visit(path, [Migration(1, "cut", "CREATE TABLE one (id BIGINT);\nCREATE TABLE two (")])

    assert rows(path, "SELECT name FROM sqlite_master") == []


def test_a_database_of_another_program_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (id)")
    before = path.read_bytes()
    with pytest.raises(StoreUnusable, match="another program"):
        visit(path)

    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"name,balance\n" * 500)
    with pytest.raises(StoreUnusable, match="not a database"):
        visit(path)

    assert path.read_bytes() == b"name,balance\n" * 500


async def test_those_that_open_a_new_store_at_once_make_one_schema(path: Path) -> None:
    await asyncio.gather(*(open_and_close(path) for _ in range(4)))

    assert rows(path, "SELECT count(*) FROM schema_migration") == [(len(shipped()),)]


def test_a_checkout_with_other_line_ends_has_the_same_checksum() -> None:
    assert msgspec.structs.replace(ONE, sql=ONE.sql.replace("\n", "\r\n")).sha256 == ONE.sha256
