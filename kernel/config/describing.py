"""The settings as JSON Schema, for editors and for the documentation."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec
from msgspec import Struct

from kernel.config.secret import Secret
from kernel.config.sections import SECTIONS

_NO_TYPES: Final[Mapping[tuple[str, ...], type[Struct]]] = MappingProxyType({})
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def schema(extra: Mapping[tuple[str, ...], type[Struct]] = _NO_TYPES) -> dict[str, Any]:
    """Describe the settings file: the kernel's sections and those of plugins and drivers.

    ``extra`` has the Structs by section, as ``("plugins", "limits")`` or ``("mt4", "simulator")``.
    Sections of unknown plugins and drivers are allowed as any table.
    """
    references, definitions = msgspec.json.schema_components(
        [*SECTIONS.values(), *map(_describable, extra.values())], schema_hook=_custom, ref_template="#/$defs/{name}"
    )
    # Defaults come out as tuples and Decimals; one way through JSON makes plain lists and texts of them.
    references, definitions = msgspec.json.decode(msgspec.json.encode((references, definitions)))
    sections = dict(zip(SECTIONS, references, strict=False))
    own = dict(zip(extra, references[len(SECTIONS) :], strict=True))
    mt4 = definitions[sections["mt4"]["$ref"].rpartition("/")[2]]
    mt4["properties"] |= {place[1]: reference for place, reference in own.items() if place[0] == "mt4"}
    mt4["additionalProperties"] = {"type": "object"}
    plugins = {place[1]: reference for place, reference in own.items() if place[0] == "plugins"}
    sections["plugins"] = {
        "type": "object",
        "description": "The settings of each plugin, in a table of its name.",
        "properties": plugins,
        "additionalProperties": {"type": "object"},
    }
    return {
        "$schema": _DIALECT,
        "title": "Settings of mt4-manager-api",
        "type": "object",
        "properties": sections,
        "additionalProperties": False,
        "$defs": definitions,
    }


def _describable(kind: type[Struct]) -> type[Struct]:
    """Give a record that msgspec can describe: a default that is a ``Secret`` is not written out."""
    known = msgspec.structs.fields(kind)
    if not any(isinstance(field.default, Secret) for field in known):
        return kind
    members = [(field.name, field.type, _default_of(field)) for field in known]
    return msgspec.defstruct(kind.__name__, members, kw_only=True, forbid_unknown_fields=True)


def _default_of(field: msgspec.structs.FieldInfo) -> Any:
    name = field.encode_name
    if isinstance(field.default, Secret):
        return msgspec.field(default_factory=Secret, name=name)
    if field.default is not msgspec.NODEFAULT:
        return msgspec.field(default=field.default, name=name)
    if field.default_factory is not msgspec.NODEFAULT:
        return msgspec.field(default_factory=field.default_factory, name=name)
    return msgspec.field(name=name)


def _custom(kind: type) -> dict[str, Any]:
    if kind is Secret:
        return {"type": "string", "writeOnly": True}
    base = next((name for known, name in ((int, "integer"), (float, "number")) if issubclass(kind, known)), "string")
    return {"type": base}
