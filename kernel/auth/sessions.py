"""Sessions: the chain of tokens that follows one login and ends with the session's greatest age."""

import secrets
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from kernel.auth.recent import Recent
from kernel.auth.settings import AuthSettings
from kernel.auth.tokens import Claims, Token, Tokens
from kernel.auth.users import ApiUser
from kernel.errors import TokenExpired

_NEAR_SECONDS: Final = 600
_NEAR_SHARE: Final = 8
_PAUSE_SECONDS: Final = 60
_REMEMBERED: Final = 4096


class _Given(Struct, frozen=True):
    value: str
    at: int
    expires_at: int


class Sessions:
    """Decides when a session gets its tokens; ``Tokens`` makes and reads them."""

    def __init__(self, tokens: Tokens, settings: AuthSettings, clock: Callable[[], float]) -> None:
        self._tokens = tokens
        self._settings = settings
        self._clock = clock
        self._given: Recent[str, _Given] = Recent(_REMEMBERED)

    def begin(self, user: ApiUser) -> Token:
        """Give the first token of a new session."""
        now = int(self._clock())
        expires_at = now + min(self._settings.token_seconds, self._settings.session_seconds)
        value = self._tokens.issue(
            sub=user.name,
            sid=secrets.token_urlsafe(16),
            auth_time=now,
            epoch=user.epoch,
            scopes=user.scopes,
            expires_at=expires_at,
        )
        return Token(value, expires_at - now, expires_at)

    def read(self, token: str) -> Claims:
        """Believe a token of a session that is not too old; raises ``InvalidToken`` or ``TokenExpired``."""
        claims = self._tokens.verify(token)
        # A token's own end lies within, unless the settings were tightened since it was made.
        if self._clock() >= self._end(claims) + self._settings.leeway:
            raise TokenExpired("The session has reached its greatest age; log in again")
        return claims

    def prolong(self, claims: Claims, user: ApiUser) -> Token | None:
        """Give a later token when this one nears its end; None when it does not, or the session does.

        Near is the last eighth of its life, or the last ten minutes when that is more. For a minute
        everybody in the session gets the same new token.
        """
        now = int(self._clock())
        if claims.exp - now > max(_NEAR_SECONDS, (claims.exp - claims.iat) // _NEAR_SHARE):
            return None
        given = self._given.get(claims.sid)
        if given is None or not 0 <= now - given.at < _PAUSE_SECONDS:
            expires_at = min(now + self._settings.token_seconds, self._end(claims))
            if expires_at <= claims.exp:
                return None
            given = self._next(claims, user, now, expires_at)
        if given.expires_at <= claims.exp:
            return None  # asked with the new token itself
        return Token(given.value, given.expires_at - now, given.expires_at)

    def _next(self, claims: Claims, user: ApiUser, now: int, expires_at: int) -> _Given:
        value = self._tokens.issue(
            sub=claims.sub,
            sid=claims.sid,
            auth_time=claims.auth_time,
            epoch=claims.epoch,
            scopes=user.scopes,
            expires_at=expires_at,
        )
        given = _Given(value, now, expires_at)
        self._given.put(claims.sid, given)
        return given

    def _end(self, claims: Claims) -> int:
        return claims.auth_time + self._settings.session_seconds
