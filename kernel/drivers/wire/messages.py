"""The messages, as arrays: members are only ever added at the end, with a default."""

from typing import Final, Literal

from msgspec import Raw, Struct, field

from kernel.drivers.wire import MAJOR, MINOR
from kernel.records.server import Manager, Target

METHODS: Final = ("Hello", "Open", "Watch", "Close", "Fence")
"""The methods beside a session's calls."""
NIL: Final = b"\xc0"

Role = Literal["read", "money"]
"""What a client's certificate allows: reads only, or everything."""


class Hello(Struct, array_like=True, frozen=True):
    """Who calls."""

    major: int = MAJOR
    minor: int = MINOR


class Welcome(Struct, array_like=True, frozen=True):
    """Who answers.

    ``incarnation`` is new at each start of the bridge; ``workers`` counts the processes that hosted the
    driver since then; ``reachable`` is the driver's own answer, false while no worker runs.
    """

    major: int
    minor: int
    incarnation: str
    driver: str
    workers: int
    reachable: bool
    role: Role


class Open(Struct, array_like=True, frozen=True):
    """A login to make on a trade server."""

    major: int
    target: Target


class Opened(Struct, array_like=True, frozen=True):
    """A session that stands.

    ``generation`` is its number, one more for each login in this incarnation; ``clock`` is the bridge's
    monotonic clock in seconds, by which ``Call.not_after`` counts.
    """

    incarnation: str
    generation: int
    clock: float
    manager: Manager


class Call(Struct, array_like=True, frozen=True):
    """A call on a session, or with no arguments its watch or its end.

    ``operation`` and ``not_after`` belong to writes: the id that is carried out at most once, and the
    bridge's clock after which it must not begin.
    """

    major: int
    incarnation: str
    generation: int
    arguments: Raw = field(default_factory=lambda: Raw(NIL))
    operation: str = ""
    not_after: float = 0.0


class Answer(Struct, array_like=True, frozen=True):
    """How a call ended, or with ``rows`` a piece of a list that goes on; and how the session stands now.

    ``connected`` and ``pumping`` are None where the bridge answers without having asked the session.
    """

    kind: Literal["done", "rows", "rejected", "not_sent", "indeterminate"]
    payload: Raw = field(default_factory=lambda: Raw(NIL))
    retcode: int | None = None
    reason: str = ""
    connected: bool | None = None
    pumping: bool | None = None


class Fence(Struct, array_like=True, frozen=True):
    """An operation that must not be sent any more."""

    major: int
    operation: str


class Fenced(Struct, array_like=True, frozen=True):
    """What the bridge knew of an operation before it fenced it.

    * ``unseen``: this incarnation was never given it, and from now on refuses it.
    * ``fenced``: it was refused or fenced before, or the driver said that it was not sent.
    * ``in_flight``: it was handed to the driver, which has not answered.
    * ``done``: it ended with ``retcode``, 0 or 255 for an outcome that nobody knows.
    * ``forgotten``: too long ago to tell. It proves nothing.
    """

    incarnation: str
    state: Literal["unseen", "fenced", "in_flight", "done", "forgotten"]
    retcode: int | None = None


class Batch(Struct, array_like=True, frozen=True):
    """Events in their order, each with the name of its record; empty as a sign of life."""

    events: tuple[tuple[str, Raw], ...] = ()
