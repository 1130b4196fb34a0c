"""How users and trades lie in SQL tables: one column a field, named as MT4 names it."""

from collections.abc import Callable
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


def user_reader() -> Callable[[Row], User]:
    """Give a reader of accounts that keeps equal texts once.

    Countries, groups and empty fields repeat: sharing them halves the memory of a large broker.
    """
    shared: dict[str, str] = {}

    def read(row: Row) -> User:
        values: list[Any] = [shared.setdefault(value, value) if type(value) is str else value for value in row]
        return User(**dict(zip(USER_COLUMNS, values, strict=True)))

    return read
