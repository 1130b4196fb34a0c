"""The process that hosts the driver: what it says, it says over the socket to the bridge that started it."""

import asyncio
import os
import signal
import socket
import threading
from multiprocessing import parent_process
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any, Final

import psutil
import structlog
from msgspec import Raw, Struct

from kernel.bridge.frames import BrokenLink, Link, Reply, Request
from kernel.bridge.hosting import HostedSession
from kernel.bridge.replies import Replies
from kernel.drivers import Driver, DriverFault, Indeterminate, NotSent
from kernel.drivers.choice import driver_module
from kernel.drivers.wire.encoding import SessionOver, answer_of, decoded, done, encode
from kernel.drivers.wire.messages import Answer
from kernel.logs import configure
from kernel.records.server import Target

_TARGET: Final = decoded(Target)
_OURS: Final = ("SIGINT", "SIGBREAK", "SIGTERM")
"""Signals that reach the whole group of processes; the bridge says when to end."""
_log = structlog.stdlib.get_logger("mt4api.bridge.worker")


class Job(Struct, frozen=True, kw_only=True):
    """What a worker is to host, and how it logs."""

    driver: str
    settings: Any
    data: Path
    code_page: str
    log_level: str = "info"
    log_format: str = "auto"


class Worker:
    """Answers requests until it is told to end, or the bridge is gone."""

    def __init__(self, driver: Driver, link: Link) -> None:
        """Host a driver that has been started."""
        self._driver, self._link = driver, link
        self._replies = Replies(link)
        self._sessions: dict[int, HostedSession] = {}
        self._process = psutil.Process()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Serve. Raises ``BrokenLink`` when the bridge is gone."""
        while (request := await self._link.receive()).verb != "end":
            self._take(request)
        await self._driver.close()

    def _take(self, request: Request) -> None:
        session = self._sessions.get(request.generation)
        match request.verb:
            case "more" | "drop":
                self._replies.allow(request.id, wanted=request.verb == "more")
            case "ping":
                self._answer(request, done(self._process.memory_info().rss))
            case "open":
                self._spawn(self._open(request))
            case "reachable":
                self._spawn(self._reachable(request))
            case "close":
                self._spawn(self._close(request))
            case _ if session is None:
                self._answer(request, answer_of(SessionOver("the session is over")))
            case "next":
                self._spawn(session.next(request))
            case _:
                session.start(request)

    async def _open(self, request: Request) -> None:
        try:
            session = HostedSession(await self._driver.open(_TARGET.decode(request.arguments)), self._replies)
        except DriverFault as fault:
            self._answer(request, answer_of(fault))
        except Exception as error:  # noqa: BLE001 - whatever a driver raises, its caller gets an answer
            _log.exception("the driver raised what it must not", call="open")
            self._answer(request, answer_of(Indeterminate(f"the driver raised {type(error).__name__}")))
        else:
            self._sessions[request.generation] = session
            self._answer(request, session.opened())

    async def _reachable(self, request: Request) -> None:
        try:
            self._answer(request, done(await self._driver.reachable()))
        except Exception:  # noqa: BLE001 - a driver that cannot say so is not reachable
            _log.exception("the driver raised what it must not", call="reachable")
            self._answer(request, done(False))

    async def _close(self, request: Request) -> None:
        session = self._sessions.pop(request.generation, None)
        if session is not None:
            await session.close()
        self._answer(request, done())

    def _answer(self, request: Request, answer: Answer) -> None:
        self._replies.send(Reply(request.id, True, Raw(encode(answer))))

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def host(sock: socket.socket, job: Job) -> None:
    """Be the worker process: the target of ``multiprocessing``'s spawn."""
    for name in _OURS:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    configure(job.log_level, job.log_format)
    try:
        asyncio.run(_host(sock, job))
    except BrokenLink as error:
        _log.warning("the bridge is gone", reason=str(error))
    os._exit(0)  # a thread that hangs in the driver must not keep the process


async def _host(sock: socket.socket, job: Job) -> None:
    link = await Link.over(sock, Request)
    try:
        driver = driver_module(job.driver).make(job.settings, job.data, code_page=job.code_page)
        await driver.start()
    except Exception as error:
        _log.exception("the driver does not start", driver=job.driver)
        link.send(Reply(0, True, Raw(encode(answer_of(NotSent(str(error) or type(error).__name__))))))
        await link.drained()
        raise BrokenLink("the driver does not start") from error
    link.send(Reply(0, True, Raw(encode(done()))))
    await Worker(driver, link).run()


def _end_with_parent() -> None:
    """End at once when the bridge has ended, even while the driver holds up everything else."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
