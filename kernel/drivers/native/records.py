"""Rows of MT4's structures as the kernel's records, by the names that both have in common."""

import logging
import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Generic, TypeVar

import msgspec

from kernel.drivers.native.facts import Field, facts
from kernel.drivers.native.texts import Texts

T = TypeVar("T", bound=msgspec.Struct)
Finish = Callable[[dict[str, Any]], None]
CODES: Final[Mapping[str, str]] = {
    "c_char": "B",
    "c_ubyte": "B",
    "c_int16": "h",
    "c_uint16": "H",
    "c_int32": "i",
    "c_uint32": "I",
    "c_int64": "q",
    "c_float": "f",
    "c_double": "d",
    "time32": "i",
}
_LARGEST: Final = 1e300
"""MT4 writes ``DBL_MAX`` for a figure that is not set."""
_log = logging.getLogger(__name__)


class Rows(Generic[T]):
    """Reads one structure as one record.

    Whatever the bytes are, a record comes out: a number that is none or far out of range is 0, a time
    beyond 2038 (negative, in MT4's 32 bits) is 0, an unknown enumeration value stays its number.
    """

    def __init__(
        self, name: str, record: type[T], texts: Texts, *, also: tuple[str, ...] = (), finish: Finish | None = None
    ) -> None:
        """Read the fields that the record has too, and those of ``also``, which ``finish`` turns into members."""
        fact = facts().structs[name]
        wanted = {*record.__struct_fields__, *also}
        self.fields: Final = tuple(field for field in fact.fields if field.name in wanted and field.type in CODES)
        self.size: Final = fact.size
        self._record, self._text, self._finish = record, texts, finish
        self._structure = struct.Struct(_format(self.fields, fact.size))
        self._names = tuple(_columns(self.fields))
        places = list(enumerate(_kinds(self.fields)))
        self._texts = tuple((place, f"{name}.{self._names[place]}") for place, kind in places if kind == "s")
        self._numbers = tuple((place, f"{name}.{self._names[place]}") for place, kind in places if kind in "df")
        self._times = tuple(place for place, kind in places if kind == "t")

    def read(self, data: memoryview | bytes) -> list[T]:
        """Read whole rows that lie one after the other."""
        record = self._record
        return [record(**row) for row in self.members(data)]

    def members(self, data: memoryview | bytes) -> Iterator[dict[str, Any]]:
        """Read the rows' members by name."""
        decode, finish = self._text.decode, self._finish
        for values in self._structure.iter_unpack(data):
            row = list(values)
            for place, where in self._texts:
                row[place] = decode(row[place], where) if row[place][0] else ""
            for place, where in self._numbers:
                if not -_LARGEST < row[place] < _LARGEST:
                    row[place] = self._tamed(row[place], where)
            for place in self._times:
                row[place] = max(row[place], 0)
            members = dict(zip(self._names, row, strict=True))
            if finish is not None:
                finish(members)
            yield members

    def _tamed(self, number: float, where: str) -> float:
        if number != number:  # noqa: PLR0124 - the one thing that differs from itself is what is looked for
            _log.warning("%s is not a number; it is shown as 0", where)
        return 0.0


def _format(fields: tuple[Field, ...], size: int) -> str:
    """Write the fields for ``struct``, with pads for all that lies between."""
    parts, at = ["<"], 0
    for field in sorted(fields, key=lambda field: field.offset):
        parts.append(f"{field.offset - at}x")
        parts.append(f"{field.count}s" if _is_text(field) else f"{field.count or 1}{CODES[field.type]}")
        at = field.offset + field.size
    return "".join((*parts, f"{size - at}x"))


def _columns(fields: tuple[Field, ...]) -> Iterator[str]:
    for field in fields:
        if field.count and not _is_text(field):
            yield from (f"{field.name}[{place}]" for place in range(field.count))
        else:
            yield field.name


def _kinds(fields: tuple[Field, ...]) -> Iterator[str]:
    for field in fields:
        kind = "s" if _is_text(field) else "t" if field.type == "time32" else CODES[field.type]
        yield from [kind] * (1 if kind == "s" else field.count or 1)


def _is_text(field: Field) -> bool:
    return field.type == "c_char" and field.count > 0
