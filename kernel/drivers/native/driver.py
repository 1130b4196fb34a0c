"""The driver: loads MT4's library and opens sessions through it."""

import asyncio
from pathlib import Path

from kernel.drivers import NotSent
from kernel.drivers.native.convert import Converters
from kernel.drivers.native.library import Library
from kernel.drivers.native.login import Entrance
from kernel.drivers.native.session import NativeSession
from kernel.drivers.native.settings import Settings
from kernel.drivers.native.texts import Texts
from kernel.records.server import Target


class NativeDriver:
    """Implements ``kernel.drivers.Driver`` over one library in this process.

    A crash of the library is a crash of the process, and a call cannot be cut short: host this driver
    in `mt4api bridge`, which kills and renews it.
    """

    def __init__(self, settings: Settings, data: Path, texts: Texts) -> None:
        """Keep where things are; ``start`` loads."""
        self._settings, self._data, self._texts = settings, data, texts
        self._converters = Converters(texts)
        self._library: Library | None = None
        self._sessions: list[NativeSession] = []

    async def start(self) -> None:
        """Load the library; raises ``UnusableLibrary``, and ``OSError`` for the folder of its log."""
        if self._library is None:
            folder = self._data / self._settings.working_directory
            await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
            path = (self._data / self._settings.library).absolute()  # Windows looks nowhere else then
            self._library = await asyncio.to_thread(Library, path, self._settings.version)

    async def reachable(self) -> bool:
        """Whether the library is loaded: it lives in this process."""
        return self._library is not None

    async def open(self, target: Target) -> NativeSession:
        """Log a manager in: ``NotSent`` when nothing answers, ``Rejected`` when MT4 refuses."""
        if self._library is None:
            raise NotSent("the MT4 library is not loaded")
        folder = self._data / self._settings.working_directory
        entrance = Entrance(self._library, target, self._texts, folder, library_log=self._settings.library_log)
        session = NativeSession(entrance.enter, self._converters, self._settings)
        self._sessions = [other for other in self._sessions if not other.ended] + [session]
        try:
            await session.open()
        except BaseException:
            session.end()
            raise
        return session

    async def close(self) -> None:
        """Log out and unload the library, unless a call is stuck in it; may be called twice."""
        sessions, self._sessions = self._sessions, []
        await asyncio.gather(*(session.close() for session in sessions))
        library, self._library = self._library, None
        if library is not None:
            library.close()


def make(settings: Settings, data: Path, *, code_page: str) -> NativeDriver:
    """Make the driver; raises ``ValueError`` for a code page that Python does not know."""
    try:
        texts = Texts(code_page)
    except LookupError as error:
        raise ValueError(f"there is no code page {code_page!r}") from error
    return NativeDriver(settings, data, texts)
