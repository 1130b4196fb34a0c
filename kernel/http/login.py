"""``POST /api/auth/login``: a user name and a password for a token, as form or as JSON."""

from typing import Annotated, Final
from urllib.parse import parse_qsl

from litestar import Request, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.enums import MediaType
from msgspec import Meta, Struct

from kernel.auth.service import Auth
from kernel.errors import BadInput, InvalidCredentials, MalformedRequest, UnsupportedMediaType
from kernel.http.access import PUBLIC
from kernel.http.body import decode, record_of, require_json

_FORM: Final = "application/x-www-form-urlencoded"
_MOST_MEMBERS: Final = 20
_Credential = Annotated[str, Meta(min_length=1, max_length=128)]


class Credentials(Struct, frozen=True):
    """What a login needs; other members, such as OAuth2's ``grant_type``, are ignored."""

    username: _Credential
    password: _Credential

    def __repr__(self) -> str:
        """Name the user, never the password."""
        return f"Credentials(username={self.username!r})"


class AccessToken(Struct, frozen=True):
    """The answer, bare as OAuth2 has it: no envelope."""

    access_token: str
    token_type: str
    expires_in: int


@post(
    "/api/auth/login",
    scope=PUBLIC,
    status_code=200,
    media_type=MediaType.JSON,
    mt4=False,
    form=Credentials,
    errors=(InvalidCredentials, BadInput, MalformedRequest, UnsupportedMediaType),
    tags=["auth"],
    request_example={"username": "admin", "password": "your_password"},
    example={"access_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.x", "token_type": "bearer", "expires_in": 28800},
)
async def login(request: Request[None, None, State], auth: NamedDependency[Auth]) -> AccessToken:
    """Get a token.

    Send it with every other request as `Authorization: Bearer TOKEN`. Near its end an answer carries a
    new one in `X-New-Token`.
    """
    credentials = _credentials(request.headers.get("content-type", ""), await request.body())
    token = await auth.login(credentials.username, credentials.password)
    return AccessToken(access_token=token.value, token_type="bearer", expires_in=token.expires_in)  # noqa: S106 - OAuth2's word for the kind


def _credentials(content_type: str, body: bytes) -> Credentials:
    if content_type.partition(";")[0].strip().lower() != _FORM:
        require_json({"content-type": content_type}, also=_FORM)
        return decode(body, Credentials)
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_MEMBERS)
    except ValueError as error:
        raise MalformedRequest("The body is not a URL-encoded form") from error
    names = [name for name, _ in pairs if name in Credentials.__struct_fields__]
    if len(set(names)) != len(names):
        raise MalformedRequest("A member of the form stands there twice")
    return record_of(dict(pairs), Credentials)
