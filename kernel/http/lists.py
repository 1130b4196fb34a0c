"""Lists as every list route offers them: everything by default, pages by cursor, a choice of fields.

A cursor names the last record of a page by its key, so it stays right while records come and go.
"""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final, Generic, TypeVar

import msgspec
from litestar.params import QueryParameter
from msgspec import UNSET, Struct, UnsetType

from kernel.errors import BadInput

T = TypeVar("T", bound=Struct)
Key = int | str

MOST_RECORDS: Final = 5000
_LONGEST_CURSOR: Final = 200

Limit = Annotated[
    int | None, QueryParameter(ge=1, le=MOST_RECORDS, description="How many records a page has; all without it.")
]
Cursor = Annotated[
    str | None, QueryParameter(max_length=_LONGEST_CURSOR, description="`next_cursor` of the page before.")
]
Fields = Annotated[
    str | None, QueryParameter(max_length=2000, description="Members to answer with, a comma between them.")
]


class ListQuery(Struct, frozen=True):
    """What a caller asks of a list; an empty text asks nothing. ``source`` is where error messages look for it."""

    limit: int | None = None
    cursor: str | None = None
    fields: str | None = None
    source: str = "query"


class Page(Struct, Generic[T], frozen=True):
    """One page: ``total`` counts before paging, ``next_cursor`` is there only when pages were asked for."""

    records: list[T]
    total: int
    next_cursor: str | UnsetType | None = UNSET


async def list_query(limit: Limit = None, cursor: Cursor = None, fields: Fields = None) -> ListQuery:
    """Take the three query members that every list has."""
    return ListQuery(limit, cursor, fields)


def page(records: Sequence[T], kind: type[T], key: str, query: ListQuery) -> Page[T]:
    """Sort by the key, cut the page, and keep the wanted fields; the key is always among them.

    Raises ``BadInput`` for a cursor that is not ours and for unknown fields.
    """
    wanted = _wanted(kind, key, query)
    ordered = sorted(records, key=_attribute(key))
    after = None if not query.cursor else _decoded(query.cursor, kind, key, query.source)
    rest = ordered if after is None else [record for record in ordered if getattr(record, key) > after]
    cut = rest if query.limit is None else rest[: _whole(rest, key, query.limit)]
    following: str | UnsetType | None = UNSET
    if query.limit is not None:
        following = _encoded(getattr(cut[-1], key)) if len(rest) > len(cut) else None
    return Page([_projected(record, wanted) for record in cut] if wanted else cut, len(ordered), following)


def _whole(rest: Sequence[Struct], key: str, limit: int) -> int:
    """Move a page's end behind records that share its last key, which a cursor could not tell apart."""
    end = min(limit, len(rest))
    while end < len(rest) and getattr(rest[end], key) == getattr(rest[end - 1], key):
        end += 1
    return end


def _attribute(key: str) -> Callable[[Any], Any]:
    return lambda record: getattr(record, key)


def _wanted(kind: type[Struct], key: str, query: ListQuery) -> tuple[str, ...] | None:
    if not query.fields:
        return None
    names = [name.strip() for name in query.fields.split(",") if name.strip()]
    known = {field.encode_name for field in msgspec.structs.fields(kind)}
    if unknown := [name for name in names if name not in known]:
        raise BadInput.at(query.source, "fields", message=f"{unknown[0][:64]!r} is not a member of the records")
    return tuple(dict.fromkeys([key, *names]))


def _projected(record: Struct, names: tuple[str, ...]) -> Any:
    return {name: getattr(record, name) for name in names}


def _encoded(key: Key) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode("ascii").rstrip("=")


def _decoded(cursor: str, kind: type[Struct], key: str, source: str) -> Key:
    key_type = next(field.type for field in msgspec.structs.fields(kind) if field.name == key)
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        return msgspec.json.decode(raw, type=key_type)
    except (ValueError, binascii.Error, msgspec.DecodeError) as error:
        raise BadInput.at(source, "cursor", message="is not a cursor of this list") from error
