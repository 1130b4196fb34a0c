"""Every token but our own is refused; forged ones are made here by hand, with our key and without."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kernel.auth.keys import Key, open_ring
from kernel.auth.service import Auth
from kernel.errors import InvalidToken, TokenExpired

HOUR = 3600
Edit = Callable[[dict[str, Any], dict[str, Any], Key], None]


def part(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(header: dict[str, Any], claims: dict[str, Any], secret: bytes, digest: str = "sha256") -> str:
    text = f"{part(json.dumps(header).encode())}.{part(json.dumps(claims).encode())}"
    return f"{text}.{part(hmac.digest(secret, text.encode(), digest))}"


def read(token: str, index: int) -> dict[str, Any]:
    text = token.split(".")[index]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


@pytest.fixture
async def token(auth: Auth) -> str:
    return (await auth.login("crm", "a good password")).value


@pytest.fixture
def key(tmp_path: Path, token: str) -> Key:
    assert token
    return open_ring(tmp_path / "data" / "keys.json", 0).newest


def test_a_token_says_who_until_when_and_for_whom(token: str, key: Key, clock: Callable[[], int]) -> None:
    claims = read(token, 1)
    now = int(clock())

    assert read(token, 0) == {"alg": "HS256", "typ": "JWT", "kid": key.kid}
    assert len(claims.pop("jti")) == len(claims.pop("sid")) == 22
    assert claims == {
        "iss": "mt4-manager-api",
        "aud": "mt4-manager-api",
        "sub": "crm",
        "iat": now,
        "nbf": now,
        "exp": now + 8 * HOUR,
        "auth_time": now,
        "epoch": now,
        "scope": "market:read",
    }


async def test_a_token_made_by_hand_with_our_key_is_taken(auth: Auth, token: str, key: Key) -> None:
    """The forger below really can make a good one; so each change that it makes is what is refused."""
    by_hand = signed(read(token, 0), read(token, 1), key.secret)

    assert (await auth.authenticate(by_hand, None)).name == "crm"


def claim(name: str, value: Any) -> Edit:
    return lambda _, claims, __: claims.update({name: value})


def without(name: str) -> Edit:
    return lambda _, claims, __: claims.pop(name)


def header(name: str, value: Any) -> Edit:
    return lambda head, _, __: head.update({name: value})


NOW = 1_800_000_000

FORGED: dict[str, Edit] = {
    **{f"no {name}": without(name) for name in ("iss", "aud", "sub", "iat", "nbf", "exp", "jti", "sid", "auth_time")},
    "no epoch": without("epoch"),
    "no scope": without("scope"),
    "other issuer": claim("iss", "someone"),
    "issuer list": claim("iss", ["mt4-manager-api"]),
    "other audience": claim("aud", "another-service"),
    "audience list": claim("aud", ["mt4-manager-api", "another-service"]),
    "other user": claim("sub", "nobody"),
    "subject number": claim("sub", 7),
    "subject empty": claim("sub", ""),
    "other epoch": claim("epoch", NOW - 1),
    "epoch text": claim("epoch", str(NOW)),
    "epoch true": claim("epoch", True),
    "not yet": claim("nbf", NOW + 31),
    "issued later": claim("iat", NOW + 31),
    "expiry text": claim("exp", str(NOW + 60)),
    "expiry infinite": claim("exp", float("inf")),
    "expiry fraction": claim("exp", NOW + 60.5),
    "expiry null": claim("exp", None),
    "expiry far": claim("exp", 10**400),
    "login time text": claim("auth_time", "now"),
    "foreign kid": header("kid", "0000000000000000"),
    "kid path": header("kid", "../../etc/passwd"),
    "kid number": header("kid", 1),
    "no kid": lambda head, _, __: head.pop("kid"),
    "no typ": lambda head, _, __: head.pop("typ"),
    "no alg": lambda head, _, __: head.pop("alg"),
    "other typ": header("typ", "at+jwt"),
    "alg none": header("alg", "none"),
    "alg None": header("alg", "nOnE"),
    "alg HS512": header("alg", "HS512"),
    "alg RS256": header("alg", "RS256"),
    "alg null": header("alg", None),
    "jku": header("jku", "https://example.com/keys"),
    "jwk": header("jwk", {"kty": "oct", "k": "AAAA"}),
    "x5u": header("x5u", "https://example.com/cert"),
    "crit": header("crit", ["exp"]),
    "b64": lambda head, _, __: head.update({"crit": ["b64"], "b64": False}),
}


@pytest.mark.parametrize("name", FORGED)
async def test_a_token_with_something_wrong_is_refused_even_with_our_signature(
    auth: Auth, token: str, key: Key, name: str
) -> None:
    head, claims = read(token, 0), read(token, 1)
    FORGED[name](head, claims, key)
    with pytest.raises(InvalidToken, match=r"^The access token is not valid$"):
        await auth.authenticate(signed(head, claims, key.secret), None)


def tampered(token: str, index: int, **changes: Any) -> str:
    parts = token.split(".")
    parts[index] = part(json.dumps(read(token, index) | changes).encode())
    return ".".join(parts)


BROKEN: dict[str, Callable[[str, Key], str]] = {
    "empty": lambda _, __: "",
    "spaces": lambda token, _: f" {token} ",
    "line end": lambda token, _: token + "\n",
    "two parts": lambda token, _: token.rsplit(".", 1)[0],
    "four parts": lambda token, _: token + ".AAAA",
    "no signature": lambda token, _: token.rsplit(".", 1)[0] + ".",
    "other key": lambda token, _: signed(read(token, 0), read(token, 1), b"k" * 32),
    "empty key": lambda token, _: signed(read(token, 0), read(token, 1), b""),
    "kid as key": lambda token, key: signed(read(token, 0), read(token, 1), key.kid.encode()),
    "key in text": lambda token, key: signed(read(token, 0), read(token, 1), part(key.secret).encode()),
    "SHA-512": lambda token, key: signed(read(token, 0) | {"alg": "HS512"}, read(token, 1), key.secret, "sha512"),
    "tampered scope": lambda token, _: tampered(token, 1, scope="*"),
    "tampered user": lambda token, _: tampered(token, 1, sub="admin"),
    "tampered header": lambda token, _: tampered(token, 0, kid="x"),
    "respelled signature": lambda token, _: token[:-1] + chr(ord(token[-1]) + 1),
    "padded signature": lambda token, _: token + "=",
    "junk in signature": lambda token, _: token[:-5] + "!" + token[-5:],
    "bad base64": lambda token, _: "a." + token.split(".", 1)[1],
    "not JSON": lambda _, key: signed_text(b"{alg", b"{}", key),
    "claims a list": lambda token, key: signed_text(json.dumps(read(token, 0)).encode(), b"[]", key),
    "claims not UTF-8": lambda token, key: signed_text(json.dumps(read(token, 0)).encode(), b'{"sub":"\xff"}', key),
    "claims nested": lambda token, key: signed_text(json.dumps(read(token, 0)).encode(), b"[" * 3000, key),
    "header a number": lambda _, key: signed_text(b"1", b"{}", key),
    "a megabyte": lambda token, _: token.split(".")[0] + "." + "A" * 1_000_000 + "." + "A" * 43,
    "a megabyte, signed": lambda token, key: signed(
        read(token, 0), read(token, 1) | {"scope": "x" * 1_000_000}, key.secret
    ),
    "full width": lambda token, _: "\uff45" + token[1:],
    "NUL": lambda token, _: token[:9] + "\0" + token[9:],
    "half a pair": lambda token, _: token[:9] + "\ud800" + token[9:],
}


def signed_text(head: bytes, claims: bytes, key: Key) -> str:
    text = f"{part(head)}.{part(claims)}"
    return f"{text}.{part(hmac.new(key.secret, text.encode(), hashlib.sha256).digest())}"


@pytest.mark.parametrize("name", BROKEN)
async def test_a_token_that_is_not_ours_or_not_whole_is_refused(auth: Auth, token: str, key: Key, name: str) -> None:
    with pytest.raises(InvalidToken, match=r"^The access token is not valid$"):
        await auth.authenticate(BROKEN[name](token, key), None)


async def test_a_token_of_the_deployment_beside_us_is_refused(auth: Auth, token: str, tmp_path: Path) -> None:
    theirs = open_ring(tmp_path / "other" / "keys.json", 1).newest
    claims = read(token, 1)
    with pytest.raises(InvalidToken):
        await auth.authenticate(signed({"alg": "HS256", "typ": "JWT", "kid": theirs.kid}, claims, theirs.secret), None)


@pytest.mark.parametrize(("after", "alive"), [(0, True), (8 * HOUR - 1, True), (8 * HOUR + 29, True)])
async def test_a_token_lives_to_its_end_and_the_leeway(
    auth: Auth,
    token: str,
    clock: Any,
    after: int,
    alive: bool,  # noqa: FBT001 - a table's column
) -> None:
    clock.now += after

    assert bool(await auth.authenticate(token, None)) is alive


@pytest.mark.parametrize("seen_before", [True, False])
async def test_a_token_past_its_time_is_expired_whether_or_not_it_is_remembered(
    auth: Auth,
    token: str,
    clock: Any,
    seen_before: bool,  # noqa: FBT001 - a table's column
) -> None:
    if seen_before:
        await auth.authenticate(token, None)
    clock.now += 8 * HOUR + 30
    with pytest.raises(TokenExpired):
        await auth.authenticate(token, None)


async def test_a_clock_that_was_set_back_makes_no_token_early(auth: Auth, token: str, clock: Any) -> None:
    await auth.authenticate(token, None)
    clock.now -= 31
    with pytest.raises(InvalidToken):
        await auth.authenticate(token, None)


async def test_tokens_are_remembered_within_a_bound(auth: Auth, monkeypatch: pytest.MonkeyPatch) -> None:
    assert auth._sessions is not None
    remembered = auth._sessions._tokens._verified
    monkeypatch.setattr(remembered, "_size", 3)
    tokens = [(await auth.login("crm", "a good password")).value for _ in range(5)]
    for token in tokens:
        await auth.authenticate(token, None)

    assert len(remembered) == 3
    assert (await auth.authenticate(tokens[0], None)).name == "crm"
