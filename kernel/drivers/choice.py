"""Finds the driver that the settings name; only that one is imported."""

from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points
from typing import Final, cast

from kernel.drivers import DriverModule

GROUP: Final = "mt4api.drivers"


class DriverMissing(Exception):
    """The settings name a driver that is not installed, or not there on this machine."""


def installed() -> list[str]:
    """Name the installed drivers."""
    return sorted({found.name for found in entry_points(group=GROUP)})


def driver_module(name: str) -> DriverModule:
    """Import the module of a driver; raises ``DriverMissing`` with what is known instead."""
    found = {entry.name: entry for entry in entry_points(group=GROUP)}
    if name not in found:
        near = get_close_matches(name, found, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(found)) or 'none'}"
        raise DriverMissing(f"There is no driver {name!r}; {hint}")
    return cast("DriverModule", _imported(found[name]))


def _imported(entry: EntryPoint) -> object:
    try:
        return entry.load()
    except ImportError as error:
        raise DriverMissing(f"Driver {entry.name!r} cannot be imported: {error}") from error
