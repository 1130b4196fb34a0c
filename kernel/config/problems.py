"""What is wrong with the settings, where each value came from, and the error that tells it all at once."""

import difflib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, Literal

from msgspec import Struct

from kernel.config import toml

if TYPE_CHECKING:
    from kernel.config.settings import Settings

Place = tuple[str | int, ...]
"""The way to a value from the top: names of tables, and positions in lists."""

_LONGEST_COMPARED: Final = 64
_EMPTY: Final[Mapping[str, str]] = {}


class Origin(Struct, frozen=True):
    """Where a value came from; ``name`` is the file, the variable or the option, ``line`` 0 is not known."""

    kind: Literal["default", "file", "environment", "option"] = "default"
    name: str = ""
    line: int = 0

    def __str__(self) -> str:
        name = self.name if self.name.isprintable() else toml.quoted(self.name)
        if self.kind == "file":
            return f"{name}:{self.line}" if self.line else name
        return f"{self.kind} {name}".rstrip()


class Problem(Struct, frozen=True):
    """One thing wrong, in words; ``section`` and ``key`` are as the settings file writes them."""

    section: str
    key: str
    message: str
    origin: Origin = Origin()

    def __str__(self) -> str:
        """Write it in one line."""
        where = " ".join(part for part in (f"[{self.section}]" if self.section else "", self.key) if part)
        whence = "" if self.origin.kind == "default" else f" ({self.origin})"
        message = " ".join(self.message.split())
        return f"{where}: {message}{whence}" if where else f"{message}{whence}"


class ConfigError(Exception):
    """The settings cannot be used; ``problems`` has all that was found, in the order of the sections.

    ``partial`` are the settings with defaults in place of the broken sections, where reading came that
    far: good for looking at what the other sections say, and for nothing else.
    """

    def __init__(self, problems: Iterable[Problem], partial: "Settings | None" = None) -> None:
        self.problems = tuple(problems)
        self.partial = partial
        super().__init__("\n".join(map(str, self.problems)))


def written(place: Place) -> str:
    """Write a place as the settings file would: ``rules[1].largest``."""
    text = ""
    for step in place:
        text += f"[{step}]" if isinstance(step, int) else ("." if text else "") + toml.key(step)
    return text


def closest(name: str, names: Iterable[str]) -> str | None:
    """Find the name that was probably meant."""
    by_fold = {fold(known): known for known in names}
    matches = difflib.get_close_matches(fold(name)[:_LONGEST_COMPARED], by_fold, n=1)
    return by_fold[matches[0]] if matches else None


def hint(name: str, names: Iterable[str], elsewhere: Mapping[str, str] = _EMPTY) -> str:
    """Say what was probably meant; ``elsewhere`` maps keys to the section that does have them."""
    known = list(names)
    if meant := closest(name, known):
        return f"did you mean {toml.key(meant)}?"
    if section := elsewhere.get(name):
        return f"it belongs to [{section}]"
    return f"known are {', '.join(map(toml.key, known))}" if known else "none is known here"


def fold(name: str) -> str:
    """Make names comparable the way environment variables are: neither case nor hyphens count."""
    return name.casefold().replace("-", "_")
