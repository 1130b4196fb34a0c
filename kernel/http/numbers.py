"""Whole numbers in paths and queries, in plain digits only: Litestar would also read 1e3, 1.0 and null."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final
from urllib.parse import parse_qsl

from kernel.errors import BadInput

_WHOLE: Final = re.compile(r"-?(0|[1-9][0-9]*)\Z")
_WORDS: Final = "expected a whole number in plain digits"


def refuse_odd_numbers(handler: Any, path: Mapping[str, Any], query: bytes) -> None:
    """Raise ``BadInput`` for the first number of a request that is not written as one."""
    numbers = _numbers_of(handler)
    for name, value in path.items():
        if name in numbers and not _WHOLE.match(str(value)):
            raise BadInput.at("path", name, message=_WORDS)
    if query:
        for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
            if name in numbers and not _WHOLE.match(value):
                raise BadInput.at("query", name, message=_WORDS)


@lru_cache(maxsize=1024)
def _numbers_of(handler: Any) -> frozenset[str]:
    """Name the parameters of a route, and of what it depends on, that are whole numbers."""
    signatures = [handler.parsed_fn_signature]
    signatures += [given.parsed_fn_signature for given in handler.resolve_dependencies().values()]
    fields = [field for signature in signatures for field in signature.parameters.values()]
    return frozenset(
        getattr(field.kwarg_definition, "name", None) or field.name
        for field in fields
        if int in {field.annotation, *(inner.annotation for inner in field.inner_types)} and not field.is_collection
    )
