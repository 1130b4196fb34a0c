"""Sections whose types come from plugins and drivers."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

import pytest
from msgspec import Meta, Struct

from kernel.config import (
    ConfigError,
    Problem,
    Secret,
    Settings,
    fill,
    fill_all,
    load,
    manager_password,
    unknown_sections,
)
from kernel.config.problems import Origin

Write = Callable[[str], Path]


class Rule(Struct, frozen=True):
    group: str
    largest: Annotated[int, Meta(ge=1)] = 100


class Limits(Struct, frozen=True, kw_only=True):
    """As a stranger would write it: not told to forbid unknown keys."""

    largest: Decimal
    mode: Literal["stop", "warn"] = "stop"
    rules: tuple[Rule, ...] = ()
    by_group: dict[str, Rule] = {}
    api_key: Secret | None = None

    def __post_init__(self) -> None:
        if self.mode == "warn" and self.rules:
            raise ValueError("`$.mode` must be stop when there are rules")


class Simulator(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    accounts: Annotated[int, Meta(ge=0, le=1_000_000)] = 1000
    state: Path = Path("simulator.sqlite3")


class Own(int):
    """A type that says itself how it is read."""

    @classmethod
    def read(cls, value: object) -> "Own":
        if value not in {1, 2}:
            raise ValueError("expected 1 or 2")
        return cls(2)


class WithOwn(Struct, frozen=True):
    own: Own


class Odd(Struct, frozen=True):
    amount: Annotated[Decimal, Meta(gt=0)] = Decimal(1)


def test_a_plugins_struct_is_filled_with_nested_records(write: Write) -> None:
    settings = load(
        write("""
            [plugins.limits]
            largest = "10000.50"
            api_key = "k"
            by_group = { demo = { group = "demo" } }
            [[plugins.limits.rules]]
            group = "real*"
            largest = 5
        """),
        {"MT4API_MT4__SIMULATOR__ACCOUNTS": "50", "MT4API_MT4__SIMULATOR__STATE": ":memory:"},
    )

    assert fill(settings, ("plugins", "limits"), Limits) == Limits(
        largest=Decimal("10000.50"),
        api_key=Secret("k"),
        by_group={"demo": Rule("demo")},
        rules=(Rule("real*", 5),),
    )
    assert fill(settings, ("mt4", "simulator"), Simulator) == Simulator(accounts=50, state=Path(":memory:"))


def test_a_section_that_nobody_wrote_gives_the_defaults_or_says_what_is_missing() -> None:
    settings = load()

    assert fill(settings, ("mt4", "simulator"), Simulator) == Simulator()
    with pytest.raises(ConfigError) as caught:
        fill(settings, ("plugins", "limits"), Limits)
    assert str(caught.value) == "[plugins.limits] largest: is missing; expected a decimal number"


def test_every_problem_of_a_plugins_section_is_told(write: Write) -> None:
    settings = load(
        write("""
[plugins.limits]
largset = 5
mode = "wran"
api_key = 5
by_group = { demo = { group = 1, x = 2 }, real = 5 }
[[plugins.limits.rules]]
largest = 0
""")
    )

    with pytest.raises(ConfigError) as caught:
        fill(settings, ("plugins", "limits"), Limits)

    assert str(caught.value).splitlines() == [
        "[plugins.limits] largset: unknown key; did you mean largest? (mt4api.toml:3)",
        '[plugins.limits] mode: expected one of "stop", "warn", got a text; did you mean "warn"? (mt4api.toml:4)',
        "[plugins.limits] api_key: expected a text, got a number (mt4api.toml:5)",
        "[plugins.limits] by_group.demo.group: expected a text, got 1 (mt4api.toml:6)",
        "[plugins.limits] by_group.demo.x: unknown key; known are group, largest (mt4api.toml:6)",
        "[plugins.limits] by_group.real: expected a table, got 5 (mt4api.toml:6)",
        "[plugins.limits] rules[0].largest: expected a whole number of at least 1, got 0 (mt4api.toml:8)",
        "[plugins.limits] rules[0].group: is missing; expected a text (mt4api.toml:7)",
        "[plugins.limits] largest: is missing; expected a decimal number (mt4api.toml:2)",
    ]


def test_a_rule_over_several_keys_names_the_key_that_it_is_about(write: Write) -> None:
    settings = load(write("[plugins.limits]\nlargest = 1\nmode = 'warn'\nrules = [{ group = 'a' }]\n"))

    with pytest.raises(ConfigError) as caught:
        fill(settings, ("plugins", "limits"), Limits)

    assert str(caught.value) == "[plugins.limits] mode: must be stop when there are rules (mt4api.toml:3)"


class Wordy(Struct, frozen=True):
    def __post_init__(self) -> None:
        raise ValueError("two\n  lines")


def test_a_problem_stays_in_one_line_whatever_a_plugin_says() -> None:
    with pytest.raises(ConfigError) as caught:
        fill(load(), ("plugins", "wordy"), Wordy)

    assert str(caught.value) == "[plugins.wordy]: two lines"


@pytest.mark.parametrize("text", ["nan", '"NaN"', '"Infinity"', '"1E+999999999"', '"1E-999999999"'])
def test_a_decimal_of_a_plugin_is_finite_and_of_a_sensible_size(write: Write, text: str) -> None:
    settings = load(write(f"[plugins.limits]\nlargest = {text}\n"))

    with pytest.raises(ConfigError, match=r"\[plugins.limits\] largest: expected a .*finite"):
        fill(settings, ("plugins", "limits"), Limits)


def test_the_problems_of_several_sections_come_at_once() -> None:
    settings = load(environ={"MT4API_MT4__SIMULATOR__ACCOUNTS": "-1"})

    with pytest.raises(ConfigError) as caught:
        fill_all(settings, {("mt4", "simulator"): Simulator, ("plugins", "limits"): Limits})

    assert [problem.section for problem in caught.value.problems] == ["mt4.simulator", "plugins.limits"]
    assert fill_all(load(), {("mt4", "simulator"): Simulator}) == {("mt4", "simulator"): Simulator()}


def test_a_type_reads_itself_and_one_that_no_file_holds_is_named() -> None:
    settings = load(environ={"MT4API_PLUGINS__A__OWN": "1", "MT4API_PLUGINS__B__OWN": "3"})

    assert fill(settings, ("plugins", "a"), WithOwn) == WithOwn(Own(2))
    with pytest.raises(ConfigError, match=r"\[plugins.b\] own: expected 1 or 2 \(environment MT4API_PLUGINS__B__OWN\)"):
        fill(settings, ("plugins", "b"), WithOwn)
    with pytest.raises(ConfigError, match=r"\[plugins.c\]: cannot be read: .*Odd has a type that no file holds"):
        fill(settings, ("plugins", "c"), Odd)


def test_sections_of_what_is_not_installed_are_found_and_those_of_what_is_off_are_not(write: Write) -> None:
    settings = load(
        write("[plugins.limts]\n[plugins.kyc]\n[mt4.simulater]\n[mt4.mony_digits]\n[mt4.remote]\n"),
        {"MT4API_PLUGINS__MY_RULE__X": "1"},
    )

    assert unknown_sections(settings, ["limits", "kyc", "my-rule"], ["simulator", "remote"]) == (
        Problem("plugins.limts", "", "no plugin of this name; did you mean limits?", Origin("file", "mt4api.toml", 1)),
        Problem(
            "mt4.simulater", "", "no driver of this name; did you mean simulator?", Origin("file", "mt4api.toml", 3)
        ),
        Problem(
            "mt4.mony_digits",
            "",
            "no driver of this name; did you mean money_digits?",
            Origin("file", "mt4api.toml", 4),
        ),
    )


def with_password_in(content: bytes) -> Settings:
    Path("secret").write_bytes(content)
    return load(overrides={"mt4.password_file": "secret"})


def test_the_managers_password_is_the_one_set_or_filed_or_the_simulators_own() -> None:
    assert manager_password(load()) == Secret("your_manager_password")
    assert manager_password(load(overrides={"mt4.password": "a"})) == Secret("a")
    assert manager_password(load(overrides={"mt4.driver": "native"})) == Secret()
    assert manager_password(with_password_in(b"\xef\xbb\xbfp\xc3\xa4ss word\r\n")) == Secret("päss word")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file does not hold one line of text with the password"),
        (b"a\nb\n", "the file does not hold one line of text with the password"),
        (b"\xff", "the file is not UTF-8 text"),
        (b"a" * 5000, "the file does not hold one line of text with the password"),
    ],
)
def test_a_bad_password_file_is_refused_without_showing_it(content: bytes, reason: str) -> None:
    settings = with_password_in(content)

    with pytest.raises(ConfigError) as caught:
        manager_password(settings)

    assert str(caught.value) == f"[mt4] password_file: {reason} (option mt4.password_file)"


def test_a_missing_password_file_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"\[mt4\] password_file: the file cannot be read: No such file"):
        manager_password(load(overrides={"mt4.password_file": "gone"}))
