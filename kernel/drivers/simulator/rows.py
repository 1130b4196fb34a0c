"""How users and trades lie in SQL tables: one column a field, named as MT4 names it."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from msgspec.structs import astuple, fields

from kernel.records.trades import Trade
from kernel.records.users import User

Row = tuple[Any, ...]
_SQL_TYPES: Final[dict[Any, str]] = {int: "INTEGER", float: "REAL", str: "TEXT"}
_RATES: Final = "conv_rates"
_RATE_COLUMNS: Final = ("conv_rate_open", "conv_rate_close")

USER_COLUMNS: Final = tuple(f.name for f in fields(User))
_RATES_AT: Final = [f.name for f in fields(Trade)].index(_RATES)
TRADE_COLUMNS: Final = tuple(name for f in fields(Trade) for name in (_RATE_COLUMNS if f.name == _RATES else (f.name,)))
_TRADE_FIELDS: Final = tuple(f.name for f in fields(Trade))


def ddl(record: type[User] | type[Trade], key: str) -> str:
    """Write the column definitions of a record's table, ``key`` being its primary key."""
    parts: list[str] = []
    for field in fields(record):
        names = _RATE_COLUMNS if field.name == _RATES else (field.name,)
        sql = _SQL_TYPES.get(field.type, "REAL")
        parts += [f'"{name}" {sql} {"PRIMARY KEY" if name == key else "NOT NULL"}' for name in names]
    return ", ".join(parts)


def quoted(names: tuple[str, ...]) -> str:
    """List column names for a statement; some are words of SQL."""
    return ", ".join(f'"{name}"' for name in names)


def user_row(user: User) -> Row:
    """Lay an account out in the order of ``USER_COLUMNS``."""
    return astuple(user)


def trade_row(trade: Trade) -> Row:
    """Lay a trade out in the order of ``TRADE_COLUMNS``."""
    values = astuple(trade)
    return (*values[:_RATES_AT], *values[_RATES_AT], *values[_RATES_AT + 1 :])


def trade_of(row: Row) -> Trade:
    """Read a trade back."""
    values: Row = (*row[:_RATES_AT], (row[_RATES_AT], row[_RATES_AT + 1]), *row[_RATES_AT + 2 :])
    return Trade(**dict(zip(_TRADE_FIELDS, values, strict=True)))


def user_of(row: Row) -> User:
    """Read an account back."""
    return User(**dict(zip(USER_COLUMNS, row, strict=True)))


def thrifty(rows: Iterable[Row]) -> Iterator[Row]:
    """Keep equal texts and zeros of many rows once: it halves the memory of a large broker."""
    shared: dict[Any, Any] = {0.0: 0.0}
    for row in rows:
        yield tuple(shared.setdefault(v, v) if type(v) is str or (v == 0.0 and type(v) is float) else v for v in row)
