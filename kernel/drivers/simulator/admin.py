"""Edits of the trade database and the server's mail (behaviour.md §10, §13)."""

import json
import math
from typing import Final

from msgspec import UNSET
from msgspec.structs import astuple, replace

from kernel.drivers import Rejected
from kernel.drivers.simulator.state import State
from kernel.drivers.simulator.texts import COMMENT, MAIL_SUBJECT, fit
from kernel.records.server import Mail
from kernel.records.trades import State as TradeState
from kernel.records.trades import Trade
from kernel.retcodes import Retcode

BAD_RECORD: Final = 151
"""In no header: seen for incomplete trade records and for mails without a mailbox name."""
_FIXED: Final = ("login", "symbol", "digits", "cmd", "volume", "state")


class Admin:
    """What needs more than a manager's everyday rights."""

    def __init__(self, state: State) -> None:
        """Work on a loaded server."""
        self._state = state

    def record(self, order: int) -> Trade | None:
        """Give a trade record, open or closed."""
        found = self._state.book.trades.get(order)
        return found or next(iter(self._state.storage.trades([order])), None)

    def modify(self, trade: Trade) -> None:
        """Replace a whole trade record; no balance follows.

        3 for a ticket that is not there or a number that is none, 151 for a record that is not the
        whole one: its login, symbol, command, volume and state have to be what they were.
        """
        before = self.record(trade.order)
        if before is None or not all(math.isfinite(v) for v in astuple(trade) if isinstance(v, float)):
            raise Rejected(Retcode.INVALID_DATA)
        if any(getattr(trade, name) != getattr(before, name) for name in _FIXED):
            raise Rejected(BAD_RECORD)
        comment = fit(trade.comment, COMMENT, self._state.code_page)
        after = replace(trade, comment=comment, timestamp=self._state.now())
        with self._state.transaction():
            if after.state < TradeState.CLOSED:
                self._state.book.put_open(after)
            else:
                self._state.book.put_closed(after, "update")

    def delete(self, orders: list[int]) -> None:
        """Take records out of the database for good; those that are not there are passed over."""
        with self._state.transaction():
            for order in dict.fromkeys(orders):
                trade = self.record(order)
                if trade is not None:
                    self._state.book.erase(trade)

    def send(self, mail: Mail, login: int, sender: str) -> None:
        """Put a mail into the mailboxes of accounts; 151 without a mailbox name, 3 where none is known."""
        name = sender if mail.sender is UNSET else mail.sender
        if not name.strip() or not mail.body:
            raise Rejected(BAD_RECORD)
        logins = [login for login in dict.fromkeys(mail.logins) if login in self._state.book.users]
        if not logins:
            raise Rejected(Retcode.INVALID_DATA)
        subject = fit(mail.subject, MAIL_SUBJECT, self._state.code_page)
        with self._state.transaction():
            self._state.storage.add_mail((self._state.now(), login, name, subject, mail.body, json.dumps(logins)))
