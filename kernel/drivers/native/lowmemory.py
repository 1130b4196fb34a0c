"""Memory below 2 GB for the bodies of mails: MT4's structure has 32 bits for their address.

``VirtualAlloc`` near a low address on Windows, ``mmap`` with ``MAP_32BIT`` on 64-bit Linux.
"""

import ctypes
import mmap
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from kernel.drivers.native.texts import Unfit

_LIMIT: Final = 2**31
_SLACK: Final = 16
"""MetaQuotes' own sample allocates so much more than the text."""
_MAP_32BIT: Final = 0x40
_LOW_ADDRESSES: Final = range(0x1000_0000, 0x7000_0000, 0x0100_0000)
_RESERVE_COMMIT: Final = 0x3000
_READ_WRITE: Final = 0x04
_RELEASE: Final = 0x8000


@contextmanager
def low_copy(data: bytes) -> Generator[int, None, None]:
    """Copy bytes to where 32 bits reach, NULs behind them; gives the address. Raises ``Unfit`` without room."""
    size = len(data) + _SLACK
    address = _take(size)
    if not 0 < address < _LIMIT - size:
        if address:
            _give_back(address, size)
        raise Unfit("there is no memory below 2 GB for the mail's text")
    try:
        ctypes.memmove(address, data, len(data))
        yield address
    finally:
        _give_back(address, size)


if sys.platform == "win32":

    def _take(size: int) -> int:
        allocate = ctypes.WinDLL("kernel32").VirtualAlloc
        allocate.restype = ctypes.c_void_p
        allocate.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_uint32, ctypes.c_uint32]
        for low in _LOW_ADDRESSES:
            if address := allocate(low, size, _RESERVE_COMMIT, _READ_WRITE):
                return address
        return 0

    def _give_back(address: int, size: int) -> None:
        del size
        free = ctypes.WinDLL("kernel32").VirtualFree
        free.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_uint32]
        free(address, 0, _RELEASE)

else:

    def _take(size: int) -> int:
        take = ctypes.CDLL(None).mmap
        take.restype = ctypes.c_void_p
        take.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
        kind = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | _MAP_32BIT
        address = take(None, size, mmap.PROT_READ | mmap.PROT_WRITE, kind, -1, 0)
        return 0 if address in {None, ctypes.c_void_p(-1).value} else address

    def _give_back(address: int, size: int) -> None:
        give = ctypes.CDLL(None).munmap
        give.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
        give(address, size)
