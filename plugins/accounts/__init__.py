"""One account's money and margin, and the margins of all."""

from collections.abc import Sequence

from kernel.api import Controller, hookimpl
from plugins.accounts.routes import AccountController

api = 1


@hookimpl
def register_routes() -> Sequence[type[Controller]]:
    """Bring the routes."""
    return (AccountController,)
