"""One balance operation on the test account: sent once, then looked for in the account's history."""

import asyncio
import time
from typing import Final, Literal

from msgspec import Struct

from kernel.cli.checks.comment import Comment
from kernel.cli.checks.link import FAULTS, Link, said
from kernel.drivers import NotSent, Rejected
from kernel.records.trades import Command, Trade, Transaction, TransactionType
from kernel.retcodes import MONEY_REFUSALS

_FIRST_WAIT: Final = 0.02
_LONGEST_WAIT: Final = 1.0

Outcome = Literal["confirmed", "refused", "not sent", "unknown"]


class Leg(Struct, frozen=True, kw_only=True):
    """What became of it: ``order`` and ``retcode`` are MT4's, ``rows`` its rows in history, None unread.

    ``visible_seconds`` count from the answer; ``moved`` is the change of the balance, None unread.
    """

    amount: float
    comment: str
    outcome: Outcome
    reason: str = ""
    order: int = 0
    retcode: int | None = None
    visible_seconds: float | None = None
    rows: tuple[Trade, ...] | None = None
    moved: float | None = None

    @property
    def applied(self) -> bool | None:
        """Whether it was booked; None where neither the answer nor the history tells."""
        if self.rows or self.outcome == "confirmed":
            return True
        return None if self.outcome == "unknown" or self.rows is None else False

    @property
    def row(self) -> Trade | None:
        """Its row, where there is exactly one."""
        return self.rows[0] if self.rows and len(self.rows) == 1 else None


class Answer(Struct, frozen=True):
    """What the call ended with."""

    outcome: Outcome
    reason: str = ""
    order: int = 0
    retcode: int | None = None


async def run_leg(link: Link, login: int, amount: float, comment: Comment) -> Leg:
    """Book, then look until it is seen, for ``history_seconds`` at most; a driver's faults end in the leg."""
    before = await _balance(link, login)
    answer = await _answer(link, login, amount, comment.text)
    answered = time.perf_counter()
    expected = answer.outcome in {"confirmed", "unknown"}
    rows = await _rows(link, login, comment.head, answer.order, link.mt4.history_seconds if expected else 0.0)
    seen = time.perf_counter() - answered
    after = await _balance(link, login)
    return Leg(
        amount=amount,
        comment=comment.text,
        outcome=answer.outcome,
        reason=answer.reason,
        order=answer.order,
        retcode=answer.retcode,
        visible_seconds=round(seen, 4) if rows else None,
        rows=rows,
        moved=None if before is None or after is None else round(after - before, 8),
    )


async def _answer(link: Link, login: int, amount: float, comment: str) -> Answer:
    transaction = Transaction(
        type=TransactionType.BALANCE, cmd=Command.BALANCE, orderby=login, price=amount, comment=comment
    )
    try:
        await link.session()
    except FAULTS as error:
        return Answer("not sent", said(error))
    try:
        order = await link.book(transaction)
    except NotSent as error:
        return Answer("not sent", said(error))
    except Rejected as error:
        outcome: Outcome = "refused" if error.retcode in MONEY_REFUSALS else "unknown"
        return Answer(outcome, said(error), retcode=error.retcode)
    except FAULTS as error:
        return Answer("unknown", said(error), retcode=getattr(error, "retcode", None))
    return Answer("confirmed", order=order)


async def _rows(link: Link, login: int, head: str, order: int, seconds: float) -> tuple[Trade, ...] | None:
    """Look until there is one; None where no look succeeded."""
    end = time.perf_counter() + seconds
    wait, rows = _FIRST_WAIT, None
    while not rows:
        try:
            rows = tuple(
                row for row in await link.history(login) if head in row.comment or (order and row.order == order)
            )
        except FAULTS:
            await link.drop()
        if rows or time.perf_counter() + wait > end:
            break
        await asyncio.sleep(wait)
        wait = min(wait * 2, _LONGEST_WAIT)
    return rows


async def _balance(link: Link, login: int) -> float | None:
    try:
        user = await link.user(login)
    except FAULTS:
        return None
    return None if user is None else user.balance
