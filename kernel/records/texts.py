"""Whether a record's texts fit MT4: bytes in the server's code page, no control characters.

MT4 keeps texts as ``char[n]`` in an ANSI code page and would cut or garble what does not fit, so what
does not fit is refused.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from msgspec import Meta, Struct
from msgspec.structs import fields

from kernel.errors import BadInput, FieldError

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
"""Some code pages do encode the upper ones."""


def refuse_misfits(record: Struct, code_page: str) -> None:
    """Raise ``BadInput`` that names every text of a request body that MT4 could not hold."""
    if errors := list(_misfits(record, code_page)):
        raise BadInput(errors)


def fitting(text: str, size: int, code_page: str) -> str | None:
    """Say what is wrong with a text for ``size`` bytes, or None when it fits."""
    if _CONTROLS.search(text):
        return "must not hold control characters"
    try:
        encoded = text.encode(code_page)
    except UnicodeEncodeError as error:
        return f"{text[error.start]!r} is not in the server's code page {code_page}"
    if encoded.decode(code_page) != text:
        return f"would come back as another text from the code page {code_page}"
    length = len(encoded)
    return f"is {length} bytes in {code_page}, MT4 has room for {size}" if length > size else None


def _misfits(record: Struct, code_page: str) -> Iterator[FieldError]:
    for name, encoded, size in _text_fields(type(record)):
        value = getattr(record, name)
        if isinstance(value, str) and (problem := fitting(value, size, code_page)):
            yield FieldError(loc=("body", encoded), message=problem)


@cache
def _text_fields(record: type[Struct]) -> tuple[tuple[str, str, int], ...]:
    hints = get_type_hints(record, include_extras=True)
    found = ((field, _bytes_of(hints[field.name])) for field in fields(record))
    return tuple((field.name, field.encode_name, size) for field, size in found if size is not None)


def _bytes_of(hint: Any) -> int | None:
    if get_origin(hint) is not Annotated:
        return next((size for part in get_args(hint) if (size := _bytes_of(part)) is not None), None)
    marks = (mark for mark in get_args(hint)[1:] if isinstance(mark, Meta))
    return next((mark.extra["bytes"] for mark in marks if mark.extra and "bytes" in mark.extra), None)
