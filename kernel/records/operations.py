"""What a write is called from the moment it is asked for: its id, and which try it is."""

import secrets
from typing import Final

from msgspec import Struct

_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHARACTERS: Final = 26
_RANDOM_BITS: Final = 80


class Operation(Struct, frozen=True, kw_only=True):
    """One write. ``attempt`` is above 1 when a check is asked again after a crash."""

    id: str
    attempt: int = 1


def new_operation(now: float) -> Operation:
    """Name a new operation: ``op_`` and 26 characters of Crockford base32, milliseconds first."""
    number = int(now * 1000) << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    digits = (_CROCKFORD[number >> 5 * place & 31] for place in reversed(range(_CHARACTERS)))
    return Operation(id="op_" + "".join(digits))
