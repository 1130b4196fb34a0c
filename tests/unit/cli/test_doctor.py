"""``mt4api doctor``: every check, found well and found ill."""

import json
import socket
import sqlite3
import stat
import sys
from pathlib import Path
from typing import Any, Protocol

import pytest
from click.testing import Result

from kernel import VERSION

posix = pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")
NAMES = [
    "python",
    "package kernel",
    "package plugins",
    "distribution",
    "settings",
    "plugins",
    "data folder",
    "store",
    "token keys",
    "port",
    "driver",
    "session",
    "clock",
    "rights",
    "groups",
    "code page",
]


class Run(Protocol):
    def __call__(self, *arguments: str, stdin: str | None = None) -> Result: ...


@pytest.fixture(autouse=True)
def _free_port(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    monkeypatch.setenv("MT4API_SERVER__PORT", str(port))


def _examined(run: Run, *options: str) -> tuple[int, dict[str, Any]]:
    result = run("doctor", "--json", "--data", "data", *options)
    report = json.loads(result.stdout)
    assert (report["state"] == "fail") == (result.exit_code == 1)
    return result.exit_code, {check["name"]: check for check in report["checks"]}


def _settings(text: str) -> None:
    Path("mt4api.toml").write_text(text)


def test_a_fresh_installation_is_well_and_nothing_is_made(run: Run) -> None:
    code, checks = _examined(run)

    assert list(checks) == NAMES
    assert {name: check for name, check in checks.items() if check["state"] != "ok"} == {}
    assert (code, list(Path().iterdir())) == (0, [])
    assert checks["distribution"]["reason"] == f"mt4-manager-api {VERSION}"
    assert "+2 h from UTC; clocks differ by" in checks["clock"]["reason"]


def test_the_text_has_a_line_for_each_check_and_what_to_do(run: Run) -> None:
    _settings('[mt4.simulator]\nmanager_rights = ["manager"]\n')

    lines = run("doctor", "--data", "data").stdout.splitlines()

    assert [line for line in lines if line.startswith("ok    python ")] == lines[:1]
    place = next(number for number, line in enumerate(lines) if line.startswith("warn  rights "))
    assert lines[place + 1].strip().startswith("do: give the right on the trade server")


def test_settings_that_are_wrong_end_the_examination(run: Run) -> None:
    _settings("[server]\nprot = 1\n")

    code, checks = _examined(run)

    assert (code, list(checks)) == (1, NAMES[:5])
    assert checks["settings"]["state"] == "fail"
    assert "did you mean port?" in checks["settings"]["reason"]


def test_a_broken_plugin_fails_and_the_rest_is_still_examined(run: Run) -> None:
    _settings('[kernel]\nplugins = ["health", "nope"]\n')

    code, checks = _examined(run)

    assert code == 1
    assert checks["plugin nope"]["state"] == "fail"
    assert checks["session"]["state"] == "ok"


def test_a_store_that_was_used_opens(run: Run) -> None:
    run("users", "add", "crm", "--password-stdin", "--scope", "*", "--data", "data", stdin="correct horse battery")

    _, checks = _examined(run)

    assert checks["store"]["reason"] == "data/mt4api.sqlite3 opens"
    assert checks["data folder"]["state"] == "ok"


def test_a_foreign_database_is_no_store(run: Run) -> None:
    Path("data").mkdir(0o700)
    with sqlite3.connect("data/mt4api.sqlite3") as other:
        other.execute("CREATE TABLE orders (id)")
    other.close()

    code, checks = _examined(run)

    assert (code, checks["store"]["state"]) == (1, "fail")
    assert "database of another program" in checks["store"]["reason"]


@posix
def test_an_open_data_folder_is_warned_of(run: Run) -> None:
    Path("data").mkdir()
    Path("data").chmod(0o755)

    code, checks = _examined(run)

    assert (code, checks["data folder"]["state"], checks["data folder"]["advice"]) == (0, "warn", "chmod 700 data")
    assert stat.S_IMODE(Path("data").stat().st_mode) == 0o755


@posix
def test_keys_that_others_can_read_fail(run: Run) -> None:
    Path("data").mkdir(0o700)
    Path("data/keys.json").write_text("{}")
    Path("data/keys.json").chmod(0o644)

    code, checks = _examined(run)

    assert (code, checks["token keys"]["state"]) == (1, "fail")
    assert "is open to others (mode 0644)" in checks["token keys"]["reason"]


def test_a_port_of_another_program_fails(run: Run, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        code, checks = _examined(run)

    assert (code, checks["port"]["state"]) == (1, "fail")
    assert f"port {port} on 127.0.0.1 is in use" in checks["port"]["reason"]


def test_a_wrong_password_of_the_manager_fails(run: Run) -> None:
    _settings('[mt4]\npassword = "not the one"\n')

    code, checks = _examined(run)

    assert code == 1
    assert checks["session"]["reason"] == "manager 224 on 127.0.0.1:443 cannot log in: Invalid account (code 65)"
    assert "clock" not in checks


def test_rights_are_compared_with_what_the_enabled_routes_need(run: Run) -> None:
    _settings('[mt4.simulator]\nmanager_rights = ["manager", "see_trades", "user_details", "online"]\n')
    code, checks = _examined(run)
    _settings('[kernel]\nplugins = ["trades"]\n[mt4.simulator]\nmanager_rights = ["see_trades"]\n')
    _, fewer = _examined(run)

    assert (code, checks["rights"]["state"]) == (0, "warn")
    assert fewer["rights"]["state"] == "ok"


def test_every_missing_right_is_named_with_what_is_lost(run: Run) -> None:
    _settings('[kernel]\nplugins = ["accounts", "users"]\n[mt4.simulator]\nmanager_rights = ["manager"]\n')

    report = json.loads(run("doctor", "--json", "--data", "data").stdout)

    assert [check["reason"] for check in report["checks"] if check["name"] == "rights"] == [
        "the manager lacks riskman or see_trades: no margins",
        "the manager lacks money: no credit, deposits, withdrawals",
        "the manager lacks user_details: no names and contacts of accounts",
        "the manager lacks online: no who is online",
    ]


def test_a_manager_who_sees_no_group_fails(run: Run) -> None:
    _settings('[mt4.simulator]\nmanager_groups = "nothing-is-called-so"\n')

    code, checks = _examined(run)

    assert (code, checks["groups"]["state"]) == (1, "fail")


def test_the_simulators_own_state_is_left_alone(run: Run) -> None:
    Path("data").mkdir(0o700)
    Path("data/simulator.sqlite3").write_text("not to be touched")
    _settings('[mt4.simulator]\nledger = "ledger.txt"\n')

    code, _ = _examined(run)

    assert code == 0
    assert Path("data/simulator.sqlite3").read_text() == "not to be touched"
    assert not Path("data/ledger.txt").exists()
