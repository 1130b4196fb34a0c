"""Whether the service is fit to take requests, fact by fact: what a load balancer and an operator ask."""

from msgspec import Struct

from kernel.connection import Connection
from kernel.registry import Registry
from kernel.store import Store, StoreUnavailable

_STALE_CANARIES = 2


class Check(Struct, frozen=True):
    """One fact; ``detail`` says more where something is wrong."""

    name: str
    ok: bool
    detail: str = ""


class Readiness:
    """Looks at what requests depend on; costs no call to MT4, the canary's age is enough."""

    def __init__(self, connection: Connection, store: Store, registry: Registry, canary_seconds: float) -> None:
        """Keep what to look at; a canary older than twice its interval counts as silent."""
        self._connection, self._store, self._registry = connection, store, registry
        self._oldest = canary_seconds * _STALE_CANARIES
        self.stopping = False

    async def checks(self) -> list[Check]:
        """Look at everything now."""
        status = self._connection.status()
        age = self._connection.canary_age
        answering = status.connected and age <= self._oldest
        return [
            Check("running", not self.stopping, "the service is stopping" if self.stopping else ""),
            await self._store_check(),
            Check("mt4_connected", status.connected, "" if status.connected else status.last_error or "not yet"),
            Check("mt4_answering", answering, "" if answering else "no canary read answered lately"),
            Check("mt4_pumping", status.pumping, "" if status.pumping else "tables are not loaded"),
            Check("plugins", ok=True, detail=f"{len(self._registry.plugins)} loaded"),
        ]

    async def _store_check(self) -> Check:
        try:
            await self._store.read("SELECT 1")
        except StoreUnavailable as error:
            return Check("store", ok=False, detail=error.message)
        return Check("store", self._store.writable, "" if self._store.writable else "a write failed")
