"""Whether the service and its link to the trade server are alive, and the link's manual control."""

from collections.abc import Sequence

from kernel.api import Controller, hookimpl
from plugins.health.routes import HealthController, LinkController

api = 1


@hookimpl
def register_routes() -> Sequence[type[Controller]]:
    """Bring the routes."""
    return (
        HealthController,
        LinkController,
    )
