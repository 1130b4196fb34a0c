"""What the doctor's money test tells besides money, as text and as JSON."""

import json
from collections.abc import Callable

import pytest
from click.testing import Result

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _free_port(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    monkeypatch.setenv("MT4API_SERVER__PORT", str(port))


def test_the_pump_the_sessions_and_the_idle_limit_are_looked_at(run: Run) -> None:
    report = json.loads(run("doctor", "--json", "--data", "data", "--money-test", "1001", "--yes").stdout)
    checks = {check["name"]: check["reason"] for check in report["checks"]}

    assert checks["pump"].startswith("it runs 0.")
    assert checks["sessions"] == "3 sessions of one manager work at once"
    assert "pings after 10 s" in checks["idle"]


def test_the_text_has_a_line_for_each_assumption(run: Run) -> None:
    lines = run("doctor", "--data", "data", "--money-test", "1001", "--yes").stdout.splitlines()

    assert [line[:15].split()[:2] for line in lines[-9:]][:3] == [["A1", "holds"], ["A2", "holds"], ["A3", "holds"]]
    assert lines[-10] == "What the service assumes about MT4:"


def test_consent_to_nothing_is_refused(run: Run) -> None:
    assert run("doctor", "--data", "data", "--yes").exit_code == 2
