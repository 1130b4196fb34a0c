"""One session inside the worker: its calls under way, and its events waiting to be fetched."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final, cast

import structlog
from msgspec import Raw, ValidationError
from msgspec.structs import asdict, replace

from kernel.bridge.frames import Reply, Request
from kernel.bridge.replies import Replies
from kernel.drivers import DriverFault, Indeterminate, NotSent, Rejected, Session
from kernel.drivers.wire.encoding import UNREADABLE, answer_of, done, encode, pieces
from kernel.drivers.wire.events import EventQueue, batch_of
from kernel.drivers.wire.messages import Answer
from kernel.drivers.wire.operations import OPERATIONS, Operation
from kernel.retcodes import Retcode

_SIGN_OF_LIFE_SECONDS: Final = 1.0
_BATCH: Final = 500
_log = structlog.stdlib.get_logger("mt4api.bridge.worker")


class HostedSession:
    """A driver's session, its calls and its pump."""

    def __init__(self, session: Session, replies: Replies) -> None:
        """Begin to listen to its events."""
        self._session, self._replies = session, replies
        self._queue = EventQueue()
        self._pumping = asyncio.create_task(self._pump())
        self._calls: set[asyncio.Task[None]] = set()

    def opened(self) -> Answer:
        """Say who we are on the server."""
        return self._standing(done(self._session.manager))

    def start(self, request: Request) -> None:
        """Begin a call; the answer goes out when it is over."""
        task = asyncio.create_task(self._call(request))
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    async def next(self, request: Request) -> None:
        """Send the events that wait, or after a while nothing; the last batch says that it is over."""
        await self._queue.wait(_SIGN_OF_LIFE_SECONDS)
        batch = batch_of(self._queue.take(_BATCH))
        over = self._queue.closed and not batch.events
        answer = Answer(kind="done" if over else "rows", payload=Raw(encode(batch)))
        self._replies.send(Reply(request.id, True, Raw(encode(self._standing(answer)))))

    async def close(self) -> None:
        """Log out once the calls under way are over: one that is cut off would be in doubt."""
        if self._calls:
            await asyncio.wait(self._calls)
        await self._session.close()
        self._queue.close()
        self._pumping.cancel()
        await asyncio.gather(self._pumping, return_exceptions=True)

    async def _call(self, request: Request) -> None:
        try:
            answer = await self._made(request, OPERATIONS[request.name])
        except DriverFault as fault:
            answer = answer_of(fault)
        except Exception as error:  # noqa: BLE001 - whatever a driver raises, its caller gets an answer
            _log.exception("the driver raised what it must not", call=request.name)
            answer = answer_of(Indeterminate(f"the driver raised {type(error).__name__}"))
        self._replies.send(Reply(request.id, True, Raw(encode(self._standing(answer)))))

    async def _made(self, request: Request, operation: Operation) -> Answer:
        try:
            arguments = asdict(operation.arguments_decoder.decode(request.arguments))
        except ValidationError as error:
            _log.warning("arguments that no MT4 could take", call=operation.name, reason=str(error))
            raise Rejected(Retcode.INVALID_DATA) from error
        except UNREADABLE as error:
            raise NotSent("the message could not be read") from error
        result = await getattr(self._session, operation.name)(**arguments)
        if not operation.rows:
            return done(result)
        return await self._in_pieces(request, cast("Sequence[Any]", result))

    async def _in_pieces(self, request: Request, rows: Sequence[Any]) -> Answer:
        """Send all pieces but the last, each when there is room for it, and give that one."""
        waiting = Raw(encode([]))
        with self._replies.flow(request.id) as flow:
            for number, piece in enumerate(pieces(rows)):
                if number:
                    answer = Answer(kind="rows", payload=waiting)
                    await flow.room()
                    self._replies.send(Reply(request.id, False, Raw(encode(answer))))
                waiting = Raw(piece)
        return Answer(kind="done", payload=waiting)

    def _standing(self, answer: Answer) -> Answer:
        return replace(answer, connected=self._session.connected, pumping=self._session.pumping)

    async def _pump(self) -> None:
        try:
            async for event in self._session.events():
                self._queue.put(event)
        except Exception:  # noqa: BLE001 - a fault of a driver must not end in silence
            _log.exception("pumping broke")
        finally:
            self._queue.close()
