"""The key ring is private, random and made once."""

import base64
import json
import os
import secrets
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from kernel.auth.keys import KeysUnusable, open_ring

STRONG = bytes(range(200, 232))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "keys.json"


def key(secret: bytes | str, kid: str = "a", created_at: int = 1) -> dict[str, Any]:
    text = secret if isinstance(secret, str) else base64.urlsafe_b64encode(secret).decode()
    return {"kid": kid, "secret": text, "created_at": created_at}


def write(path: Path, content: str, mode: int = 0o600) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(content)
    path.chmod(mode)


def test_the_first_start_makes_a_private_ring_and_the_next_reads_it(path: Path) -> None:
    made = open_ring(path, 7).newest
    again = open_ring(path, 8).newest

    assert made == again
    assert made.created_at == 7
    assert len(made.secret) == 32
    assert [file.name for file in path.parent.iterdir()] == ["keys.json"]
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_those_that_start_at_once_have_one_key(path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda now: open_ring(path, now), range(32)))

    assert len({ring.newest.secret for ring in rings}) == 1
    assert [file.name for file in path.parent.iterdir()] == ["keys.json"]


def test_the_newest_key_signs_and_the_older_ones_are_found(path: Path) -> None:
    keys = [key(STRONG, "old", 1), key(STRONG[::-1], "new", 3), key(STRONG[1:] + b"\xff", "middle", 2)]
    write(path, json.dumps({"keys": keys}))
    ring = open_ring(path, 9)

    assert ring.newest.kid == "new"
    assert [found.kid for kid in ("old", "middle", "new") if (found := ring.find(kid))] == ["old", "middle", "new"]
    assert ring.find("other") is None


def test_a_strong_key_is_taken(path: Path) -> None:
    write(path, json.dumps({"keys": [key(STRONG)]}))

    assert open_ring(path, 1).newest.secret == STRONG


def test_no_random_key_is_called_weak(path: Path) -> None:
    for _ in range(300):
        write(path, json.dumps({"keys": [key(secrets.token_bytes(32))]}))
        assert open_ring(path, 1).newest.created_at == 1


UNUSABLE: dict[str, tuple[str, str]] = {
    "short": (json.dumps({"keys": [key(STRONG[:31])]}), "fewer than 32"),
    "empty secret": (json.dumps({"keys": [key(b"")]}), "fewer than 32"),
    "zeros": (json.dumps({"keys": [key(bytes(32))]}), "not random"),
    "repeated": (json.dumps({"keys": [key(b"\x01\x80\xfe" * 30)]}), "not random"),
    "a phrase": (json.dumps({"keys": [key(b"the quick brown fox jumps over the lazy dog")]}), "not random"),
    "one weak of two": (json.dumps({"keys": [key(STRONG), key(bytes(32), "b")]}), "'b'.*not random"),
    "not base64": (json.dumps({"keys": [key("%%%")]}), "not base64url"),
    "no keys": ('{"keys":[]}', "holds no key"),
    "alike": (json.dumps({"keys": [key(STRONG), key(STRONG[::-1])]}), "two keys alike"),
    "empty file": ("", "not a key ring"),
    "half a file": ('{"keys":[{"kid":"a","sec', "not a key ring"),
    "other JSON": ('{"secret":"changeme"}', "not a key ring"),
    "misspelt": (json.dumps({"keys": [key(STRONG) | {"kdi": "a"}]}), "not a key ring"),
    "not UTF-8 text": ('{"keys":[{"kid":"\udcff', "not a key ring"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_ring_that_cannot_be_trusted_stops_the_start(path: Path, name: str) -> None:
    content, said = UNUSABLE[name]
    path.parent.mkdir()
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    path.chmod(0o600)
    with pytest.raises(KeysUnusable, match=said) as error:
        open_ring(path, 1)

    assert base64.urlsafe_b64encode(STRONG).decode() not in str(error.value)
    assert path.read_bytes() == content.encode("utf-8", "surrogateescape")


@pytest.mark.skipif(os.name != "posix", reason="permission bits mean nothing on Windows")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o620])
def test_a_ring_that_others_may_read_or_write_stops_the_start(path: Path, mode: int) -> None:
    write(path, json.dumps({"keys": [key(STRONG)]}), mode)
    with pytest.raises(KeysUnusable, match=f"open to others .mode 0{mode:o}"):
        open_ring(path, 1)


@pytest.mark.parametrize("block", [lambda path: path.mkdir(parents=True), lambda path: path.parent.touch()])
def test_a_place_where_no_ring_can_be_is_a_clear_error(path: Path, block: Callable[[Path], None]) -> None:
    block(path)
    with pytest.raises(KeysUnusable, match="cannot be read or made"):
        open_ring(path, 1)
