"""What kind of library a file is, read from its first bytes: so that a wrong one is named before it is loaded."""

import platform
import struct
from pathlib import Path
from typing import Final

from kernel.drivers.native.slots import WORD

_HEAD: Final = 4096
_PE_OFFSET: Final = 0x3C
_BITS: Final = {0x014C: 32, 0x8664: 64}
_ELF_BITS: Final = {1: 32, 2: 64}
_BYTE: Final = 8


class UnusableLibrary(Exception):
    """The library of the settings cannot be used; the text says why and what to do."""


def look_at(path: Path, system: str = platform.system()) -> None:
    """Raise ``UnusableLibrary`` for what cannot be loaded into this process."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except FileNotFoundError as error:
        raise UnusableLibrary(f"{path} is not there; the broker's own copy of mtmanapi64.dll is needed") from error
    except OSError as error:
        raise UnusableLibrary(f"{path} cannot be read: {error.strerror}") from error
    windows = head[:2] == b"MZ"
    if not windows and head[:4] != b"\x7fELF":
        raise UnusableLibrary(f"{path} is no library")
    if windows != (system == "Windows"):
        kind = "Windows" if windows else "Linux"
        raise UnusableLibrary(f"{path} is a library for {kind}, and this is {system}; run `mt4api bridge` on Windows")
    bits = _pe_bits(head) if windows else _ELF_BITS.get(head[4] if len(head) > 4 else 0)  # noqa: PLR2004 - the fifth byte
    if bits is None:
        raise UnusableLibrary(f"{path} is damaged, or for a machine that is not known here")
    if bits != WORD * _BYTE:
        advice = "take mtmanapi64.dll" if bits < WORD * _BYTE else "take a 64-bit Python"
        raise UnusableLibrary(f"{path} has {bits} bits and this Python has {WORD * _BYTE}: {advice}")


def _pe_bits(head: bytes) -> int | None:
    """Follow the PE header; None for a file that ends before it or names another machine."""
    try:
        (start,) = struct.unpack_from("<I", head, _PE_OFFSET)
        signature, machine = struct.unpack_from("<4sH", head, start)
    except struct.error:
        return None
    return _BITS.get(machine) if signature == b"PE\0\0" else None
