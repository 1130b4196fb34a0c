"""A second, independent record of every balance and credit row, for trials that count the money.

One JSON line a row, on disk before the caller has its answer. A process killed between the commit and
the line writes the line at its next start, so that the file always ends up telling what was booked.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from kernel.records.trades import Trade

_KEPT: Final = ("order", "login", "cmd", "profit", "comment", "expiration", "close_time")


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One booked row: ``profit`` is the signed amount, ``close_time`` server seconds."""

    order: int
    login: int
    cmd: int
    profit: float
    comment: str
    expiration: int
    close_time: int


class _Start(msgspec.Struct, frozen=True):
    after: int


class Ledger:
    """The file, opened for appending."""

    def __init__(self, path: Path, lastorder: int) -> None:
        """Open it; a new one starts after the ticket ``lastorder``."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._cut_torn_line(path)
        if not path.exists() or path.stat().st_size == 0:
            path.write_bytes(msgspec.json.encode(_Start(lastorder)) + b"\n")
        start, entries = _read(path)
        self.last = entries[-1].order if entries else start
        self._file = path.open("ab")

    def append(self, rows: Iterable[Trade]) -> None:
        """Write rows and wait until they are on disk."""
        entries = [Entry(**{name: getattr(row, name) for name in _KEPT}) for row in rows if row.order > self.last]
        if not entries:
            return
        self._file.write(b"".join(msgspec.json.encode(entry) + b"\n" for entry in entries))
        self._file.flush()
        os.fsync(self._file.fileno())
        self.last = entries[-1].order

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @staticmethod
    def _cut_torn_line(path: Path) -> None:
        if path.exists():
            whole, newline, torn = path.read_bytes().rpartition(b"\n")
            if torn:
                path.write_bytes(whole + newline)


def read(path: Path) -> list[Entry]:
    """Read a ledger; raises ``ValueError`` for a file that is none."""
    return _read(path)[1]


def _read(path: Path) -> tuple[int, list[Entry]]:
    head, *lines = path.read_bytes().splitlines()
    try:
        start = msgspec.json.decode(head, type=_Start)
        return start.after, [msgspec.json.decode(line, type=Entry) for line in lines]
    except msgspec.DecodeError as error:
        raise ValueError(f"{path} is not a ledger of the simulator ({error})") from error
