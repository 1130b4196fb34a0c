"""The bridge's settings: as strict as the service's, all problems at once."""

from pathlib import Path

import pytest

from kernel.bridge.settings import read
from kernel.config import ConfigError


def written(folder: Path, text: str) -> Path:
    path = folder / "bridge.toml"
    path.write_text(text)
    return path


def problems(path: Path | None, environ: dict[str, str] | None = None, **options: object) -> list[str]:
    with pytest.raises(ConfigError) as wrong:
        read(path, environ or {}, options)
    return [str(problem) for problem in wrong.value.problems]


def test_without_anything_it_hosts_the_simulator_on_loopback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    plan = read(None, {}, {})

    assert (plan.bridge.listen, plan.bridge.driver, plan.job.driver) == ("127.0.0.1:50051", "simulator", "simulator")
    assert plan.bridge.clients == {"mt4api-client": "money"}


def test_options_go_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        '[bridge]\nlisten = "127.0.0.1:1"\ncalls = 1\nlargest_amount = 5.5\n'
        '[mt4]\ncode_page = "cp1251"\n[mt4.simulator]\naccounts = 7\n[server]\nport = 9000\n',
    )
    environ = {"MT4API_BRIDGE__LISTEN": "127.0.0.1:2", "MT4API_BRIDGE__CALLS": "2", "MT4API_SERVER__PORT": "x"}

    plan = read(path, environ, {"bridge.listen": "127.0.0.1:3", "bridge.driver": None})

    assert (plan.bridge.listen, plan.bridge.calls, plan.bridge.largest_amount) == ("127.0.0.1:3", 2, 5.5)
    assert (plan.job.code_page, plan.job.settings.accounts) == ("cp1251", 7)


def test_all_problems_are_told_at_once_with_their_places(tmp_path: Path) -> None:
    path = written(
        tmp_path, '[bridge]\nlistn = "x"\ncalls = 0\n[brdge]\n[mt4]\ncode_page = "x"\n[mt4.simulator]\nacounts = 1\n'
    )

    told = "\n".join(problems(path))

    for each in ("did you mean listen", "calls: expected", "brdge", "code_page", "did you mean accounts", "toml:2"):
        assert each in told


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ('certificate = "a.pem"', "together"),
        ('operations = ["trade_transacton"]', "trade_transacton"),
        ('clients = {crm = "admin"}', "clients"),
        ("hourly_amount = nan", "hourly_amount"),
        ('driver = "nope"', "no driver"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, line: str, word: str) -> None:
    assert word in "\n".join(problems(written(tmp_path, f"[bridge]\n{line}\n")))


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    assert "cannot be read" in problems(tmp_path / "missing.toml")[0]
    assert "cannot be read" in problems(None, {"MT4API_CONFIG": str(tmp_path / "missing.toml")})[0]
