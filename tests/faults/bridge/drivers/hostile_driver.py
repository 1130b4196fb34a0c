"""A simulator that does to its process what a broken library does: blocks it, ends it, raises anything."""

import os
import time
from pathlib import Path
from typing import Any

from kernel.drivers import simulator
from kernel.drivers.simulator import Settings, SimulatorDriver
from kernel.drivers.simulator.session import SimulatorSession
from kernel.records.server import Target

__all__ = ["Settings", "make"]


class _Hostile:
    """Passes calls on, but for those that go wrong."""

    def __init__(self, session: SimulatorSession) -> None:
        self._session = session

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    async def common(self) -> Any:
        """Block the whole process: nothing in it can even see a signal's handler run."""
        time.sleep(3600)  # noqa: ASYNC251 - what a call into a library that hangs does

    async def online(self) -> Any:
        """Be gone, as after an access violation."""
        os._exit(139)

    async def mail_send(self, mail: Any, sender: str) -> None:  # noqa: ARG002 - the port's
        """Raise what no driver may."""
        raise KeyError(sender)

    async def symbols(self) -> Any:
        """Answer what no message can hold."""
        return [object()]


class _Driver:
    def __init__(self, driver: SimulatorDriver) -> None:
        self._driver = driver

    def __getattr__(self, name: str) -> Any:
        return getattr(self._driver, name)

    async def open(self, target: Target) -> Any:
        return _Hostile(await self._driver.open(target))


def make(settings: Settings, data: Path, *, code_page: str) -> Any:
    return _Driver(simulator.make(settings, data, code_page=code_page))
