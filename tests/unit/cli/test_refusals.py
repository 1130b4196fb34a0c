"""What ``mt4api serve`` refuses: in words, with exit code 2, and with nothing left half made."""

import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Serve = Callable[..., Any]
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def _refusal(service: Any) -> str:
    assert service.wait() == 2
    assert "Traceback" not in service.said
    return service.said


def test_a_port_in_use_is_told_and_nothing_is_made(serve: Serve, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        service = serve()

        assert _refusal(service) == (
            f"mt4api: The port {port} on 127.0.0.1 is in use. Stop the program that has it, "
            "or choose another port with --port\n"
        )
    assert not service.data.exists()


@pytest.mark.parametrize(
    ("host", "message"),
    [
        ("192.0.2.1", "192.0.2.1 is no address of this machine: give another one with --host"),
        ("no.such.host.invalid", "There is no address for the host 'no.such.host.invalid'"),
    ],
)
def test_a_host_that_is_not_here_is_told(serve: Serve, host: str, message: str) -> None:
    assert message in _refusal(serve("--host", host))


@posix
def test_a_folder_that_another_service_uses_is_told(serve: Serve) -> None:
    Path("mt4api.toml").write_text('[mt4.simulator]\ndatabase = ":memory:"\n')
    first = serve()
    first.until("Stop ")

    said = _refusal(serve("--port", str(_free_port())))

    assert f"mt4api.sqlite3 is in use by process {first.process.pid}." in said


@posix
def test_a_simulator_that_another_service_uses_is_told(serve: Serve) -> None:
    first = serve()
    first.until("Stop ")

    assert "another process uses this simulator" in _refusal(serve("--port", str(_free_port())))


def test_broken_keys_are_told(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "keys.json").touch(0o600)

    assert "keys.json is not a key ring" in _refusal(serve())


def test_a_foreign_store_is_told(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mt4api.sqlite3").write_text("something else" * 100)

    assert "mt4api.sqlite3 cannot be opened: file is not a database" in _refusal(serve())


def test_a_driver_that_cannot_start_is_told_before_a_store_is_made(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "mt4api.toml").write_text('[mt4.simulator]\nticks = "nowhere.csv"\n')

    service = serve()

    assert "mt4api: The driver simulator cannot start: " in _refusal(service)
    assert "nowhere.csv" in service.said
    # A store without a told password would lock everybody out.
    assert not (service.data / "mt4api.sqlite3").exists()


def test_a_bad_plan_of_faults_is_told(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "mt4api.toml").write_text('[mt4.simulator]\nfaults = "nowhere.toml"\n')

    assert "mt4api: The driver simulator cannot start: " in _refusal(serve())


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("[server]\nprot = 1\n", "[server] prot: unknown key; did you mean port?"),
        ('[kernel]\nplugins = ["helth"]\n', "plugin 'helth' is not installed; did you mean 'health'?"),
        ('[mt4]\ndriver = "simulater"\n', "There is no driver 'simulater'; did you mean 'simulator'?"),
        ("[mt4.simulator]\nacounts = 1\n", "did you mean accounts?"),
        ("[plugins.health]\nx = 1\n", "[plugins.health] x: unknown key"),
    ],
)
def test_settings_that_cannot_be_used_are_told(serve: Serve, tmp_path: Path, settings: str, message: str) -> None:
    (tmp_path / "mt4api.toml").write_text(settings)

    assert message in _refusal(serve())


def test_simulator_options_do_not_go_with_another_driver(serve: Serve, tmp_path: Path) -> None:
    info = tmp_path / "other_driver-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: other_driver\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[mt4api.drivers]\nother = kernel.drivers.simulator\n")

    path = os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH"))))
    said = _refusal(serve(env={"MT4API_MT4__DRIVER": "other", "PYTHONPATH": path}))

    assert said == "mt4api: The options --simulator-... do not belong to the driver 'other'\n"
