"""Who owns the names ``kernel`` and ``plugins``: shown with real folders on the path of a real process."""

import os
import subprocess
import sys
from pathlib import Path

import kernel
from kernel.cli.ownership import foreign_kernels, hidden_plugins, home

ASK = "from kernel.cli.ownership import *; print(*hidden_plugins(), *foreign_kernels(), sep='\\n')"


def _asked(path: Path, *more: Path) -> str:
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (path, *more)))}
    return subprocess.run(
        [sys.executable, "-c", ASK], cwd=path, env=environ, capture_output=True, text=True, check=True
    ).stdout.strip()


def test_here_both_names_are_ours() -> None:
    assert (hidden_plugins(), foreign_kernels()) == ([], [])
    assert home() == Path(kernel.__file__).parent.parent


def test_a_stray_module_is_named(tmp_path: Path) -> None:
    (tmp_path / "plugins.py").touch()

    assert _asked(tmp_path).startswith(f"{tmp_path / 'plugins.py'} hides our package plugins in ")


def test_a_stray_package_is_named_even_behind_ours_on_the_path(tmp_path: Path) -> None:
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "__init__.py").touch()
    first = tmp_path / "first"
    first.mkdir()

    assert _asked(first, home(), tmp_path).startswith(f"{tmp_path / 'plugins' / '__init__.py'} hides our package")


def test_a_stray_plugin_of_a_built_ins_name_is_named(tmp_path: Path) -> None:
    (tmp_path / "plugins" / "accounts").mkdir(parents=True)
    stray = tmp_path / "plugins" / "accounts" / "__init__.py"
    stray.touch()

    assert _asked(tmp_path).startswith(f"{stray} hides our plugin accounts in ")


def test_another_namesake_beside_ours_is_no_harm(tmp_path: Path) -> None:
    (tmp_path / "plugins" / "limits").mkdir(parents=True)
    (tmp_path / "plugins" / "limits" / "__init__.py").touch()

    assert _asked(tmp_path) == ""


def test_a_foreign_distribution_called_kernel_is_named(tmp_path: Path) -> None:
    info = tmp_path / "kernel-0.1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: kernel\nVersion: 0.1\n")
    (info / "top_level.txt").write_text("kernel\n")

    assert _asked(tmp_path).startswith("The distribution kernel brings a package kernel too; it is imported from ")


def test_the_service_does_not_start_behind_a_stray_module(tmp_path: Path) -> None:
    (tmp_path / "plugins.py").touch()

    refused = subprocess.run(
        [sys.executable, "-m", "kernel", "serve", "--data", "data"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert refused.returncode == 2
    assert refused.stderr.startswith(f"mt4api: The plugins cannot be used:\n  {tmp_path / 'plugins.py'} hides")
    assert not (tmp_path / "data").exists()
