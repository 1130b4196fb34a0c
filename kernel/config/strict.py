"""A table held against a Struct: every unknown key, missing key and wrong value, not only the first."""

import math
import re
from collections.abc import Iterable
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Final, TypeVar, Union, cast, get_args, get_origin

import msgspec
from msgspec import NODEFAULT, Struct, ValidationError, structs

from kernel.config import kinds
from kernel.config.problems import Origin, Place, Problem, hint, written
from kernel.config.secret import Secret, looks_secret
from kernel.config.sections import SECTION_OF
from kernel.config.tables import Tables, Text

_NAMED: Final = re.compile(r"`?\$\.?(?P<key>[^`\s]*)`? (?P<rest>.+)", re.DOTALL)
_WHERE: Final = re.compile(r" - at `[^`]*`\Z")
_LARGEST_EXPONENT: Final = 32
_Own = TypeVar("_Own", bound=Struct)


class Reader:
    """One reading of a section; ``problems`` grows while it goes on.

    A check beyond type and bounds is a function in ``Meta(extra={"check": …})`` that raises ``ValueError``;
    one over several keys is the Struct's ``__post_init__``, whose text may name a key: ``"`$.key` must …"``.
    """

    def __init__(self, tables: Tables, section: tuple[str, ...]) -> None:
        self.problems: list[Problem] = []
        self._tables = tables
        self._section = section
        self._base = tables.spelt(section) or section
        self._proper: dict[Place, str] = {}

    def section(self, kind: type[_Own], *, without: Iterable[str] = ()) -> _Own | None:
        """Give the whole section as its Struct, None after a problem; ``without`` names what is not its own."""
        value = self._tables.at(self._base)
        if not isinstance(value, dict | None):
            self.report(self._base, "expected a table")
            return None
        if not kinds.readable(kind):
            self.report(
                self._base, f"cannot be read: {kind.__module__}.{kind.__qualname__} has a type that no file holds"
            )
            return None
        own = {name: item for name, item in self._tables.table(self._base).items() if name not in without}
        plain = self.read(own, kind, self._base)
        return None if self.problems else msgspec.convert(plain, kind, dec_hook=kinds.decode)

    def read(self, value: object, kind: Any, place: Place) -> object:
        """Give the value as it is to be converted, None after a problem."""
        before = len(self.problems)
        plain = self._plain(value, kind, place)
        if len(self.problems) == before:
            self._convert(plain, kind, place)
        return plain if len(self.problems) == before else None

    def report(self, place: Place, message: str, origin: Origin | None = None) -> None:
        """Note a problem at a place."""
        steps = [self._proper.get(place[:end], place[end - 1]) for end in range(len(self._base) + 1, len(place) + 1)]
        key = written(tuple(steps))
        self.problems.append(Problem(written(self._section), key, message, origin or self._tables.whence(place)))

    def _plain(self, value: object, kind: Any, place: Place) -> object:
        if isinstance(value, Text):
            value = kinds.from_text(value.text, kind)
        kind = _unwrapped(kind)
        if isinstance(value, dict) and _is_struct(kind):
            return self._struct(cast("dict[str, object]", value), kind, place)
        if isinstance(value, dict):
            _, inner = get_args(kind) if get_origin(kind) is dict else (str, Any)
            table = cast("dict[str, object]", value)
            return {name: self.read(item, inner, (*place, name)) for name, item in table.items()}
        if isinstance(value, list):
            return self._items(cast("list[object]", value), kind, place)
        if isinstance(value, float) and not math.isfinite(value):
            self.report(place, "expected a finite number")
        return value

    def _items(self, items: list[object], kind: Any, place: Place) -> list[object]:
        arguments = get_args(kind)
        same = get_origin(kind) in {list, set, frozenset} or arguments[1:] == (Ellipsis,)
        inner = arguments[0] if same and arguments else Any
        return [self.read(item, inner, (*place, position)) for position, item in enumerate(items)]

    def _struct(self, table: dict[str, object], kind: type[Struct], place: Place) -> dict[str, object]:
        fields = {field.encode_name: field for field in structs.fields(kind)}
        tag = kind.__struct_config__.tag_field
        spelt = {exact: name for name in fields if (exact := self._tables.matching(table, name, place)) is not None}
        plain: dict[str, object] = {}
        for name, value in table.items():
            if name in spelt:
                self._proper[(*place, name)] = spelt[name]
                plain[spelt[name]] = self.read(value, fields[spelt[name]].type, (*place, name))
            elif name == tag:
                plain[name] = value
            else:
                meant = hint(name, fields, SECTION_OF) if len(place) == 1 else hint(name, fields)
                self.report((*place, name), f"unknown key; {meant}")
        for name, field in fields.items():
            if name not in spelt.values() and field.default is NODEFAULT and field.default_factory is NODEFAULT:
                self.report((*place, name), f"is missing; expected {kinds.expected(field.type) or 'a value'}")
        return plain

    def _convert(self, plain: object, kind: Any, place: Place) -> None:
        try:
            result = msgspec.convert(plain, kind, dec_hook=kinds.decode)
            if isinstance(result, Decimal) and not (result.is_finite() and abs(result.adjusted()) <= _LARGEST_EXPONENT):
                raise ValueError("expected a decimal number that is finite and of a sensible size")  # noqa: TRY301 - like the check's own
            if check := kinds.check_of(kind):
                check(result)
        except ValidationError as error:
            self._refused(error, plain, kind, place)
        except ValueError as error:
            self.report(place, str(error))

    def _refused(self, error: ValidationError, plain: object, kind: Any, place: Place) -> None:
        secret = _is_secret(kind)
        own = isinstance(error.__cause__, ValueError | TypeError) and not secret
        if own and (named := _NAMED.fullmatch(_WHERE.sub("", str(error)))):
            key = named["key"]
            self.report(self._tables.spelt((*place, key)) or (*place, key) if key else place, named["rest"])
            return
        whole = _is_struct(_unwrapped(kind)) and isinstance(plain, dict)
        phrase = "a text" if secret else None if own or whole else kinds.expected(kind)
        if phrase is None:
            text = _WHERE.sub("", str(error))
            self.report(place, "expected another value" if text.startswith("Invalid") else text[:1].lower() + text[1:])
            return
        hidden = secret or looks_secret(str(place[-1]))
        form = kinds.form(kind) if self._tables.lenient(place) else ""
        came = kinds.got(value := cast("object", plain), kind, hidden=hidden)
        self.report(place, f"expected {phrase}{form}, got {came}{kinds.meant(value, kind)}")


def _unwrapped(kind: Any) -> Any:
    while True:
        if get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        elif get_origin(kind) in {Union, UnionType}:
            inner = [argument for argument in get_args(kind) if argument is not NoneType]
            if len(inner) != 1:
                return kind
            kind = inner[0]
        else:
            return kind


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct) and not kind.__struct_config__.array_like


def _is_secret(kind: Any) -> bool:
    return _unwrapped(kind) is Secret
