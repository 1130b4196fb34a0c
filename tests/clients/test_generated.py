"""Clients that openapi-generator makes from the running service's own document do a CRM's first steps."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn, Protocol
from urllib.request import urlopen

import pytest

HERE = Path(__file__).parent
MUST_RUN = "CLIENTS_MUST_RUN"


class Service(Protocol):
    address: str
    user: str
    password: str


def lacking(what: str) -> NoReturn:
    """Leave the trial out with a plain word, or fail where it was asked for without exceptions."""
    if os.environ.get(MUST_RUN):
        pytest.fail(f"{what}, and {MUST_RUN} is set")
    pytest.skip(what)


def generate(service: Service, language: str, folder: Path, **options: str) -> Path:
    """Make a client; a warning that something in the document cannot be expressed is a failure."""
    generator = shutil.which("openapi-generator-cli", path=str(Path(sys.executable).parent))
    if generator is None:
        lacking("openapi-generator-cli is not installed here: pip install openapi-generator-cli")
    if shutil.which("java") is None:
        lacking("there is no Java here, which openapi-generator runs on")
    document, client = folder / "openapi.json", folder / language
    with urlopen(f"{service.address}/api/openapi.json") as answer:
        document.write_bytes(answer.read())
    given = ",".join(f"{name}={value}" for name, value in options.items())
    made = subprocess.run(
        [
            generator,
            "generate",
            "-i",
            str(document),
            "-g",
            language,
            "-o",
            str(client),
            "--additional-properties",
            given,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    return client


def nameless(client: Path, pattern: str) -> list[str]:
    """List models that the generator had to invent a name for: a member without one plain type."""
    invented = re.compile(r"(Inner|OneOf|AnyOf|AllOf|_inner|_one_of|_any_of|InlineObject)")
    return sorted(path.stem for path in client.glob(pattern) if invented.search(path.stem))


def run(*command: str | Path, folder: Path) -> str:
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    print(done.stdout, done.stderr, sep="")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_generated_python_client_works(service: Service, tmp_path: Path) -> None:
    pytest.importorskip("pydantic", reason="the generated Python client needs pydantic: pip install pydantic")
    client = generate(service, "python", tmp_path, packageName="mt4_client")

    said = run(sys.executable, HERE / "drive.py", f"{service.address}", service.user, service.password, folder=client)

    assert said.count("python client: ") == 8
    assert nameless(client, "mt4_client/models/*.py") == []


def test_a_generated_php_client_works(service: Service, tmp_path: Path) -> None:
    if shutil.which("php") is None:
        lacking("there is no PHP here")
    client = generate(service, "php", tmp_path, invokerPackage="Mt4")
    install_guzzle(client)

    said = run("php", HERE / "drive.php", client, service.address, service.user, service.password, folder=client)

    assert said.count("php client: ") == 8
    assert nameless(client, "lib/Model/*.php") == []


def install_guzzle(client: Path) -> None:
    """Take Guzzle from PHP's own path, where Debian's package puts it, else let composer fetch it."""
    here = "exit(stream_resolve_include_path('GuzzleHttp/autoload.php') === false ? 1 : 0);"
    if subprocess.run(["php", "-r", here], check=False).returncode == 0:
        return
    if shutil.which("composer") is None:
        lacking("there is neither Guzzle (Debian: php-guzzlehttp-guzzle) nor composer here")
    fetched = subprocess.run(
        ["composer", "install", "--no-dev", "--no-interaction", "--quiet"],
        cwd=client,
        capture_output=True,
        text=True,
        check=False,
    )
    if fetched.returncode != 0:
        lacking("composer could not fetch Guzzle")
