"""Access tokens: signed with the ring's newest key, believed only in the one form that we make."""

import re
import secrets
from collections.abc import Callable
from typing import Annotated, Any, Final, NoReturn

import jwt
import msgspec
from msgspec import Meta, Struct

from kernel.auth.keys import KeyRing
from kernel.auth.recent import Recent
from kernel.errors import InvalidToken, TokenExpired

_ALGORITHM: Final = "HS256"
_REQUIRED: Final = ["iss", "aud", "sub", "iat", "nbf", "exp", "jti", "sid", "auth_time", "epoch", "scope"]
_LONGEST: Final = 8192
_REMEMBERED: Final = 4096
# Three parts in base64url. 32 bytes of HMAC are 43 characters, and the last has two bits that must be
# zero: without this a decoder takes several spellings of one signature.
_SHAPE: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]\Z")

Seconds = Annotated[int, Meta(ge=0, le=2**53)]
Id = Annotated[str, Meta(min_length=1, max_length=128)]


class Token(Struct, frozen=True):
    """A token to hand out: ``expires_in`` seconds from now, at Unix time ``expires_at``."""

    value: str
    expires_in: int
    expires_at: int

    def __repr__(self) -> str:
        """Show when it ends, never what it is."""
        return f"Token(expires_at={self.expires_at})"

    def __rich_repr__(self) -> list[tuple[str, int]]:
        """Show when it ends, also to pretty tracebacks."""
        return [("expires_at", self.expires_at)]


class Claims(Struct, frozen=True, kw_only=True):
    """What a token says; times are Unix seconds. ``scope`` is for information, the store decides."""

    sub: Id
    sid: Id
    jti: Id
    iat: Seconds
    nbf: Seconds
    exp: Seconds
    auth_time: Seconds
    epoch: Seconds
    scope: str


class Tokens:
    """Makes and checks tokens for one issuer and one audience."""

    def __init__(self, ring: KeyRing, *, issuer: str, audience: str, leeway: int, clock: Callable[[], float]) -> None:
        self._ring = ring
        self._issuer = issuer
        self._audience = audience
        self._leeway = leeway
        self._clock = clock
        self._verified: Recent[str, Claims] = Recent(_REMEMBERED)
        # Time is checked here, by the clock that also stamps the tokens, on every use and not only the first.
        self._jwt = jwt.PyJWT(
            {
                "require": _REQUIRED,
                "strict_aud": True,
                "enforce_minimum_key_length": True,
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
            }
        )

    def issue(self, *, sub: str, sid: str, auth_time: int, epoch: int, scopes: frozenset[str], expires_at: int) -> str:
        """Sign a new token that is good from now until ``expires_at``."""
        now = int(self._clock())
        claims = Claims(
            sub=sub,
            sid=sid,
            jti=secrets.token_urlsafe(16),
            iat=now,
            nbf=now,
            exp=expires_at,
            auth_time=auth_time,
            epoch=epoch,
            scope=" ".join(sorted(scopes)),
        )
        payload: dict[str, Any] = msgspec.to_builtins(claims)
        payload |= {"iss": self._issuer, "aud": self._audience}
        key = self._ring.newest
        return self._jwt.encode(payload, key.secret, _ALGORITHM, headers={"kid": key.kid})

    def verify(self, token: str) -> Claims:
        """Read a token that is ours and of this hour; raises ``InvalidToken`` or ``TokenExpired``.

        Never says why a token is invalid: whoever made it up would learn from it.
        """
        claims = self._verified.get(token)
        if claims is None:
            claims = self._read(token)
            self._verified.put(token, claims)
        now = self._clock()
        if max(claims.nbf, claims.iat) > now + self._leeway:
            _refuse()
        if claims.exp <= now - self._leeway:
            self._verified.drop(token)
            raise TokenExpired("The access token has expired")
        return claims

    def _read(self, token: str) -> Claims:
        if len(token) > _LONGEST or not _SHAPE.match(token):
            _refuse()
        try:
            header = jwt.get_unverified_header(token)
            kid = header.get("kid")
            # Exactly our own header: no other algorithm or kind, nothing that points to a key elsewhere.
            if not isinstance(kid, str) or header != {"alg": _ALGORITHM, "typ": "JWT", "kid": kid}:
                _refuse()
            key = self._ring.find(kid)
            if key is None:
                _refuse()
            payload = self._jwt.decode(
                token, key.secret, algorithms=[_ALGORITHM], audience=self._audience, issuer=self._issuer
            )
            return msgspec.convert(payload, Claims)
        except (jwt.PyJWTError, msgspec.ValidationError, ValueError, RecursionError) as error:
            raise InvalidToken("The access token is not valid") from error


def _refuse() -> NoReturn:
    raise InvalidToken("The access token is not valid")
