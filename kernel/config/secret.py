"""What must never be printed: the ``Secret`` text, and how to tell by its name that a value is one."""

import hmac
import re
from functools import lru_cache
from typing import Final

STARS: Final = "***"
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_ANYWHERE: Final = ("password", "passwd", "passphrase", "secret", "authorization", "credential", "cookie")
_AT_THE_END: Final = frozenset({"token", "tokens", "key", "keys", "apikey", "jwt", "otp", "pin", "pwd", "pass", "dsn"})
_ABOUT_ONE: Final = frozenset(
    {"bytes", "count", "days", "digits", "file", "hours", "id", "kind", "length", "minutes", "path", "seconds"}
)


class Secret:
    """A text that shows itself as ``***`` wherever it is printed, formatted or logged.

    It is not a ``str``, so that JSON encoders refuse it instead of writing it out.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str = "") -> None:
        self._text = text

    def reveal(self) -> str:
        """Give the text itself, for the one call that needs it."""
        return self._text

    def __repr__(self) -> str:
        return STARS

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        """Compare in a time that does not tell how much is alike."""
        if not isinstance(other, Secret):
            return NotImplemented
        mine, theirs = (text.encode("utf-8", "surrogatepass") for text in (self._text, other.reveal()))
        return hmac.compare_digest(mine, theirs)

    def __hash__(self) -> int:
        return hash(self._text)


@lru_cache(maxsize=1024)
def looks_secret(name: str) -> bool:
    """Whether a member of this name holds a secret: ``investor_password`` does, ``password_file`` does not."""
    words = [word.lower() for word in _WORD.findall(name)]
    if not words or words[-1] in _ABOUT_ONE:
        return False
    return words[-1] in _AT_THE_END or any(part in word for word in words for part in _ANYWHERE)
