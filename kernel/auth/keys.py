"""The key ring that tokens are signed with: a private file that this service makes for itself."""

import base64
import binascii
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from kernel.store.place import OTHERS, PRIVATE_FILE, PRIVATE_FOLDER, sync_folder

SHORTEST: Final = 32
"""Bytes of a secret: as long as the hash of HS256."""

_FEWEST_DISTINCT: Final = 16
_LONGEST_FILE: Final = 64 * 1024


class KeysUnusable(Exception):
    """The key file cannot be used; the text says why, and what to do. Raised at start only."""


class _StoredKey(Struct, frozen=True, forbid_unknown_fields=True):
    kid: str
    secret: str
    created_at: int


class _Ring(Struct, frozen=True, forbid_unknown_fields=True):
    keys: tuple[_StoredKey, ...]


class Key(Struct, frozen=True):
    """One secret and the name that token headers call it by."""

    kid: str
    secret: bytes
    created_at: int

    def __repr__(self) -> str:
        """Show the name only."""
        return f"Key(kid={self.kid!r})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        """Show the name only, also to pretty tracebacks."""
        return [("kid", self.kid)]


class KeyRing:
    """Several keys during a rotation: the newest signs, each verifies."""

    def __init__(self, keys: Sequence[Key]) -> None:
        self._keys = {key.kid: key for key in keys}
        self.newest = max(keys, key=lambda key: key.created_at)

    def find(self, kid: str) -> Key | None:
        """Look a key up by the name in a token's header."""
        return self._keys.get(kid)


def open_ring(path: Path, now: int) -> KeyRing:
    """Read the ring, or make one with a single key when there is no file; raises ``KeysUnusable``.

    Does file work and a sync: call it from a thread.
    """
    try:
        if not path.exists():
            _make(path, now)
        return _read(path)
    except OSError as error:
        raise KeysUnusable(f"The key file {path} cannot be read or made: {error.strerror or error}") from error


def _make(path: Path, now: int) -> None:
    secret = base64.urlsafe_b64encode(secrets.token_bytes(SHORTEST)).decode()
    ring = _Ring(keys=(_StoredKey(kid=secrets.token_hex(8), secret=secret, created_at=now),))
    path.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(ring)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            # A link, not a rename: of two processes that start together the second must take the first one's keys.
            os.link(draft, path)
        except FileExistsError:
            return
        sync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def _read(path: Path) -> KeyRing:
    with path.open("rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        if os.name == "posix" and mode & OTHERS:
            raise KeysUnusable(
                f"The key file {path} is open to others (mode {mode & 0o777:04o}). Whoever read it can make tokens: "
                "delete it, and a new one is made at the next start"
            )
        text = file.read(_LONGEST_FILE + 1)
    try:
        ring = msgspec.json.decode(text, type=_Ring)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise KeysUnusable(f"The key file {path} is not a key ring: {error}") from error
    if not ring.keys:
        raise KeysUnusable(f"The key file {path} holds no key")
    if len({key.kid for key in ring.keys}) != len(ring.keys):
        raise KeysUnusable(f"The key file {path} names two keys alike")
    return KeyRing([Key(key.kid, _secret(path, key), key.created_at) for key in ring.keys])


def _secret(path: Path, key: _StoredKey) -> bytes:
    try:
        secret = base64.b64decode(key.secret, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise KeysUnusable(f"The key {key.kid!r} in {path} is not base64url") from error
    if len(secret) < SHORTEST:
        problem = f"has {len(secret)} bytes, fewer than {SHORTEST}"
    elif len(set(secret)) < _FEWEST_DISTINCT or (secret.isascii() and secret.decode("ascii").isprintable()):
        problem = "is not random: it repeats itself, or is text that someone typed"
    else:
        return secret
    raise KeysUnusable(f"The key {key.kid!r} in {path} {problem}. Delete the file, and a new one is made")
