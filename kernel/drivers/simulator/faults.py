"""A plan of faults with a seed: which call fails, how, and when. It comes from a file, never over HTTP."""

import difflib
import tomllib
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Annotated, Any, Final, Literal, get_args

import msgspec
from msgspec import Meta, Struct

from kernel.drivers import Session

Kind = Literal["lost_before", "lost_after", "refuse", "latency", "empty", "drop", "pump_gap", "hang"]
KINDS: Final[tuple[str, ...]] = get_args(Kind)
ANY: Final = "*"
_NOT_CALLS: Final = {"connected", "pumping", "manager", "events", "close"}
CALLS: Final = frozenset(name for name in vars(Session) if not name.startswith("_")) - _NOT_CALLS | {"open"}
"""The calls of a session, and ``open`` for connecting."""
_TIMED: Final = frozenset({"latency", "pump_gap"})
_OPENING: Final = frozenset({"refuse", "latency", "hang", "lost_before"})
"""What can happen to ``open``."""


class BadPlan(ValueError):
    """A plan that says something it cannot mean; the text names the fault and the member."""


class Fault(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One fault: ``call`` and ``kind``, and which of the matching calls it meets.

    ``nth`` is one call, counted from 1, ``every`` each n-th, ``probability`` a seeded draw; none of
    them is every call. ``times`` ends it after so many. ``retcode`` belongs to refuse, ``seconds`` to
    what takes time: lost_after with seconds answers at once and is carried out that much later, hang
    without them lasts until the session closes.

    lost_before and lost_after are 255 without and with the effect, and break the line; drop answers
    and then breaks it; empty makes the session one that is connected and logged out.
    """

    call: str
    kind: Kind
    nth: Annotated[int, Meta(ge=1)] | None = None
    every: Annotated[int, Meta(ge=1)] | None = None
    probability: Annotated[float, Meta(ge=0, le=1)] | None = None
    times: Annotated[int, Meta(ge=1)] | None = None
    retcode: Annotated[int, Meta(ge=1, le=255)] | None = None
    seconds: Annotated[float, Meta(ge=0, le=86400)] | None = None

    def __post_init__(self) -> None:
        """Refuse what does not fit together."""
        if self.call != ANY and self.call not in CALLS:
            raise BadPlan(f"call: there is no {self.call!r}{_meant(self.call, CALLS)}")
        if sum(value is not None for value in (self.nth, self.every, self.probability)) > 1:
            raise BadPlan("nth, every and probability: give one of them")
        if (self.retcode is not None) != (self.kind == "refuse"):
            raise BadPlan("retcode: it belongs to refuse, and refuse needs it")
        if self.kind in _TIMED and self.seconds is None:
            raise BadPlan(f"seconds: {self.kind} needs them")
        if self.seconds is not None and self.kind not in {*_TIMED, "hang", "lost_after"}:
            raise BadPlan(f"seconds: {self.kind} takes no time")
        if self.call == "open" and self.kind not in _OPENING:
            raise BadPlan(f"kind: {self.kind} cannot happen to open, only {', '.join(sorted(_OPENING))}")


class Plan:
    """Faults in their order; the first one that meets a call has it."""

    def __init__(self, faults: Iterable[Fault] = (), seed: int = 0) -> None:
        """Count from the beginning."""
        self.faults = tuple(faults)
        self._random = Random(seed)  # noqa: S311 - repeatable, not secret
        self._matched = [0] * len(self.faults)
        self._met = [0] * len(self.faults)

    def next(self, call: str) -> Fault | None:
        """Say what happens to the call that is being made, over all sessions of the server."""
        chosen: Fault | None = None
        for index, fault in enumerate(self.faults):
            if fault.call != call and (fault.call != ANY or call == "open"):
                continue
            self._matched[index] += 1
            if chosen is None and self._meets(index, fault):
                self._met[index] += 1
                chosen = fault
        return chosen

    def _meets(self, index: int, fault: Fault) -> bool:
        if fault.times is not None and self._met[index] >= fault.times:
            return False
        if fault.nth is not None:
            return self._matched[index] == fault.nth
        if fault.every is not None:
            return self._matched[index] % fault.every == 0
        return fault.probability is None or self._random.random() < fault.probability


def read(path: Path) -> Plan:
    """Read a plan: ``seed`` and any number of ``[[fault]]``; raises ``BadPlan`` naming what is wrong."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadPlan(f"{path}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadPlan(f"{path}: is no TOML ({error})") from error
    _known(content, ("seed", "fault"), str(path))
    seed, faults = content.get("seed", 0), content.get("fault", [])
    if not isinstance(seed, int) or isinstance(seed, bool):
        raise BadPlan(f"{path}: seed: a whole number is expected")
    try:
        items = msgspec.convert(faults, list[dict[str, Any]])
    except msgspec.ValidationError as error:
        raise BadPlan(f"{path}: fault: write [[fault]]") from error
    return Plan([_fault(item, f"{path}, fault {number}") for number, item in enumerate(items, 1)], seed)


def _fault(members: dict[str, Any], place: str) -> Fault:
    _known(members, Fault.__struct_fields__, place)
    kind = members.get("kind")
    if isinstance(kind, str) and kind not in KINDS:
        raise BadPlan(f"{place}: kind: there is no {kind!r}{_meant(kind, KINDS)}")
    try:
        return msgspec.convert(members, Fault)
    except msgspec.ValidationError as error:
        raise BadPlan(f"{place}: {error}") from error


def _known(members: dict[str, Any], names: Iterable[str], place: str) -> None:
    allowed = tuple(names)
    for name in members:
        if name not in allowed:
            raise BadPlan(f"{place}: there is no member {name!r}{_meant(name, allowed)}")


def _meant(text: str, names: Iterable[str]) -> str:
    names = sorted(names)
    close = difflib.get_close_matches(text, names, n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(names)}"
