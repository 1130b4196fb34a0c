"""The demonstration broker that the simulator starts with: symbols, first prices and groups."""

from collections.abc import Mapping

from kernel.drivers.simulator.instruments import instruments
from kernel.drivers.simulator.tariffs import tariffs
from kernel.records.market import Group, Symbol


def symbols() -> tuple[Symbol, ...]:
    """Give the symbols in the server's order."""
    return tuple(instrument.symbol for instrument in instruments())


def first_prices() -> Mapping[str, tuple[float, float]]:
    """Give bid and ask of every symbol before the first tick; crosses agree with their pairs."""
    return {instrument.symbol.symbol: (instrument.bid, instrument.ask) for instrument in instruments()}


def groups() -> tuple[Group, ...]:
    """Give the groups; each has terms for every class of the symbols, ``demoforex`` comes first."""
    return tariffs()
