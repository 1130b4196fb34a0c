"""The page for production: its unit, its nginx file and its settings are read by the programs they are for."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kernel.config import load
from kernel.metrics import Metrics


def block(root: Path, language: str) -> str:
    page = (root / "docs" / "production.md").read_text(encoding="utf-8")
    found = re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)
    assert len(found) == 1
    return found[0]


def program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def ran(*command: str) -> tuple[int, str]:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


def verified(tmp_path: Path, unit: str) -> str:
    """What systemd says of a unit whose program and user are taken from this machine."""
    tool = program("systemd-analyze")
    file = tmp_path / "mt4api.service"
    unit = re.sub(r"=/opt/\S+", "=/bin/true", unit)
    file.write_text(re.sub(r"^(User|Group)=.*\n", "", unit, flags=re.MULTILINE), encoding="utf-8")
    _, said = ran(tool, "verify", str(file))
    return "\n".join(line for line in said.splitlines() if "mt4api.service" in line)


def test_systemd_finds_nothing_wrong_with_the_unit(root: Path, tmp_path: Path) -> None:
    assert verified(tmp_path, block(root, "ini")) == ""


def test_systemd_would_find_a_wrong_line(root: Path, tmp_path: Path) -> None:
    unit = block(root, "ini").replace("ProtectHome=yes", "ProtectHouse=yes")

    assert "ProtectHouse" in verified(tmp_path, unit)


def nginx_says(tmp_path: Path, server: str) -> tuple[int, str]:
    """What nginx says of a file, with a certificate and a port that anybody may use."""
    tool, openssl = program("nginx"), program("openssl")
    request = ("-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=api.example.com", "-days", "1")
    files = ("-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "fullchain.pem"))
    code, said = ran(openssl, "req", *request, *files)
    assert code == 0, said
    server = server.replace("/etc/ssl/mt4api", str(tmp_path)).replace("listen 443", "listen 127.0.0.1:18443")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {tmp_path / kind};\n" for kind in kinds)
    start = f"pid {tmp_path / 'pid'};\nerror_log stderr;\nevents {{}}\n"
    file = tmp_path / "nginx.conf"
    file.write_text(f"{start}http {{\naccess_log off;\n{places}{server}}}\n", encoding="utf-8")
    return ran(tool, "-t", "-c", str(file), "-e", "stderr")


def test_nginx_takes_the_file(root: Path, tmp_path: Path) -> None:
    code, said = nginx_says(tmp_path, block(root, "nginx"))

    assert code == 0, said


def test_nginx_would_refuse_a_wrong_line(root: Path, tmp_path: Path) -> None:
    code, said = nginx_says(tmp_path, block(root, "nginx").replace("proxy_next_upstream off", "proxy_never_again on"))

    assert (code, "proxy_never_again" in said) == (1, True)


def test_the_settings_are_read_and_hold_no_secret(root: Path, tmp_path: Path) -> None:
    text = block(root, "toml")
    file = tmp_path / "mt4api.toml"
    file.write_text(text, encoding="utf-8")

    settings = load(file, {}, {})

    assert (settings.mt4.driver, settings.mt4.password_file) == ("remote", "/etc/mt4api/manager-password")
    assert not re.search(r"^password\s*=", text, re.MULTILINE)


def test_every_metric_of_the_alerts_is_one_that_the_service_has(root: Path) -> None:
    page = (root / "docs" / "production.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\bmt4api_(?:connected|reconnects|\w+_total)\b", page))

    served = set(re.findall(r"^# HELP (\w+)", Metrics().text().decode(), re.MULTILINE))

    assert named
    assert named <= served
