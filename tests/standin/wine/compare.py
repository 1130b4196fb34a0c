"""Builds the stand-in for Windows, runs it under wine64, and compares three layouts: its, g++'s and ctypes'.

``python tests/standin/wine/compare.py`` ends with 0 when they are the same, 1 when not, 3 where wine64 or a compiler
is missing (Debian: ``apt-get install wine64 g++-mingw-w64-x86-64``). Needs the package ``kernel`` for the ctypes side.
"""

import ctypes
import os
import runpy
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

_STANDIN: Final = Path(__file__).resolve().parents[1]
_BUILDER: Final = runpy.run_path(str(_STANDIN / "build.py"))
_WINES: Final = ("wine64", "/usr/lib/wine/wine64")
_LACKING: Final = 3
_PATIENCE_SECONDS: Final = 300
_DEPOSIT: Final = "26215803 100 0 1000301"
"""The version, the accounts of the built-in broker, the code and the ticket of the first deposit."""

Lines = frozenset[str]


def main() -> int:
    """Compare, and say what was found."""
    wine = next((path for name in _WINES if (path := shutil.which(name))), None)
    if wine is None:
        return _lacking("there is no wine64 here")
    build: Callable[..., Path] = _BUILDER["build"]
    try:
        here = _lines([str(build("probe"))])
        probe, loader, library = (build(name, windows=True) for name in ("probe", "loader", "library"))
    except FileNotFoundError as error:
        return _lacking(str(error))
    with tempfile.TemporaryDirectory() as prefix:
        windows = _lines([wine, str(probe)], prefix)
        deposited = _lines([wine, str(loader), f"Z:{library}"], prefix)
    problems = [*_differences("g++ and mingw-w64 under Wine", here, windows)]
    problems += _differences("ctypes and mingw-w64 under Wine", _ctypes(), windows)
    if deposited != frozenset({_DEPOSIT}):
        problems.append(f"a deposit under Wine gave {sorted(deposited)}, not {_DEPOSIT!r}")
    kinds = {kind: sum(line.startswith(kind) for line in windows) for kind in ("struct", "field", "slot")}
    summary = ", ".join(f"{count} {kind}s" for kind, count in kinds.items())
    sys.stdout.write("\n".join([*problems, f"{summary}: {len(problems)} differences"]) + "\n")
    return 1 if problems or not all(kinds.values()) else 0


def _lacking(what: str) -> int:
    sys.stderr.write(f"{what}: nothing was compared\n")
    return _LACKING


def _lines(command: list[str], prefix: str | None = None) -> Lines:
    quiet = {} if prefix is None else {"WINEPREFIX": f"{prefix}/wine", "WINEDEBUG": "-all", "DISPLAY": ""}
    run = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, **quiet}, timeout=_PATIENCE_SECONDS
    )
    return frozenset(line.rstrip() for line in run.stdout.splitlines())


def _ctypes() -> Lines:
    """Say of the driver's layouts and slots what the probe says of the compiler's."""
    sys.path.insert(0, str(_STANDIN.parents[1]))
    from kernel.drivers.native.facts import facts  # noqa: PLC0415 - only this half needs the package
    from kernel.drivers.native.layouts import structure  # noqa: PLC0415 - the same

    lines: set[str] = set()
    for name in facts().structs:
        made: Any = structure(name)
        lines.add(f"struct {name} {ctypes.sizeof(made)} {ctypes.alignment(made)}")
        for field, *_ in made._fields_:
            place = getattr(made, field)
            lines.add(f"field {name} {field} {place.offset} {place.size}")
    overloads = {193: "NotificationsSendLogins", 194: "NotificationsSendIds"}
    for index, slot in enumerate(facts().slots):
        lines.add(f"slot {index} {overloads.get(index, slot.name)}")
    return frozenset(lines)


def _differences(who: str, one: Lines, other: Lines) -> list[str]:
    return [f"{who} differ: {line}" for line in sorted(one ^ other)]


if __name__ == "__main__":
    sys.exit(main())
