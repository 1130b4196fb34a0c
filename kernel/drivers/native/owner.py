"""A thread that owns one object of the library, and does one piece of work after the other on it."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any, Final, TypeVar

from kernel.drivers import NotSent

T = TypeVar("T")
_Job = tuple["Future[Any]", Callable[[], Any]]
_TICK_SECONDS: Final = 0.5
_log = logging.getLogger(__name__)


class Owner:
    """Runs what is submitted, in order. A daemon: a call that never comes back must not keep the process.

    Between the work it calls ``tick``, about twice a second.
    """

    def __init__(self, name: str, tick: Callable[[], None]) -> None:
        """Start the thread."""
        self.ended: Future[None] = Future()
        self.ended.set_running_or_notify_cancel()  # nobody who waits for it can cancel it
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._tick = tick
        self._last: Callable[[], None] | None = None
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[], T]) -> "Future[T]":
        """Queue work. Cancelled before its turn it is never done; after ``close`` it fails with ``NotSent``."""
        future: Future[T] = Future()
        with self._lock:
            if self._last is None:
                self._jobs.put((future, work))
                return future
        future.set_exception(_closed())
        return future

    def close(self, last: Callable[[], None]) -> None:
        """Do ``last`` once the work under way is over, refuse what still waits, and end; returns at once."""
        with self._lock:
            if self._last is not None:
                return
            self._last = last
        self._jobs.put(None)

    def _run(self) -> None:
        ticked = time.monotonic()
        while True:
            try:
                job = self._jobs.get(timeout=_TICK_SECONDS)
            except Empty:
                pass
            else:
                if job is None:
                    break
                self._do(*job)
                job = None  # what the work holds must not live until the next work comes
            if self._last is None and time.monotonic() - ticked >= _TICK_SECONDS:
                _quietly(self._tick)
                ticked = time.monotonic()
        if self._last is not None:
            _quietly(self._last)
        self.ended.set_result(None)

    def _do(self, future: "Future[Any]", work: Callable[[], Any]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        if self._last is not None:
            future.set_exception(_closed())
            return
        try:
            answer = work()
        except BaseException as error:  # noqa: BLE001 - whoever waits gets it, whatever it is
            future.set_exception(error)
        else:
            future.set_result(answer)


def _closed() -> NotSent:
    return NotSent("the session is closed")


def _quietly(work: Callable[[], None]) -> None:
    try:
        work()
    except Exception:  # noqa: BLE001 - the thread owns its object to the end, whatever fails
        _log.exception("a thread of the MT4 library went on after a fault")
