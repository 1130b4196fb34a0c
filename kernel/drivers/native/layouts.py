"""MT4's structures as ctypes, made from the facts and held against them.

Fixed-width types only, so that a layout is the same in a 32-bit and a 64-bit process and on every
system: ``long`` and ``wchar_t`` differ, pointers inside structures are 32 bits wide everywhere.
"""

import ctypes
from functools import cache
from typing import Any, Final

from kernel.drivers.native.facts import Field, facts

_TYPES: Final[dict[str, type[Any]]] = {
    "c_char": ctypes.c_char,
    "c_ubyte": ctypes.c_uint8,
    "c_int16": ctypes.c_int16,
    "c_uint16": ctypes.c_uint16,
    "c_int32": ctypes.c_int32,
    "c_uint32": ctypes.c_uint32,
    "c_int64": ctypes.c_int64,
    "c_float": ctypes.c_float,
    "c_double": ctypes.c_double,
    "time32": ctypes.c_int32,
}


class WrongLayout(Exception):
    """This machine lays a structure out otherwise than MT4 does: nothing may be sent from it."""


@cache
def structure(name: str) -> type[ctypes.Structure]:
    """Make a structure; raises ``WrongLayout`` when a size or an offset is not MT4's, ``KeyError`` for no name."""
    fact = facts().structs[name]
    members: dict[str, Any] = {"_fields_": [(field.name, _type_of(field)) for field in fact.fields]}
    if fact.pack == 1:
        members["_pack_"] = 1
    made = type(name, (ctypes.Structure,), members)
    if (ctypes.sizeof(made), ctypes.alignment(made)) != (fact.size, fact.align):
        raise WrongLayout(f"{name} takes {ctypes.sizeof(made)} bytes here and {fact.size} in MT4")
    for field in fact.fields:
        here = getattr(made, field.name)
        if (here.offset, here.size) != (field.offset, field.size):
            raise WrongLayout(f"{name}.{field.name} is at {here.offset} here and at {field.offset} in MT4")
    return made


def _type_of(field: Field) -> type[Any]:
    kind: Any = _TYPES.get(field.type) or structure(field.type)
    if field.inner:
        kind = kind * field.inner
    return kind * field.count if field.count else kind
