"""Who asks: the API user behind a request, as hooks and the log see one."""

from msgspec import Struct


class Principal(Struct, frozen=True, kw_only=True):
    """An authenticated API user; ``scopes`` as the store holds them now, ``*`` being all."""

    name: str
    scopes: frozenset[str]
    session: str = ""
    address: str | None = None

    def may(self, scope: str) -> bool:
        """Whether the scope, or all of them, is held."""
        return scope in self.scopes or "*" in self.scopes
