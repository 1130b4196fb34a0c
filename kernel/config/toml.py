"""TOML as text: one value read, keys and values written."""

import datetime as dt
import json
import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Final, cast

from msgspec import Struct, structs

from kernel.config.secret import STARS, Secret, looks_secret

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+\Z")
_LONGEST_NAME: Final = 64
DEEPEST: Final = 32
"""Levels of tables and arrays that settings may have; more is a mistake or an attack."""


def parsed(text: str) -> object:
    """Read a single TOML value; raises ``ValueError`` for anything else."""
    try:
        document = tomllib.loads(f"value = {text}")
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if len(document) != 1 or depth(document) > DEEPEST:
        raise ValueError("not a single value")
    return document["value"]


def depth(value: object) -> int:
    """Count the levels of tables and arrays, without recursion of its own."""
    levels, here = 0, [value]
    while here := [inner for outer in here for inner in _members(outer)]:
        levels += 1
    return levels


def _members(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return cast("dict[str, object]", value).values()
    return cast("list[object]", value) if isinstance(value, list) else ()


def key(name: str) -> str:
    """Write a key, in quotes where TOML asks for them; a very long one is cut."""
    short = name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "…"
    return short if _BARE.match(short) else quoted(short)


def quoted(text: str) -> str:
    """Write a text as a basic string in one line; what is not printable is escaped."""
    return '"' + "".join(_escaped(char) for char in text) + '"'


def _escaped(char: str) -> str:
    if char in {'"', "\\"}:
        return "\\" + char
    if char.isprintable():
        return char
    code = ord(char)
    if 0xD800 <= code <= 0xDFFF:  # noqa: PLR2004 - the range of lone surrogates, which TOML cannot hold
        return "\\uFFFD"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"  # noqa: PLR2004 - what four digits hold


def value(item: object) -> str:
    """Write a value in one line; secrets, and texts in members named like one, become stars."""
    if isinstance(item, Secret):
        return quoted(STARS if item else "")
    if isinstance(item, Enum):
        return value(item.value)
    if isinstance(item, Struct):
        return _table({field.encode_name: getattr(item, field.name) for field in structs.fields(item)})
    if isinstance(item, Mapping):
        return _table({str(name): inner for name, inner in cast("Mapping[object, object]", item).items()})
    if isinstance(item, list | tuple | set | frozenset):
        return "[" + ", ".join(map(value, cast("Iterable[object]", item))) + "]"
    return _scalar(item)


def member(name: str, item: object) -> str:
    """Write the value of a named member; a text becomes stars where the name says that it is secret."""
    hide = bool(item) and not isinstance(item, bool | int | float | None) and looks_secret(name)
    return quoted(STARS) if hide else value(item)


def _table(members: Mapping[str, object]) -> str:
    written = [f"{key(name)} = {member(name, item)}" for name, item in members.items() if item is not None]
    return "{ " + ", ".join(written) + " }" if written else "{}"


def _scalar(item: object) -> str:
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, float):
        return repr(item) if math.isfinite(item) else str(item).lower()
    if isinstance(item, int):
        return json.dumps(item)
    if isinstance(item, dt.datetime | dt.date | dt.time):
        return item.isoformat()
    return quoted(format(item, "f") if isinstance(item, Decimal) else str(item))
