"""Password hashes: Argon2id, computed in a small pool so that a flood of logins starves nobody."""

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import Any, Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

from kernel.errors import BadInput, Unavailable

SHORTEST: Final = 12
LONGEST: Final = 128
"""Characters; the login endpoint accepts no more."""

_FEWEST_DISTINCT: Final = 5
_THREADS: Final = 2
_WAITING: Final = 16
_MEMORY_KIB: Final = 19 * 1024
_PASSES: Final = 2

Answer = TypeVar("Answer")


def check(password: str, name: str) -> None:
    """Refuse a password that is too short, too long or too plain; the text never repeats it."""
    password = _normal(password)
    if not SHORTEST <= len(password) <= LONGEST:
        problem = f"Expected {SHORTEST} to {LONGEST} characters"
    elif not password.isprintable():
        problem = "Expected no control characters, such as a line end"
    elif len(set(password)) < _FEWEST_DISTINCT:
        problem = f"Expected at least {_FEWEST_DISTINCT} different characters"
    elif password.casefold() == name.casefold():
        problem = "Expected something else than the user's name"
    else:
        return
    raise BadInput.at("body", "password", message=problem)


def generate() -> str:
    """Make a password for someone to type once: 144 random bits in 24 letters, digits, ``-`` and ``_``."""
    return secrets.token_urlsafe(18)


class Passwords:
    """Hashes and checks, two at a time; with 16 more waiting the next caller is told to come back.

    One check costs about 25 to 60 ms of processor time and 19 MiB (``choices.md``).
    """

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=1, type=Type.ID)
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="password")
        self._room = BoundedSemaphore(_THREADS + _WAITING)

    async def hash(self, password: str) -> str:
        """Make the text to store; raises ``Unavailable`` when too many wait."""
        return await self._submit(self._hasher.hash, _bytes(password))

    async def verify(self, stored: str, password: str) -> bool:
        """Whether the password made the stored text; raises ``Unavailable`` when too many wait."""
        return await self._submit(self._verify, stored, _bytes(password))

    def outdated(self, stored: str) -> bool:
        """Whether the stored text was made with other parameters than ours."""
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        """Let the threads end; what waits is dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _verify(self, stored: str, password: bytes) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _submit(self, work: Callable[..., Answer], *arguments: str | bytes) -> Answer:
        if not self._room.acquire(blocking=False):
            raise Unavailable("Too many logins at once")
        try:
            future = self._pool.submit(work, *arguments)
        except RuntimeError as error:
            self._room.release()
            raise Unavailable("The service is stopping") from error
        # Released when the thread is done, not when the caller is: a caller that leaves frees no thread.
        future.add_done_callback(self._leave)
        return await asyncio.wrap_future(future)

    def _leave(self, _: Future[Any]) -> None:
        self._room.release()


def _normal(password: str) -> str:
    # The same keys give composed characters on one system and decomposed ones on another.
    return unicodedata.normalize("NFC", password)


def _bytes(password: str) -> bytes:
    # JSON can carry half a surrogate pair: a wrong password, not an error.
    return _normal(password).encode("utf-8", "surrogatepass")
