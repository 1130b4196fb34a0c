"""How an object of the library becomes a session: made, connected, logged in (behaviour.md §1, §2)."""

import os
import sys
from pathlib import Path
from typing import Final

from kernel.drivers import NotSent, Rejected
from kernel.drivers.native.binaries import UnusableLibrary
from kernel.drivers.native.interface import Interface
from kernel.drivers.native.library import Library
from kernel.drivers.native.texts import Texts
from kernel.drivers.native.verdicts import ends_session
from kernel.records.server import Target

_SERVER_BYTES: Final = 255
_PASSWORD_BYTES: Final = 128
"""What a target may have; MT4 itself keeps 15 and answers 65 to more."""
_NO_LOG: Final = 1


class Entrance:
    """Logs one manager in on one server, as often as asked, each time on an object of its own."""

    def __init__(self, library: Library, target: Target, texts: Texts, folder: Path, *, library_log: bool) -> None:
        """Hold server and password against what MT4 has room for; raises ``Unfit``."""
        self._library, self._target = library, target
        self._server = texts.argument(target.server, "the server's address", _SERVER_BYTES)
        self._password = texts.argument(target.password, "the manager's password", _PASSWORD_BYTES)
        self._folder, self._library_log = folder, library_log

    def enter(self) -> Interface:
        """Make an object on the calling thread and log it in.

        Raises ``NotSent`` when nothing answers or the library fails, ``Rejected`` when MT4 refuses; the
        object is released then. May take 20 seconds, and cannot be cut short.
        """
        try:
            interface = self._library.create()
        except UnusableLibrary as error:
            raise NotSent(str(error)) from error
        try:
            self._set_up(interface)
            self._connect(interface)
            self._log_in(interface)
        except BaseException:
            interface.release()
            raise
        return interface

    def _set_up(self, interface: Interface) -> None:
        if not self._library_log:
            interface.call("LogsMode", _NO_LOG)
        interface.call("WorkingDirectory", _ansi(self._folder))

    def _connect(self, interface: Interface) -> None:
        retcode = interface.call("Connect", self._server)
        if retcode:
            raise NotSent(f"no trade server answers at {self._target.server}: {_in_words(interface, retcode)}")

    def _log_in(self, interface: Interface) -> None:
        retcode = interface.call("Login", self._target.login, self._password)
        if ends_session(retcode):
            raise NotSent(
                f"the line broke while manager {self._target.login} logged in: {_in_words(interface, retcode)}"
            )
        if retcode:
            raise Rejected(retcode)
        if not interface.call("IsConnected"):
            raise NotSent(f"manager {self._target.login} logged in and was gone")


def _in_words(interface: Interface, retcode: int) -> str:
    return f"{interface.describe(retcode)} (code {retcode})"


def _ansi(path: Path) -> bytes:
    """Write a path as Windows' ANSI calls take it; elsewhere as the file system has it."""
    return str(path).encode("mbcs") if sys.platform == "win32" else os.fsencode(path)
