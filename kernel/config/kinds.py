"""What a type takes, in words, and how a text from outside becomes a value for it."""

from collections.abc import Callable
from pathlib import PurePath
from typing import Any, Final, cast

import msgspec
from msgspec import convert, inspect

from kernel.config import toml
from kernel.config.problems import closest

_TEXTUAL: Final = (
    inspect.StrType,
    inspect.BytesType,
    inspect.DecimalType,
    inspect.UUIDType,
    inspect.DateTimeType,
    inspect.DateType,
    inspect.TimeType,
    inspect.TimeDeltaType,
)
_PLAIN: Final = (
    (inspect.BoolType, "true or false"),
    (inspect.DecimalType, "a decimal number"),
    (inspect.DateTimeType, "a date with time"),
    (inspect.DateType, "a date"),
    (inspect.TimeType, "a time"),
    (inspect.StructType, "a table"),
    (inspect.DictType, "a table"),
)
_TABLES: Final = (inspect.StructType, inspect.DictType, inspect.DataclassType, inspect.TypedDictType)


def readable(kind: Any) -> bool:
    """Whether msgspec knows what to do with every type inside; it refuses bounds on a Decimal, for one."""
    try:
        inspect.type_info(kind)
        msgspec.convert({}, kind, dec_hook=decode)
    except msgspec.ValidationError:
        return True
    except (TypeError, NotImplementedError):
        return False
    return True


def bare(kind: Any) -> inspect.Type:
    """Describe a type without its metadata."""
    info = inspect.type_info(kind)
    while isinstance(info, inspect.Metadata):
        info = info.type
    return info


def check_of(kind: Any) -> Callable[[object], None] | None:
    """Give the function in a type's ``Meta(extra={"check": …})``."""
    info = inspect.type_info(kind)
    if not isinstance(info, inspect.Metadata):
        return None
    return cast("dict[str, Any]", cast("Any", info).extra or {}).get("check")


def decode(kind: type, value: object) -> object:
    """Make what msgspec does not know by itself: a class says how in ``read``, paths take a text."""
    if hasattr(kind, "read"):
        return cast("Any", kind).read(value)
    if not isinstance(value, str):
        raise ValueError("expected a text")  # noqa: TRY004 - msgspec turns only ValueError into its own error
    if issubclass(kind, PurePath):
        return kind(value)
    return cast("Any", kind)(value)


def from_text(text: str, kind: Any) -> object:
    """Read a text from the environment as the type asks: as TOML, or as it stands where a text is taken.

    What is no TOML stays a text, so that the type refuses it in its own words.
    """
    wanted = [info for info in _alternatives(bare(kind)) if not isinstance(info, inspect.NoneType)]
    if all(map(_takes_text, wanted)):
        return text
    try:
        value = toml.parsed(text)
        if any(map(_takes_text, wanted)):
            convert(value, kind, dec_hook=decode)
    except ValueError:
        return text
    return value


def expected(kind: Any) -> str | None:
    """Say what a type takes; None where only the error itself can tell."""
    wanted = [info for info in _alternatives(bare(kind)) if not isinstance(info, inspect.NoneType)]
    phrases = [_phrase(info) for info in wanted]
    return " or ".join(phrase for phrase in phrases if phrase) if all(phrases) else None


def got(value: object, kind: Any, *, hidden: bool) -> str:
    """Say what came instead; texts are never repeated, for they may be secrets in the wrong place."""
    if isinstance(value, bool):
        return "true or false" if hidden else str(value).lower()
    if isinstance(value, int | float):
        short = not hidden and (isinstance(value, float) or value.bit_length() <= 64)  # noqa: PLR2004 - TOML's integers
        return str(value) if short else "a number"
    if isinstance(value, str):
        sized = isinstance(bare(kind), inspect.StrType) and not hidden
        return f"one of {len(value)}" if sized else "a text"
    if isinstance(value, list):
        sized = isinstance(bare(kind), inspect.CollectionType)
        return f"one of {len(cast('list[object]', value))}" if sized else "a list"
    return "a table" if isinstance(value, dict) else "a date or time"


def meant(value: object, kind: Any) -> str:
    """Tell which of a few allowed texts was probably meant."""
    info = bare(kind)
    if not isinstance(value, str) or not isinstance(info, inspect.LiteralType):
        return ""
    close = closest(value, [known for known in info.values if isinstance(known, str)])
    return f"; did you mean {toml.quoted(close)}?" if close else ""


def form(kind: Any) -> str:
    """Show how a single text expresses a list or a table; empty for any other type."""
    info = bare(kind)
    if isinstance(info, inspect.CollectionType | inspect.TupleType):
        return ', written like ["a", "b"]'
    return ", written like { a = 1 }" if isinstance(info, _TABLES) else ""


def _alternatives(info: inspect.Type) -> tuple[inspect.Type, ...]:
    if isinstance(info, inspect.UnionType):
        return tuple(inner.type if isinstance(inner, inspect.Metadata) else inner for inner in info.types)
    return (info,)


def _takes_text(info: inspect.Type) -> bool:
    if isinstance(info, inspect.LiteralType):
        return all(isinstance(value, str) for value in info.values)
    if isinstance(info, inspect.EnumType):
        return all(isinstance(member.value, str) for member in info.cls)
    if isinstance(info, inspect.CustomType):
        return not issubclass(info.cls, int | float)
    return isinstance(info, _TEXTUAL)


def _phrase(info: inspect.Type) -> str | None:
    """Say what one kind takes; the plain ones by table, the bounded ones with their bounds."""
    if isinstance(info, inspect.IntType | inspect.FloatType):
        return ("a whole number" if isinstance(info, inspect.IntType) else "a number") + _range(info)
    if isinstance(info, inspect.StrType):
        return "a text" + _size(info, "characters") + (f" that matches {info.pattern}" if info.pattern else "")
    if isinstance(info, inspect.LiteralType | inspect.EnumType):
        enum = isinstance(info, inspect.EnumType)
        return "one of " + ", ".join(map(toml.value, info.cls if enum else info.values))
    if isinstance(info, inspect.CollectionType):
        return "a list" + _size(info, "items")
    return next((phrase for known, phrase in _PLAIN if isinstance(info, known)), None)


def _range(info: inspect.IntType | inspect.FloatType) -> str:
    if info.ge is not None and info.le is not None:
        return f" from {info.ge:.15g} to {info.le:.15g}"
    bounds = (("of at least", info.ge), ("above", info.gt), ("at most", info.le), ("below", info.lt))
    said = [f"{word} {bound:.15g}" for word, bound in bounds if bound is not None]
    return f" {' and '.join(said)}" if said else ""


def _size(info: inspect.StrType | inspect.CollectionType, unit: str) -> str:
    least, most = info.min_length, info.max_length
    if least is not None and most is not None:
        return f" of {least} to {most} {unit}"
    if least is not None:
        return f" of at least {least} {unit}"
    return f" of at most {most} {unit}" if most is not None else ""
