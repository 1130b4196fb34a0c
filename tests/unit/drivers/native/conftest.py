"""The driver over the stand-in, and the stand-in's own controls."""

import asyncio
import ctypes
import runpy
import shutil
import subprocess
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from pathlib import Path
from typing import Any, Final

import pytest

from kernel.drivers.native import NativeDriver, Settings, make
from kernel.drivers.native.facts import facts
from kernel.drivers.native.session import NativeSession
from kernel.drivers.native.texts import Texts
from kernel.drivers.native.writing import Buffer
from kernel.records.server import Target

_ACCOUNTS: Final = 12
_TARGET: Final = Target(server="203.0.113.10:443", login=224, password="your_manager_password")
_PATIENCE_SECONDS: Final = 20


class Row(ctypes.Structure):
    """One row of the stand-in's ledger, as its ``control.h`` has it."""

    _fields_ = (
        ("order", ctypes.c_int32),
        ("login", ctypes.c_int32),
        ("cmd", ctypes.c_int32),
        ("time", ctypes.c_int32),
        ("expiration", ctypes.c_int32),
        ("comment", ctypes.c_char * 32),
        ("amount", ctypes.c_double),
    )


class StandIn:
    """The trade server behind the library, past the driver."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._library = ctypes.CDLL(str(path))
        self._library.standin_problem.restype = ctypes.c_char_p
        self._library.standin_count.restype = ctypes.c_int64

    def run(self, command: str) -> None:
        if self._library.standin_run(command.encode()):
            raise ValueError(f"{command}: {self._library.standin_problem().decode()}")

    def count(self, name: str) -> int:
        found = self._library.standin_count(name.encode())
        if found < 0:
            raise KeyError(name)
        return found

    def put(self, kind: str, record: bytes, more: str = "") -> None:
        if self._library.standin_put(kind.encode(), record, len(record), more.encode()):
            raise ValueError(self._library.standin_problem().decode())

    def get(self, kind: str, key: int, size: int) -> bytes:
        room = ctypes.create_string_buffer(size)
        if self._library.standin_get(kind.encode(), key, room, size) < 0:
            raise KeyError(key)
        return room.raw

    def mail(self, index: int) -> bytes:
        return self.get("mail", index, 10**6).partition(b"\0")[0]

    def ledger(self) -> list[Row]:
        rows = (Row * self.count("ledger"))()
        return list(rows[: self._library.standin_ledger(rows, len(rows))])

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not condition():  # noqa: ASYNC110 - the library has no event to wait for
                await asyncio.sleep(0.005)


@pytest.fixture(scope="session")
def standin_library() -> Path:
    """The stand-in, built once for as long as its sources stay the same."""
    build = runpy.run_path(str(Path(__file__).parents[3] / "standin" / "build.py"))["build"]
    try:
        return build("library")
    except FileNotFoundError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def compile_for(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Compile a small library of a test's own: ``compile_for(SOURCE, VERSION=1)``."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no C compiler on this machine")

    def compile_source(source: str, **defines: int) -> Path:
        folder = tmp_path_factory.mktemp("library")
        written, made = folder / "library.c", folder / "library.so"
        written.write_text(source, encoding="ascii")
        options = [f"-D{name}={value}" for name, value in defines.items()]
        command = [compiler, "-Wall", "-Werror", "-shared", "-fPIC", *options, "-o", made, written]
        subprocess.run(command, check=True)
        return made

    return compile_source


@pytest.fixture
def server(standin_library: Path) -> Generator[StandIn, None, None]:
    standin = StandIn(standin_library)
    standin.run("reset")
    standin.run(f"broker {_ACCOUNTS}")
    standin.run("setting tick_seconds 0.05")
    yield standin
    standin.run("reset")


@pytest.fixture
def target() -> Target:
    return _TARGET


Opened = Callable[..., Awaitable[NativeSession]]


@pytest.fixture
async def driver(server: StandIn, tmp_path: Path) -> AsyncGenerator[NativeDriver]:
    driver = make(_settings(server), tmp_path, code_page="cp1252")
    await driver.start()
    yield driver
    server.run("release")
    await driver.close()


@pytest.fixture
async def opened(server: StandIn, tmp_path: Path) -> AsyncGenerator[Opened]:
    """Open a session on settings of one's own, as a manager with some rights only."""
    drivers: list[NativeDriver] = []

    async def open_session(*, rights: tuple[str, ...] = (), code_page: str = "cp1252", **more: Any) -> NativeSession:
        driver = make(_settings(server, **more), tmp_path, code_page=code_page)
        drivers.append(driver)
        await driver.start()
        return await driver.open(_colleague(server, rights) if rights else _TARGET)

    yield open_session
    server.run("release")
    for driver in drivers:
        await driver.close()


@pytest.fixture
async def session(driver: NativeDriver) -> NativeSession:
    return await driver.open(_TARGET)


def _settings(server: StandIn, **more: Any) -> Settings:
    usual = {"request_sessions": 3, "close_seconds": 0.5, "pump_start_seconds": 10, "pump_retry_seconds": 0.05}
    return Settings(library=str(server.path), **usual | more)


def _colleague(server: StandIn, rights: tuple[str, ...]) -> Target:
    manager = Buffer("ConManager", Texts("cp1252"))
    manager.put(login=225, groups="*", **dict.fromkeys(rights, 1))
    assert len(manager.bytes()) == facts().structs["ConManager"].size
    server.put("manager", manager.bytes(), "colleague")
    return Target(server=_TARGET.server, login=225, password="colleague")
