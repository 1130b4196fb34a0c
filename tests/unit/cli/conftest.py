"""The command line as its users have it: commands in this process, the service in one of its own."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kernel.cli import mt4api

Run = Callable[..., Result]
Stranger = Callable[..., None]
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.upper().startswith("MT4API_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def run() -> Run:
    def run_command(*arguments: str, stdin: str | bytes | None = None, env: Mapping[str, str] | None = None) -> Result:
        result = CliRunner().invoke(mt4api, arguments, input=stdin, env=env)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run_command


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


class Service:
    """``mt4api serve`` in a process of its own, with standard error as a file."""

    def __init__(self, folder: Path, port: int, *options: str, env: Mapping[str, str] | None = None) -> None:
        self.data = folder / "data"
        self.url = f"http://127.0.0.1:{port}"
        arguments = ("--data", str(self.data), "--port", str(port), "--simulator-accounts", "5", *options)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kernel", "serve", *arguments],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **(env or {})},
        )
        self.said = ""

    def until(self, text: str) -> str:
        """Read what it says up to a line with the text."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said += line
            if text in line:
                return self.said
        raise AssertionError(f"it ended without saying {text!r}:\n{self.said}")

    def stop(self, how: int = signal.SIGTERM) -> int:
        """Send a signal, and give the exit code."""
        self.process.send_signal(how)
        return self.wait()

    def wait(self) -> int:
        """Wait for the end, and give the exit code."""
        assert self.process.stderr is not None
        self.said += self.process.stderr.read()
        return self.process.wait(30)

    def login(self, name: str, password: str) -> int:
        """Log in over HTTP; gives the status."""
        form = urllib.parse.urlencode({"username": name, "password": password}).encode()
        try:
            with urllib.request.urlopen(f"{self.url}/api/auth/login", form) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def close(self) -> None:
        """Leave no process behind."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self.process.stderr is not None:
            self.process.stderr.close()


@pytest.fixture
def serve(tmp_path: Path, port: int) -> Iterator[Callable[..., Service]]:
    started: list[Service] = []

    def start(*options: str, env: Mapping[str, str] | None = None) -> Service:
        started.append(Service(tmp_path, port, *options, env=env))
        return started[-1]

    yield start
    for service in started:
        service.close()


@pytest.fixture
def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stranger:
    """Install a distribution with one plugin, found by its entry point."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(site)

    def install(name: str, module: str, source: str, *, version: str = "1.2") -> None:
        info = site / f"{module}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: {version}\n")
        (info / "entry_points.txt").write_text(f"[mt4api.plugins]\n{name} = {module}\n")
        (site / f"{module}.py").write_text(source)

    return install


def only(result: Result) -> Any:
    """Read the JSON that a command printed."""
    return json.loads(result.stdout)


def unstyled(text: str) -> str:
    """Take colours away."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)
