"""The line of one session: alive, silently gone, known to be gone, or closed (behaviour.md §2, §18)."""

from collections.abc import Callable
from typing import Final

from kernel.drivers import Indeterminate, NotSent
from kernel.retcodes import NETWORK_PROBLEM

_LOST: Final = "the line to the trade server broke"


class Line:
    """Dies when idle or when broken, and says so late: ``connected`` is only what this end believes.

    The first call after the loss is answered with 255, every later one is not sent, until another
    session is opened.
    """

    def __init__(self, clock: Callable[[], float], idle_seconds: float) -> None:
        """Start alive."""
        self._clock = clock
        self._idle_seconds = idle_seconds
        self._last = clock()
        self._broken = False
        self.connected = True

    @property
    def alive(self) -> bool:
        """Whether the server would still answer."""
        return self.connected and not self._broken and self._clock() - self._last <= self._idle_seconds

    def now(self) -> float:
        """Tell the time by which it counts."""
        return self._clock()

    def use(self, *, traffic: bool = True) -> None:
        """Pass for a call, which keeps the line alive unless it makes no traffic.

        Raises ``NotSent`` when the loss is known, ``Indeterminate`` when it is found now.
        """
        if not self.connected:
            raise NotSent("there is no session with the trade server")
        if not self.alive:
            raise self.lost()
        if traffic:
            self._last = self._clock()

    def cut(self) -> None:
        """Break it without this end knowing."""
        self._broken = True

    def lost(self) -> Indeterminate:
        """Find out that it is broken; gives what the call that found it ends with."""
        self.close()
        return Indeterminate(_LOST, NETWORK_PROBLEM)

    def close(self) -> None:
        """Know that it is over."""
        self._broken, self.connected = True, False
