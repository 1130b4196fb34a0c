"""``mt4api serve`` as a process: what it says, how it stops, and what it refuses."""

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

PASSWORD = "correct horse battery"
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and modes are POSIX's")
Serve = Callable[..., Any]
Run = Callable[..., Result]


@posix
def test_it_says_where_it_listens_and_how_to_log_in_and_stops_with_0(serve: Serve) -> None:
    service = serve()

    said = service.until("Stop ")

    assert f"is listening on {service.url}\n" in said
    assert f"{service.url}/api/docs\n" in said
    assert "the embedded simulator" in said
    with urllib.request.urlopen(f"{service.url}/api/health") as answer:
        assert answer.status == 200
        assert "server" not in answer.headers
    assert service.stop() == 0
    assert service.said.endswith("Stopped.\n")
    assert "Traceback" not in service.said


@posix
def test_ctrl_c_stops_it_with_0_too(serve: Serve) -> None:
    service = serve()
    service.until("Stop ")

    assert service.stop(signal.SIGINT) == 0


@posix
def test_the_line_to_log_in_works_as_it_is_printed(serve: Serve) -> None:
    service = serve()
    said = service.until("Stop ")
    line = re.search(r"Log in +(curl .+)", said)
    assert line is not None

    done = subprocess.run(["bash", "-c", line[1]], capture_output=True, text=True, check=True)  # noqa: S607 - the operator's own shell runs the printed line

    assert json.loads(done.stdout)["token_type"] == "bearer"


@posix
def test_without_a_terminal_the_first_password_goes_to_a_private_file_and_nowhere_else(serve: Serve) -> None:
    service = serve("--config", _debug(Path.cwd()))
    said = service.until("Stop ")
    path = service.data / "first-admin.txt"

    password = path.read_text().removesuffix("\n")

    assert str(path) in said
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert service.login("admin", password) == 200
    assert service.stop() == 0
    assert password not in service.said


@posix
def test_a_password_file_of_before_is_replaced_and_private(serve: Serve, tmp_path: Path) -> None:
    old = tmp_path / "data" / "first-admin.txt"
    old.parent.mkdir()
    old.write_text("a password of last year\n")
    old.chmod(0o666)

    service = serve()
    service.until("Stop ")

    assert stat.S_IMODE(old.stat().st_mode) == 0o600
    assert service.login("admin", old.read_text().strip()) == 200


@posix
def test_a_second_start_makes_no_user_and_knows_the_first_one(serve: Serve) -> None:
    first = serve()
    first.until("Stop ")
    assert first.stop() == 0
    path = first.data / "first-admin.txt"
    password = path.read_text().strip()
    path.unlink()

    second = serve()
    said = second.until("Stop ")

    assert "username=NAME" in said
    assert not path.exists()
    assert second.login("admin", password) == 200


@posix
def test_on_a_terminal_the_first_password_is_shown_once_and_kept_in_no_file(tmp_path: Path, port: int) -> None:
    import pty  # noqa: PLC0415 - there is none on Windows

    ours, theirs = pty.openpty()
    arguments = ["--data", "data", "--port", str(port), "--simulator-accounts", "5"]
    process = subprocess.Popen(
        [sys.executable, "-m", "kernel", "serve", *arguments],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        said = _read_terminal(ours, b"Ctrl-C")
        process.terminate()
        said += _read_terminal(ours, b"Stopped.")
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    found = re.search(r"First user +admin, password (\S+)", said.decode())

    assert found is not None
    assert said.decode().count(found[1]) == 1
    assert not (tmp_path / "data" / "first-admin.txt").exists()
    assert all(found[1].encode() not in file.read_bytes() for file in (tmp_path / "data").iterdir())


@posix
def test_users_are_added_and_disabled_beside_the_running_service(serve: Serve, run: Run) -> None:
    service = serve()
    service.until("Stop ")

    added = run("users", "add", "crm", "--password-stdin", "--scope", "*", "--data", str(service.data), stdin=PASSWORD)
    allowed = service.login("crm", PASSWORD)
    disabled = run("users", "disable", "crm", "--data", str(service.data))
    refused = service.login("crm", PASSWORD)

    assert (added.exit_code, allowed, disabled.exit_code, refused) == (0, 200, 0, 401)


@posix
def test_the_doctor_knows_a_running_service(serve: Serve, run: Run) -> None:
    service = serve()
    service.until("Stop ")

    examined = run("doctor", "--json", "--data", str(service.data), env={"MT4API_SERVER__PORT": service.url[-5:]})

    reasons = {check["name"]: (check["state"], check["reason"]) for check in json.loads(examined.stdout)["checks"]}
    assert examined.exit_code == 0
    assert reasons["store"][0] == "ok"
    assert reasons["store"][1].endswith(f"is in use by the running service, process {service.process.pid}")
    assert reasons["port"][1].endswith("is in use, as the service is running")
    assert service.login("admin", (service.data / "first-admin.txt").read_text().strip()) == 200


@posix
def test_a_second_signal_does_not_wait_for_a_slow_request(serve: Serve, port: int) -> None:
    service = serve("--config", _patient(Path.cwd()))
    service.until("Stop ")
    head = b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n"
    with socket.create_connection(("127.0.0.1", port)) as slow:
        slow.sendall(head + b"Expect: 100-continue\r\n\r\n")
        assert slow.recv(100).startswith(b"HTTP/1.1 100")
        service.process.terminate()
        service.until("Waiting for connections to close")

        assert service.stop() == 1

    assert service.said.endswith("Stopped at once.\n")


@posix
def test_a_signal_while_a_large_broker_is_made_stops_it_at_once_and_leaves_no_trace(
    serve: Serve, tmp_path: Path
) -> None:
    service = serve("--simulator-accounts", "2000000", "--config", _debug(tmp_path))
    database = service.data / "simulator.sqlite3"
    while not database.exists() and service.process.poll() is None:
        os.sched_yield()

    assert service.stop() == 0

    assert service.said.endswith("Stopped.\n")
    assert "listening" not in service.said
    assert not (service.data / "mt4api.sqlite3").exists()


def test_the_command_line_wins_over_environment_and_file(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "mt4api.toml").write_text("[server]\nport = 1\n[mt4.simulator]\naccounts = 7\n")

    service = serve("--host", "localhost", env={"MT4API_SERVER__PORT": "2", "MT4API_SERVER__HOST": "192.0.2.1"})

    assert f"is listening on http://localhost:{service.url[-5:]}\n" in service.until("listening")


def _debug(folder: Path) -> str:
    """Log all there is: still not the password."""
    (folder / "debug.toml").write_text('[kernel]\nlog_level = "debug"\n')
    return "debug.toml"


def _patient(folder: Path) -> str:
    (folder / "patient.toml").write_text("[server]\nshutdown_seconds = 300\n")
    return "patient.toml"


def _read_terminal(descriptor: int, text: bytes) -> bytes:
    seen = b""
    while text not in seen:
        seen += os.read(descriptor, 4096)
    return seen
