"""A manager's login that is opened anew after its line broke: reads are repeated, writes never."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from kernel.config import Mt4, Settings, manager_password
from kernel.drivers import Driver, DriverFault, Session
from kernel.records.server import Target
from kernel.records.trades import Trade, Transaction
from kernel.records.users import User
from kernel.retcodes import describe

WINDOW: Final = 26 * 3600
"""Seconds before and after the server's now in which history is read: a day, and what a zone may be off."""

_T = TypeVar("_T")
FAULTS: Final = (DriverFault, TimeoutError)
"""What a call may end with."""


class Link:
    """One session at a time."""

    def __init__(self, driver: Driver, settings: Settings) -> None:
        """Take a driver that was started."""
        self._driver = driver
        self.mt4: Mt4 = settings.mt4
        password = manager_password(settings).reveal() or "-"
        self._target = Target(server=self.mt4.server, login=self.mt4.login, password=password)
        self._session: Session | None = None

    async def another(self) -> Session:
        """Log in once more; the caller closes it."""
        async with asyncio.timeout(self.mt4.connect_seconds):
            return await self._driver.open(self._target)

    async def session(self) -> Session:
        """Give the session, a fresh one where the last is over."""
        if self._session is not None and not self._session.connected:
            await self.drop()
        if self._session is None:
            self._session = await self.another()
        return self._session

    async def drop(self) -> None:
        """Close what may be broken."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def server_time(self) -> int:
        """Seconds of the server's clock."""
        return await self._read(lambda session: session.server_time(), self.mt4.read_seconds)

    async def user(self, login: int) -> User | None:
        """Give the account, None where the manager sees none."""
        found = await self._read(lambda session: session.user_records([login]), self.mt4.read_seconds)
        return next((user for user in found if user.login == login), None)

    async def history(self, login: int, seconds: int = WINDOW) -> list[Trade]:
        """Give what was closed so long before the server's now, and after it."""
        now = await self.server_time()
        read = self._read
        return list(
            await read(lambda each: each.trades_history(login, now - seconds, now + seconds), self.mt4.history_seconds)
        )

    async def book(self, transaction: Transaction) -> int:
        """Send once; a session whose answer is unknown is not used again."""
        session = await self.session()
        try:
            async with asyncio.timeout(self.mt4.trade_seconds):
                return await session.trade_transaction(transaction)
        except FAULTS:
            await self.drop()
            raise

    async def _read(self, call: Callable[[Session], Awaitable[_T]], seconds: float) -> _T:
        try:
            async with asyncio.timeout(seconds):
                return await call(await self.session())
        except FAULTS:
            await self.drop()
        async with asyncio.timeout(self.mt4.connect_seconds + seconds):
            return await call(await self.session())


def said(error: Exception) -> str:
    """Put a fault of a driver into words."""
    retcode = getattr(error, "retcode", None)
    if isinstance(retcode, int):
        known = describe(retcode)
        return f"{known.description} (code {known.retcode})"
    return str(error) or "no answer within the time limit"
