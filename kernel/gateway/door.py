"""How every operation passes: deadlines, verdicts, ownership of writes, and the stop."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine
from collections.abc import Set as AbstractSet
from typing import Any, Final, TypeVar

import structlog
from msgspec import Struct

from kernel.config import Mt4
from kernel.connection import Call, Connection
from kernel.drivers import DriverFault
from kernel.errors import Failure, NotEnoughRights, OutcomeUnknown, ShuttingDown
from kernel.metrics import Metrics
from kernel.records.operations import Operation, new_operation
from kernel.records.principal import Principal
from kernel.records.texts import refuse_misfits
from kernel.registry import Registry
from kernel.retcodes import EDIT_REFUSALS, Retcode, describe
from kernel.verdicts import failure_of_read, failure_of_write

T = TypeVar("T")

_log = structlog.stdlib.get_logger("mt4api.gateway")
_MOST_LOCKS: Final = 10_000


class Write(Struct, frozen=True):
    """One write under way: its operation, who asked, and how answers call it."""

    operation: Operation
    by: Principal
    what: str


class Door:
    """The base of the gateway's parts: they add operations, this carries them."""

    def __init__(self, connection: Connection, registry: Registry, settings: Mt4, metrics: Metrics) -> None:
        """Keep the link to MT4, the hooks to ask and the limits to hold."""
        self.connection, self.registry, self.settings = connection, registry, settings
        self._metrics = metrics
        self._writes: set[asyncio.Task[Any]] = set()
        self._stopping = False
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def stop(self) -> None:
        """Take no new write and wait for those under way; each has a deadline of its own."""
        self._stopping = True
        if self._writes:
            await asyncio.gather(*self._writes, return_exceptions=True)

    async def _read(self, call: Call[T], seconds: float | None = None) -> T:
        """Make a read within its deadline; raises the ``Failure`` that says why there is no answer."""
        try:
            return await self.connection.read(call, self.settings.read_seconds if seconds is None else seconds)
        except (DriverFault, TimeoutError) as fault:
            raise failure_of_read(fault) from fault

    async def _trust_empty(self) -> None:
        """Return when an empty answer means that there is nothing; else ``NotConnected``."""
        try:
            await self.connection.trust_empty(self.settings.read_seconds)
        except (DriverFault, TimeoutError) as fault:
            raise failure_of_read(fault) from fault

    async def _send(
        self,
        write: Write,
        call: Call[T],
        seconds: float,
        refusals: AbstractSet[int] = EDIT_REFUSALS,
    ) -> T:
        """Make the one call of a write; raises the ``Failure`` that says what is known of its outcome."""
        try:
            return await self.connection.write(call, seconds)
        except (DriverFault, TimeoutError) as fault:
            failure = failure_of_write(fault, what=write.what, operation_id=write.operation.id, refusals=refusals)
            if isinstance(failure, OutcomeUnknown):
                _log.error("outcome unknown", operation_id=write.operation.id, what=write.what, reason=str(fault))
            raise failure from fault

    async def _own(self, what: str, by: Principal, work: Callable[[Write], Coroutine[Any, Any, T]]) -> T:
        """Run a write in a task of the kernel's own, so that a caller who hangs up cannot abandon it."""
        if self._stopping:
            raise ShuttingDown("The service is stopping; nothing was sent", outcome="not_applied")
        write = Write(new_operation(time.time()), by, what)
        task = asyncio.create_task(self._logged(write, work(write)), name=write.operation.id)
        self._writes.add(task)
        task.add_done_callback(self._finished)
        return await asyncio.shield(task)

    async def _logged(self, write: Write, work: Awaitable[T]) -> T:
        log = _log.bind(operation_id=write.operation.id, what=write.what, by=write.by.name)
        try:
            answer = await work
        except Failure as failure:
            if failure.outcome is None:
                failure.outcome = "not_applied"
            failure.details.setdefault("operation_id", write.operation.id)
            self._metrics.count_write(write.what, failure.outcome)
            log.info("write failed", code=failure.code, outcome=failure.outcome, reason=failure.message)
            raise
        self._metrics.count_write(write.what, "done")
        log.info("write done")
        return answer

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._writes.discard(task)
        if not task.cancelled():
            task.exception()  # a caller who hung up never asks, and asyncio would complain

    def _lock(self, login: int) -> asyncio.Lock:
        """Give the lock under which an account is read, judged and written."""
        if len(self._locks) > _MOST_LOCKS:
            for idle in [known for known, lock in self._locks.items() if not lock.locked()]:
                del self._locks[idle]
        return self._locks[login]

    def _fits(self, record: Struct) -> None:
        refuse_misfits(record, self.settings.code_page)

    def _need(self, *rights: str) -> None:
        """Refuse at once what MT4 would refuse: it answers some calls with silence instead of a 7."""
        try:
            manager = self.connection.session.manager
        except DriverFault as fault:
            raise failure_of_read(fault) from fault
        for right in rights:
            if right not in manager.rights:
                raise NotEnoughRights(
                    f"The manager {manager.login} lacks the right {right!r} on the MT4 server",
                    mt4=describe(Retcode.NOT_ENOUGH_RIGHTS),
                )
