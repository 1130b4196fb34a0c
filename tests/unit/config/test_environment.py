"""Settings from environment variables and from options of the command line."""

from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Literal

import pytest
from msgspec import Struct

from kernel.config import ConfigError, Secret, fill, load

Write = Callable[[str], Path]
DIGITS = "[mt4] money_digits: expected a table, written like { a = 1 }, got a text"


def refusal(environ: dict[str, str], overrides: dict[str, object] | None = None) -> str:
    with pytest.raises(ConfigError) as caught:
        load(None, environ, overrides or {})
    return str(caught.value)


def test_each_variable_is_read_as_the_type_of_its_key_asks() -> None:
    settings = load(
        environ={
            "MT4API_SERVER__PORT": "9000",
            "MT4API_SERVER__PUBLIC_DOCS": "false",
            "MT4API_SERVER__SHUTDOWN_SECONDS": "3",
            "MT4API_MT4__PASSWORD": "12345",
            "MT4API_MT4__DRIVER": "true",
            "MT4API_MT4__LARGEST_AMOUNT": "99.5",
            "MT4API_MT4__MONEY_DIGITS": "{ JPY = 0 }",
            "MT4API_KERNEL__PLUGINS": '["users", "health"]',
            "MT4API_KERNEL__LOG_FORMAT": "json",
        }
    )

    assert (settings.server.port, settings.server.public_docs, settings.server.shutdown_seconds) == (9000, False, 3)
    assert (settings.mt4.password.reveal(), settings.mt4.driver) == ("12345", "true")
    assert (settings.mt4.largest_amount, settings.mt4.money_digits) == (Decimal("99.5"), {"JPY": 0})
    assert (settings.kernel.plugins, settings.kernel.log_format) == (("users", "health"), "json")


def test_names_of_variables_are_matched_without_regard_to_case(write: Write) -> None:
    write("[server]\nport = 1\nhost = 'a'\n")

    settings = load(environ={"mt4api_server__Port": "9000"})

    assert (settings.server.port, settings.server.host) == (9000, "a")


def test_a_free_key_keeps_its_case_and_joins_those_of_the_file(write: Write) -> None:
    write("[mt4.money_digits]\nJPY = 2\nEUR = 2\n")

    settings = load(environ={"MT4API_MT4__MONEY_DIGITS__JPY": "0", "MT4API_MT4__MONEY_DIGITS__BTC": "8"})

    assert settings.mt4.money_digits == {"JPY": 0, "EUR": 2, "BTC": 8}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("MT4API_SERVER__PORT", "", "[server] port: expected a whole number from 1 to 65535, got a text"),
        ("MT4API_SERVER__PORT", "1\nhost = 2", "[server] port: expected a whole number from 1 to 65535, got a text"),
        ("MT4API_SERVER__PORT", "70000", "[server] port: expected a whole number from 1 to 65535, got 70000"),
        ("MT4API_SERVER__PUBLIC_DOCS", "True", "[server] public_docs: expected true or false, got a text"),
        (
            "MT4API_KERNEL__PLUGINS",
            "users,health",
            '[kernel] plugins: expected a list of at most 256 items, written like ["a", "b"], got a text',
        ),
        ("MT4API_MT4__MONEY_DIGITS", "x", DIGITS),
        ("MT4API_MT4__MONEY_DIGITS", "[" * 5000, DIGITS),
        ("MT4API_SERVER__PROT", "1", "[server] PROT: unknown key; did you mean port?"),
        ("MT4API_SERVER_PORT", "1", "unknown setting; did you mean MT4API_SERVER__PORT?"),
        ("MT4API_CONFG", "x", "unknown setting; did you mean MT4API_CONFIG?"),
        ("MT4API_ZZZZZZZZZZZZ", "x", "unknown setting; known are server, mt4, auth, store, kernel, plugins"),
        ("MT4API_STORE__", "x", '[store] "": unknown key; known are path'),
        ("MT4API_SERVER", "{ port = 1 }", "[server]: is set key by key: MT4API_SERVER__KEY"),
        ("MT4API_PLUGINS__LIMITS", "{ a = 1 }", "[plugins.limits]: is set key by key: MT4API_PLUGINS__LIMITS__KEY"),
    ],
)  # fmt: skip
def test_a_bad_variable_is_named_with_what_was_expected(name: str, text: str, message: str) -> None:
    assert refusal({name: text}) == f"{message} (environment {name})"


def test_the_same_setting_in_two_spellings_is_refused() -> None:
    text = refusal({"MT4API_SERVER__PORT": "1", "mt4api_server__port": "2"})

    assert text == (
        "[server] port: is set twice, also by environment MT4API_SERVER__PORT (environment mt4api_server__port)"
    )


def test_a_table_and_one_of_its_keys_cannot_both_be_given() -> None:
    text = refusal({"MT4API_MT4__MONEY_DIGITS": "{ JPY = 0 }", "MT4API_MT4__MONEY_DIGITS__USD": "2"})

    assert text == (
        "[mt4.money_digits] usd: mt4.money_digits is already a single value, set by environment "
        "MT4API_MT4__MONEY_DIGITS (environment MT4API_MT4__MONEY_DIGITS__USD)"
    )


def test_other_programs_variables_are_left_alone() -> None:
    assert load(environ={"MT4API": "x", "PATH": "/bin", "OTHER_MT4API_X": "y"}) == load()


def test_an_option_is_taken_as_a_value_or_as_text_and_checked_all_the_same() -> None:
    overrides: dict[str, object] = {"server.port": "9000", "kernel.plugins": ("users",), "mt4.login": 5}
    settings = load(overrides=overrides)

    assert (settings.server.port, settings.kernel.plugins, settings.mt4.login) == (9000, ("users",), 5)
    assert refusal({}, {"server.prot": 1}) == "[server] prot: unknown key; did you mean port? (option server.prot)"
    assert refusal({}, {"server.port": 0}) == (
        "[server] port: expected a whole number from 1 to 65535, got 0 (option server.port)"
    )
    assert refusal({}, {"server": 1}) == "[server]: is set key by key: server.KEY (option server)"


class Colour(Enum):
    RED = "red"


class Sorts(Struct, frozen=True):
    """One key of each way in which a text can be meant."""

    either: int | str = 0
    maybe: int | None = None
    choice: Literal["1", "2"] = "1"
    number: Literal[1, 2] = 1
    colour: Colour = Colour.RED
    folder: Path = Path()
    secret: Secret | None = None
    anyOf: list[int] = []  # noqa: N815 - a key in another style than ours


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("EITHER", "5", 5),
        ("EITHER", "five", "five"),
        ("MAYBE", "5", 5),
        ("CHOICE", "2", "2"),
        ("NUMBER", "2", 2),
        ("COLOUR", "red", Colour.RED),
        ("FOLDER", "/tmp/x y", Path("/tmp/x y")),  # noqa: S108 - a path to read, nothing is written there
        ("SECRET", "5", Secret("5")),
        ("ANYOF", "[1, 2]", [1, 2]),
    ],
)
def test_a_plugins_variable_waits_for_the_plugins_own_types(key: str, text: str, value: object) -> None:
    settings = load(environ={f"MT4API_PLUGINS__MY_RULE__{key}": text})

    filled = fill(settings, ("plugins", "my-rule"), Sorts)

    assert next(getattr(filled, name) for name in Sorts.__struct_fields__ if name.upper() == key) == value
