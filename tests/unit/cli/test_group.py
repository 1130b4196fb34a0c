"""The command line as a whole: light, told in words, and with the same options everywhere."""

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from kernel import VERSION
from kernel.cli import mt4api
from kernel.cli.later import Announced, Later

HEAVY = {"argon2", "asyncio", "litestar", "msgspec", "pluggy", "sqlite3", "structlog", "uvicorn"}
LOOK = """
import json, runpy, sys
sys.argv = ["mt4api", {argument!r}]
try:
    runpy.run_module("kernel", run_name="__main__")
finally:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_help_and_version_import_nothing_heavy(argument: str) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-c", LOOK.format(argument=argument)], capture_output=True, text=True, check=True
    )

    loaded = set(json.loads(done.stderr.splitlines()[-1]))
    assert "mt4api" in done.stdout
    assert loaded & HEAVY == set()
    assert "kernel.cli" in loaded


def test_the_version_is_the_products() -> None:
    assert CliRunner().invoke(mt4api, ["--version"]).stdout == f"mt4api {VERSION}\n"


def test_the_help_names_every_command() -> None:
    shown = CliRunner().invoke(mt4api, ["--help"])

    assert shown.exit_code == 0
    for name in ("serve", "plugin", "users", "config", "doctor"):
        assert f" {name} " in shown.stdout


def _real(group: click.Group) -> dict[str, click.Command]:
    return {
        name: command.command() if isinstance(command, Announced) else command
        for name, command in group.commands.items()
    }


def _all(group: click.Group, path: str = "mt4api") -> dict[str, click.Command]:
    found: dict[str, click.Command] = {path: group}
    for name, command in _real(group).items():
        below = f"{path} {name}"
        found |= _all(command, below) if isinstance(command, click.Group) else {below: command}
    return found


def test_the_summaries_are_those_of_the_commands_themselves() -> None:
    announced = {name: command.help for name, command in mt4api.commands.items()}

    assert announced == {name: (command.help or "").split("\n\n")[0] for name, command in _real(mt4api).items()}


def test_every_command_takes_config_and_data() -> None:
    lacking = {
        path
        for path, command in _all(mt4api).items()
        if {"--config", "--data"} - {option for parameter in command.params for option in parameter.opts}
    }

    assert lacking == set()
    assert len(_all(mt4api)) == 17


def test_every_option_is_explained_in_sentences() -> None:
    texts = {
        (path, parameter.name): parameter.help or ""
        for path, command in _all(mt4api).items()
        for parameter in command.params
        if isinstance(parameter, click.Option)
    }

    assert {place: text for place, text in texts.items() if not text.endswith(".")} == {}


def _port_shown(*arguments: str) -> str:
    shown = CliRunner().invoke(mt4api, arguments)
    assert shown.exit_code == 0, shown.output
    return next(line for line in shown.stdout.splitlines() if line.startswith("port"))


def test_the_option_nearest_to_the_end_wins(tmp_path: Path) -> None:
    for port in (8001, 8002, 8003):
        (tmp_path / f"{port}.toml").write_text(f"[server]\nport = {port}\n")

    assert _port_shown("--config", "8001.toml", "config", "show") == "port = 8001"
    assert _port_shown("--config", "8001.toml", "config", "--config", "8002.toml", "show") == "port = 8002"
    assert (
        _port_shown("--config", "8001.toml", "config", "--config", "8002.toml", "show", "--config", "8003.toml")
        == "port = 8003"
    )


def _refused(*arguments: str) -> Result:
    result = CliRunner().invoke(mt4api, arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    return result


def test_a_misspelt_command_is_answered_with_the_right_one() -> None:
    assert "doctor" in _refused("docter").stderr


def test_a_missing_settings_file_is_told_in_words() -> None:
    refused = _refused("users", "list", "--config", "nowhere.toml")

    assert refused.stderr == (
        "mt4api: The settings cannot be used:\n"
        "  the settings file cannot be read: No such file or directory (nowhere.toml)\n"
    )


def test_an_incomplete_installation_is_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "half_installed.py").write_text("import a_library_that_is_missing\n")
    monkeypatch.syspath_prepend(tmp_path)
    group = Later("mt4api", later={"broken": ("half_installed:broken", "Cannot be loaded.")})

    result = CliRunner().invoke(group, ["broken"])

    home = Path(import_module("kernel").__file__ or "").parent
    assert result.exit_code == 2
    assert "The command broken cannot be loaded: No module named 'a_library_that_is_missing'" in result.stderr
    assert str(home) in result.stderr
