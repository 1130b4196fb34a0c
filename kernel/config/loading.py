"""Settings read from the file, the environment and the command line, each over the one before."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar, cast

from msgspec import Struct

from kernel.config import file
from kernel.config.filling import driver_tables
from kernel.config.problems import ConfigError, Origin, Problem, closest, fold, hint, written
from kernel.config.sections import SECTION_OF, TOP, Auth, Kernel, Mt4, Server, Store
from kernel.config.settings import Settings
from kernel.config.strict import Reader
from kernel.config.tables import Tables, Text
from kernel.config.toml import DEEPEST

PREFIX: Final = "MT4API_"
FILE_VARIABLE: Final = "MT4API_CONFIG"
"""The one variable with our prefix that is no setting: it names the settings file."""

_NOTHING: Final[Mapping[str, object]] = MappingProxyType({})
_NO_VARIABLES: Final[Mapping[str, str]] = MappingProxyType({})
_Own = TypeVar("_Own", bound=Struct)


def load(
    path: Path | None = None, environ: Mapping[str, str] = _NO_VARIABLES, overrides: Mapping[str, object] = _NOTHING
) -> Settings:
    """Read all settings; raises ``ConfigError`` with every problem of every section.

    Without a path, the file is the one that ``MT4API_CONFIG`` names, else ``mt4api.toml`` in the working
    directory if there is one. ``overrides`` are the command line's: keys like ``server.port``, values of
    the right type or texts as in the environment, None for an option that was not given.
    """
    problems: list[Problem] = []
    tables = _file(path, environ, problems)
    for steps, value, origin in (*_variables(environ), *_options(overrides)):
        if problem := _misfit(steps, origin) or tables.lay(steps, value, origin):
            problems.append(problem)
    _check_names(tables, problems)
    settings = Settings(
        server=_section(tables, "server", Server, problems),
        mt4=_section(tables, "mt4", Mt4, problems),
        auth=_section(tables, "auth", Auth, problems),
        store=_section(tables, "store", Store, problems),
        kernel=_section(tables, "kernel", Kernel, problems),
        tables=tables,
    )
    if problems:
        raise ConfigError(problems, settings)
    return settings


def _file(path: Path | None, environ: Mapping[str, str], problems: list[Problem]) -> Tables:
    named = path or (Path(environ[FILE_VARIABLE]) if environ.get(FILE_VARIABLE) else None)
    if named or os.path.lexists(file.NAME):
        try:
            return file.read(named or Path(file.NAME))
        except ConfigError as error:
            problems.extend(error.problems)
    return Tables({}, {}, Origin())


def _variables(environ: Mapping[str, str]) -> list[tuple[tuple[str, ...], Text, Origin]]:
    ours = {name: text for name, text in environ.items() if name.upper().startswith(PREFIX)}
    found = [
        (tuple(name[len(PREFIX) :].split("__")), Text(text), Origin("environment", name))
        for name, text in ours.items()
        if name.upper() != FILE_VARIABLE
    ]
    return sorted(found, key=lambda each: (len(each[0]), each[2].name))


def _options(overrides: Mapping[str, object]) -> Iterator[tuple[tuple[str, ...], object, Origin]]:
    for name, value in overrides.items():
        if value is not None:
            given = list(cast("tuple[object, ...]", value)) if isinstance(value, tuple) else value
            yield tuple(name.split(".")), Text(given) if isinstance(given, str) else given, Origin("option", name)


def _misfit(steps: tuple[str, ...], origin: Origin) -> Problem | None:
    """Refuse a name that goes too deep, and a single value for a section: it would hide what the file says."""
    if len(steps) > DEEPEST:
        return Problem("", "", f"goes deeper than {DEEPEST} levels", origin)
    names = [fold(step) for step in steps]
    if names[0] not in TOP or len(names) > (2 if names[0] == "plugins" else 1):
        return None
    separator = "__" if origin.kind == "environment" else "."
    return Problem(written(tuple(names)), "", f"is set key by key: {origin.name}{separator}KEY", origin)


def _check_names(tables: Tables, problems: list[Problem]) -> None:
    for name, value in tables.table(()).items():
        if name not in TOP:
            problems.append(_unknown(name, value, tables.whence((name,))))
    if not isinstance(tables.at(("plugins",)), dict):
        problems.append(Problem("plugins", "", "expected a table", tables.whence(("plugins",))))
    for name, value in tables.table(("plugins",)).items():
        if not isinstance(value, dict):
            message = "expected a table of this plugin's settings"
            problems.append(Problem("plugins", written((name,)), message, tables.whence(("plugins", name))))


def _unknown(name: str, value: object, origin: Origin) -> Problem:
    if origin.kind == "environment":
        names = [f"{PREFIX}{section}__{key}".upper() for key, section in SECTION_OF.items()]
        meant = closest(origin.name, [*names, FILE_VARIABLE])
        return Problem("", "", f"unknown setting; {f'did you mean {meant}?' if meant else hint(name, TOP)}", origin)
    if isinstance(value, dict):
        return Problem(written((name,)), "", f"unknown section; {hint(name, TOP)}", origin)
    return Problem("", written((name,)), f"stands outside of any section; {hint(name, (), SECTION_OF)}", origin)


def _section(tables: Tables, name: str, kind: type[_Own], problems: list[Problem]) -> _Own:
    """Read a section; a broken one adds its problems, and its defaults stand in for it."""
    reader = Reader(tables, (name,))
    record = reader.section(kind, without=driver_tables(tables) if name == "mt4" else ())
    problems.extend(reader.problems)
    return kind() if record is None else record
