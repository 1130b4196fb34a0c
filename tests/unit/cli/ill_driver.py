"""A driver over the simulator with one ill that real servers have; ``sent.txt`` gets every amount that is sent."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from kernel.drivers import Driver, Rejected, Session, simulator
from kernel.drivers.simulator import Settings as Settings  # noqa: PLC0414 - the loader looks for it here
from kernel.drivers.simulator.session import SimulatorSession
from kernel.records.trades import Trade, Transaction

ILL = os.environ["ILL"]


def looked_for(order: int) -> bool:
    """Whether this is the first look since the last booking."""
    seen, order_seen = Path("seen.txt"), str(order)
    if seen.exists() and seen.read_text() == order_seen:
        return False
    seen.write_text(order_seen)
    return True


def write_down(amount: float) -> None:
    """Append it."""
    with Path("sent.txt").open("a") as sent:
        sent.write(f"{amount}\n")


class IllSession(SimulatorSession):
    """Books and reads as the ill has it."""

    async def trade_transaction(self, transaction: Transaction) -> int:
        """Book, write down what was sent, and spoil it."""
        write_down(transaction.price)
        if ILL == "cut":
            transaction = replace(transaction, comment=transaction.comment[:20])
        if ILL == "broken" and transaction.price < 0:
            raise ZeroDivisionError("a fault of the driver")
        order = await super().trade_transaction(transaction)
        if ILL == "again":
            await super().trade_transaction(transaction)
        if ILL == "interrupted":
            raise KeyboardInterrupt
        return order + 1 if ILL == "ticket" else order

    async def trades_history(self, login: int, since: int, until: int) -> Sequence[Trade]:
        """Keep the doctor's rows back where they are late."""
        rows = await super().trades_history(login, since, until)
        ours = [row for row in rows if row.comment.startswith("doctor")]
        first = ILL == "slow" and ours and looked_for(ours[-1].order)
        return [row for row in rows if row not in ours] if ILL == "late" or first else rows


def make(settings: Any, data: Path, *, code_page: str) -> Driver:
    """Make a simulator whose sessions are ill."""
    driver = simulator.make(settings, data, code_page=code_page)
    honest = driver.open
    opened: list[Session] = []

    async def open_ill(target: Any) -> Session:
        if ILL == "single" and any(session.connected for session in opened):
            raise Rejected(8)
        session = await honest(target)
        session.__class__ = IllSession
        opened.append(session)
        return session

    driver.open = open_ill
    return driver
