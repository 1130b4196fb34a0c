"""How long to wait before the next try to connect: up to twice as long each time, and never a storm."""

import random
from typing import Final

WRONG_LOGIN_SECONDS: Final = 300.0
"""After a refusal that somebody has to mend: asking every second would only lock the manager out."""


class Pauses:
    """Full jitter over a longest pause that doubles; a link that held for the longest of all starts over."""

    def __init__(self, first: float, most: float) -> None:
        """Begin with at most ``first`` seconds and grow to at most ``most``."""
        self.longest = first
        self._first, self._most = first, most

    def next(self, *, refused: bool) -> float:
        """Give the seconds to wait now; ``refused`` says that the server wants nothing of our login."""
        longest, self.longest = self.longest, min(self.longest * 2, self._most)
        return WRONG_LOGIN_SECONDS if refused else random.uniform(0, longest)  # noqa: S311 - jitter is no secret

    def held(self, seconds: float) -> None:
        """Take note of how long a link was up."""
        if seconds >= self._most:
            self.longest = self._first
