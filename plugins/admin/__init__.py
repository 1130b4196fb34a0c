"""Repair of trade records, internal mail, one command for many accounts, the server's configuration."""

from collections.abc import Sequence

from kernel.api import Controller, hookimpl
from plugins.admin.routes import AdminController, ServerController

api = 1


@hookimpl
def register_routes() -> Sequence[type[Controller]]:
    """Bring the routes."""
    return (
        AdminController,
        ServerController,
    )
