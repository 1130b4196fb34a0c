"""The API's own users, kept in the store: name, password hash, scopes, and the epoch of their tokens."""

import time
import unicodedata
from collections.abc import Callable, Collection, Iterable
from typing import Final

from msgspec import Struct

from kernel.auth import passwords, scopes
from kernel.auth.passwords import Passwords
from kernel.errors import BadInput, NotFound
from kernel.store import Duplicate, Row, Statement, Store, Unmet, Value

LONGEST_NAME: Final = 128

_LIST: Final = "SELECT name, scopes, epoch, disabled, created_at, changed_at FROM api_user ORDER BY name"
_FIND: Final = (
    "SELECT name, scopes, epoch, disabled, created_at, changed_at, password_hash FROM api_user WHERE name = ?"
)
_ADD: Final = """
    INSERT INTO api_user (name, password_hash, scopes, epoch, created_at, changed_at) VALUES (?, ?, ?, ?, ?, ?)"""
_ADD_FIRST: Final = """
    INSERT INTO api_user (name, password_hash, scopes, epoch, created_at, changed_at)
    SELECT ?, ?, ?, CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT)
    WHERE NOT EXISTS (SELECT 1 FROM api_user)"""
_SET_PASSWORD: Final = """
    UPDATE api_user SET password_hash = ?, epoch = epoch + 1, changed_at = ? WHERE name = ?"""  # noqa: S105 - SQL
_SET_SCOPES: Final = "UPDATE api_user SET scopes = ?, epoch = epoch + 1, changed_at = ? WHERE name = ?"
_SET_DISABLED: Final = "UPDATE api_user SET disabled = ?, epoch = epoch + 1, changed_at = ? WHERE name = ?"
_RENEW_HASH: Final = "UPDATE api_user SET password_hash = ? WHERE name = ? AND password_hash = ?"


class ApiUser(Struct, frozen=True, kw_only=True):
    """One user; times are Unix seconds. A token of an earlier ``epoch`` is worth nothing."""

    name: str
    scopes: frozenset[str]
    epoch: int
    disabled: bool
    created_at: int
    changed_at: int


class ApiUsers:
    """Adds, changes and finds users, on the command line and in the service alike.

    Whatever takes something away from a user (a new password, other scopes, disabling) raises the
    epoch, which ends the tokens given out before.
    """

    def __init__(
        self,
        store: Store,
        *,
        hasher: Passwords | None = None,
        known: Collection[str] = scopes.KNOWN,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """``known`` are the scopes that may be given, those of plugins among them."""
        self._store = store
        self._hasher = hasher or Passwords()
        self._known = known
        self._clock = clock

    async def add(self, name: str, password: str, granted: Iterable[str]) -> ApiUser:
        """Add a user; raises ``BadInput`` for a bad or taken name, a poor password or an unknown scope."""
        try:
            return await self._insert(_ADD, name, password, granted)
        except Duplicate as error:
            raise BadInput.at("body", "name", message=f"There is an API user {name!r} already") from error

    async def add_first(self, name: str, password: str, granted: Iterable[str]) -> ApiUser | None:
        """Add a user if there is none at all, also when two processes try it at once; None otherwise."""
        try:
            return await self._insert(_ADD_FIRST, name, password, granted)
        except (Unmet, Duplicate):
            return None

    async def set_password(self, name: str, password: str) -> None:
        """Give a new password; raises ``NotFound`` or ``BadInput``."""
        name = normal(name)
        passwords.check(password, name)
        await self._change(_SET_PASSWORD, name, await self._hasher.hash(password))

    async def set_scopes(self, name: str, granted: Iterable[str]) -> None:
        """Give these scopes and no others; raises ``NotFound`` or ``BadInput``."""
        await self._change(_SET_SCOPES, normal(name), _joined(scopes.check(granted, self._known)))

    async def disable(self, name: str) -> None:
        """Let the user in no more; raises ``NotFound``."""
        await self._change(_SET_DISABLED, normal(name), 1)

    async def enable(self, name: str) -> None:
        """Let the user in again, with a new login; raises ``NotFound``."""
        await self._change(_SET_DISABLED, normal(name), 0)

    async def list(self) -> list[ApiUser]:
        """Everybody, by name."""
        rows = await self._store.read(_LIST)
        return [_user(row) for row in rows]

    async def find(self, name: str) -> ApiUser | None:
        """Look one user up."""
        found = await self.find_with_hash(name)
        return found and found[0]

    async def find_with_hash(self, name: str) -> tuple[ApiUser, str] | None:
        """Look one user up together with the stored hash, which is for the login alone."""
        name = normal(name)
        if not _well_formed(name):
            return None
        rows = await self._store.read(_FIND, (name,))
        return (_user(rows[0]), rows[0][-1]) if rows else None

    async def renew_hash(self, name: str, old: str, password: str) -> None:
        """Store the same password under today's parameters, unless it was changed meanwhile."""
        new = await self._hasher.hash(password)
        await self._store.write(Statement(_RENEW_HASH, (new, normal(name), old)))

    async def _insert(self, sql: str, name: str, password: str, granted: Iterable[str]) -> ApiUser:
        name = normal(name)
        if not _well_formed(name):
            message = f"Expected 1 to {LONGEST_NAME} printable characters, with no space at either end"
            raise BadInput.at("body", "name", message=message)
        held = scopes.check(granted, self._known)
        passwords.check(password, name)
        now = int(self._clock())
        row = (name, await self._hasher.hash(password), _joined(held), now, now, now)
        await self._store.write(Statement(sql, row, expect=1))
        return ApiUser(name=name, scopes=held, epoch=now, disabled=False, created_at=now, changed_at=now)

    async def _change(self, sql: str, name: str, value: Value) -> None:
        if not _well_formed(name):
            raise NotFound(f"There is no API user {name!r}")
        try:
            await self._store.write(Statement(sql, (value, int(self._clock()), name), expect=1))
        except Unmet as error:
            raise NotFound(f"There is no API user {name!r}") from error


def normal(name: str) -> str:
    """Spell a name in one way, whichever keyboard it came from."""
    return unicodedata.normalize("NFC", name)


def _well_formed(name: str) -> bool:
    return 1 <= len(name) <= LONGEST_NAME and name.isprintable() and name == name.strip()


def _joined(held: frozenset[str]) -> str:
    return " ".join(sorted(held))


def _user(row: Row) -> ApiUser:
    name, held, epoch, disabled, created_at, changed_at = row[:6]
    return ApiUser(
        name=name,
        scopes=frozenset(held.split()),
        epoch=epoch,
        disabled=bool(disabled),
        created_at=created_at,
        changed_at=changed_at,
    )
