"""Every kind of bad settings, and the exact words about it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kernel.config import ConfigError, load

Write = Callable[[str], Path]
PAGES = (
    "expected a Windows ANSI code page: cp874, cp932, cp936, cp949, cp950, cp1250, cp1251, cp1252, cp1253, "
    "cp1254, cp1255, cp1256, cp1257, cp1258"
)
NO_EQUALS = "Expected '=' after a key in a key/value pair (at line 2, column 3)"
TARGET = "expected HOST or HOST:PORT, in which * stands for anything"
AMOUNT = "expected an amount above 0 and at most 999999999999"


def refusal(path: Path | None = None, environ: dict[str, str] | None = None, **overrides: object) -> str:
    with pytest.raises(ConfigError) as caught:
        load(path, environ or {}, {name.replace("__", "."): value for name, value in overrides.items()})
    return str(caught.value)


@pytest.mark.parametrize(
    ("section", "line", "message"),
    [
        ("server", "port = 0", "port: expected a whole number from 1 to 65535, got 0"),
        ("server", "port = 65536", "port: expected a whole number from 1 to 65535, got 65536"),
        ("server", "port = 80.5", "port: expected a whole number from 1 to 65535, got 80.5"),
        ("server", "port = true", "port: expected a whole number from 1 to 65535, got true"),
        ("server", 'port = "80"', "port: expected a whole number from 1 to 65535, got a text"),
        ("server", "port = [80]", "port: expected a whole number from 1 to 65535, got a list"),
        ("server", "port = {}", "port: expected a whole number from 1 to 65535, got a table"),
        ("server", "port = 2026-01-01", "port: expected a whole number from 1 to 65535, got a date or time"),
        ("server", "port = 99999999999999999999", "port: expected a whole number from 1 to 65535, got a number"),
        ("server", 'host = ""', "host: expected a text of 1 to 255 characters, got one of 0"),
        ("server", "host = 5", "host: expected a text of 1 to 255 characters, got 5"),
        ("server", "public_docs = 1", "public_docs: expected true or false, got 1"),
        ("server", "shutdown_seconds = 0", "shutdown_seconds: expected a number above 0 and at most 600, got 0"),
        ("server", "shutdown_seconds = nan", "shutdown_seconds: expected a finite number"),
        ("server", "shutdown_seconds = inf", "shutdown_seconds: expected a finite number"),
        ("server", "prot = 80", "prot: unknown key; did you mean port?"),
        ("server", "Port = 80", "Port: unknown key; did you mean port?"),
        ("server", "login = 224", "login: unknown key; it belongs to [mt4]"),
        ("store", "zzz = 1", "zzz: unknown key; known are path"),
        ("store", '"a\\nb" = 1', '"a\\u000Ab": unknown key; known are path'),
        ("store", f"{'k' * 70} = 1", f'"{"k" * 64}…": unknown key; known are path'),
        ("mt4", "login = 0", "login: expected a whole number from 1 to 2147483647, got 0"),
        ("mt4", "reads = 65", "reads: expected a whole number from 1 to 64, got 65"),
        ("mt4", 'code_page = "utf-8"', f"code_page: {PAGES}"),
        ("mt4", 'code_page = "latin-1"', f"code_page: {PAGES}"),
        ("mt4", 'code_page = "rot13"', f"code_page: {PAGES}"),
        ("mt4", 'code_page = "c\\u0000p"', f"code_page: {PAGES}"),
        ("mt4", 'server = ""', "server: expected HOST or HOST:PORT"),
        ("mt4", 'server = "mt4:0"', "server: expected HOST or HOST:PORT"),
        ("mt4", 'server = "mt4:99999"', "server: expected HOST or HOST:PORT"),
        ("mt4", 'server = "*:443"', "server: expected HOST or HOST:PORT"),
        ("mt4", 'server = "a b"', "server: expected HOST or HOST:PORT"),
        ("mt4", 'server = "mt4:443\\n"', "server: expected HOST or HOST:PORT"),
        ("mt4", 'connect_targets = ["ok", "no way"]', f"connect_targets[1]: {TARGET}"),
        ("mt4", 'connect_targets = "mt4:443"', "connect_targets: expected a list, got a text"),
        ("mt4", "money_digits = { USD = 9 }", "money_digits.USD: expected a whole number from 0 to 8, got 9"),
        ("mt4", "money_digits = 2", "money_digits: expected a table, got 2"),
        ("mt4", 'largest_amount = "-1"', f"largest_amount: {AMOUNT}"),
        ("mt4", 'largest_amount = "1E13"', f"largest_amount: {AMOUNT}"),
        ("mt4", 'largest_amount = "much"', "largest_amount: expected a decimal number, got a text"),
        ("mt4", "largest_amount = true", "largest_amount: expected a decimal number, got true"),
        ("mt4", "largest_amount = inf", "largest_amount: expected a finite number"),
        ("mt4", "password = 12345", "password: expected a text, got a number"),
        ("mt4", "reconnect_first_seconds = 61", "reconnect_first_seconds: must not be above reconnect_most_seconds"),
        ("auth", "token_hours = 169", "token_hours: must not be longer than session_days"),
        ("auth", "leeway = -1", "leeway: expected a whole number from 0 to 300, got -1"),
        (
            "kernel",
            'log_format = "jsn"',
            'log_format: expected one of "auto", "console", "json", got a text; did you mean "json"?',
        ),
        (
            "kernel",
            'log_level = "zzz"',
            'log_level: expected one of "critical", "debug", "error", "info", "warning", got a text',
        ),
        ("kernel", 'plugins = ["a", "b", "a"]', "plugins: a is listed twice"),
        ("kernel", 'plugins = ["a b"]', "plugins: expected names of letters, digits, dots, hyphens and underscores"),
        ("kernel", 'plugins = ["a", 5]', "plugins[1]: expected a text, got 5"),
        ("plugins", "limits = 5", "limits: expected a table of this plugin's settings"),
    ],
)
def test_a_bad_value_is_named_with_its_place_and_what_was_expected(
    write: Write, section: str, line: str, message: str
) -> None:
    path = write(f"# settings\n[{section}]\n{line}\n")

    assert refusal(path) == f"[{section}] {message} (mt4api.toml:3)"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[sever]\nport = 1", "[sever]: unknown section; did you mean server? (mt4api.toml:1)"),
        ("[Server]\nport = 1", "[Server]: unknown section; did you mean server? (mt4api.toml:1)"),
        ("[zzz]", "[zzz]: unknown section; known are server, mt4, auth, store, kernel, plugins (mt4api.toml:1)"),
        ("port = 1", "port: stands outside of any section; it belongs to [server] (mt4api.toml:1)"),
        ("server = 1", "[server]: expected a table (mt4api.toml:1)"),
        ("[[server]]\nport = 1", "[server]: expected a table (mt4api.toml:1)"),
        ("plugins = []", "[plugins]: expected a table (mt4api.toml:1)"),
        ("[mt4]\npasword = 'x'", "[mt4] pasword: unknown key; did you mean password? (mt4api.toml:2)"),
        ("[server]\na b", f"the settings file is not valid TOML: {NO_EQUALS} (mt4api.toml)"),
        ("a = " + "[" * 5000, "the settings file is nested deeper than 32 levels (mt4api.toml)"),
        ("a" + ".a" * 40 + " = 1", "the settings file is nested deeper than 32 levels (mt4api.toml)"),
        ("a = " + "9" * 5000, "the settings file has a number or date that is out of range (mt4api.toml)"),
        ("#" * 1_048_577, "the settings file is larger than 1048576 bytes (mt4api.toml)"),
    ],
)  # fmt: skip
def test_a_bad_file_is_named_with_what_is_wrong(write: Write, text: str, message: str) -> None:
    assert refusal(write(text)) == message


def test_a_file_that_is_not_utf_8_or_is_a_folder_is_refused(folder: Path) -> None:
    (folder / "latin.toml").write_bytes(b"# caf\xe9\n")

    assert refusal(Path("latin.toml")) == "the settings file is not UTF-8 (latin.toml)"
    assert refusal(folder) == f"the settings file cannot be read: Is a directory ({folder})"


def test_all_problems_of_all_sections_and_sources_come_at_once(write: Write) -> None:
    path = write("""
[server]
port = 0
host = 1
[mt4]
reads = 0
[kernel]
log_levl = "info"
[nonsense]
""")

    text = refusal(path, {"MT4API_AUTH__LEEWAY": "x", "MT4API_STORES__PATH": "y"}, server__body_bytes=1)

    assert text.splitlines() == [
        "[nonsense]: unknown section; known are server, mt4, auth, store, kernel, plugins (mt4api.toml:9)",
        "unknown setting; did you mean MT4API_STORE__PATH? (environment MT4API_STORES__PATH)",
        "[server] port: expected a whole number from 1 to 65535, got 0 (mt4api.toml:3)",
        "[server] host: expected a text of 1 to 255 characters, got 1 (mt4api.toml:4)",
        "[server] body_bytes: expected a whole number from 1024 to 1073741824, got 1 (option server.body_bytes)",
        "[mt4] reads: expected a whole number from 1 to 64, got 0 (mt4api.toml:6)",
        "[auth] leeway: expected a whole number from 0 to 300, got a text (environment MT4API_AUTH__LEEWAY)",
        "[kernel] log_levl: unknown key; did you mean log_level? (mt4api.toml:8)",
    ]


def test_an_unreadable_file_does_not_hide_the_problems_of_the_environment() -> None:
    text = refusal(Path("gone.toml"), {"MT4API_SERVER__PORT": "x"})

    assert text.splitlines() == [
        "the settings file cannot be read: No such file or directory (gone.toml)",
        "[server] port: expected a whole number from 1 to 65535, got a text (environment MT4API_SERVER__PORT)",
    ]


def test_two_ways_to_give_the_password_are_one_too_many(write: Write) -> None:
    path = write("[mt4]\npassword = 'hunter2'\npassword_file = 'x'\n")

    assert refusal(path) == "[mt4] password_file: must not be set together with password (mt4api.toml:3)"
