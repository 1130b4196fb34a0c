"""The store port: durable rows behind two calls, ``read`` and ``write``.

SQL is written once, with ``?`` for parameters and in what SQLite and PostgreSQL have in common. A
``write`` is one unit of work: all of its statements or none. Units that arrive together may share one
commit; each still succeeds or fails by itself.
"""

from collections.abc import Sequence
from typing import Any, ClassVar, Protocol

from msgspec import Struct

from kernel.errors import Unavailable

Value = str | int | float | bytes | None
Row = tuple[Any, ...]


class StoreUnusable(Exception):
    """The store cannot be opened; the text says why, and what to do. Raised at start only."""


class StoreUnavailable(Unavailable):
    """The store cannot serve now: busy, full, failed or closed. Nothing was written, as far as it knows.

    After a failed sync the disk may still hold the unit: look again before repeating what must not
    happen twice.
    """

    code: ClassVar[str] = "journal_unavailable"


class Duplicate(Exception):
    """The unit would break a primary key or a unique index; none of it was written."""


class Unmet(Exception):
    """A statement changed another number of rows than it was meant to; none of the unit was written."""


class Statement(Struct, frozen=True):
    """One SQL statement of a unit.

    ``expect`` is the number of rows that it must change. A compare-and-set is
    ``UPDATE … WHERE version = ?`` with ``expect=1``.
    """

    sql: str
    params: tuple[Value, ...] = ()
    expect: int | None = None


class Result(Struct, frozen=True):
    """What a statement did: the rows of its ``RETURNING``, and how many it changed."""

    rows: list[Row]
    changed: int


class Store(Protocol):
    """A place for rows, used from one event loop; no call does file work on that loop."""

    @property
    def writable(self) -> bool:
        """False once a sync has failed, and before ``open`` and after ``close``: for readiness."""
        ...

    async def open(self) -> None:
        """Bring the schema up to date and begin to serve; raises ``StoreUnusable``."""
        ...

    async def read(self, sql: str, params: Sequence[Value] = ()) -> list[Row]:
        """Answer a query from what is committed; raises ``StoreUnavailable``. It cannot write."""
        ...

    async def write(self, *statements: Statement) -> list[Result]:
        """Do all of the statements, or none, and return when they are on disk.

        Raises ``Duplicate``, ``Unmet`` or ``StoreUnavailable``. Once handed over, a unit is carried
        out even when the caller stops waiting.
        """
        ...

    async def close(self) -> None:
        """Finish what was handed over, then release everything; may be called twice."""
        ...
