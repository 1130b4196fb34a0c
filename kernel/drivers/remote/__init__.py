"""The driver that reaches a trade server through a bridge elsewhere: one gRPC channel, never a repeated write."""

from kernel.drivers.remote.driver import RemoteDriver, make
from kernel.drivers.remote.session import RemoteSession
from kernel.drivers.remote.settings import Settings

__all__ = ["RemoteDriver", "RemoteSession", "Settings", "make"]
