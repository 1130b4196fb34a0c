"""Files of recorded ticks: a CSV of time, symbol, bid and ask."""

import csv
import math
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct

_HEADER: Final = ["time", "symbol", "bid", "ask"]


class Tick(Struct, frozen=True, gc=False):
    """One new quote of a symbol, as it comes in."""

    symbol: str
    bid: float
    ask: float


def check(path: Path, known: Container[str] | None = None) -> float:
    """Read a file through and give its first time; ``ValueError`` names the line that is wrong.

    An empty file, one that cannot be read and, with ``known``, a symbol that is not among them are
    wrong as well.
    """
    first: float | None = None
    for time, _ in read(path, known):
        if first is None:
            first = time
    if first is None:
        raise ValueError(f"{path}: there are no ticks in it")
    return first


def read(path: Path, known: Container[str] | None = None) -> Iterator[tuple[float, Tick]]:
    """Give times and ticks line by line; raises ``ValueError`` as ``check`` does."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            if next(rows, None) != _HEADER:
                raise ValueError(f"{path}, line 1: the header must be {','.join(_HEADER)}")
            last = -math.inf
            for row in rows:
                if row:
                    time, tick = _tick(row, known, f"{path}, line {rows.line_num}")
                    if time < last:
                        raise ValueError(f"{path}, line {rows.line_num}: time {row[0]} is before the line above")
                    last = time
                    yield time, tick
    except OSError as error:
        raise ValueError(f"{path}: cannot be read ({error.strerror or error})") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: is not text in UTF-8") from error
    except csv.Error as error:
        raise ValueError(f"{path}: is no CSV ({error})") from error


def _tick(row: list[str], known: Container[str] | None, place: str) -> tuple[float, Tick]:
    if len(row) != len(_HEADER):
        raise ValueError(f"{place}: {len(row)} values where {','.join(_HEADER)} are asked for")
    symbol = row[1]
    if not symbol or (known is not None and symbol not in known):
        raise ValueError(f"{place}: there is no symbol {symbol!r}")
    time, bid, ask = (_number(row[index], _HEADER[index], place) for index in (0, 2, 3))
    if not 0 < bid <= ask:
        raise ValueError(f"{place}: bid {row[2]} and ask {row[3]} are no prices (0 < bid <= ask)")
    return time, Tick(symbol, bid, ask)


def _number(text: str, name: str, place: str) -> float:
    try:
        number = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number < 0:
        raise ValueError(f"{place}: {name} {text!r} is no number")
    return number
