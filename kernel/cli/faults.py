"""What an operator can mend, told in words instead of a traceback."""

from collections.abc import Iterable
from typing import Final

CANNOT: Final = 2
"""The exit code of a command that could not be carried out."""


class Fault(Exception):
    """Ends a command with exit code 2; the text is all that is printed."""

    def __init__(self, message: object, problems: Iterable[object] = ()) -> None:
        """Write the problems below the message, a line each."""
        super().__init__("\n  ".join(map(str, (message, *problems))))
