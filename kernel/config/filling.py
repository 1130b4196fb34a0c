"""The sections whose types only plugins and drivers know, filled once those are there."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, TypeVar

from msgspec import Struct, structs

from kernel.config.problems import ConfigError, Problem, fold, hint, written
from kernel.config.secret import Secret
from kernel.config.sections import Mt4
from kernel.config.settings import Settings
from kernel.config.strict import Reader
from kernel.config.tables import Tables

_DEMO_PASSWORD: Final = "your_manager_password"  # noqa: S105 - printed in the public example, opens only the simulator
_LARGEST_PASSWORD_FILE: Final = 4096
_Own = TypeVar("_Own", bound=Struct)


def fill(settings: Settings, section_path: tuple[str, ...], struct_type: type[_Own]) -> _Own:
    """Fill a plugin's or a driver's own Struct from its section, as strictly as the kernel's own.

    Raises ``ConfigError``; gather the ``problems`` of several fills, or use ``fill_all``.
    """
    reader = Reader(settings.tables, section_path)
    record = reader.section(struct_type)
    if record is None:
        raise ConfigError(reader.problems)
    return record


def fill_all(settings: Settings, wanted: Mapping[tuple[str, ...], type[Struct]]) -> dict[tuple[str, ...], Struct]:
    """Fill several sections; raises one ``ConfigError`` with the problems of all."""
    records: dict[tuple[str, ...], Struct] = {}
    problems: list[Problem] = []
    for section_path, struct_type in wanted.items():
        try:
            records[section_path] = fill(settings, section_path, struct_type)
        except ConfigError as error:
            problems.extend(error.problems)
    if problems:
        raise ConfigError(problems)
    return records


def driver_tables(tables: Tables) -> dict[str, dict[str, object]]:
    """Give the tables in ``[mt4]`` that belong to drivers, by name: all that are no key of its own."""
    own = tables.table(("mt4",))
    keys = {tables.matching(own, field.encode_name, ("mt4",)) for field in structs.fields(Mt4)}
    return {
        name: tables.table(("mt4", name)) for name, table in own.items() if isinstance(table, dict) and name not in keys
    }


def unknown_sections(settings: Settings, plugins: Iterable[str], drivers: Iterable[str]) -> tuple[Problem, ...]:
    """Find ``[plugins.NAME]`` and ``[mt4.NAME]`` of what is not even installed: most likely misspelt.

    A plugin that is installed and switched off may keep its settings.
    """
    tables = settings.tables
    none: list[str] = []
    keys = [field.encode_name for field in structs.fields(Mt4)]
    groups = (
        ("plugins", "plugin", tables.table(("plugins",)), list(plugins), none),
        ("mt4", "driver", driver_tables(tables), list(drivers), keys),
    )
    return tuple(
        Problem(
            written((group, name)),
            "",
            f"no {noun} of this name; {hint(name, [*known, *others])}",
            tables.whence((group, name)),
        )
        for group, noun, present, known, others in groups
        for name in present
        if not _is_among(name, known, lenient=tables.lenient((group, name)))
    )


def manager_password(settings: Settings) -> Secret:
    """Give the manager's password: the one set, the one in its file, or the simulator's own.

    One line end after the password in the file is not part of it. Raises ``ConfigError`` for a file that
    cannot be read. Empty where nothing is set and the driver is not the simulator.
    """
    mt4 = settings.mt4
    if mt4.password_file:
        return _password_in(Path(mt4.password_file), settings)
    if not mt4.password and mt4.driver == "simulator":
        return Secret(_DEMO_PASSWORD)
    return mt4.password


def _password_in(path: Path, settings: Settings) -> Secret:
    reason = "the file does not hold one line of text with the password"
    try:
        with path.open("rb") as stream:
            content = stream.read(_LARGEST_PASSWORD_FILE + 1)
        text = content.decode("utf-8-sig").removesuffix("\n").removesuffix("\r")
        if text and text.isprintable() and len(content) <= _LARGEST_PASSWORD_FILE:
            return Secret(text)
    except OSError as error:
        reason = f"the file cannot be read: {error.strerror or type(error).__name__}"
    except ValueError:
        reason = "the file is not UTF-8 text"
    origin = settings.origin("mt4", "password_file")
    raise ConfigError([Problem("mt4", "password_file", reason, origin)])


def _is_among(name: str, known: Iterable[str], *, lenient: bool) -> bool:
    return any(name == each or (lenient and fold(name) == fold(each)) for each in known)
