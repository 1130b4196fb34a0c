"""``mt4api config``: checked, shown and described as the service would read it."""

import json
from pathlib import Path
from typing import Any, Protocol

from click.testing import Result

LIMITS = """
from msgspec import Struct, field
from kernel.api import Secret, hookimpl

api = 1


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    largest: int = 10
    api_key: Secret = field(default_factory=Secret)


@hookimpl
def register_settings():
    return Settings
"""


class Run(Protocol):
    def __call__(self, *arguments: str, env: dict[str, str] | None = None) -> Result: ...


def test_the_defaults_are_valid(run: Run) -> None:
    checked = run("config", "check")

    assert (checked.exit_code, checked.stdout) == (
        0,
        "The settings are valid. Driver: simulator. Plugins: health, users, accounts, trades, market, admin.\n",
    )


def test_a_check_reports_driver_plugins_and_strange_sections_at_once(run: Run, stranger: Any) -> None:
    stranger("limits", "limits_checked", LIMITS)
    Path("mt4api.toml").write_text(
        '[kernel]\nplugins = ["health", "limits", "usres"]\n'
        "[mt4.simulator]\naccounts = -1\n"
        '[plugins.limits]\nlargest = "ten"\nlargets = 1\n'
        "[plugins.helth]\nx = 1\n"
    )

    checked = run("config", "check")

    problems = checked.stdout.splitlines()
    assert checked.exit_code == 1
    assert checked.stderr == "5 problems found.\n"
    for start in (
        "[mt4.simulator] accounts: expected",
        "[plugins.helth]: no plugin of this name; did you mean health?",
        "[plugins.limits] largest: expected a whole number",
        "[plugins.limits] largets: unknown key; did you mean largest?",
        "plugin 'usres' is not installed; did you mean 'users'?",
    ):
        assert len([line for line in problems if line.startswith(start)]) == 1, start


def test_a_check_reports_every_section_of_the_kernel_at_once(run: Run) -> None:
    Path("mt4api.toml").write_text("[server]\nport = 0\n[auth]\nleeway = -1\n")

    checked = run("config", "check", env={"MT4API_KERNEL__LOG_LEVEL": "loud"})

    assert checked.exit_code == 1
    assert [line.split(":")[0] for line in checked.stdout.splitlines()] == [
        "[server] port",
        "[auth] leeway",
        "[kernel] log_level",
    ]


def test_a_broken_section_of_the_kernel_hides_neither_driver_nor_plugins(run: Run) -> None:
    Path("mt4api.toml").write_text("[server]\nprt = 1\n[mt4.simulator]\nacounts = 3\n[plugins.helth]\nx = 1\n")

    checked = run("config", "check")

    assert checked.stdout.splitlines() == [
        "[server] prt: unknown key; did you mean port? (mt4api.toml:2)",
        "[mt4.simulator] acounts: unknown key; did you mean accounts? (mt4api.toml:4)",
        "[plugins.helth]: no plugin of this name; did you mean health? (mt4api.toml:5)",
    ]


def test_a_missing_driver_is_a_problem(run: Run) -> None:
    checked = run("config", "check", env={"MT4API_MT4__DRIVER": "simulater"})

    assert checked.exit_code == 1
    assert "[mt4] driver: There is no driver 'simulater'; did you mean 'simulator'?" in checked.stdout


def test_a_password_file_that_cannot_be_read_is_a_problem(run: Run) -> None:
    checked = run("config", "check", env={"MT4API_MT4__PASSWORD_FILE": "nowhere"})

    assert checked.exit_code == 1
    assert "[mt4] password_file: the file cannot be read" in checked.stdout


def test_what_is_shown_has_plugins_and_driver_and_no_secret(run: Run, stranger: Any) -> None:
    stranger("limits", "limits_shown", LIMITS)
    Path("mt4api.toml").write_text(
        '[kernel]\nplugins = ["limits"]\n[plugins.limits]\napi_key = "tiger-7"\n'
        '[mt4]\npassword = "tiger-8"\n[mt4.simulator]\nseed = 7\n'
    )

    shown = run("config", "show", "--origin", env={"MT4API_SERVER__PORT": "9000"})

    assert shown.exit_code == 0
    assert "port = 9000  # environment MT4API_SERVER__PORT" in shown.stdout
    assert "seed = 7  # mt4api.toml:8" in shown.stdout
    assert '[plugins.limits]\nlargest = 10  # default\napi_key = "***"  # mt4api.toml:4' in shown.stdout
    assert "tiger" not in shown.output


def test_a_broken_plugin_does_not_keep_the_settings_from_being_shown(run: Run, stranger: Any) -> None:
    stranger("limits", "limits_broken_shown", "1 / 0\n")
    Path("mt4api.toml").write_text('[kernel]\nplugins = ["limits"]\n[plugins.limits]\ncode = "tiger-9"\n')

    shown = run("config", "show")

    assert shown.exit_code == 0
    assert "plugin 'limits' from limits_broken_shown 1.2 cannot be imported: ZeroDivisionError" in shown.stderr
    assert 'code = "***"' in shown.stdout
    assert "tiger" not in shown.output


def test_invalid_settings_are_not_shown(run: Run) -> None:
    shown = run("config", "show", env={"MT4API_SERVER__PROT": "9000"})

    assert (shown.exit_code, shown.stdout) == (2, "")
    assert "[server] PROT: unknown key; did you mean port?" in shown.stderr


def test_the_schema_describes_the_sections_of_plugins_and_driver(run: Run, stranger: Any) -> None:
    stranger("limits", "limits_described", LIMITS)
    Path("mt4api.toml").write_text('[kernel]\nplugins = ["limits"]\n')

    described = json.loads(run("config", "schema").stdout)

    definitions = described["$defs"]
    name = described["properties"]["plugins"]["properties"]["limits"]["$ref"].rpartition("/")[2]
    simulator = definitions["Mt4"]["properties"]["simulator"]["$ref"].rpartition("/")[2]
    assert definitions[name]["properties"]["largest"] == {"type": "integer", "default": 10}
    assert "accounts" in definitions[simulator]["properties"]
