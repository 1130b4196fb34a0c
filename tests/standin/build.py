"""Builds the stand-in and its programs with g++, or with mingw-w64 for Windows, and prints the path of what it built.

``python tests/standin/build.py PRODUCT [--windows]``. What was built is kept under ``.build`` by the hash
of its sources and flags, so that only the first test waits. Ends with 3 and one sentence where there is no compiler.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

HERE: Final = Path(__file__).resolve().parent
KEPT: Final = HERE / ".build"
NO_COMPILER: Final = 3
_COMMON: Final = ("-std=c++20", "-Wall", "-Wextra", "-Werror", "-pthread")
_RACES: Final = ("-fsanitize=thread", "-fno-omit-frame-pointer")
_SANITIZE: Final = ("-fsanitize=address,undefined", "-fno-sanitize-recover=undefined", "-fno-omit-frame-pointer")


class Product(NamedTuple):
    """What can be built: its sources beside those of ``source/`` (or alone), flags, the name of the file."""

    programs: tuple[str, ...]
    with_server: bool
    compile: tuple[str, ...]
    link: tuple[str, ...]
    file: str
    windows_file: str


PRODUCTS: Final = {
    "library": Product((), True, ("-O1", "-fPIC", "-fvisibility=hidden"), ("-shared",), "standin.so", "mtmanapi64.dll"),
    "probe": Product(("probe.cpp",), False, ("-O1",), (), "probe", "probe.exe"),
    "loader": Product(("wine/loader.cpp",), False, ("-O1",), (), "", "loader.exe"),
    "exercise": Product(("exercise.cpp",), True, ("-O0", "-g1", *_SANITIZE), _SANITIZE, "exercise", "exercise.exe"),
    "races": Product(("exercise.cpp",), True, ("-O0", "-g1", *_RACES), _RACES, "races", "races.exe"),
}


def build(product: str, *, windows: bool = False) -> Path:
    """Give the built file; raises ``FileNotFoundError`` without a compiler, ``CalledProcessError`` with its words."""
    name = "x86_64-w64-mingw32-g++-posix" if windows else "g++"
    compiler = shutil.which(name)
    if compiler is None:
        raise FileNotFoundError(f"there is no {name} here: the stand-in cannot be built")
    plan = PRODUCTS[product]
    if not (plan.file or windows):
        raise FileNotFoundError(f"{product} is a program for Windows only: build it with --windows")
    sources = [HERE / program for program in plan.programs]
    sources += sorted((HERE / "source").glob("*.cpp")) if plan.with_server else []
    flags = [*_COMMON, *plan.compile]
    folder = KEPT / _digest([compiler, product, *flags, *plan.link])
    built = folder / (plan.windows_file if windows else plan.file)
    if not built.exists():
        KEPT.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=KEPT) as scratch:
            objects = _compile(compiler, flags, sources, Path(scratch))
            made = Path(scratch) / built.name
            link = [*plan.link, *(["-static"] if windows else [])]
            _run([compiler, "-pthread", *link, *map(str, objects), "-o", str(made)])
            folder.mkdir(exist_ok=True)
            made.replace(built)  # whole or not at all: another test may be building the same
    return built


def _compile(compiler: str, flags: list[str], sources: list[Path], scratch: Path) -> list[Path]:
    objects = [scratch / f"{source.stem}.o" for source in sources]
    commands = [
        [compiler, *flags, "-c", str(source), "-o", str(made)] for source, made in zip(sources, objects, strict=True)
    ]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(_run, commands))
    return objects


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)


def _digest(command: list[str]) -> str:
    digest = hashlib.blake2b("\0".join(command).encode(), digest_size=12)
    for path in sorted(
        (*HERE.glob("*.cpp"), *HERE.glob("*.h"), *HERE.glob("wine/*.cpp"), *HERE.glob("source/*"), *HERE.glob("abi/*"))
    ):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def main() -> int:
    """Build what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("product", choices=PRODUCTS)
    parser.add_argument("--windows", action="store_true", help="with mingw-w64")
    asked = parser.parse_args()
    try:
        sys.stdout.write(f"{build(asked.product, windows=asked.windows)}\n")
    except FileNotFoundError as error:
        sys.stderr.write(f"{error}\n")
        return NO_COMPILER
    except subprocess.CalledProcessError as error:
        sys.stderr.write(f"{error.stderr}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
