"""Links that drop and sessions that see nothing: the service comes back and never says that an account is gone."""

import asyncio
import os
import time
from typing import Any, Final

import pytest

from kernel.testing import Bench, bench

_FULL: Final = bool(os.environ.get("LONG_TRIALS"))
DROPS: Final = 200 if _FULL else 20
BLIND: Final = 50 if _FULL else 10
CAP: Final = 0.2
"""The longest pause of the settings below; a reconnect takes at most that, and what the machine needs to notice."""
PACE: Final = {
    "mt4.simulator.accounts": 3,
    "mt4.ping_seconds": 0.02,
    "mt4.canary_seconds": 0.02,
    "mt4.reconnect_first_seconds": 0.01,
    "mt4.reconnect_most_seconds": CAP,
}
pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]


async def _renewed(kernel: Bench, before: int) -> None:
    async with asyncio.timeout(20):
        while kernel.service.connection.status().reconnects == before:  # noqa: ASYNC110 - the link has no event to wait for
            await asyncio.sleep(0)


def _sessions(kernel: Bench) -> list[Any]:
    return [session for session in kernel.driver._sessions if session.connected]


async def test_every_dropped_link_comes_back_within_the_cap() -> None:
    async with bench(PACE) as kernel:
        slowest = 0.0
        for _ in range(DROPS):
            before = kernel.service.connection.status().reconnects
            for session in _sessions(kernel):
                session._line.cut()
            dropped = time.monotonic()
            answer = await kernel.client.get("/api/users/1001")
            assert answer.status_code in {503, 504}, answer.text
            await _renewed(kernel, before)
            slowest = max(slowest, time.monotonic() - dropped)
            assert (await kernel.client.get("/api/users/1001")).status_code == 200

        assert kernel.service.connection.status().reconnects == DROPS
        assert slowest < CAP + 2
        assert len(_sessions(kernel)) == 2


async def test_every_session_that_sees_nothing_is_found_and_never_answers_404() -> None:
    async with bench(PACE) as kernel:
        codes: set[int] = set()
        for _ in range(BLIND):
            before = kernel.service.connection.status().reconnects
            for session in _sessions(kernel):
                session._trouble._logged_out = True
            codes.add((await kernel.client.get("/api/users/1001")).status_code)
            await _renewed(kernel, before)

        assert codes <= {503}
