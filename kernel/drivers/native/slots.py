"""MT4's methods as functions: by name, from their place in the object's table of methods.

``__stdcall`` on Windows with the object as first argument, the machine's one convention elsewhere.
"""

import ctypes
import sys
from collections.abc import Callable
from functools import cache
from typing import Any, Final

from kernel.drivers.native.facts import Slot, facts

WORD: Final = ctypes.sizeof(ctypes.c_void_p)
_SIMPLE: Final[dict[str, Any]] = {
    "None": None,
    "c_int32": ctypes.c_int32,
    "c_uint32": ctypes.c_uint32,
    "c_double": ctypes.c_double,
    "c_char_p": ctypes.c_char_p,
}
"""All other types are pointers and handles, as wide as the machine's words."""

if sys.platform == "win32":
    _function: Final = ctypes.WINFUNCTYPE
else:
    _function: Final = ctypes.CFUNCTYPE

Notify: Final = _function(None, ctypes.c_int32, ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p)
"""``MTAPI_NOTIFY_FUNC_EX``: code, type, data, param. Called on a thread of the library's own."""


@cache
def index_of(name: str) -> int:
    """Find a method's place; raises ``KeyError`` for a name that is none, or two."""
    found = [index for index, slot in enumerate(facts().slots) if slot.name == name]
    if len(found) != 1:
        raise KeyError(name)
    return found[0]


def bound(address: int, name: str) -> Callable[..., Any]:
    """Give a method of the object at an address; without the address, which it adds itself."""
    table = ctypes.c_void_p.from_address(address).value or 0
    entry = ctypes.c_void_p.from_address(table + index_of(name) * WORD).value or 0
    method = _prototype(name)(entry)

    def call(*arguments: Any) -> Any:
        return method(address, *arguments)

    return call


@cache
def _prototype(name: str) -> Any:
    slot = facts().slots[index_of(name)]
    return _function(_type_of(slot.returns), ctypes.c_void_p, *_arguments(slot))


def _arguments(slot: Slot) -> list[Any]:
    return [_type_of(parameter.type) for parameter in slot.parameters]


def _type_of(name: str) -> Any:
    return _SIMPLE.get(name, ctypes.c_void_p)
