"""A secret is shown nowhere: not by itself, not in records, not in problems, not on the command line."""

import copy
import json
import pickle
import traceback
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from msgspec import Struct

from kernel.config import ConfigError, Secret, fill, load, looks_secret, schema, shown

Write = Callable[[str], Path]
PLANTED = "hunter2-planted"


class Rule(Struct, frozen=True):
    api_key: Secret
    webhook_secret: str = ""
    amount: int = 0


def test_a_secret_prints_and_formats_as_stars() -> None:
    secret = Secret(PLANTED)

    assert [str(secret), repr(secret), f"{secret}", "%s" % secret, f"{[secret]}"] == ["***"] * 4 + ["[***]"]  # noqa: UP031 - the old form is one of the ways out
    assert secret.reveal() == PLANTED


def test_no_encoder_writes_a_secret_out() -> None:
    with pytest.raises(TypeError):
        json.dumps({"password": Secret(PLANTED)})
    with pytest.raises(TypeError):
        msgspec.json.encode(Secret(PLANTED))
    assert json.dumps(Secret(PLANTED), default=repr) == '"***"'


def test_secrets_compare_by_their_text_and_only_with_secrets() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("ä")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1
    assert (bool(Secret()), bool(Secret("\udcff"))) == (False, True)
    assert copy.deepcopy(Secret("a")) == pickle.loads(pickle.dumps(Secret("a"))) == Secret("a")  # noqa: S301 - our own bytes


def test_settings_never_show_a_secret_in_any_way(write: Write) -> None:
    path = write(f"""
        [mt4]
        password = "{PLANTED}"
        [plugins.rule]
        api_key = "{PLANTED}"
        webhook_secret = "{PLANTED}"
        [plugins.other]
        note = "{PLANTED}"
        [mt4.remote]
        words = ["{PLANTED}"]
    """)
    settings = load(path, {"MT4API_PLUGINS__THIRD__X": PLANTED}, {"mt4.native.y": PLANTED})
    types = {("plugins", "rule"): Rule}
    told = [repr(settings), str(settings), repr(settings.tables), repr(fill(settings, ("plugins", "rule"), Secretive))]
    told += [shown(settings), shown(settings, origin=True), shown(settings, origin=True, types=types)]

    assert [text for text in told if PLANTED in text] == []
    assert settings.mt4.password.reveal() == PLANTED
    assert 'password = "***"' in shown(settings)


class Secretive(Struct, frozen=True):
    api_key: Secret
    webhook_secret: Secret


@pytest.mark.parametrize(
    "text",
    [
        f'[mt4]\npasword = "{PLANTED}"',
        f'[mt4]\npassword = ["{PLANTED}"]',
        f'[mt4]\nlogin = "{PLANTED}"',
        f'[mt4]\nserver = "{PLANTED} x"',
        f'[mt4]\ncode_page = "{PLANTED}"',
        f'[mt4]\nlargest_amount = "{PLANTED}"',
        f'[mt4]\nconnect_targets = ["{PLANTED} x"]',
        f'[mt4]\nmoney_digits = {{ USD = "{PLANTED}" }}',
        f'[kernel]\nlog_level = "{PLANTED}"',
        f'[kernel]\nplugins = ["{PLANTED} x"]',
        f'[mt4]\npassword = "{PLANTED}',
        f'password = "{PLANTED}"',
        f'[pasword]\nx = "{PLANTED}"',
    ],
)
def test_no_problem_repeats_a_text_that_may_be_a_secret_in_the_wrong_place(write: Write, text: str) -> None:
    path = write(text)

    with pytest.raises(ConfigError) as caught:
        load(path)

    assert PLANTED not in "".join(traceback.format_exception(caught.value))


class Innocent(Struct, frozen=True):
    address: Secret
    several: tuple[Secret, ...] = ()


def test_a_secret_is_starred_whatever_its_key_is_called(write: Write) -> None:
    settings = load(write(f"[plugins.a]\naddress = '{PLANTED}'\nseveral = ['{PLANTED}']\n"))

    text = shown(settings, types={("plugins", "a"): Innocent})

    assert text.endswith('[plugins.a]\naddress = "***"\nseveral = ["***"]\n')


def test_a_number_in_place_of_a_secret_is_not_repeated(write: Write) -> None:
    with pytest.raises(ConfigError, match=r"password: expected a text, got a number \(") as caught:
        load(write("[mt4]\npassword = 74839201\n"))

    assert "74839201" not in repr(caught.value)


@pytest.mark.parametrize(
    "name",
    ["password", "Password", "investor_password", "password_investor", "accessToken", "X-New-Token", "APIKey",
     "api_key", "authorization", "Set-Cookie", "client_secret", "key", "mypassword", "otp", "dsn"],
)  # fmt: skip
def test_a_name_tells_a_secret(name: str) -> None:
    assert looks_secret(name)


@pytest.mark.parametrize(
    "name",
    ["", "login", "token_hours", "key_file", "password_file", "keyboard", "monkey", "tokens_count", "request_id"],
)
def test_a_name_that_is_only_about_a_secret_tells_none(name: str) -> None:
    assert not looks_secret(name)


def test_a_secret_with_a_default_is_described_without_it() -> None:
    class Own(msgspec.Struct, frozen=True):
        key: Secret = Secret("planted")
        count: int = 4

    described = schema({("plugins", "own"): Own})["$defs"]["Own"]

    assert described["properties"] == {
        "key": {"type": "string", "writeOnly": True},
        "count": {"type": "integer", "default": 4},
    }
