"""The microkernel proper stays readable in one sitting: its lines of code are counted and bounded."""

import ast
import io
import tokenize
from pathlib import Path

import pytest

_NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}

MECHANISM = {"api", "app", "connection", "errors", "gateway", "hooks", "registry"}
SPLIT_OFF = {"enabled", "loader", "service", "verdicts"}
"""Parts of registry, gateway and app that have files of their own."""


def code_lines(source: str) -> int:
    """Count the lines that hold code: no blank ones, no comments, no docstrings."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in _NO_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            lines -= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return len(lines)


def size(root: Path, part: str) -> int:
    place = root / "kernel" / part
    files = sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]
    return sum(code_lines(file.read_text(encoding="utf-8")) for file in files)


def test_only_code_is_counted() -> None:
    source = '"""What it is."""\n\n# why\nX = """two\nlines"""\n\n\ndef f() -> None:\n    """Words."""\n    return\n'

    assert code_lines(source) == 4


@pytest.mark.parametrize(
    ("parts", "most"),
    [
        pytest.param(MECHANISM, 1_800, id="the mechanism"),
        pytest.param(MECHANISM | SPLIT_OFF, 2_150, id="with the files split off from it"),
        pytest.param({"config"}, 1_150, id="the reader of the settings"),
    ],
)
def test_the_microkernel_stays_small(root: Path, parts: set[str], most: int) -> None:
    sizes = {part: size(root, part) for part in sorted(parts)}

    assert sum(sizes.values()) <= most, sizes
