"""The settings of all sources laid over each other, still as written, and where each value came from."""

from collections.abc import Mapping
from typing import cast

from msgspec import Struct

from kernel.config.problems import Origin, Place, Problem, fold, written
from kernel.config.sections import TOP


class Text(Struct, frozen=True):
    """A value from the environment or an option: text until the type of its key is known."""

    text: str

    def __repr__(self) -> str:
        """Tell nothing: it may be a secret."""
        return "Text()"


class Tables:
    """A tree of tables; written while loading, only read afterwards.

    A name that is not in the file is kept as its source spelt it and found without regard to case and
    hyphens, because Windows changes the case of variables and shells allow no hyphens in them.
    """

    def __init__(self, document: dict[str, object], origins: Mapping[Place, Origin], source: Origin) -> None:
        """Start with what the file says, and every section; ``source`` is used where a line is not known."""
        empty: dict[str, object] = {name: {} for name in TOP}
        self._tree = empty | document
        self._origins = dict(origins)
        self._source = source

    def lay(self, steps: tuple[str, ...], value: object, origin: Origin) -> Problem | None:
        """Put a value over what is there; answers the problem if it does not fit there."""
        table, place = self._tree, ()
        section, key = written(steps[:-1]).lower(), written(steps[-1:]).lower()
        for step in steps[:-1]:
            name = self.matching(table, step, any_origin=True) or step
            place = (*place, name)
            if name not in table:
                self._origins[place] = origin
            inner = table.setdefault(name, {})
            if not isinstance(inner, dict):
                message = f"{section} is already a single value, set by {self.whence(place)}"
                return Problem(section, key, message, origin)
            table = cast("dict[str, object]", inner)
        name = self.matching(table, steps[-1], any_origin=True) or steps[-1]
        place = (*place, name)
        if self._origins.get(place, Origin()).kind == origin.kind:
            message = f"is set twice, also by {self._origins[place]}"
            return Problem(section, key, message, origin)
        for known in [known for known in self._origins if known[: len(place)] == place]:
            del self._origins[known]
        table[name] = value
        self._origins[place] = origin
        return None

    def at(self, place: Place) -> object:
        """Give what is at an exact place, None where nothing is."""
        value: object = self._tree
        for step in place:
            if isinstance(value, dict):
                value = cast("dict[str | int, object]", value).get(step)
            elif isinstance(value, list) and isinstance(step, int):
                items = cast("list[object]", value)
                value = items[step] if step < len(items) else None
            else:
                return None
        return value

    def table(self, place: Place) -> dict[str, object]:
        """Give the table at an exact place, an empty one where there is none."""
        value = self.at(place)
        return cast("dict[str, object]", value) if isinstance(value, dict) else {}

    def spelt(self, place: Place) -> Place | None:
        """Give the exact place of one that is named as the types name it, None where nothing is."""
        exact: Place = ()
        for step in place:
            name = step if isinstance(step, int) else self.matching(self.table(exact), step, exact)
            if name is None:
                return None
            exact = (*exact, name)
        return exact if self.at(exact) is not None else None

    def origin(self, place: Place) -> Origin:
        """Tell where the value at a place came from: the default where no source has it."""
        exact = self.spelt(place)
        return self.whence(exact) if exact else Origin()

    def whence(self, exact: Place) -> Origin:
        """Tell where a place, or the innermost table around it, was written."""
        for length in range(len(exact), 0, -1):
            if origin := self._origins.get(exact[:length]):
                return origin
        return self._source

    def lenient(self, exact: Place) -> bool:
        """Whether the name at a place came from a source that does not keep case and hyphens."""
        return self.whence(exact).kind in {"environment", "option"}

    def matching(
        self, table: Mapping[str, object], wanted: str, place: Place = (), *, any_origin: bool = False
    ) -> str | None:
        """Tell how a wanted name is spelt in a table, None if it is not there."""
        if wanted in table:
            return wanted
        alike = [name for name in table if fold(name) == fold(wanted)]
        return next((name for name in alike if any_origin or self.lenient((*place, name))), None)
