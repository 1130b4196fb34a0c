"""Trading accounts: list, read, open, change, passwords."""

from collections.abc import Sequence

from kernel.api import Controller, hookimpl
from plugins.users.routes import UserController

api = 1


@hookimpl
def register_routes() -> Sequence[type[Controller]]:
    """Bring the routes."""
    return (UserController,)
