"""What two balance operations say about MT4: the comment, the ticket, the digits, and A1 to A6 and A8."""

from collections.abc import Iterator
from typing import Final

from kernel.cli.checks import Verdict, fail, ok
from kernel.cli.checks.assumptions import Assumption, fails, holds, judged, unchecked
from kernel.cli.checks.comment import beyond_ascii
from kernel.cli.checks.leg import Leg
from kernel.cli.checks.money import Moved

_LEAST_SETTLE: Final = 180.0
_SETTLE_TIMES: Final = 10
"""The settling time is so many times the slowest visibility, and never below three minutes."""


def facts(legs: tuple[Leg, ...], code_page: str) -> Iterator[Verdict]:
    """Compare each row with what was sent."""
    found = [(leg, leg.row) for leg in legs if leg.row is not None]
    if not found:
        return
    name, bad = "money comment", [(leg.comment, row.comment) for leg, row in found if row.comment != leg.comment]
    size = len(legs[0].comment.encode(code_page))
    what = f"{size} bytes, {beyond_ascii(legs[0].comment)} characters of them beyond ASCII in {code_page}"
    if bad:
        sent, held = bad[0]
        advice = "find what changes comments on the trade server, such as a plugin: operations are found by them"
        yield fail(name, f"{sent!r} came back as {held!r}", advice)
    else:
        yield ok(name, f"came back byte for byte: {what}")
    yield _tickets([(leg.order, row.order) for leg, row in found if leg.order])
    yield _digits([(leg.amount, row.profit, leg.moved) for leg, row in found])


def _tickets(pairs: list[tuple[int, int]]) -> Verdict:
    name = "money ticket"
    wrong = [f"{held} where the answer said {told}" for told, held in pairs if held != told]
    if wrong:
        return fail(name, f"history has {', '.join(wrong)}", "report it: receipts would name the wrong ticket")
    return ok(name, f"{len(pairs)} of {len(pairs)} are the same in the answer and in history")


def _digits(rows: list[tuple[float, float, float | None]]) -> Verdict:
    name = "money digits"
    wrong = [f"{amount:+.2f} stands as {held:+g}" for amount, held, _ in rows if held != amount]
    wrong += [
        f"{amount:+.2f} moved the balance by {moved:+g}"
        for amount, _, moved in rows
        if moved != amount and moved is not None
    ]
    if wrong:
        advice = "set [mt4] money_digits for the currency; was somebody else at work on the account?"
        return fail(name, "; ".join(wrong), advice)
    return ok(name, "kept: two behind the point, in the row and in the balance")


def of_money(moved: Moved) -> Iterator[Assumption]:
    """Say what the legs prove; what they did not come to stays out."""
    legs = moved.legs
    if not legs:
        return
    rows = [leg.row for leg in legs]
    if any(leg.rows for leg in legs) or all(leg.applied is False for leg in legs):
        yield _whole(legs)
    if any(rows):
        same = all(leg.row.comment == leg.comment for leg in legs if leg.row)
        yield judged(
            "A2", same, f"{sum(map(bool, rows))} comments of 31 bytes came back unchanged", "it came back changed"
        )
    yield from _visible(legs)
    yield unchecked("A4", "only time and a broken session would show it")
    yield _refusals(legs)
    if any(rows) and moved.missing is not None:
        said = f"rows of the last hour that a window of a day lacks: {moved.missing}"
        yield judged("A6", moved.missing == 0, said, said)
    yield _readable(legs)


def _whole(legs: tuple[Leg, ...]) -> Assumption:
    read = [leg for leg in legs if leg.rows is not None and leg.moved is not None]
    wrong = [leg for leg in read if leg.moved != round(sum(row.profit for row in leg.rows or ()), 8)]
    twice = [leg for leg in legs if len(leg.rows or ()) > 1]
    if wrong or twice:
        leg = (wrong or twice)[0]
        moved = "not read" if leg.moved is None else f"{leg.moved:+g}"
        seen = f"{leg.amount:+.2f} has {len(leg.rows or ())} rows, and the balance moved by {moved}"
        return fails("A1", f"{seen}; was somebody else at work on the account?")
    return holds("A1", f"each of {len(legs)} operations agrees with the balance, row by row")


def _visible(legs: tuple[Leg, ...]) -> Iterator[Assumption]:
    times = [leg.visible_seconds for leg in legs if leg.visible_seconds is not None]
    late = [leg for leg in legs if leg.outcome == "confirmed" and not leg.rows and leg.rows is not None]
    if late:
        yield fails("A3", f"{late[0].amount:+.2f} was confirmed and did not show within the time for history")
    elif times:
        settle = max(_LEAST_SETTLE, _SETTLE_TIMES * max(times))
        slowest = max(times) * 1000
        yield holds(
            "A3", f"seen at most {slowest:.0f} ms after the answer, {len(times)} times; settle after {settle:.0f} s"
        )


def _refusals(legs: tuple[Leg, ...]) -> Assumption:
    refused = [leg for leg in legs if leg.outcome == "refused" and leg.rows is not None]
    if not refused:
        return unchecked("A5", "nothing was refused")
    leg = refused[0]
    reason = f"{leg.amount:+.2f} was refused with {leg.retcode}, its rows in history: {len(leg.rows or ())}"
    return judged("A5", not leg.rows and not leg.moved, reason, reason)


def _readable(legs: tuple[Leg, ...]) -> Assumption:
    if any(leg.rows for leg in legs):
        return holds("A8", "the history of the account was read and has our rows")
    if all(leg.rows is None for leg in legs):
        return fails("A8", "the history of the account could not be read")
    if any(leg.outcome == "confirmed" for leg in legs):
        return fails("A8", "the history of the account was read and lacks what was confirmed")
    return unchecked("A8", "nothing was booked that history could show")
