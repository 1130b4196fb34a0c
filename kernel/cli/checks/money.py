"""A cent into the named test account and out again, and never an end at which nobody knows what stays booked."""

from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Final

from msgspec import Struct

from kernel.cli.checks import Verdict, fail, ok
from kernel.cli.checks.comment import comment_for
from kernel.cli.checks.leg import Leg, run_leg
from kernel.cli.checks.link import FAULTS, WINDOW, Link, said

CENT: Final = 0.01
_NARROW: Final = 3600

Alarm = Callable[[str], None]
"""Tells the operator at once, whatever becomes of the report."""


class MoneyTest(Struct, frozen=True):
    """What the operator named and agreed to."""

    login: int
    group: str


class Moved(Struct, frozen=True):
    """Both legs, or as far as it came; ``missing`` are rows that a narrower window had and a wider had not."""

    verdicts: list[Verdict]
    legs: tuple[Leg, ...] = ()
    missing: int | None = None


async def move_a_cent(link: Link, test: MoneyTest, alarm: Alarm) -> Moved:
    """Refuse what is no test account, book, book back, and say what stays."""
    refusal = await _refusal(link, test)
    if refusal is not None:
        return Moved([refusal])
    legs = await _legs(link, test.login, alarm)
    left = _left(test.login, legs)
    if left:
        alarm(left)
        verdict = fail("account changed", left, "look at the account in MT4 Manager, and book by hand what is missing")
    elif not all(leg.applied for leg in legs):
        verdict = fail("money test", f"nothing was booked: {_told(legs[0])}", "see the reason, then try again")
    else:
        verdict = ok("money test", f"account {test.login} has what it had: {'; '.join(_told(leg) for leg in legs)}")
    return Moved([verdict], legs, await _missing(link, test.login))


async def _refusal(link: Link, test: MoneyTest) -> Verdict | None:
    name, advice = "money test", "name a test account, or its group with --money-group; nothing was sent"
    try:
        user = await link.user(test.login)
    except FAULTS as error:
        return fail(name, f"account {test.login} could not be read: {said(error)}", "nothing was sent; try again")
    if user is None:
        return fail(name, f"the manager sees no account {test.login}", advice)
    if not fnmatchcase(user.group, test.group):
        return fail(
            name, f"account {test.login} is in the group {user.group}, which {test.group} does not name", advice
        )
    return None


async def _legs(link: Link, login: int, alarm: Alarm) -> tuple[Leg, ...]:
    """Book in, and out again only where it is proved that the first was booked, once."""
    page = link.mt4.code_page
    comments = {amount: comment_for(f"{amount:+.2f}"[0], page) for amount in (CENT, -CENT)}
    done: list[Leg] = []
    try:
        for amount, comment in comments.items():
            done.append(await run_leg(link, login, amount, comment))
            if not done[0].applied:
                break
    except BaseException:
        # Also Ctrl-C: what was sent is not taken back by going away.
        alarm(_broken_off(login, done, [comment.text for comment in comments.values()]))
        raise
    return tuple(done)


def _broken_off(login: int, done: list[Leg], comments: list[str]) -> str:
    booked = "; ".join(_told(leg) for leg in done) or "nothing is known of +0.01"
    return (
        f"The money test on account {login} was broken off: {booked}. "
        f"Look in its history for the comments {' and '.join(comments)}: their amounts must add up to 0"
    )


def _left(login: int, legs: tuple[Leg, ...]) -> str:
    """Say what stays booked, or may; nothing where it is proved that the account has what it had."""
    if any(leg.applied is None for leg in legs) or any(len(leg.rows or ()) > 1 for leg in legs):
        known = "is not known to have what it had"
    elif sum(bool(leg.applied) for leg in legs) == 1:
        known = "was changed and not put back"
    else:
        return ""
    return f"Account {login} {known}: {'; '.join(_told(leg) for leg in legs)}"


def _told(leg: Leg) -> str:
    rows = leg.rows or ()
    tickets = ", ".join(str(row.order) for row in rows)
    unread = "its history could not be read" if leg.rows is None else "its history has no such row"
    amount, words = f"{leg.amount:+.2f}", f"with the comment {leg.comment}"
    if leg.outcome == "confirmed":
        return f"{amount} is booked, ticket {leg.order}" + ("" if len(rows) == 1 else f" ({_rows(rows, unread)})")
    if rows:
        return f"{amount} is booked, found in history as ticket {tickets}, though the answer was: {leg.reason}"
    if leg.outcome == "unknown":
        return f"{amount} {words} may be booked now or later ({leg.reason}; {unread})"
    return f"{amount} {words} was {leg.outcome} ({leg.reason}; {unread})"


def _rows(rows: tuple[object, ...], unread: str) -> str:
    return f"{len(rows)} rows of it are in history" if rows else unread


async def _missing(link: Link, login: int) -> int | None:
    """Count the rows of the last hour that a window of a day lacks; None where they could not be read."""
    try:
        narrow = {row.order for row in await link.history(login, _NARROW)}
        wide = {row.order for row in await link.history(login, WINDOW)}
    except FAULTS:
        return None
    return len(narrow - wide)
