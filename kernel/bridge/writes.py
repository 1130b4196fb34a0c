"""Writes on their way to the driver: once, in time, within the limits, and remembered by their ids."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from msgspec import Raw, ValidationError

from kernel.bridge.ledger import Ledger
from kernel.bridge.limits import Limits, Moved
from kernel.bridge.process import Asked, WorkerProcess
from kernel.bridge.supervisor import Supervisor
from kernel.drivers import Indeterminate, NotSent, Rejected
from kernel.drivers.wire.encoding import UNREADABLE, answer_of, decoded, encode
from kernel.drivers.wire.messages import Answer, Call, Role
from kernel.drivers.wire.operations import Operation
from kernel.retcodes import EDIT_REFUSALS, MONEY_REFUSALS, NETWORK_PROBLEM, Retcode

_ANSWER: Final = decoded(Answer)
_LONGEST_ID: Final = 64


class Writes:
    """Every write of this incarnation. A caller who goes away does not stop one: its end is noted."""

    def __init__(self, incarnation: str, supervisor: Supervisor, limits: Limits, clock: Callable[[], float]) -> None:
        """Start with none."""
        self.ledger = Ledger(incarnation)
        self.stopping = False
        self._supervisor, self._limits, self._clock = supervisor, limits, clock
        self._under_way: set[asyncio.Task[bytes]] = set()

    async def write(self, worker: WorkerProcess, operation: Operation, call: Call, role: Role, seconds: float) -> bytes:
        """Give the encoded answer. Raises ``NotSent``, ``Rejected`` and ``Indeterminate``."""
        if not 0 < len(call.operation) <= _LONGEST_ID:
            raise NotSent("a write needs an operation id of at most 64 characters")
        if not self._clock() <= call.not_after:  # NaN is late, too
            raise NotSent("the write came too late")
        amount = self._limits.check(operation.name, _arguments(operation, call.arguments), role)
        # From here to the task there is no await: what is asked of the ledger and of the worker is one step.
        self.ledger.begin(call.operation)
        try:
            asked = worker.ask(
                "call",
                overdue=seconds + self._supervisor.care.grace_seconds,
                generation=call.generation,
                name=operation.name,
                arguments=bytes(call.arguments),
            )
        except NotSent:
            self.ledger.refuse(call.operation)
            raise
        moved = self._limits.moved(amount)
        task = asyncio.create_task(self._settled(asked, operation, call.operation, moved))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)

    async def stop(self, seconds: float) -> None:
        """Take no more, and wait for those under way."""
        self.stopping = True
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=seconds)

    async def _settled(self, asked: Asked, operation: Operation, name: str, moved: Moved) -> bytes:
        try:
            content = bytes((await asked.next()).answer)
            answer = _ANSWER.decode(content)
        except (Indeterminate, *UNREADABLE) as fault:
            self.ledger.settle(name, NETWORK_PROBLEM)
            return encode(answer_of(fault))
        if answer.kind == "not_sent":
            self.ledger.refuse(name)
            moved.amount = 0.0
        elif answer.kind == "done":
            self.ledger.settle(name, Retcode.OK)
        else:
            retcode = NETWORK_PROBLEM if answer.retcode is None else answer.retcode
            self.ledger.settle(name, retcode)
            refusals = MONEY_REFUSALS if operation.pace == "trade" else EDIT_REFUSALS
            if answer.kind == "rejected" and retcode in refusals:
                moved.amount = 0.0
        return content


def _arguments(operation: Operation, content: Raw) -> Any:
    """Read what a write is about. Raises ``Rejected`` for what MT4 could not take, ``NotSent`` for garbage."""
    try:
        return operation.arguments_decoder.decode(content)
    except ValidationError as error:
        raise Rejected(Retcode.INVALID_DATA) from error
    except UNREADABLE as error:
        raise NotSent("the message could not be read") from error
