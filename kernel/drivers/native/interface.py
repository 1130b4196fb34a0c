"""One object of MT4's Manager API: its methods by name, on the one thread that may call them.

Calls from two threads put the object's stream out of step for good (behaviour.md §5), so another
thread's call is refused here, before it reaches the library.
"""

import ctypes
import threading
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

from kernel.drivers import Indeterminate, NotSent
from kernel.drivers.native.slots import bound
from kernel.drivers.native.verdicts import ends_session, fault_of

T = TypeVar("T")
_MOST_BYTES: Final = 2**31
"""The whole memory of a 32-bit library; a longer answer is none."""


class WrongThread(RuntimeError):
    """A call from a thread that does not own the object: a fault of this program."""


class Interface:
    """An object between ``MtManCreate`` and ``Release``, owned by the thread that made it."""

    def __init__(self, address: int, released: Callable[[], None]) -> None:
        """Take a fresh object; ``released`` is told once when it is gone."""
        self._address = address
        self._released = released
        self._owner = threading.get_ident()
        self._methods: dict[str, Callable[..., Any]] = {}
        self.lost: str | None = None
        self.last_call = time.monotonic()

    def call(self, name: str, *arguments: Any) -> Any:
        """Call a method as it is; raises ``NotSent`` on a session that is over, ``WrongThread``."""
        if threading.get_ident() != self._owner:
            raise WrongThread(f"{name} was called on a thread that does not own the object")
        if not self._address:
            raise NotSent(f"{name}: the object is released")
        if self.lost is not None:
            raise NotSent(self.lost)
        return self._call(name, *arguments)

    def check(self, name: str, *arguments: Any) -> None:
        """Call a method that answers a return code; raises ``Rejected`` or ``Indeterminate`` unless it is 0."""
        retcode = self.call(name, *arguments)
        if retcode:
            raise self.fault(retcode, name)

    def fault(self, retcode: int, name: str) -> Exception:
        """Give what a return code is raised as; a code that ends the session does so here."""
        fault = fault_of(retcode, name)
        if ends_session(retcode):
            self.lost = f"the session is over: {name} was answered {retcode}"
        return fault

    def rows(self, name: str, size: int, read: Callable[[memoryview], T], *arguments: Any, count: int = 0) -> T | None:
        """Call a method that answers an array; ``count`` goes in where MT4 wants it, None is no array.

        The array is read where it lies and freed in any case. A count that fits no memory raises
        ``Indeterminate``.
        """
        total = ctypes.c_int32(count)
        address = self.call(name, *arguments, ctypes.byref(total))
        if not address:
            return None
        try:
            length = max(total.value, 0) * size
            if length > _MOST_BYTES:
                self.lost = f"the session is over: {name} counted {total.value} rows"
                raise Indeterminate(self.lost)
            data = (ctypes.c_char * length).from_address(address)
            return read(memoryview(data).cast("B"))
        finally:
            self._call("MemFree", address)

    def describe(self, retcode: int) -> str:
        """``ErrorDescription``: a lookup inside the library."""
        text: bytes | None = self.call("ErrorDescription", retcode)
        return (text or b"").decode("ascii", "replace")

    def release(self) -> None:
        """``Disconnect``, then ``Release``; once, and also on a session that is over."""
        if threading.get_ident() != self._owner:
            raise WrongThread("an object is released by the thread that owns it")
        if self._address:
            self._call("Disconnect")
            self._call("Release")
            self._address = 0
            self._methods.clear()
            self._released()

    def _call(self, name: str, *arguments: Any) -> Any:
        method = self._methods.get(name)
        if method is None:
            method = self._methods[name] = bound(self._address, name)
        self.last_call = time.monotonic()
        return method(*arguments)
