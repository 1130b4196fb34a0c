"""The settings in effect as text, and their schema."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Meta, Struct

from kernel.config import ConfigError, Secret, load, schema, shown

Write = Callable[[str], Path]


class Limits(Struct, frozen=True, kw_only=True):
    """A deposit limit."""

    largest: Annotated[int, Meta(ge=1, description="Largest deposit.")] = 100
    token: str = "abc"
    hook: Secret = msgspec.field(default_factory=Secret)
    note: str | None = None
    names: tuple[str, ...] = ()


def test_the_effective_settings_are_shown_with_where_they_come_from(write: Write) -> None:
    path = write("[server]\nport = 7000\n[plugins.limits]\nlargest = 5\n[plugins.other]\nx = 'y'\n")
    loaded = load(path, {"MT4API_MT4__PASSWORD": "a", "MT4API_MT4__MONEY_DIGITS__JPY": "0"}, {"store.path": "b"})

    text = shown(loaded, origin=True, types={("plugins", "limits"): Limits})
    lines = text.splitlines()

    assert lines[:3] == ["[server]", 'host = "127.0.0.1"  # default', "port = 7000  # mt4api.toml:2"]
    assert 'password = "***"  # environment MT4API_MT4__PASSWORD' in lines
    assert "money_digits = { JPY = 0 }  # environment MT4API_MT4__MONEY_DIGITS__JPY" in lines
    assert 'path = "b"  # option store.path' in lines
    assert lines[-9:] == [
        "[plugins.limits]",
        "largest = 5  # mt4api.toml:4",
        'token = "***"  # default',
        'hook = ""  # default',
        "# note is not set",
        "names = []  # default",
        "",
        "[plugins.other]  # nothing that is loaded uses this section",
        'x = "***"  # mt4api.toml:6',
    ]


def test_without_origins_nothing_but_the_settings_is_shown() -> None:
    text = shown(load())

    assert "#" not in text
    assert list(tomllib.loads(text)) == ["server", "mt4", "auth", "store", "kernel"]


def test_a_plugins_bad_section_is_an_error_and_not_half_a_listing() -> None:
    with pytest.raises(ConfigError, match="largest"):
        shown(load(environ={"MT4API_PLUGINS__LIMITS__LARGEST": "x"}), types={("plugins", "limits"): Limits})


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(), amount=st.integers(1, 10**12 - 1), seconds=st.floats(1e-3, 600), digits=st.integers(0, 8))
def test_what_is_shown_reads_back_as_the_same_settings(
    text: str, amount: int, seconds: float, digits: int, folder: Path
) -> None:
    overrides: dict[str, object] = {
        "store.path": text,
        "server.shutdown_seconds": seconds,
        "mt4.largest_amount": f"{amount}E-2",
        "mt4.money_digits": {text[:11] or "X": digits},
    }
    loaded = load(overrides=overrides)
    again = folder / "again.toml"
    again.write_text(shown(loaded, origin=True), encoding="utf-8")

    assert load(again) == loaded


def test_the_schema_describes_every_key_and_the_sections_of_plugins_and_drivers() -> None:
    described = schema({("plugins", "limits"): Limits, ("mt4", "simulator"): Limits})
    definitions = described["$defs"]

    assert list(described["properties"]) == ["server", "mt4", "auth", "store", "kernel", "plugins"]
    assert described["additionalProperties"] is False
    assert described["properties"]["plugins"]["properties"] == {"limits": {"$ref": "#/$defs/Limits"}}
    assert definitions["Mt4"]["properties"]["simulator"] == {"$ref": "#/$defs/Limits"}
    assert definitions["Server"]["properties"]["port"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 65535,
        "description": "TCP port to listen on.",
        "default": 8000,
    }
    assert definitions["Mt4"]["properties"]["password"]["writeOnly"] is True
    undescribed = [
        (section, key)
        for section in ("Server", "Mt4", "Auth", "Store", "Kernel")
        for key, about in definitions[section]["properties"].items()
        if "$ref" not in about and not about.get("description")
    ]
    assert undescribed == []
    assert msgspec.json.decode(msgspec.json.encode(described)) == described
