"""``mt4api users`` on a data folder, with and without a terminal."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import IO, Any, Protocol

import pytest
from click.testing import Result

PASSWORD = "correct horse battery"


class Run(Protocol):
    def __call__(self, *arguments: str, stdin: str | bytes | None = None) -> Result: ...


def _add(run: Run, name: str, *scopes: str) -> Result:
    options = [option for scope in scopes for option in ("--scope", scope)]
    return run("users", "add", name, "--password-stdin", *options, "--data", "data", stdin=f"{PASSWORD}\n")


def _listed(run: Run) -> Any:
    return json.loads(run("users", "list", "--json", "--data", "data").stdout)


def test_an_added_user_is_listed_with_the_scopes(run: Run) -> None:
    added = _add(run, "crm", "users:read", "money:deposit")

    assert (added.exit_code, added.stdout) == (0, "Added crm with money:deposit, users:read.\n")
    (user,) = _listed(run)
    assert user.pop("created_at") == user.pop("changed_at")
    assert user == {"name": "crm", "scopes": ["money:deposit", "users:read"], "disabled": False}


def test_a_first_user_added_before_the_start_makes_the_store_private(run: Run) -> None:
    _add(run, "crm", "*")

    assert stat.S_IMODE(Path("data").stat().st_mode) == 0o700
    assert stat.S_IMODE(Path("data/mt4api.sqlite3").stat().st_mode) == 0o600


def test_a_disabled_user_can_be_enabled_again(run: Run) -> None:
    _add(run, "crm", "*")

    assert run("users", "disable", "crm", "--data", "data").exit_code == 0
    assert [user["disabled"] for user in _listed(run)] == [True]
    assert run("users", "enable", "crm", "--data", "data").exit_code == 0
    assert [user["disabled"] for user in _listed(run)] == [False]


def test_the_list_shows_state_time_and_scopes_in_columns(run: Run) -> None:
    _add(run, "crm", "*")
    _add(run, "a-longer-name", "users:read")

    lines = run("users", "list", "--data", "data").stdout.splitlines()

    assert [line.split()[0::3] for line in lines] == [["a-longer-name", "users:read"], ["crm", "*"]]
    assert lines[0].index("enabled") == lines[1].index("enabled")


@pytest.mark.parametrize(
    ("arguments", "stdin", "message"),
    [
        (["add", "crm", "--scope", "money:deposi"], PASSWORD, "did you mean 'money:deposit'?"),
        (["add", "crm", "--scope", "*"], "short\n", "password: Expected 12 to 128 characters"),
        (["add", "crm", "--scope", "*"], "", "There is no password on standard input"),
        (["add", "crm", "--scope", "*"], f"{PASSWORD}\nsecond line\n", "Expected one line"),
        (["add", "crm", "--scope", "*"], b"\xff\xfe passwords", "is not UTF-8"),
        (["add", "crm", "--scope", "*"], "x" * 5000, "Expected one line"),
        (["add", " ", "--scope", "*"], PASSWORD, "name: Expected 1 to 128 printable characters"),
        (["passwd", "nobody"], PASSWORD, "There is no API user 'nobody'"),
    ],
)
def test_bad_input_is_told_and_adds_nobody(run: Run, arguments: list[str], stdin: str | bytes, message: str) -> None:
    _add(run, "first", "*")

    refused = run("users", *arguments, "--password-stdin", "--data", "data", stdin=stdin)

    assert refused.exit_code == 2
    assert refused.stderr.startswith("mt4api: ")
    assert message in refused.stderr
    assert [user["name"] for user in _listed(run)] == ["first"]


def test_a_taken_name_is_refused(run: Run) -> None:
    _add(run, "crm", "users:read")

    refused = _add(run, "crm", "*")

    assert (refused.exit_code, refused.stderr) == (2, "mt4api: name: There is an API user 'crm' already\n")
    assert [user["scopes"] for user in _listed(run)] == [["users:read"]]


def test_a_password_is_never_repeated_in_a_message(run: Run) -> None:
    outputs = [
        run("users", "add", "crm", "--scope", "nope", "--password-stdin", stdin=PASSWORD).output,
        run("users", "add", PASSWORD, "--scope", "*", "--password-stdin", stdin="tiny-secret").output,
        _add(run, "crm", "*").output,
    ]

    assert PASSWORD not in outputs[0] + outputs[2]
    assert "tiny-secret" not in outputs[1]


def test_without_a_terminal_the_password_has_to_come_on_standard_input(run: Run) -> None:
    refused = run("users", "add", "crm", "--scope", "*", stdin=PASSWORD)

    assert (refused.exit_code, refused.stderr) == (
        2,
        "mt4api: There is no terminal to ask for the password: give --password-stdin\n",
    )


@pytest.mark.parametrize("arguments", [["list"], ["disable", "crm"], ["enable", "crm"], ["passwd", "crm"]])
def test_a_wrong_folder_is_told_and_not_made(run: Run, arguments: list[str]) -> None:
    refused = run("users", *arguments, "--data", "wrong")

    assert refused.exit_code == 2
    assert "There is no store wrong/mt4api.sqlite3 yet" in refused.stderr
    assert not Path("wrong").exists()


def test_a_scope_of_an_enabled_plugin_may_be_given(run: Run, stranger: Any) -> None:
    stranger(
        "kyc",
        "kyc_with_scope",
        "from kernel.api import hookimpl\napi = 1\n"
        "@hookimpl\ndef register_scopes():\n    return {'kyc:read': 'Read documents.'}\n",
    )
    assert "There is no scope 'kyc:read'" in _add(run, "crm", "kyc:read").stderr

    Path("mt4api.toml").write_text('[kernel]\nplugins = ["health", "kyc"]\n')

    assert _add(run, "crm", "kyc:read").exit_code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX's")
def test_on_a_terminal_the_password_is_asked_for_twice_and_hidden(tmp_path: Path, run: Run) -> None:
    import pty  # noqa: PLC0415 - there is none on Windows

    ours, theirs = pty.openpty()
    # A session of its own has no controlling terminal, so that the question comes to ours.
    asking = subprocess.Popen(
        [sys.executable, "-m", "kernel", "users", "add", "crm", "--scope", "*", "--data", "data"],
        cwd=tmp_path,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    with os.fdopen(ours, "rb+", buffering=0) as terminal:
        seen = _answer(terminal, b"Password: ") + _answer(terminal, b"confirmation: ")
        assert asking.wait(30) == 0

    assert PASSWORD.encode() not in seen
    assert [user["name"] for user in _listed(run)] == ["crm"]


def _answer(terminal: IO[bytes], question: bytes) -> bytes:
    """Wait for a question, then type the password."""
    seen = b""
    while question not in seen:
        seen += terminal.read(1000)
    terminal.write(f"{PASSWORD}\n".encode())
    return seen
