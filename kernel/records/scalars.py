"""The small types that request bodies are made of, each refusing what MT4 could not hold.

Sources: ``spec/contract.md`` §1.7 for the wire, the MT4 structures for the limits (signed 32-bit
numbers, fixed ``char[n]`` texts in the server's ANSI code page).
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Final, Self, cast

from msgspec import Meta

INT32_MAX: Final = 2**31 - 1
_PLAIN_NUMBER: Final = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,8})?\Z")
_LONGEST_EXPONENT: Final = 32

Login = Annotated[int, Meta(gt=0, le=INT32_MAX)]
"""Number of a trading account: signed 32-bit, above zero."""

Ticket = Annotated[int, Meta(gt=0, le=INT32_MAX)]
"""Number of an order, a deal or a balance operation: one counter for all of them."""

Timestamp = Annotated[int, Meta(ge=0, le=INT32_MAX)]
"""Seconds of the server's own clock, counted as if it were UTC; 0 is none."""

Leverage = Annotated[int, Meta(ge=1, le=5000)]
"""The 100 of 1:100."""

Rate = Annotated[float, Meta(ge=-1e12, le=1e12)]
"""A finite number small enough that a double holds it with cents to spare."""


def room(size: int, *, least: int = 0) -> Meta:
    """Mark a text with the bytes that MT4 has for it, the closing NUL not counted.

    Characters are bounded here while decoding; bytes in the server's code page are counted by
    ``kernel.records.texts``, which alone knows the code page.
    """
    return Meta(min_length=least, max_length=size, extra={"bytes": size})


class Amount(Decimal):
    """Money as the caller wrote it, exact: at most 12 digits before the point and 8 behind.

    Taken from a JSON number or a decimal string. Refuses infinities, spaces, underscores and any
    digit that is not 0 to 9.
    """

    @classmethod
    def read(cls, value: object) -> Self:
        """Make one from decoded JSON; raises ``ValueError`` with what was expected."""
        if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < _LONGEST_EXPONENT:
            text = format(value, "f")
        elif isinstance(value, int | Decimal | str) and not isinstance(value, bool):
            text = str(value)
        else:
            text = ""
        if not _PLAIN_NUMBER.match(text):
            raise ValueError("Expected a plain decimal number, such as 100.50")
        return cls(text)


class Flag(int):
    """0 or 1, as MT4 keeps its booleans; true and false are understood."""

    @classmethod
    def read(cls, value: object) -> Self:
        """Make one from decoded JSON; raises ``ValueError`` for anything but 0, 1, true, false."""
        if not isinstance(value, int) or value not in {0, 1}:
            raise ValueError("Expected 0 or 1")
        return cls(value)


ON: Final = cast("Flag", 1)
OFF: Final = cast("Flag", 0)
"""Defaults of flags: plain integers, which msgspec can write into the API document."""


def unique(name: str, numbers: Sequence[int]) -> None:
    """Refuse a list that names a number twice; for a record's ``__post_init__``."""
    if len(set(numbers)) != len(numbers):
        seen: set[int] = set()
        doubled = next(number for number in numbers if number in seen or seen.add(number))
        raise ValueError(f"`$.{name}` has {doubled} twice")
