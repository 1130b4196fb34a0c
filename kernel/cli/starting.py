"""A driver whose failing start is told in words: what is wrong with it lies in files and settings."""

from kernel.cli.faults import Fault
from kernel.config import Settings
from kernel.drivers import Driver, Session
from kernel.records.server import Target
from kernel.service import make_driver


class Starting:
    """Passes everything on to the driver, its start and its end once.

    So it can be started before the service, which comes second: a driver that cannot start must not
    leave a store behind whose first admin nobody was told of.
    """

    def __init__(self, driver: Driver, name: str) -> None:
        """Keep the driver, and its name for the message."""
        self._driver, self._name = driver, name
        self._started = False

    async def start(self) -> None:
        """Make ready; raises ``Fault``."""
        if self._started:
            return
        self._started = True
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
        """End what is left open, if it was started."""
        if self._started:
            self._started = False
            await self._driver.close()


def driver_of(settings: Settings) -> Starting:
    """Make the driver of the settings; raises ``ConfigError``, and ``Fault`` for a file that it cannot use."""
    try:
        return Starting(make_driver(settings), settings.mt4.driver)
    except (OSError, ValueError) as error:
        raise _fault(settings.mt4.driver, error) from error


def _fault(name: str, error: Exception) -> Fault:
    return Fault(f"The driver {name} cannot start: {str(error) or type(error).__name__}")
