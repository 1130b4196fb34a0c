"""Who may import whom: the contracts of pyproject.toml hold, and each is broken by the import that it forbids."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

BREACHES = {
    "no-plugin-in-the-kernel": ("kernel/readiness.py", "import plugins.health.routes"),
    "plugins-apart": ("plugins/users/routes.py", "import plugins.accounts.routes"),
    "one-door": ("plugins/health/answers.py", "import kernel.connection"),
    "bare-drivers": ("kernel/drivers/simulator/desk.py", "import litestar"),
    "layers": ("kernel/store/lock.py", "import kernel.hooks"),
}
FURTHER = [
    ("one-door", "plugins/market/routes.py", "import litestar"),
    ("bare-drivers", "kernel/drivers/choice.py", "import kernel.gateway.door"),
    ("layers", "kernel/gateway/door.py", "import kernel.app"),
    ("layers", "kernel/auth/tokens.py", "import kernel.connection"),
]
# A namespace package is made of every folder of its name on the path: also of the tree that is installed.
LINT = """
import pathlib, plugins
plugins.__spec__.submodule_search_locations = [str(pathlib.Path.cwd() / "plugins")]
from importlinter.cli import lint_imports_command
lint_imports_command()
"""


def lint(folder: Path, *options: str) -> tuple[int, str]:
    """Run import-linter over the tree in a folder, and over no other."""
    done = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache", *options],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    """A copy of the tree, to be spoilt."""
    for part in ("kernel", "plugins"):
        shutil.copytree(root / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "pyproject.toml", tmp_path)
    return tmp_path


def spoil(copy: Path, file: str, line: str) -> None:
    place = copy / file
    place.write_text(f"{place.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")


def test_the_tree_keeps_every_contract(root: Path) -> None:
    code, said = lint(root)

    assert code == 0, said


def test_there_is_a_breach_for_every_contract(root: Path) -> None:
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))

    assert {each["id"] for each in settings["tool"]["importlinter"]["contracts"]} == set(BREACHES)


@pytest.mark.parametrize(
    ("contract", "file", "line"), [(contract, *breach) for contract, breach in BREACHES.items()] + FURTHER
)
def test_a_contract_fails_when_broken(copy: Path, contract: str, file: str, line: str) -> None:
    before, words = lint(copy, "--contract", contract)
    spoil(copy, file, line)

    after, said = lint(copy, "--contract", contract)

    assert (before, after) == (0, 1), words + said
    assert line.removeprefix("import ").split(".")[0] in said


def test_a_module_without_a_place_in_the_layers_is_refused(copy: Path) -> None:
    (copy / "kernel" / "newcomer.py").write_text('"""Stands nowhere."""\n', encoding="utf-8")

    code, said = lint(copy, "--contract", "layers")

    assert (code, "newcomer" in said) == (1, True), said
