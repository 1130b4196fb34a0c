"""The settings as they take effect, written for a person to read: secrets as stars."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from msgspec import Struct, structs

from kernel.config import toml
from kernel.config.filling import driver_tables, fill_all
from kernel.config.problems import Origin, written
from kernel.config.secret import STARS
from kernel.config.sections import SECTIONS
from kernel.config.settings import Settings

_NO_TYPES: Final[Mapping[tuple[str, ...], type[Struct]]] = MappingProxyType({})


def shown(
    settings: Settings, *, origin: bool = False, types: Mapping[tuple[str, ...], type[Struct]] = _NO_TYPES
) -> str:
    """Write every section as TOML; with ``origin``, each key with where its value came from.

    ``types`` has the Structs of plugins and drivers by section. Sections of other ones are shown with
    every value starred, because nobody can tell which of them is a secret. Raises ``ConfigError`` as
    ``fill_all`` does.
    """
    blocks = [_block(settings, (name,), getattr(settings, name), origin=origin) for name in SECTIONS]
    blocks += [_block(settings, place, own, origin=origin) for place, own in fill_all(settings, types).items()]
    known = {settings.tables.spelt(place) for place in types}
    blocks += [_veiled(settings, place, origin=origin) for place in _raw(settings) if place not in known]
    return "\n".join(blocks)


def _block(settings: Settings, place: tuple[str, ...], own: Struct, *, origin: bool) -> str:
    members = {field.encode_name: getattr(own, field.name) for field in structs.fields(own)}
    lines = [
        _line(f"{toml.key(name)} = {toml.member(name, item)}", settings.origin(place, name), origin=origin)
        if item is not None
        else f"# {toml.key(name)} is not set"
        for name, item in members.items()
    ]
    return "\n".join((f"[{written(place)}]", *lines, ""))


def _veiled(settings: Settings, place: tuple[str, str], *, origin: bool) -> str:
    lines = [
        _line(f"{toml.key(name)} = {toml.quoted(STARS)}", settings.tables.origin((*place, name)), origin=origin)
        for name in settings.tables.table(place)
    ]
    return "\n".join((f"[{written(place)}]  # nothing that is loaded uses this section", *lines, ""))


def _raw(settings: Settings) -> Iterator[tuple[str, str]]:
    yield from (("mt4", name) for name in driver_tables(settings.tables))
    yield from (("plugins", name) for name in settings.tables.table(("plugins",)))


def _line(text: str, whence: Origin, *, origin: bool) -> str:
    return f"{text}  # {whence}" if origin else text
