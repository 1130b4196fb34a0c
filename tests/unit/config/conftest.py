"""An empty folder to work in, and a settings file written in one line."""

from collections.abc import Callable
from pathlib import Path

import pytest

Write = Callable[[str], Path]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def write() -> Write:
    """Write ``mt4api.toml`` into the working directory; the path is the short one, as problems show it."""

    def settings_file(text: str) -> Path:
        path = Path("mt4api.toml")
        path.write_text(text, encoding="utf-8")
        return path

    return settings_file
