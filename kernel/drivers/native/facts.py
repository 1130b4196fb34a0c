"""The facts of MT4's binary interface that the package carries: names, types, offsets, slots (``abi.json``).

Data rather than generated code: a change is one line that says which fact changed, and everything that
depends on it is made from it when it is used.
"""

from functools import cache
from importlib.resources import files
from typing import Final, Literal

import msgspec

VERSION: Final = 400
"""``MtManVersion`` above the 16 lower bits: the version of the interface."""
BUILD: Final = 1403
"""The newest build whose declarations were compared with these facts."""
OLDEST_BUILD: Final = 950
"""Builds before it lack slots and have other fields; the table only grew since."""


class Field(msgspec.Struct, frozen=True, array_like=True):
    """One field of a structure, in bytes from its start; ``count`` and ``inner`` are 0 where it is no array.

    Types are those of ctypes, the name of a structure, or ``time32``: signed seconds of the server's clock.
    """

    name: str
    type: str
    offset: int
    size: int
    count: int = 0
    inner: int = 0


class Structure(msgspec.Struct, frozen=True):
    """One structure; ``pack`` 8 is natural alignment, 1 none."""

    size: int
    align: int
    pack: Literal[1, 8]
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field:
        """Find a field; raises ``KeyError``."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)


class Parameter(msgspec.Struct, frozen=True, array_like=True):
    """One argument of a method, after the object itself."""

    name: str
    type: str


class Slot(msgspec.Struct, frozen=True, array_like=True):
    """One method of the object; its place in the list is its place in the table of methods."""

    name: str
    returns: str
    parameters: tuple[Parameter, ...]


class Facts(msgspec.Struct, frozen=True):
    """All of them."""

    structs: dict[str, Structure]
    slots: tuple[Slot, ...]


@cache
def facts() -> Facts:
    """Read them, once."""
    return msgspec.json.decode(files("kernel.drivers.native").joinpath("abi.json").read_bytes(), type=Facts)
