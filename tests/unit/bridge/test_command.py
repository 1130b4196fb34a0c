"""``mt4api bridge`` as its operator has it."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kernel.cli import mt4api


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(mt4api, ["bridge", *arguments])


def test_certs_names_the_files_that_it_made(tmp_path: Path) -> None:
    done = run("certs", str(tmp_path / "pki"), "--host", "10.0.0.5")

    assert done.exit_code == 0
    assert sorted(done.stdout.split()) == sorted(str(path) for path in (tmp_path / "pki").iterdir())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--listen", "0.0.0.0:1"], "needs certificate, key and ca"),
        (["--listen", "nonsense"], "expected HOST:PORT"),
        (["--driver", "nope"], "There is no driver 'nope'"),
        (["--config", "missing.toml"], "cannot be read"),
        (["certs", ".", "--renew"], "ca.pem cannot be read"),
        (["certs", "pki", "--host", "ünicode"], "cannot hold the name"),
    ],
)
def test_what_cannot_work_ends_with_2_and_words_and_leaves_nothing(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    done = run(*arguments)

    assert (done.exit_code, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_driver_that_cannot_start_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "bridge.toml").write_text(
        '[bridge]\nlisten = "127.0.0.1:0"\n[mt4.simulator]\nfaults = "missing.toml"\n[kernel]\nlog_level = "critical"\n'
    )

    done = run("--config", "bridge.toml")

    assert done.exit_code == 2
    assert "The driver simulator cannot start" in done.stderr
    assert "missing.toml" in done.stderr


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_with_0(tmp_path: Path, how: signal.Signals) -> None:
    command = [sys.executable, "-m", "kernel", "bridge", "--listen", "127.0.0.1:0", "--data", str(tmp_path / "data")]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        while "Listening on port" not in (line := process.stderr.readline()):
            assert line, "it ended"
        process.send_signal(how)
        said = process.stderr.read()

        assert process.wait(30) == 0
        assert "Stopped." in said
        assert "Traceback" not in said
