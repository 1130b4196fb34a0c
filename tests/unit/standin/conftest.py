"""The stand-in through raw slots of its table, with layouts written by hand: nothing here comes from the driver."""

import ctypes
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, Self

import pytest

HOME: Final = Path(__file__).resolve().parents[2] / "standin"
VERSION: Final = 400 << 16 | 1403
NO_COMPILER: Final = 3
_PATIENCE_SECONDS: Final = 900
I32, F64, TEXT, PTR = ctypes.c_int32, ctypes.c_double, ctypes.c_char_p, ctypes.c_void_p
NOTIFY: Final = ctypes.CFUNCTYPE(None, I32, I32, PTR, PTR)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Leave time for the compiler: the first test that needs a part waits until it is built."""
    item.add_marker(pytest.mark.timeout(_PATIENCE_SECONDS))


def built(product: str, *options: str) -> Path:
    """Build a part of the stand-in, or skip the test where there is no compiler."""
    command = [sys.executable, str(HOME / "build.py"), product, *options]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode == NO_COMPILER:
        pytest.skip(made.stderr.strip())
    assert made.returncode == 0, made.stderr
    return Path(made.stdout.strip())


def transaction(**values: Any) -> ctypes.Array[ctypes.c_char]:
    """Give a ``TradeTransInfo``: 96 packed bytes."""
    names = ("type", "flags", "cmd", "order", "orderby", "symbol", "volume", "price", "sl", "tp", "ie_deviation")
    filled: dict[str, Any] = {
        **dict.fromkeys((*names, "expiration", "crc"), 0),
        "symbol": b"",
        "comment": b"",
        **values,
    }
    order = (*names, "comment", "expiration", "crc")
    return ctypes.create_string_buffer(struct.pack("<Bbhii12siddd i32sii", *(filled[name] for name in order)), 96)


def ticket(info: ctypes.Array[ctypes.c_char]) -> int:
    """Read ``TradeTransInfo.order``."""
    return int(struct.unpack_from("<i", info, 4)[0])


def user(group: bytes = b"demoforex", **values: Any) -> ctypes.Array[ctypes.c_char]:
    """Give a ``UserRecord`` of 1120 bytes with what an account needs."""
    record = ctypes.create_string_buffer(1120)
    places = {"login": (0, "<i"), "enable": (36, "<i"), "leverage": (676, "<i"), "balance": (696, "<d")}
    texts = {"group": 4, "password": 20, "password_investor": 60, "name": 108, "email": 508, "comment": 556}
    filled = {"group": group, "name": b"A B", "password": b"Main99", "password_investor": b"Look99", **values}
    for name, value in filled.items():
        if name in texts:
            ctypes.memmove(ctypes.addressof(record) + texts[name], value, len(value))
        else:
            struct.pack_into(places[name][1], record, places[name][0], value)
    return record


class Rows:
    """An array that the library has given: ``raw`` is a copy of its bytes, and the array is back."""

    def __init__(self, raw: bytes, size: int) -> None:
        self.raw, self.size = raw, size

    def __len__(self) -> int:
        return len(self.raw) // self.size

    def read(self, place: int, form: str = "<i") -> list[Any]:
        return [struct.unpack_from(form, self.raw, start + place)[0] for start in range(0, len(self.raw), self.size)]

    def text(self, place: int, size: int) -> list[bytes]:
        return [value.split(b"\0", 1)[0] for value in self.read(place, f"{size}s")]


class Api:
    """One object of the Manager API."""

    def __init__(self, library: ctypes.CDLL) -> None:
        pointer = PTR()
        library.MtManCreate(VERSION, ctypes.byref(pointer))
        assert pointer.value
        self._this = pointer.value
        self._table = ctypes.cast(pointer.value, ctypes.POINTER(PTR)).contents.value or 0
        self._kept: list[Any] = []

    def call(self, slot: int, *values: Any, kinds: tuple[Any, ...] = (), result: Any = I32) -> Any:
        address = PTR.from_address(self._table + slot * ctypes.sizeof(PTR)).value
        return ctypes.CFUNCTYPE(result, PTR, *kinds)(address)(self._this, *values)

    def rows(self, slot: int, size: int, *values: Any, kinds: tuple[Any, ...] = (), total: int = 0) -> Rows:
        """Call a slot that gives an array, copy it and give it back with MemFree."""
        count = I32(total)
        address = self.call(slot, *values, ctypes.byref(count), kinds=(*kinds, PTR), result=PTR)
        if not address:
            assert count.value == 0
            return Rows(b"", size)
        raw = ctypes.string_at(address, count.value * size)
        self.call(3, address, kinds=(PTR,), result=None)
        return Rows(raw, size)

    def connect(self) -> int:
        return int(self.call(6, b"127.0.0.1:443", kinds=(TEXT,)))

    def login(self, login: int = 224, password: bytes = b"your_manager_password") -> int:
        return int(self.call(9, login, password, kinds=(I32, TEXT)))

    def on_line(self) -> Self:
        assert (self.connect(), self.login()) == (0, 0)
        return self

    def ping(self) -> int:
        return int(self.call(12))

    def connected(self) -> int:
        return int(self.call(8))

    def disconnect(self) -> int:
        return int(self.call(7))

    def trade(self, info: ctypes.Array[ctypes.c_char]) -> int:
        return int(self.call(105, info, kinds=(PTR,)))

    def deposit(self, login: int, amount: float, comment: bytes = b"") -> tuple[int, int]:
        info = transaction(type=83, cmd=6, orderby=login, price=amount, comment=comment)
        return self.trade(info), ticket(info)

    def history(self, login: int) -> Rows:
        return self.rows(108, 224, login, 0, 0x7FFFFFFF, kinds=(I32, I32, I32))

    def records(self, login: int) -> Rows:
        return self.rows(98, 1120, (I32 * 1)(login), kinds=(PTR,), total=1)

    def pump(self, heard: Callable[[int, int, int], None], flags: int = 0) -> int:
        callback = NOTIFY(lambda code, kind, data, _param: heard(code, kind, data or 0))
        self._kept.append(callback)
        return int(self.call(163, callback, flags, None, kinds=(NOTIFY, I32, PTR)))

    def release(self) -> None:
        if self._this:
            self.disconnect()
            self.call(2)
            self._this = 0


class StandIn:
    """The library with its control functions."""

    def __init__(self, path: Path) -> None:
        self.library = ctypes.CDLL(str(path))
        self.library.standin_problem.restype = ctypes.c_char_p
        self.library.standin_count.restype = ctypes.c_int64

    def run(self, command: str) -> str:
        """Carry a command out; gives what is wrong with it."""
        failed = self.library.standin_run(command.encode())
        problem = str(self.library.standin_problem().decode())
        assert bool(failed) == bool(problem)
        return problem

    def count(self, name: str) -> int:
        return int(self.library.standin_count(name.encode()))

    def ledger(self) -> list[tuple[Any, ...]]:
        room = 1000
        buffer = ctypes.create_string_buffer(64 * room)
        count = self.library.standin_ledger(buffer, room)
        rows = [struct.unpack_from("<iiiii32s4xd", buffer, 64 * index) for index in range(count)]
        return [(row[0], row[1], row[6], row[5].split(b"\0", 1)[0]) for row in rows]

    def put(self, kind: bytes, record: Any, more: bytes = b"") -> int:
        return int(self.library.standin_put(kind, record, ctypes.sizeof(record), more))


def until(happened: Callable[[], object], seconds: float = 5.0) -> None:
    """Wait until something has happened on another thread."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.002)


@pytest.fixture(scope="session")
def library() -> StandIn:
    return StandIn(built("library"))


@pytest.fixture
def standin(library: StandIn) -> Iterator[StandIn]:
    """The server with 50 accounts and still prices; everything that a test takes has to be back after it."""
    library.run("reset")
    library.run("setting tick_seconds 0")
    library.run("broker 50")
    yield library
    library.run("release")
    assert library.count("live_blocks") == 0
    assert library.count("double_frees") == 0
    assert library.count("objects") == 0
    assert library.count("pump_threads") == 0


@pytest.fixture
def make(standin: StandIn) -> Iterator[Callable[[], Api]]:
    """Make objects that are released after the test."""
    made: list[Api] = []

    def one() -> Api:
        made.append(Api(standin.library))
        return made[-1]

    yield one
    for api in made:
        api.release()


@pytest.fixture
def api(make: Callable[[], Api]) -> Api:
    """A logged-in object."""
    return make().on_line()


@pytest.fixture(scope="session")
def raw() -> Any:
    """What tests write and read structures with."""
    return SimpleNamespace(
        i32=I32,
        f64=F64,
        ptr=PTR,
        text=TEXT,
        user=user,
        transaction=transaction,
        ticket=ticket,
        until=until,
        built=built,
    )
