"""MT4's library in this process: loaded on demand, its version agreed on, unloaded when nothing of it lives."""

import ctypes
import logging
import sys
import threading
from pathlib import Path
from typing import Any, Final

from kernel.drivers.native import winsock
from kernel.drivers.native.binaries import UnusableLibrary, look_at
from kernel.drivers.native.facts import BUILD, OLDEST_BUILD, VERSION
from kernel.drivers.native.interface import Interface

_EXPORTS: Final = ("MtManVersion", "MtManCreate")
_log = logging.getLogger(__name__)


class Library:
    """One loaded library; may be used from every thread."""

    def __init__(self, path: Path, version: int = 0) -> None:
        """Load it; ``version`` 0 takes what the library says of itself.

        Raises ``UnusableLibrary``, and ``OSError`` where Windows has no sockets.
        """
        look_at(path)
        self.path = path
        self._lock = threading.Lock()
        self._living = 0
        winsock.start()
        try:
            self._loaded = _load(path)
            try:
                self.version = version or self._agree()
            except BaseException:
                _unload(self._loaded)
                raise
        except BaseException:
            winsock.stop()
            raise

    @property
    def living(self) -> int:
        """How many objects have not been released."""
        return self._living

    def create(self) -> Interface:
        """``MtManCreate`` on the calling thread, which then owns the object; raises ``UnusableLibrary``."""
        made = ctypes.c_void_p()
        with self._lock:
            self._loaded.MtManCreate(self.version, ctypes.byref(made))
            if not made.value:
                raise UnusableLibrary(f"{self.path} makes no object for version {_shown(self.version)}")
            self._living += 1
        return Interface(made.value, self._released)

    def close(self) -> bool:
        """Unload it, unless an object lives: a call that never came back may still be inside. Says whether it did."""
        with self._lock:
            if self._living:
                _log.warning("%s stays loaded: %d of its objects are stuck", self.path, self._living)
                return False
        _unload(self._loaded)
        winsock.stop()
        return True

    def _agree(self) -> int:
        """Take the library's own version if its interface is the one that we know."""
        version: int = self._loaded.MtManVersion()
        interface, build = version >> 16 & 0xFFFF, version & 0xFFFF
        if interface != VERSION or build < OLDEST_BUILD:
            known = f"{VERSION}.{OLDEST_BUILD} to {VERSION}.{BUILD}"
            raise UnusableLibrary(f"{self.path} is version {_shown(version)}; known are {known} and newer builds")
        if build > BUILD:
            _log.info("%s is newer than build %d, whose interface is assumed", self.path, BUILD)
        return version

    def _released(self) -> None:
        with self._lock:
            self._living -= 1


def _load(path: Path) -> Any:
    try:
        loaded = ctypes.CDLL(str(path))  # the two exports are cdecl, also on 32-bit Windows
    except OSError as error:
        raise UnusableLibrary(f"{path} cannot be loaded: {error}") from error
    for name, arguments in zip(_EXPORTS, ([], [ctypes.c_int32, ctypes.c_void_p]), strict=True):
        if not hasattr(loaded, name):
            _unload(loaded)
            raise UnusableLibrary(f"{path} has no {name}: it is not MT4's Manager API")
        function = getattr(loaded, name)
        function.restype, function.argtypes = ctypes.c_int32, arguments
    return loaded


def _unload(loaded: Any) -> None:
    if sys.platform == "win32":
        free = ctypes.WinDLL("kernel32").FreeLibrary
    else:
        free = ctypes.CDLL(None).dlclose
    free.argtypes, free.restype = [ctypes.c_void_p], ctypes.c_int32
    free(loaded._handle)  # noqa: SLF001 - ctypes has no other way to give it back


def _shown(version: int) -> str:
    return f"{version >> 16 & 0xFFFF}.{version & 0xFFFF}"
