"""An MT4 trade server in memory and SQLite: the embedded default driver, and the reference for the others."""

from kernel.drivers.simulator.driver import SimulatorDriver, make
from kernel.drivers.simulator.settings import Settings

__all__ = ["Settings", "SimulatorDriver", "make"]
