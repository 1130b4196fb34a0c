"""The supervised link: connects, notices what is dead or blind, and comes back, in growing pauses."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from kernel.connection import supervised
from kernel.connection.pauses import WRONG_LOGIN_SECONDS, Pauses
from kernel.drivers import NotSent
from kernel.drivers.simulator.faults import Fault
from kernel.records.events import GapEvent
from kernel.records.server import Target

QUICK = {"ping_seconds": 0.02, "canary_seconds": 0.02, "reconnect_first_seconds": 0.01, "reconnect_most_seconds": 0.05}
TARGET = Target(server="other:443", login=224, password="your_manager_password")
WRONG = Target(server="other:443", login=224, password="wrong")
Until = Callable[..., Any]
Rigging = Callable[..., Any]


@dataclass(frozen=True)
class Noted:
    """One pause of the supervisor: the longest that it could have been, and what it was."""

    longest: float
    seconds: float


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[Noted]:
    """What the supervisor waited between its tries."""
    noted: list[Noted] = []

    class Watched(Pauses):
        def next(self, *, refused: bool) -> float:
            longest = self.longest
            noted.append(Noted(longest, super().next(refused=refused)))
            return noted[-1].seconds

    monkeypatch.setattr(supervised, "Pauses", Watched)
    return noted


def opened(rig: Any) -> int:
    """How many times a login was tried (or what else the first fault is about), by the plan's own count."""
    return rig.driver._trouble.plan._matched[0]


def states(rig: Any) -> list[bool]:
    return [status.connected for status in rig.changes]


async def test_it_connects_at_the_start_and_says_so(rigging: Rigging) -> None:
    async with rigging() as rig:
        status = rig.link.status()

        assert (status.connected, status.pumping, status.reconnects, status.last_error) == (True, True, 0, None)
        assert (status.server, status.login) == ("mt4", 224)
        assert states(rig) == [True]
        assert rig.link.canary_age < 5


async def test_a_server_that_is_down_at_the_start_is_found_later(rigging: Rigging, until: Until) -> None:
    async with rigging(Fault(call="open", kind="lost_before", times=3), **QUICK) as rig:
        assert not rig.link.status().connected
        with pytest.raises(NotSent):
            await rig.link.read(lambda session: session.server_time(), 1)
        await until(lambda: rig.link.status().connected)

        assert opened(rig) == 5  # three failures, then two sessions
        assert rig.link.status().last_error is None


async def test_a_start_does_not_wait_for_a_server_that_answers_nothing(rigging: Rigging) -> None:
    started = time.monotonic()
    async with rigging(Fault(call="open", kind="hang"), **QUICK) as rig:
        assert time.monotonic() - started < 4
        assert not rig.link.status().connected
    assert time.monotonic() - started < 5


async def test_it_tries_again_less_and_less_often(rigging: Rigging, until: Until, pauses: list[Noted]) -> None:
    pace = QUICK | {"reconnect_first_seconds": 0.001, "reconnect_most_seconds": 0.01}
    async with rigging(Fault(call="open", kind="lost_before"), **pace) as rig:
        await until(lambda: opened(rig) >= 6)

        assert [noted.longest for noted in pauses[:5]] == [0.001, 0.002, 0.004, 0.008, 0.01]


async def test_a_wrong_password_is_not_tried_again_and_again(
    rigging: Rigging, until: Until, pauses: list[Noted]
) -> None:
    async with rigging(Fault(call="open", kind="refuse", retcode=65), **QUICK) as rig:
        await until(lambda: len(pauses) == 1)
        assert (pauses[0].seconds, opened(rig)) == (WRONG_LOGIN_SECONDS, 1)
        assert rig.link.status().last_error == "MT4 answered 65"

        rig.suffer()
        await rig.link.connect(TARGET)  # does not have to wait either
        await until(lambda: rig.link.status().connected)


@pytest.mark.parametrize("code", [2, 4, 6, 8])
async def test_a_refusal_that_may_pass_is_tried_again(code: int, rigging: Rigging, until: Until) -> None:
    async with rigging(Fault(call="open", kind="refuse", retcode=code, times=2), **QUICK) as rig:
        await until(lambda: rig.link.status().connected)


async def test_a_link_that_never_holds_is_not_renewed_in_a_storm(
    rigging: Rigging, until: Until, pauses: list[Noted]
) -> None:
    pace = QUICK | {"ping_seconds": 0.001, "reconnect_first_seconds": 0.001, "reconnect_most_seconds": 5}
    async with rigging(Fault(call="ping", kind="lost_before"), **pace) as rig:
        await until(lambda: rig.link.status().reconnects >= 4)

        assert [noted.longest for noted in pauses[:4]] == [0.001, 0.002, 0.004, 0.008]


async def test_a_link_that_held_is_renewed_at_once(rigging: Rigging, until: Until, pauses: list[Noted]) -> None:
    pace = QUICK | {"reconnect_first_seconds": 0.001, "reconnect_most_seconds": 0.05}
    async with rigging(Fault(call="open", kind="lost_before", times=6), **pace) as rig:
        await until(lambda: rig.link.status().connected)
        grown, up = pauses[-1].longest, time.monotonic()
        await until(lambda: time.monotonic() - up > 0.1)
        rig.sessions[-1]._line.cut()
        await until(lambda: rig.link.status().reconnects == 1)

        assert (grown > 0.01, pauses[-1].longest) == (True, 0.001)


async def test_the_canary_finds_a_blind_session_that_nobody_uses(rigging: Rigging, until: Until) -> None:
    async with rigging(**QUICK) as rig:
        for session in rig.sessions:
            session._trouble._logged_out = True
        await until(lambda: rig.link.status().reconnects == 1)

        assert rig.changes[1].last_error == "the session answers, but sees nothing"


async def test_a_blind_session_for_writes_is_found_too(rigging: Rigging, until: Until) -> None:
    async with rigging(**QUICK) as rig:

        async def blind(session: Any) -> None:
            session._trouble._logged_out = True

        await rig.link.write(blind, 1)
        await until(lambda: rig.link.status().reconnects == 1)


async def test_a_lost_ping_renews_the_link_and_tells_of_the_gap(rigging: Rigging, until: Until) -> None:
    async with rigging(Fault(call="ping", kind="lost_before", nth=3), **QUICK) as rig:
        await until(lambda: rig.link.status().reconnects == 1)

        assert states(rig) == [True, False, True]
        assert [event for event in rig.events if isinstance(event, GapEvent)] == [GapEvent("the link was renewed")]


async def test_a_ping_that_hangs_is_a_lost_one(rigging: Rigging, until: Until) -> None:
    async with rigging(Fault(call="ping", kind="hang", nth=1), **QUICK) as rig:
        await until(lambda: rig.link.status().reconnects == 1)
        assert rig.changes[1].last_error == "no answer to a ping"


async def test_an_idle_session_is_kept_alive(rigging: Rigging, until: Until) -> None:
    counted = Fault(call="ping", kind="latency", seconds=0)
    async with rigging(counted, options={"idle_seconds": 180}, **QUICK | {"canary_seconds": 60}) as rig:
        for _ in range(8):
            rig.clock.advance(100)
            enough = opened(rig) + 3  # pings by now: both sessions have had one since
            await until(lambda wanted=enough: opened(rig) >= wanted)

        for call in (rig.link.read, rig.link.write):
            assert await call(lambda session: session.server_time(), 1) > 0
        assert rig.link.status().reconnects == 0


async def test_a_link_says_since_when_it_is_as_it_is(rigging: Rigging) -> None:
    async with rigging() as rig:
        assert abs(rig.link.status().since - time.time()) < 3
