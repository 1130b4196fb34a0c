"""A real MT4 server through MetaQuotes' own Manager API library, by ctypes."""

from kernel.drivers.native.driver import NativeDriver, make
from kernel.drivers.native.settings import Settings

__all__ = ["NativeDriver", "Settings", "make"]
