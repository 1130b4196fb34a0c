"""A driver whose failing start is told in words: what is wrong with it lies in files and settings."""

from kernel.cli.faults import Fault
from kernel.config import Settings
from kernel.drivers import Driver, Session
from kernel.records.server import Target
from kernel.service import make_driver


class Started:
    """Passes everything on to the driver; a start that fails ends the command with the driver's own text."""

    def __init__(self, driver: Driver, name: str) -> None:
        """Keep the driver, and its name for the message."""
        self._driver, self._name = driver, name

    async def start(self) -> None:
        """Make ready; raises ``Fault``."""
        try:
            await self._driver.start()
        except Exception as error:
            raise _fault(self._name, error) from error

    async def reachable(self) -> bool:
        """Pass it on."""
        return await self._driver.reachable()

    async def open(self, target: Target) -> Session:
        """Pass it on."""
        return await self._driver.open(target)

    async def close(self) -> None:
        """Pass it on."""
        await self._driver.close()


def driver_of(settings: Settings) -> Driver:
    """Make the driver of the settings; raises ``ConfigError``, and ``Fault`` for a file that it cannot use."""
    try:
        return Started(make_driver(settings), settings.mt4.driver)
    except (OSError, ValueError) as error:
        raise _fault(settings.mt4.driver, error) from error


def _fault(name: str, error: Exception) -> Fault:
    return Fault(f"The driver {name} cannot start: {str(error) or type(error).__name__}")
