"""The examination on the broker's side: one login, what surrounds money, then money itself."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from msgspec import Struct

from kernel.cli.checks import Verdict, fail
from kernel.cli.checks.assumptions import Assumption, complete
from kernel.cli.checks.evidence import facts, of_money
from kernel.cli.checks.leg import Leg
from kernel.cli.checks.link import FAULTS, Link, said
from kernel.cli.checks.money import Alarm, MoneyTest, Moved, move_a_cent
from kernel.cli.checks.surroundings import idle, pump, samples, sessions, steady
from kernel.cli.faults import Fault
from kernel.cli.starting import driver_of
from kernel.config import ConfigError, Settings

_T = TypeVar("_T")


class Examined(Struct, frozen=True):
    """Verdicts as the other checks have them, A1 to A9, and both legs as they went."""

    verdicts: list[Verdict]
    assumptions: list[Assumption]
    legs: tuple[Leg, ...] = ()


async def broker(settings: Settings, test: MoneyTest, alarm: Alarm) -> Examined:
    """Examine over any driver; the account is left as it was, or ``alarm`` is told what stays."""
    try:
        driver = driver_of(settings)
        try:
            await driver.start()
            link = Link(driver, settings)
            try:
                return await _examined(link, test, alarm)
            finally:
                await link.drop()
        finally:
            await driver.close()
    except (Fault, ConfigError) as error:
        return nothing(str(error))
    except FAULTS as error:
        return nothing(f"the session ended: {said(error)}")
    except Exception as error:  # noqa: BLE001 - a driver that breaks its promises is a finding, not the doctor's end
        reason = f"{settings.mt4.driver} broke: {type(error).__name__}: {error}"
        advice = "report it to the driver's author; standard error says so if money may have moved"
        return Examined([fail("money test", reason, advice)], complete([], reason))


def nothing(reason: str) -> Examined:
    """Say why the examination did not begin, or ended before money."""
    return Examined(
        [fail("money test", f"not run: {reason}", "see the reason; nothing was sent")], complete([], reason)
    )


async def _examined(link: Link, test: MoneyTest, alarm: Alarm) -> Examined:
    verdicts, found = [idle(link), await pump(link)], list[Assumption]()
    several = await _or_fail(lambda: sessions(link), "sessions", verdicts)
    if several is not None:
        verdicts.append(several[0])
        found.append(several[1])
    clock = await _or_fail(lambda: samples(link), "clock", verdicts) or []
    moved = await move_a_cent(link, test, alarm)
    # From here on nothing may end the report: it says what stays booked.
    clock += await _or_fail(lambda: samples(link, 1), "clock", verdicts) or []
    if clock:
        found.append(steady(clock))
    return _report(moved, verdicts, found, link.mt4.code_page)


def _report(moved: Moved, verdicts: list[Verdict], found: list[Assumption], code_page: str) -> Examined:
    verdicts += [*moved.verdicts, *facts(moved.legs, code_page)]
    why = "the money test came to no end that shows it" if moved.legs else "the money test was not run"
    return Examined(verdicts, complete([*found, *of_money(moved)], why), moved.legs)


async def _or_fail(call: Callable[[], Awaitable[_T]], name: str, verdicts: list[Verdict]) -> _T | None:
    try:
        return await call()
    except FAULTS as error:
        verdicts.append(fail(name, f"a read failed: {said(error)}", "try again"))
        return None
