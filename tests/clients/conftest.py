"""The service as its own process on the embedded simulator, for clients of other makes than ours."""

import os
import socket
import subprocess
import sys
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import pytest

USER, PASSWORD = "clients", "a password of the trial"


@dataclass(frozen=True)
class Served:
    """A running service and the user that may do everything."""

    address: str
    user: str
    password: str


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    """Serve until the last test of this folder is done; the stop must be an orderly one."""
    data = tmp_path_factory.mktemp("served")
    mt4api = [sys.executable, "-m", "kernel"]
    place = ["--data", str(data)]
    subprocess.run(
        [*mt4api, "users", "add", USER, "--password-stdin", "--scope", "*", *place],
        input=PASSWORD,
        text=True,
        check=True,
        cwd=data,
    )
    port = _free_port()
    process = subprocess.Popen(
        [*mt4api, "serve", "--port", str(port), "--simulator-accounts", "50", *place],
        cwd=data,
        env={**os.environ, "MT4API_KERNEL__LOG_LEVEL": "error", "PYTHONUNBUFFERED": "1"},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        _wait(process, data)
        yield Served(f"http://127.0.0.1:{port}", USER, PASSWORD)
    finally:
        process.terminate()
        _, words = process.communicate(timeout=30)
    assert process.returncode == 0, words


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(process: subprocess.Popen[str], data: Path) -> None:
    """Read what the start says until it listens."""
    said: list[str] = []
    assert process.stderr is not None
    for line in process.stderr:
        said.append(line)
        if "is listening" in line:
            return
    pytest.fail(f"The service over {data} did not start:\n{''.join(said)}")
