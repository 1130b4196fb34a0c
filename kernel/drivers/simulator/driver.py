"""The driver: starts the trade server, moves its prices, and opens sessions on it."""

import asyncio
import logging
import threading
from collections.abc import Callable
from pathlib import Path

from kernel.drivers import NotSent, Rejected
from kernel.drivers.simulator import faults
from kernel.drivers.simulator.faults import Plan
from kernel.drivers.simulator.feed import Feed, RandomWalk, Replay
from kernel.drivers.simulator.server import USUAL_CODE_PAGE, TradeServer
from kernel.drivers.simulator.session import SimulatorSession
from kernel.drivers.simulator.settings import Settings
from kernel.drivers.simulator.trouble import Trouble
from kernel.records.server import Target
from kernel.retcodes import Retcode

_log = logging.getLogger(__name__)


class SimulatorDriver:
    """Implements ``kernel.drivers.Driver`` over a ``TradeServer`` of its own, at any address."""

    def __init__(self, server: TradeServer, plan: Plan | None = None) -> None:
        """Take a server, loaded or not, and the faults to make."""
        self.server = server
        self._trouble = Trouble(plan or Plan(), server.settings.calls_per_second)
        self._sessions: list[SimulatorSession] = []
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Load the server, generating the broker at the first start, and set its prices moving.

        Raises ``UnusableDatabase`` for the state's file and ``ValueError`` for a file of ticks.
        """
        if self._task is not None:
            return
        await _in_thread(self.server.load)
        if self.server.settings.tick_seconds:
            self._task = asyncio.ensure_future(self._run(self._feed(), self.server.settings.tick_seconds))

    async def reachable(self) -> bool:
        """Whether the server runs."""
        return self.server.loaded

    async def open(self, target: Target) -> SimulatorSession:
        """Log a manager in: 65 for a wrong login or password, 64 for a disabled one, 5 by option."""
        await self._meet_faults()
        if not self.server.loaded:
            raise NotSent("the simulator is not running")
        if self.server.settings.old_version:
            raise Rejected(Retcode.OLD_VERSION)
        manager = self.server.state.managers.log_in(target.login, target.password)
        session = SimulatorSession(self.server, manager, self._trouble)
        self._sessions = [other for other in self._sessions if other.connected] + [session]
        return session

    async def close(self) -> None:
        """End the sessions and stop; everything is on disk already. May be called twice."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        for session in self._sessions:
            session.end()
        self._sessions.clear()
        await self._trouble.close()
        self.server.close()

    def _feed(self) -> Feed:
        settings, market = self.server.settings, self.server.state.market
        if settings.ticks:
            return Replay(self.server.data / settings.ticks, market)
        return RandomWalk(settings.seed, market)

    async def _run(self, feed: Feed, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                self.server.apply_ticks(feed.step(self.server.now()))
                for _ in self.server.advancing():
                    await asyncio.sleep(0)
            except Exception:  # noqa: BLE001 - a full disk must not stop the clock: the next step may go well
                _log.exception("the simulator's prices did not move")

    async def _meet_faults(self) -> None:
        fault = self._trouble.plan.next("open")
        if fault is None:
            return
        if fault.kind in {"latency", "hang"}:
            await (asyncio.Event().wait() if fault.seconds is None else asyncio.sleep(fault.seconds))
        elif fault.kind == "refuse":
            raise Rejected(fault.retcode or Retcode.ERROR)
        else:
            raise NotSent("no trade server answers")


def make(settings: Settings, data: Path, *, code_page: str = USUAL_CODE_PAGE) -> SimulatorDriver:
    """Make the driver; raises ``BadPlan``, a ``ValueError``, for a plan of faults that cannot be read."""
    plan = faults.read(data / settings.faults) if settings.faults else None
    return SimulatorDriver(TradeServer(settings, data, code_page=code_page), plan)


async def _in_thread(load: Callable[[Callable[[], bool]], None]) -> None:
    """Load beside the event loop; a first start that is cancelled gives up and leaves no trace."""
    stop = threading.Event()
    loading = asyncio.ensure_future(asyncio.to_thread(load, stop.is_set))
    try:
        await asyncio.shield(loading)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.gather(loading, return_exceptions=True)
        raise
