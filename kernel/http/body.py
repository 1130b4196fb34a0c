"""Reads a JSON body strictly, straight into the record that the handler asks for.

What a lenient decoder lets through is refused here: another content type, broken UTF-8, nesting over
32, a key twice, NaN and infinities, members that only MT4 writes. Unknown members are ignored.
"""

import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeVar, cast

import msgspec
from litestar.dto import AbstractDTO
from litestar.openapi.spec import Reference, Schema
from litestar.typing import FieldDefinition

from kernel.errors import BadInput, FieldError, MalformedRequest, ReadOnlyField, UnsupportedMediaType
from kernel.records.scalars import Amount, Flag

T = TypeVar("T")

MOST_DEPTH: Final = 32
_MOST_DIGITS: Final = 100
_STRING: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
"""A string, also one that never ends: looking for its end again from every quote in it would take minutes."""
_HALF: Final = re.compile(r"[\ud800-\udfff]")
_HALF_ESCAPED: Final = re.compile(rb"\\u[dD][89a-fA-F]")
_BRACKETS: Final = re.compile(rb"[\[\]{}]")
_WHERE: Final = re.compile(r"`\$\.?([^`]*)`")
_STEP: Final = re.compile(r"\[(\d+|\.\.\.)\]|\.?([^.\[\]]+)")


class StrictJSON(AbstractDTO[msgspec.Struct]):
    """Plugs ``decode`` into Litestar as the reader of every JSON body."""

    def decode_bytes(self, value: bytes) -> Any:
        """Read a request's body."""
        connection = cast("Any", self.asgi_connection)  # pyright: ignore[reportUnknownMemberType] - Litestar's generic
        require_json(connection.headers)
        return decode(value, connection.route_handler.parsed_data_field.annotation)

    @classmethod
    def create_for_field_definition(
        cls,
        field_definition: FieldDefinition,
        handler_id: str,
        backend_cls: Any = None,
    ) -> None:
        """Take the record as it is: no transfer model stands between."""

    @classmethod
    def create_openapi_schema(
        cls,
        field_definition: FieldDefinition,
        handler_id: str,  # noqa: ARG003 - Litestar's signature
        schema_creator: Any,
    ) -> Reference | Schema:
        """Describe the record itself."""
        return schema_creator.for_field_definition(field_definition)

    @classmethod
    def generate_field_definitions(cls, model_type: type[Any]) -> Any:  # noqa: ARG003 - Litestar's signature
        """Name no fields: there is no transfer model."""
        yield from ()

    @classmethod
    def detect_nested_field(cls, field_definition: FieldDefinition) -> bool:  # noqa: ARG003 - Litestar's signature
        """Find none, for the same reason."""
        return False


def require_json(headers: Mapping[str, str], *, also: str = "") -> None:
    """Refuse a body that does not say that it is JSON; ``also`` names another type that would do."""
    content_type = headers.get("content-type", "")
    kind, _, parameters = content_type.partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    if kind.strip().lower() != "application/json" or charset not in {"", "utf-8", "utf8"}:
        wanted = " or ".join(filter(None, ("application/json", also)))
        raise UnsupportedMediaType(f"Content-Type must be {wanted}, not {content_type[:100] or 'missing'}")


def decode(raw: bytes, kind: type[T]) -> T:
    """Make a record from JSON; raises ``MalformedRequest``, ``ReadOnlyField`` or ``BadInput``."""
    return record_of(parse(raw), kind)


def record_of(content: Any, kind: type[T]) -> T:
    """Make a record from decoded members; raises ``ReadOnlyField`` or ``BadInput``."""
    _refuse_read_only(content, kind)
    try:
        return msgspec.convert(content, kind, strict=True, dec_hook=_scalar)
    except msgspec.ValidationError as error:
        raise BadInput([_field_error(str(error))]) from error


def parse(raw: bytes) -> Any:
    """Parse JSON with its decimals exact; raises ``MalformedRequest``."""
    _refuse_deep(raw)
    try:
        content = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_once_each,
            parse_int=_whole,
            parse_float=_number,
            parse_constant=_no_constant,
        )
    except (ValueError, RecursionError) as error:
        raise MalformedRequest(f"The body is not valid JSON: {error}") from error
    if _HALF_ESCAPED.search(raw) and _HALF.search(json.dumps(content, ensure_ascii=False, default=str)):
        raise MalformedRequest("The body is not valid JSON: half of a surrogate pair is no character")
    return content


def _refuse_deep(raw: bytes) -> None:
    depth = 0
    for bracket in _BRACKETS.findall(_STRING.sub(b"", raw)):
        depth += 1 if bracket in b"[{" else -1
        if depth > MOST_DEPTH:
            raise MalformedRequest(f"The body is nested deeper than {MOST_DEPTH}")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name, value in pairs:
        if name in members:
            raise ValueError(f"the key {name[:64]!r} stands there twice")
        members[name] = value
    return members


def _whole(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise ValueError(f"the number {text[:32]}... is out of every range")
    return int(text)


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"the number {text[:32]}... is out of every range") from error


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")


def _refuse_read_only(content: Any, kind: type[Any]) -> None:
    read_only: Mapping[str, str] = getattr(kind, "read_only", {})
    if isinstance(content, Mapping) and (found := [name for name in read_only if name in content]):
        raise ReadOnlyField(
            [FieldError(("body", name), f"is read-only: {read_only[name]}", ReadOnlyField.code) for name in found]
        )


def _scalar(kind: type[Any], value: Any) -> Any:
    if kind is Amount or kind is Flag:
        return kind.read(value)
    raise NotImplementedError(f"no decoder for {kind.__name__}")


def _field_error(text: str) -> FieldError:
    """Turn msgspec's sentence into a place and the words about it."""
    found = _WHERE.search(text)
    path = found.group(1) if found else ""
    steps = [int(index) if index.isdigit() else name or index for index, name in _STEP.findall(path)]
    words = _WHERE.sub("", text).strip().removesuffix(" - at").strip()
    if missing := re.search(r"required field `([^`]+)`", text):
        return FieldError(("body", *steps, missing.group(1)), "is required", "missing")
    return FieldError(("body", *steps), words[:1].lower() + words[1:])
