"""Windows' sockets, which MT4's library expects its host to have started; nothing elsewhere."""

import ctypes
import sys
from typing import Final

_VERSION: Final = 0x0202
_ROOM: Final = 512
"""``WSADATA`` takes 400 or 408 bytes."""


def start() -> None:
    """``WSAStartup``; Windows counts starts against stops. Raises ``OSError``."""
    if sys.platform == "win32":
        error = ctypes.WinDLL("ws2_32").WSAStartup(_VERSION, ctypes.create_string_buffer(_ROOM))
        if error:
            raise OSError(error, "Windows' sockets cannot be started")


def stop() -> None:
    """``WSACleanup``."""
    if sys.platform == "win32":
        ctypes.WinDLL("ws2_32").WSACleanup()
