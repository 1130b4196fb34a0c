"""Open trades and history."""

from collections.abc import Sequence

from kernel.api import Controller, hookimpl
from plugins.trades.routes import TradeController

api = 1


@hookimpl
def register_routes() -> Sequence[type[Controller]]:
    """Bring the routes."""
    return (TradeController,)
