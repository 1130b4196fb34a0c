"""Where each value came from, to the line."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import Struct

from kernel.config import ConfigError, Origin, fill, load

Write = Callable[[str], Path]
TEXT = '''
# A comment with [brackets] and key = value
[server]   # the web
port = 7000

host = """
[kernel]
port = 1
"""
[mt4]
connect_targets = [
  "a", # one
  "b",
]
money_digits = { JPY = 0 }
simulator.accounts = 5

[plugins."my rule"]
largest = 5
[[plugins.limits.rules]]
n = 1
[[plugins.limits.rules]]
n = 2
[plugins.limits.rules.inner]
m = 3
'''


@pytest.mark.parametrize(
    ("section", "key", "line"),
    [
        ("server", "port", 4),
        ("server", "host", 6),
        ("mt4", "connect_targets", 11),
        ("mt4", "money_digits", 15),
        (("mt4", "money_digits"), "JPY", 15),
        ("mt4.simulator", "accounts", 16),
        (("plugins", "my rule"), "largest", 19),
        (("plugins", "limits"), "rules", 20),
        (("plugins", "limits", "rules", 0), "n", 21),
        (("plugins", "limits", "rules", 1), "n", 23),
        (("plugins", "limits", "rules", 1, "inner"), "m", 25),
    ],
)
def test_a_key_of_the_file_knows_its_line(
    write: Write, section: str | tuple[str | int, ...], key: str, line: int
) -> None:
    assert load(write(TEXT)).origin(section, key) == Origin("file", "mt4api.toml", line)


def test_what_no_source_sets_is_a_default(write: Write) -> None:
    settings = load(write(TEXT))

    assert settings.origin("server", "body_bytes") == Origin()
    assert settings.origin("store", "path") == Origin()
    assert settings.origin("plugins.other", "x") == Origin()
    assert str(Origin()) == "default"


def test_the_source_that_won_is_told(write: Write) -> None:
    environ = {"MT4API_SERVER__PORT": "1", "MT4API_SERVER__HOST": "b", "MT4API_PLUGINS__MY_RULE__LARGEST": "7"}

    settings = load(write("[server]\nport = 7000\n"), environ, {"server.port": 2})

    assert settings.origin("server", "port") == Origin("option", "server.port")
    assert settings.origin("server", "host") == Origin("environment", "MT4API_SERVER__HOST")
    assert settings.origin("plugins.my-rule", "largest") == Origin("environment", "MT4API_PLUGINS__MY_RULE__LARGEST")


def test_a_long_list_costs_the_line_and_not_the_start(write: Write) -> None:
    targets = "\n".join(f'"host{number}",' for number in range(20_000))

    settings = load(write(f"[mt4]\nlogin = 5\nconnect_targets = [\n{targets}\n]\nreads = 3\n"))

    assert settings.origin("mt4", "login") == Origin("file", "mt4api.toml", 2)
    assert settings.origin("mt4", "reads").name == "mt4api.toml"


class Rule(Struct, frozen=True):
    n: int


class Limits(Struct, frozen=True):
    rules: list[Rule]


def test_a_problem_inside_a_list_of_tables_has_its_own_line(write: Write) -> None:
    settings = load(write("[[plugins.limits.rules]]\nn = 1\n[[plugins.limits.rules]]\nn = 'x'\nm = 1\n"))

    with pytest.raises(ConfigError) as caught:
        fill(settings, ("plugins", "limits"), Limits)

    assert str(caught.value).splitlines() == [
        "[plugins.limits] rules[1].n: expected a whole number, got a text (mt4api.toml:4)",
        "[plugins.limits] rules[1].m: unknown key; known are n (mt4api.toml:5)",
    ]
