"""What the money protocol stands on besides money: the pump, several sessions, the server's clock."""

import asyncio
import time
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from kernel.cli.checks import Verdict, fail, ok, warn
from kernel.cli.checks.assumptions import Assumption, fails, holds, judged
from kernel.cli.checks.link import FAULTS, Link, said
from kernel.drivers import Session

_IDLE_SECONDS: Final = 180
"""MT4 drops a session after so long without a call (behaviour.md §2)."""
_POLL: Final = 0.05
_SAMPLES: Final = 5
_APART: Final = 0.25
_MOST_UNEVEN: Final = 1.5
"""Seconds that whole seconds and the way to the server may add to or take from a span."""


def idle(link: Link) -> Verdict:
    """Compare the settings with MT4's limit; nothing is waited for."""
    pings = link.mt4.ping_seconds
    reason = f"not waited for; the service pings after {pings:g} s, MT4 drops a session after {_IDLE_SECONDS} s"
    if pings >= _IDLE_SECONDS:
        return warn("idle", reason, "lower [mt4] ping_seconds")
    return ok("idle", reason)


async def pump(link: Link) -> Verdict:
    """Log in and wait until the tables are there, for ``connect_seconds`` at most."""
    started = time.perf_counter()
    session = await link.session()
    while not session.pumping and time.perf_counter() - started < link.mt4.connect_seconds:
        await asyncio.sleep(_POLL)
        await session.ping()  # a remote session learns it from its answers
    seconds = time.perf_counter() - started
    if session.pumping:
        return ok("pump", f"it runs {seconds:.2f} s after the login began")
    advice = "margins, prices and pushed changes will be missing: ask the broker for the manager's rights"
    return warn("pump", f"it did not start within {seconds:.0f} s", advice)


async def sessions(link: Link) -> tuple[Verdict, Assumption]:
    """Hold three logins at once; each has to see the same groups, also the first after the others came."""
    extra: list[Session] = []
    reason = ""
    try:
        for _ in range(2):
            extra.append(await link.another())  # noqa: PERF401 - those that came must be closed when one fails
    except FAULTS as error:
        reason = f"login {len(extra) + 2} of the same manager was refused: {said(error)}"
    try:
        seen = [await _groups(session, link) for session in (await link.session(), *extra)]
    except FAULTS as error:
        seen, reason = [], f"with {len(extra) + 1} sessions a read failed: {said(error)}"
    finally:
        for session in extra:
            await session.close()
    if any(groups != seen[0] for groups in seen):
        reason = f"{len(seen)} sessions do not see the same groups"
        seen = []
    return _sessions(len(seen), reason)


def _sessions(count: int, reason: str) -> tuple[Verdict, Assumption]:
    if not reason:
        said_so = f"{count} sessions of one manager work at once"
        return ok("sessions", said_so), holds("A9", said_so)
    advice = "the service needs two at once: lift the limit of the manager on the trade server"
    if count > 1:
        return warn("sessions", reason, advice), holds("A9", f"{count} work at once; {reason}")
    return fail("sessions", reason, advice), fails("A9", reason)


async def _groups(session: Session, link: Link) -> list[str]:
    async with asyncio.timeout(link.mt4.read_seconds):
        return sorted(group.group for group in await session.groups())


async def sample(link: Link) -> tuple[float, int]:
    """Read the server's clock beside our own steady one."""
    asked = time.monotonic()
    seconds = await link.server_time()
    return (asked + time.monotonic()) / 2, seconds


async def samples(link: Link, count: int = _SAMPLES) -> list[tuple[float, int]]:
    """Read the clock so many times, a quarter of a second apart."""
    taken = [await sample(link)]
    for _ in range(count - 1):
        await asyncio.sleep(_APART)
        taken.append(await sample(link))
    return taken


def steady(taken: Sequence[tuple[float, int]]) -> Assumption:
    """Judge the clock by all that was read of it."""
    pairs = list(pairwise(taken))
    back = max((earlier[1] - later[1] for earlier, later in pairs), default=0)
    ours, theirs = taken[-1][0] - taken[0][0], taken[-1][1] - taken[0][1]
    good = back <= 0 and abs(theirs - ours) <= _MOST_UNEVEN
    if back > 0:
        return fails("A7", f"it went back by {back} s")
    said_so = f"in {ours:.1f} s of ours it went on by {theirs} s, read {len(taken)} times"
    return judged("A7", good, said_so, said_so)
