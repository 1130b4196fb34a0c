"""What is no usable library is named before anything is called; what is one is agreed with."""

import _ctypes
import ctypes
import struct
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from kernel.drivers.native.binaries import UnusableLibrary, look_at
from kernel.drivers.native.interface import WrongThread
from kernel.drivers.native.library import Library

OURS = 400 << 16 | 1403
SOURCE = """
#include <stddef.h>
#include <stdint.h>
int released = 0;
static int frees = 0;
static int32_t release(void *self) { (void)self; return ++released, 0; }
static int32_t disconnect(void *self) { (void)self; return 0; }
static int32_t connect_to(void *self, const char *server) { (void)self; return server[0]; }
static void mem_free(void *self, void *block) { (void)self; (void)block; ++frees; }
static void *table[195];
static void **object = table;
int32_t MtManVersion(void) { return VERSION; }
int32_t MtManCreate(int32_t version, void **made) {
  table[2] = (void *)release; table[3] = (void *)mem_free;
  table[6] = (void *)connect_to; table[7] = (void *)disconnect;
  *made = version == ACCEPTED ? &object : NULL;
  return 0;
}
"""
Compile = Callable[..., Path]


def written(folder: Path, content: bytes) -> Path:
    file = folder / "mtmanapi64.dll"
    file.write_bytes(content)
    return file


def pe(machine: int) -> bytes:
    return (
        b"MZ".ljust(0x3C, b"\0") + struct.pack("<I", 0x80).ljust(0x44, b"\0") + struct.pack("<4sH", b"PE\0\0", machine)
    )


@pytest.mark.parametrize(
    ("content", "system", "reason"),
    [
        (b"", "Linux", "is no library"),
        (b"#!/bin/sh\n", "Linux", "is no library"),
        (pe(0x8664), "Linux", "is a library for Windows, and this is Linux; run `mt4api bridge` on Windows"),
        (b"\x7fELF\x02", "Windows", "is a library for Linux, and this is Windows"),
        (pe(0x014C), "Windows", "has 32 bits and this Python has 64: take mtmanapi64.dll"),
        (b"\x7fELF\x01", "Linux", "has 32 bits and this Python has 64"),
        (b"\x7fELF", "Linux", "is damaged, or for a machine that is not known here"),
        (pe(0x8664)[:-8], "Windows", "is damaged, or for a machine that is not known here"),
        (pe(0xAA64), "Windows", "is damaged, or for a machine that is not known here"),
    ],
)
def test_a_file_that_cannot_be_loaded_here_is_named_with_the_reason(
    tmp_path: Path, content: bytes, system: str, reason: str
) -> None:
    file = written(tmp_path, content)

    with pytest.raises(UnusableLibrary) as refused:
        look_at(file, system)

    assert str(refused.value).startswith(f"{file} {reason}")


def test_a_64_bit_library_passes_on_windows(tmp_path: Path) -> None:
    assert look_at(written(tmp_path, pe(0x8664)), "Windows") is None


def test_a_library_that_is_not_there_is_asked_of_the_broker(tmp_path: Path) -> None:
    with pytest.raises(UnusableLibrary, match=r"is not there; the broker's own copy of mtmanapi64\.dll is needed"):
        Library(tmp_path / "mtmanapi64.dll")


def test_a_folder_is_no_library(tmp_path: Path) -> None:
    with pytest.raises(UnusableLibrary, match="cannot be read: Is a directory"):
        Library(tmp_path)


def test_a_damaged_library_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableLibrary, match="cannot be loaded"):
        Library(written(tmp_path, b"\x7fELF\x02" + bytes(200)))


def test_a_library_of_something_else_is_named() -> None:
    with pytest.raises(UnusableLibrary, match="has no MtManVersion: it is not MT4's Manager API"):
        Library(Path(_ctypes.__file__))


@pytest.mark.parametrize("version", [401 << 16 | 1403, 400 << 16 | 509, 0, -1])
def test_another_interface_than_ours_is_refused(compile_for: Compile, version: int) -> None:
    with pytest.raises(UnusableLibrary, match=r"known are 400\.950 to 400\.1403 and newer builds"):
        Library(compile_for(SOURCE, VERSION=version, ACCEPTED=version))


@pytest.mark.parametrize("build", [950, 1090, 1353, 1403, 1440])
def test_the_library_is_asked_for_its_own_version(compile_for: Compile, build: int) -> None:
    library = Library(compile_for(SOURCE, VERSION=400 << 16 | build, ACCEPTED=400 << 16 | build))
    try:
        library.create().release()
    finally:
        assert library.close()


def test_a_version_of_the_settings_goes_before_the_librarys_own(compile_for: Compile) -> None:
    library = Library(compile_for(SOURCE, VERSION=1, ACCEPTED=OURS), OURS)
    library.create().release()
    assert library.close()


def test_a_version_that_the_library_does_not_know_makes_no_object(compile_for: Compile) -> None:
    library = Library(compile_for(SOURCE, VERSION=OURS, ACCEPTED=OURS), 400 << 16 | 1)

    with pytest.raises(UnusableLibrary, match=r"makes no object for version 400\.1"):
        library.create()
    assert library.close()


def test_a_library_stays_loaded_while_an_object_of_it_lives(compile_for: Compile) -> None:
    library = Library(compile_for(SOURCE, VERSION=OURS, ACCEPTED=OURS))
    interface = library.create()

    assert not library.close()
    interface.release()
    assert library.living == 0
    assert library.close()


def test_an_object_is_released_once(compile_for: Compile) -> None:
    path = compile_for(SOURCE, VERSION=OURS, ACCEPTED=OURS)
    library = Library(path)
    interface = library.create()
    interface.release()
    interface.release()

    assert ctypes.c_int.in_dll(ctypes.CDLL(str(path)), "released").value == 1
    assert library.living == 0
    assert library.close()


def test_only_the_thread_that_made_an_object_may_call_it(compile_for: Compile) -> None:
    library = Library(compile_for(SOURCE, VERSION=OURS, ACCEPTED=OURS))
    interface = library.create()
    raised: list[Exception] = []

    def call() -> None:
        for work in (lambda: interface.call("Connect", b"A"), interface.release):
            try:
                work()
            except WrongThread as error:
                raised.append(error)

    thread = threading.Thread(target=call)
    thread.start()
    thread.join()

    assert len(raised) == 2
    assert interface.call("Connect", b"A") == ord("A")
    interface.release()
    assert library.close()
