"""What became of every operation id that this incarnation was given; nothing here ever waits."""

from typing import Final, Literal

from kernel.drivers import Indeterminate, NotSent
from kernel.drivers.wire.messages import Fenced

_ROOM: Final = 1_000_000
_IN_FLIGHT: Final = -1
_FENCED: Final = -2
State = Literal["unseen", "fenced", "in_flight", "done", "forgotten"]


class Ledger:
    """Each id goes to the driver at most once, and never after it was fenced.

    It remembers a million ids. From the first one on that it forgets, it answers ``forgotten`` for an id
    that it does not know, because ``unseen`` would be a proof.
    """

    def __init__(self, incarnation: str, room: int = _ROOM) -> None:
        """Start empty."""
        self._incarnation, self._room = incarnation, room
        self._codes: dict[str, int] = {}
        self._has_forgotten = False

    def begin(self, operation: str) -> None:
        """Note that an operation goes to the driver now.

        Raises ``NotSent`` for one that is fenced, and ``Indeterminate`` for one that was here before:
        the first time may have been carried out.
        """
        code = self._codes.get(operation)
        if code == _FENCED:
            raise NotSent("the operation is fenced")
        if code is not None:
            raise Indeterminate("an operation of this id was sent before")
        self._note(operation, _IN_FLIGHT)

    def settle(self, operation: str, retcode: int) -> None:
        """Note how it ended: 0, MT4's refusal, or 255 where nobody knows."""
        self._codes[operation] = retcode

    def refuse(self, operation: str) -> None:
        """Note that it was not sent after all; it is not taken a second time."""
        self._codes[operation] = _FENCED

    def fence(self, operation: str) -> Fenced:
        """Say what is known of it; what was never here is refused from now on."""
        code = self._codes.get(operation)
        if code is None:
            state: State = "forgotten" if self._has_forgotten else "unseen"
            self._note(operation, _FENCED)
            return Fenced(self._incarnation, state)
        if code in {_FENCED, _IN_FLIGHT}:
            return Fenced(self._incarnation, "fenced" if code == _FENCED else "in_flight")
        return Fenced(self._incarnation, "done", code)

    def _note(self, operation: str, code: int) -> None:
        if len(self._codes) >= self._room:
            settled = next((known for known, state in self._codes.items() if state != _IN_FLIGHT), None)
            if settled is not None:
                del self._codes[settled]
                self._has_forgotten = True
        self._codes[operation] = code
