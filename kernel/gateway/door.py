"""How every operation passes: deadlines, verdicts, ownership of writes, and the stop."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeVar
from weakref import WeakValueDictionary

import structlog
from msgspec import Struct

from kernel.config import Mt4
from kernel.connection import Call, Connection
from kernel.drivers import DriverFault, Session
from kernel.errors import UNFORESEEN, Failure, NotEnoughRights, OutcomeUnknown, ShuttingDown, Unavailable
from kernel.metrics import Metrics
from kernel.records.operations import Operation, new_operation
from kernel.records.principal import Principal
from kernel.records.texts import refuse_misfits
from kernel.registry import Registry
from kernel.retcodes import EDIT_REFUSALS, Retcode, describe
from kernel.verdicts import failure_of_read, failure_of_write

T = TypeVar("T")

_log = structlog.stdlib.get_logger("mt4api.gateway")


class Write(Struct):
    """One write under way: its operation, who asked, how answers call it, and whether its call was begun."""

    operation: Operation
    by: Principal
    what: str
    sent: bool = False


class Door:
    """The base of the gateway's parts: they add operations, this carries them."""

    def __init__(self, connection: Connection, registry: Registry, settings: Mt4, metrics: Metrics) -> None:
        """Keep the link to MT4, the hooks to ask and the limits to hold."""
        self.connection, self.registry, self.settings = connection, registry, settings
        self._metrics = metrics
        self._writes: set[asyncio.Task[Any]] = set()
        self._stopping = False
        self._locks: WeakValueDictionary[tuple[str, int], asyncio.Lock] = WeakValueDictionary()

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

    async def _rows(self, call: Call[Sequence[T]], seconds: float | None = None) -> Sequence[T]:
        """Read a list, of which an empty answer means that there is nothing; raises as ``_read``."""
        try:
            return await self.connection.rows(call, self.settings.read_seconds if seconds is None else seconds)
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

        async def sending(session: Session) -> T:
            write.sent = True
            return await call(session)

        try:
            return await self.connection.write(sending, seconds)
        except Failure:
            raise
        except Exception as fault:
            failure = failure_of_write(fault, what=write.what, operation_id=write.operation.id, refusals=refusals)
            if isinstance(failure, OutcomeUnknown):
                _log.error("outcome unknown", operation_id=write.operation.id, what=write.what, exc_info=fault)
            raise failure from fault

    async def _own(self, what: str, by: Principal, work: Callable[[Write], Coroutine[Any, Any, T]]) -> T:
        """Run a write in a task of the kernel's own, so that a caller who hangs up cannot abandon it."""
        if self._stopping:
            raise ShuttingDown("The service is stopping; nothing was sent", outcome="not_applied")
        write = Write(new_operation(time.time()), by, what)
        task = asyncio.create_task(self._logged(write, work(write)), name=write.operation.id)
        self._writes.add(task)
        task.add_done_callback(self._writes.discard)
        return await asyncio.shield(task)

    async def _logged(self, write: Write, work: Awaitable[T]) -> T:
        log = _log.bind(operation_id=write.operation.id, what=write.what, by=write.by.name)
        try:
            answer = await work
        except asyncio.CancelledError:
            log.critical("write cut off", sent=write.sent)
            raise
        except Exception as error:
            failure = error if isinstance(error, Failure) else Failure(UNFORESEEN)
            if failure.outcome is None:
                failure.outcome = "unknown" if write.sent else "not_applied"
            failure.details.setdefault("operation_id", write.operation.id)
            self._metrics.count_write(write.what, failure.outcome)
            if failure is not error:
                log.exception("write broke", outcome=failure.outcome)
                raise failure from error
            log.info("write failed", code=failure.code, outcome=failure.outcome, reason=failure.message)
            raise
        self._metrics.count_write(write.what, "done")
        log.info("write done")
        return answer

    @asynccontextmanager
    async def _alone(self, kind: str, *numbers: int) -> AsyncGenerator[None]:
        """Hold accounts or trades while they are read, judged and written; raises ``Unavailable`` if that takes long.

        Always in order, so that two writes cannot wait for each other.
        """
        async with AsyncExitStack() as held:
            try:
                async with asyncio.timeout(self.settings.change_seconds):
                    for number in sorted(set(numbers)):
                        await held.enter_async_context(self._lock((kind, number)))
            except TimeoutError as error:
                raise Unavailable(f"Other writes to the {kind} take too long; nothing was sent") from error
            yield

    def _lock(self, key: tuple[str, int]) -> asyncio.Lock:
        """Give a lock that lives as long as somebody holds it or waits for it."""
        lock = self._locks.get(key)
        if lock is None:
            lock = self._locks[key] = asyncio.Lock()
        return lock

    def _fits(self, record: Struct) -> None:
        refuse_misfits(record, self.settings.code_page)

    def _need(self, *rights: str) -> None:
        """Refuse at once what MT4 would refuse: it answers some calls with silence instead of a 7."""
        for right in rights:
            self._need_either(right)

    def _need_either(self, *rights: str) -> None:
        """Refuse when none of the rights is there."""
        try:
            manager = self.connection.session.manager
        except DriverFault as fault:
            raise failure_of_read(fault) from fault
        if not any(right in manager.rights for right in rights):
            raise NotEnoughRights(
                f"The manager {manager.login} lacks the right {' or '.join(map(repr, rights))} on the MT4 server",
                mt4=describe(Retcode.NOT_ENOUGH_RIGHTS),
            )
