"""Passwords of accounts and managers: the rules for new ones, and the digests that are kept."""

import hashlib
import hmac
import secrets
import string
from typing import Final

SHORTEST: Final = 5
LONGEST: Final = 15
CLASSES: Final = 2
_ALPHABET: Final = string.ascii_letters + string.digits


def acceptable(password: str) -> bool:
    """Whether MT4 takes it: 5 to 15 characters, two classes of lower, upper and digit, a digit in any case.

    A special character counts as two classes (behaviour.md §7).
    """
    if not SHORTEST <= len(password) <= LONGEST or not any(c in string.digits for c in password):
        return False
    lower = any(c.islower() for c in password)
    upper = any(c.isupper() for c in password)
    special = any(not c.isalnum() for c in password)
    return 1 + lower + upper + 2 * special >= CLASSES


def random_password() -> str:
    """Make one that is acceptable and that nobody is told."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(LONGEST - 2)) + "a7"


class Digests:
    """Turns passwords into what is kept of them, under a key that this database made once."""

    def __init__(self, key: bytes) -> None:
        """Take the key: 32 random bytes from the database."""
        self._key = key

    def digest(self, login: int, kind: str, password: str) -> bytes:
        """Give what is kept of one; equal passwords of two accounts look different."""
        salt = f"{kind}:{login}:".encode()
        return hashlib.blake2b(salt + password.encode(), key=self._key, digest_size=20).digest()

    def matches(self, login: int, kind: str, password: str, kept: bytes) -> bool:
        """Compare in constant time."""
        return hmac.compare_digest(self.digest(login, kind, password), kept)
