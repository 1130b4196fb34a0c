"""``mt4api doctor --money-test``: a cent in and out, what it proves, and what is said when it stays."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Run = Callable[..., Result]
LOGIN = 1001
"""Of the simulator's first accounts, in the group demoforex; 1002 is in micro-usd."""


@pytest.fixture(autouse=True)
def _free_port(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    monkeypatch.setenv("MT4API_SERVER__PORT", str(port))


@pytest.fixture
def ill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Install a driver over the simulator that has one ill, and choose it."""
    site = tmp_path / "site"
    info = site / "ill_driver-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: ill_driver\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[mt4api.drivers]\nill = ill_driver\n")
    shutil.copy(Path(__file__).with_name("ill_driver.py"), site)
    monkeypatch.syspath_prepend(site)

    def install(name: str) -> None:
        monkeypatch.setenv("ILL", name)
        monkeypatch.delitem(sys.modules, "ill_driver", raising=False)
        password = 'password = "your_manager_password"'
        here = '[mt4.ill]\naccounts = 10\ndatabase = "state.sqlite3"\ntick_seconds = 0'
        Path("mt4api.toml").write_text(f'[mt4]\ndriver = "ill"\nhistory_seconds = 0.3\n{password}\n{here}\n')

    return install


def examined(run: Run, *options: str, login: int = LOGIN) -> tuple[Result, dict[str, Any]]:
    result = run("doctor", "--json", "--data", "data", "--money-test", str(login), "--yes", *options)
    report = json.loads(result.stdout)
    assert (report["state"] == "fail") == (result.exit_code == 1)
    report["checks"] = {check["name"]: check for check in report["checks"]}
    report["states"] = {each["name"]: each["state"] for each in report["assumptions"]}
    return result, report


def plan(text: str, *, mt4: str = "history_seconds = 0.3") -> None:
    Path("data").mkdir(0o700)
    Path("data/faults.toml").write_text(text)
    Path("mt4api.toml").write_text(f'[mt4]\n{mt4}\n[mt4.simulator]\nfaults = "faults.toml"\n')


def fault(kind: str, **members: object) -> str:
    said = "".join(f"{name} = {value}\n" for name, value in members.items())
    return f'[[fault]]\ncall = "trade_transaction"\nkind = "{kind}"\n{said}'


def sent() -> list[float]:
    file = Path("sent.txt")
    return [float(line) for line in file.read_text().split()] if file.exists() else []


def test_a_cent_goes_in_and_out_and_what_it_proves_is_told(run: Run, ill: Callable[..., None]) -> None:
    ill("well")

    result, report = examined(run)

    assert (result.exit_code, result.stderr, sent()) == (0, "", [0.01, -0.01])
    unproved = {name: state for name, state in report["states"].items() if state != "holds"}
    assert list(report["states"]) == [f"A{number}" for number in range(1, 10)]
    assert unproved == {"A4": "not checked", "A5": "not checked"}
    states = {report["checks"][f"money {what}"]["state"] for what in ("test", "comment", "ticket", "digits")}
    assert states == {"ok"}
    assert [(leg["amount"], leg["outcome"], leg["moved"]) for leg in report["money"]] == [
        (0.01, "confirmed", 0.01),
        (-0.01, "confirmed", -0.01),
    ]
    assert all(leg["order"] == leg["rows"][0]["order"] for leg in report["money"])
    assert [leg["rows"][0]["comment"] for leg in report["money"]] == [leg["comment"] for leg in report["money"]]


def test_without_a_terminal_and_consent_nothing_is_examined(run: Run, ill: Callable[..., None]) -> None:
    ill("well")

    result = run("doctor", "--data", "data", "--money-test", str(LOGIN))

    assert (result.exit_code, result.stdout, sent()) == (2, "", [])
    assert "give --yes" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
@pytest.mark.parametrize(("answer", "code", "booked"), [("y\n", 0, [0.01, -0.01]), ("n\n", 2, [])])
def test_on_a_terminal_the_operator_is_asked(
    ill: Callable[..., None], tmp_path: Path, answer: str, code: int, booked: list[float]
) -> None:
    ill("well")
    ours, theirs = os.openpty()
    os.write(ours, answer.encode())

    done = subprocess.run(
        [sys.executable, "-m", "kernel", "doctor", "--data", "data", "--money-test", str(LOGIN)],
        stdin=theirs,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
    )
    os.close(ours)
    os.close(theirs)

    assert (done.returncode, sent()) == (code, booked)
    assert "on account 1001 of 127.0.0.1:443 as manager 224" in done.stderr


def test_an_account_outside_the_mask_gets_nothing(run: Run, ill: Callable[..., None]) -> None:
    ill("well")

    result, report = examined(run, login=1002)

    assert (result.exit_code, sent(), report["money"]) == (1, [], [])
    assert "is in the group micro-usd, which demo* does not name" in report["checks"]["money test"]["reason"]
    assert (report["states"]["A1"], report["states"]["A9"]) == ("not checked", "holds")


def test_the_operator_may_name_another_mask(run: Run, ill: Callable[..., None]) -> None:
    ill("well")

    result, _ = examined(run, "--money-group", "micro-*", login=1002)

    assert (result.exit_code, sent()) == (0, [0.01, -0.01])


def test_an_account_that_is_not_there_gets_nothing(run: Run) -> None:
    result, report = examined(run, login=999)

    assert (result.exit_code, report["money"]) == (1, [])
    assert report["checks"]["money test"]["reason"] == "the manager sees no account 999"


def test_a_second_leg_that_is_lost_is_told_loudly(run: Run) -> None:
    plan(fault("lost_before", nth=2))

    result, report = examined(run)

    assert result.exit_code == 1
    ticket = report["money"][0]["order"]
    left = report["checks"]["account changed"]["reason"]
    assert left.startswith("Account 1001 is not known to have what it had: ")
    assert f"+0.01 is booked, ticket {ticket}; -0.01 with the comment doctor-" in left
    assert f"ATTENTION: {left}" in result.stderr
    assert [leg["outcome"] for leg in report["money"]] == ["confirmed", "unknown"]


def test_a_second_leg_whose_answer_is_lost_is_found_in_history(run: Run) -> None:
    plan(fault("lost_after", nth=2))

    result, report = examined(run)

    assert (result.exit_code, result.stderr) == (0, "")
    assert report["money"][1]["outcome"] == "unknown"
    assert (
        f"-0.01 is booked, found in history as ticket {report['money'][1]['rows'][0]['order']}"
        in (report["checks"]["money test"]["reason"])
    )


def test_a_first_leg_whose_answer_is_lost_is_found_and_taken_back(run: Run) -> None:
    plan(fault("lost_after", nth=1))

    result, report = examined(run)

    assert (result.exit_code, result.stderr) == (0, "")
    assert [leg["moved"] for leg in report["money"]] == [0.01, -0.01]


def test_a_first_leg_that_is_not_found_is_not_answered_with_a_second(run: Run) -> None:
    plan(fault("lost_before", nth=1))

    result, report = examined(run)

    assert (result.exit_code, len(report["money"])) == (1, 1)
    assert "may be booked now or later" in result.stderr


def test_a_second_leg_that_is_refused_leaves_a_cent_and_says_so(run: Run) -> None:
    plan(fault("refuse", nth=2, retcode=133))

    result, report = examined(run)

    assert result.exit_code == 1
    assert "Account 1001 was changed and not put back: +0.01 is booked" in result.stderr
    assert report["states"]["A5"] == "holds"


def test_a_refused_first_leg_books_nothing_and_rings_no_alarm(run: Run) -> None:
    plan(fault("refuse", retcode=133))

    result, report = examined(run)

    assert (result.exit_code, result.stderr, len(report["money"])) == (1, "", 1)
    assert report["checks"]["money test"]["reason"].startswith("nothing was booked: +0.01 with the comment doctor+")


def test_a_comment_that_is_cut_fails_and_its_row_is_still_found(run: Run, ill: Callable[..., None]) -> None:
    ill("cut")

    result, report = examined(run)

    assert (result.exit_code, sent()) == (1, [0.01, -0.01])
    assert (report["checks"]["money comment"]["state"], report["states"]["A2"]) == ("fail", "fails")
    assert report["checks"]["money test"]["state"] == "ok"


@pytest.mark.parametrize(
    ("name", "check", "assumption"),
    [("ticket", "money ticket", None), ("again", "account changed", "A1"), ("single", "sessions", "A9")],
)
def test_an_ill_of_the_server_is_found(
    run: Run, ill: Callable[..., None], name: str, check: str, assumption: str | None
) -> None:
    ill(name)

    result, report = examined(run)

    assert (result.exit_code, report["checks"][check]["state"]) == (1, "fail")
    assert assumption is None or report["states"][assumption] == "fails"


def test_a_row_that_does_not_show_fails_and_the_cent_is_still_taken_back(run: Run, ill: Callable[..., None]) -> None:
    ill("late")

    result, report = examined(run)

    assert (result.exit_code, sent()) == (1, [0.01, -0.01])
    assert (report["states"]["A3"], report["states"]["A8"]) == ("fails", "fails")


def test_a_row_that_shows_late_is_waited_for_and_timed(run: Run, ill: Callable[..., None]) -> None:
    ill("slow")

    result, report = examined(run)

    assert (result.exit_code, [len(leg["rows"]) for leg in report["money"]]) == (0, [1, 1])
    assert all(leg["visible_seconds"] >= 0.02 for leg in report["money"])


def test_a_driver_that_breaks_between_the_legs_is_no_silent_end(run: Run, ill: Callable[..., None]) -> None:
    ill("broken")

    result, report = examined(run)

    assert result.exit_code == 1
    assert "The money test on account 1001 was broken off: +0.01 is booked" in result.stderr
    assert "ZeroDivisionError" in report["checks"]["money test"]["reason"]


def test_ctrl_c_is_no_silent_end(run: Run, ill: Callable[..., None]) -> None:
    ill("interrupted")

    result = run("doctor", "--json", "--data", "data", "--money-test", str(LOGIN), "--yes")

    assert (result.exit_code, sent()) == (1, [0.01])
    assert "was broken off: nothing is known of +0.01. Look in its history for the comments doctor+" in result.stderr


def test_the_account_has_afterwards_what_it_had(run: Run, ill: Callable[..., None]) -> None:
    ill("well")
    examined(run)
    once = balances()

    examined(run)

    assert balances() == once != []


def balances() -> list[tuple[int, float]]:
    with closing(sqlite3.connect("data/state.sqlite3")) as state:
        return state.execute("SELECT login, balance FROM users WHERE login = ?", (LOGIN,)).fetchall()
