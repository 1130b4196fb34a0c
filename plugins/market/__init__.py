"""Groups, online accounts, symbols and prices."""

from collections.abc import Sequence

from kernel.api import Controller, hookimpl
from plugins.market.routes import GroupController, SymbolController

api = 1


@hookimpl
def register_routes() -> Sequence[type[Controller]]:
    """Bring the routes."""
    return (
        GroupController,
        SymbolController,
    )
