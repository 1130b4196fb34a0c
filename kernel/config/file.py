"""The settings file: its document, and the line on which each key stands."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, cast

from kernel.config.problems import ConfigError, Origin, Place, Problem
from kernel.config.tables import Tables
from kernel.config.toml import DEEPEST, depth

NAME: Final = "mt4api.toml"
"""The file that is read from the working directory when none is named."""

_LARGEST: Final = 1_048_576
_LONGEST_STATEMENT: Final = 200


def read(path: Path) -> Tables:
    """Read a file; raises ``ConfigError`` when it is missing, unreadable, too large or no TOML."""
    source = Origin("file", str(path))
    try:
        with path.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
        text, document = _parsed(content)
        return Tables(document, _origins(text, source), source)
    except OSError as error:
        reason = f"cannot be read: {error.strerror or type(error).__name__}"
    except UnicodeDecodeError:
        reason = "is not UTF-8"
    except tomllib.TOMLDecodeError as error:
        reason = f"is not valid TOML: {error}"
    except RecursionError:
        reason = f"is nested deeper than {DEEPEST} levels"
    except ValueError as error:
        reason = str(error)
    raise ConfigError([Problem("", "", f"the settings file {reason}", source)])


def _parsed(content: bytes) -> tuple[str, dict[str, object]]:
    if len(content) > _LARGEST:
        raise ValueError(f"is larger than {_LARGEST} bytes")
    text = content.decode("utf-8-sig").replace("\r\n", "\n")
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except ValueError as error:
        raise ValueError("has a number or date that is out of range") from error
    if depth(document) > DEEPEST:
        raise RecursionError
    return text, document


def _origins(text: str, source: Origin) -> dict[Place, Origin]:
    found: dict[Place, Origin] = {}
    counts: dict[Place, int] = {}
    header: Place = ()
    for line, statement, document in _statements(text):
        origin = Origin("file", source.name, line)
        if statement.lstrip().startswith("["):
            header = _header(document, counts)
            for length in range(1, len(header) + 1):
                found.setdefault(header[:length], origin)
            continue
        pending: list[tuple[Place, dict[str, object]]] = [(header, document)]
        while pending:
            outer, table = pending.pop()
            for name, value in table.items():
                found.setdefault((*outer, name), origin)
                if isinstance(value, dict):
                    pending.append(((*outer, name), cast("dict[str, object]", value)))
    return found


def _statements(text: str) -> Iterator[tuple[int, str, dict[str, object]]]:
    """Cut a valid document into its statements: each ends with the first line at which it parses."""
    start, statement = 1, ""
    for number, line in enumerate(text.split("\n"), 1):
        statement += line + "\n"
        try:
            document = tomllib.loads(statement)
        except (ValueError, RecursionError):
            if number - start > _LONGEST_STATEMENT:
                return  # the rest keeps the file's name without lines: better than seconds for a huge list
            continue
        yield start, statement, document
        start, statement = number + 1, ""


def _header(document: dict[str, object], counts: dict[Place, int]) -> Place:
    """Give the place that a header opens; in a list of tables that is its last one so far."""
    steps: list[str | int] = []
    table = document
    while table:
        name, value = next(iter(table.items()))
        steps.append(name)
        if isinstance(value, list):
            counts[tuple(steps)] = counts.get(tuple(steps), -1) + 1
        if tuple(steps) in counts:
            steps.append(counts[tuple(steps)])
        table = cast("dict[str, object]", value) if isinstance(value, dict) else {}
    return tuple(steps)
