"""The kernel's one answer to "who is this?": login, tokens, and the user behind a token."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from msgspec import Struct

from kernel.auth import passwords
from kernel.auth.keys import open_ring
from kernel.auth.passwords import Passwords
from kernel.auth.recent import Recent
from kernel.auth.scopes import EVERYTHING
from kernel.auth.sessions import Sessions
from kernel.auth.settings import AuthSettings
from kernel.auth.tokens import Claims, Token, Tokens
from kernel.auth.users import ApiUser, ApiUsers
from kernel.errors import BadInput, InvalidCredentials, InvalidToken, TokenExpired, Unavailable
from kernel.records.principal import Principal
from kernel.store import Store

FIRST_ADMIN: Final = "admin"

_LONGEST_INPUT: Final = 128
_STATE_SECONDS: Final = 2.0
_REMEMBERED: Final = 4096


class FirstAdmin(Struct, frozen=True):
    """The user that a fresh store begins with; the password exists nowhere else."""

    name: str
    password: str

    def __repr__(self) -> str:
        """Show the name only."""
        return f"FirstAdmin(name={self.name!r})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        """Show the name only, also to pretty tracebacks."""
        return [("name", self.name)]


class _Seen(Struct, frozen=True):
    user: ApiUser
    at: float


class Auth:
    """Used from one event loop; ``start`` comes first.

    Another process may change users at any time. What it takes away is gone here two seconds later.
    """

    def __init__(
        self,
        store: Store,
        settings: AuthSettings,
        *,
        clock: Callable[[], float] = time.time,
        hasher: Passwords | None = None,
    ) -> None:
        """``clock`` gives Unix seconds."""
        self._settings = settings
        self._clock = clock
        self._hasher = hasher or Passwords()
        self.users = ApiUsers(store, hasher=self._hasher, clock=clock)
        self._seen: Recent[str, _Seen] = Recent(_REMEMBERED)
        self._sessions: Sessions | None = None
        self._nobody = ""

    async def start(self) -> FirstAdmin | None:
        """Open the key ring; on a store without users add the first, to be shown once on the terminal.

        Raises ``KeysUnusable`` and ``StoreUnavailable``.
        """
        settings = self._settings
        ring = await asyncio.to_thread(open_ring, settings.key_file, int(self._clock()))
        self._nobody = await self._hasher.hash(passwords.generate())
        tokens = Tokens(
            ring, issuer=settings.issuer, audience=settings.audience, leeway=settings.leeway, clock=self._clock
        )
        self._sessions = Sessions(tokens, settings, self._clock)
        if await self.users.list():
            return None
        password = passwords.generate()
        added = await self.users.add_first(FIRST_ADMIN, password, [EVERYTHING])
        return FirstAdmin(FIRST_ADMIN, password) if added else None

    def close(self) -> None:
        """Let the hashing threads end; logins that still wait are dropped."""
        self._hasher.close()

    async def login(self, username: str, password: str) -> Token:
        """Begin a session. Raises ``InvalidCredentials``, and ``Unavailable`` when too many log in at once.

        An unknown or disabled user costs the same hash and gets the same answer as a wrong password.
        """
        _bounded("username", username)
        _bounded("password", password)
        asked = self._clock()
        found = await self.users.find_with_hash(username)
        user, stored = found or (None, self._nobody)
        right = await self._hasher.verify(stored, password)
        if user is None or user.disabled or not right:
            raise InvalidCredentials("Incorrect username or password")
        if self._hasher.outdated(stored):
            with suppress(Unavailable):  # the old hash still serves; the next login tries again
                await self.users.renew_hash(user.name, stored, password)
        self._seen.put(user.name, _Seen(user, asked))
        return self._started().begin(user)

    async def authenticate(self, token: str, address: str | None) -> Principal:
        """Say who sends the token, with the scopes that the store holds now.

        Raises ``InvalidToken`` and ``TokenExpired``; ``StoreUnavailable`` when the user cannot be read.
        """
        claims = self._started().read(token)
        user = await self._user(claims.sub)
        if user is None or not _agrees(user, claims):
            raise InvalidToken("The access token is not valid")
        return Principal(name=user.name, scopes=user.scopes, session=claims.sid, address=address)

    def refreshed(self, token: str) -> Token | None:
        """Give a later token for one that ``authenticate`` just took and that nears its end; else None.

        At most one new token for a session in a minute, and none past ``session_seconds`` after the login.
        """
        try:
            claims = self._started().read(token)
        except (InvalidToken, TokenExpired):
            return None
        seen = self._seen.get(claims.sub)
        if seen is None or not _agrees(seen.user, claims):
            return None
        return self._started().prolong(claims, seen.user)

    async def _user(self, name: str) -> ApiUser | None:
        now = self._clock()
        seen = self._seen.get(name)
        if seen is not None and 0 <= now - seen.at < _STATE_SECONDS:
            return seen.user
        user = await self.users.find(name)
        if user is None:
            self._seen.drop(name)
        else:
            # The age counts from before the read: what changed during it is noticed in time.
            self._seen.put(name, _Seen(user, now))
        return user

    def _started(self) -> Sessions:
        if self._sessions is None:
            raise RuntimeError("Auth.start() comes first")
        return self._sessions


def _agrees(user: ApiUser, claims: Claims) -> bool:
    return not user.disabled and user.epoch == claims.epoch


def _bounded(field: str, value: str) -> None:
    if not 1 <= len(value) <= _LONGEST_INPUT:
        raise BadInput.at("body", field, message=f"Expected 1 to {_LONGEST_INPUT} characters")
