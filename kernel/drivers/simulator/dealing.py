"""A manager's orders: ``TradeTransaction`` with the types ``TT_BR_*`` (behaviour.md §10)."""

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from kernel.drivers import Rejected
from kernel.drivers.simulator import margin, order_rules
from kernel.drivers.simulator.balance_ops import Balances
from kernel.drivers.simulator.positions import Positions
from kernel.drivers.simulator.profit import close_price
from kernel.drivers.simulator.rounding import price as rounded
from kernel.drivers.simulator.state import State
from kernel.drivers.simulator.terms import security
from kernel.drivers.simulator.texts import COMMENT, fit
from kernel.records.market import Group
from kernel.records.trades import Command, Trade, Transaction, TransactionType
from kernel.records.trades import State as TradeState
from kernel.retcodes import Retcode

_DENY_CLOSEBY: Final = 1
_DENY_MUCLOSEBY: Final = 2


class Dealing:
    """One method a transaction type; each gives the ticket that MT4 writes back."""

    def __init__(self, state: State, balances: Balances, positions: Positions) -> None:
        """Work on a loaded server."""
        self._state = state
        self._positions = positions
        self._types: dict[int, Callable[[Transaction], int]] = {
            TransactionType.OPEN: self._open,
            TransactionType.CLOSE: self._close,
            TransactionType.DELETE: self._delete,
            TransactionType.CLOSE_BY: self._close_by,
            TransactionType.CLOSE_ALL: self._close_all,
            TransactionType.MODIFY: self._modify,
            TransactionType.ACTIVATE: self._activate,
            TransactionType.COMMENT: self._comment,
            TransactionType.BALANCE: balances.apply,
        }

    def transact(self, asked: Transaction) -> int:
        """Carry a transaction out; 3 for the types of clients and for what is no type."""
        carry_out = self._types.get(asked.type)
        if carry_out is None:
            raise Rejected(Retcode.INVALID_DATA)
        with self._state.transaction():
            return carry_out(asked)

    def _open(self, asked: Transaction) -> int:
        user = self._state.user(asked.orderby)
        if not Command.BUY <= asked.cmd <= Command.SELL_STOP:
            raise Rejected(Retcode.INVALID_DATA)
        symbol, group = order_rules.symbol_of(self._state, asked.symbol), self._state.group_of(user)
        held = self._state.book.open_of(user.login)
        order_rules.account(user)
        order_rules.volume(order_rules.mode(group, symbol, opening=True), asked.volume)
        order_rules.hours(self._state, symbol)
        order_rules.price(asked.price)
        order_rules.stops(symbol, asked.cmd, asked.price, asked.sl, asked.tp)
        order_rules.side(symbol, group, asked.cmd, held)
        order_rules.count(group, held)
        if asked.cmd > Command.SELL:
            order_rules.expiration(self._state, group, asked.expiration)
        trade = self._positions.open(asked)
        if self._state.settings.check_money and margin.refuses(user, group, held, trade, self._state.market):
            # The transaction around us takes the position back.
            raise Rejected(Retcode.TRADE_NO_MONEY)
        return trade.order

    def _close(self, asked: Transaction) -> int:
        trade, group = self._position(asked.order)
        order_rules.price(asked.price)
        if not 0 < asked.volume <= trade.volume:
            raise Rejected(Retcode.TRADE_BAD_VOLUME)
        symbol = order_rules.symbol_of(self._state, trade.symbol)
        terms = order_rules.mode(group, symbol, opening=False)
        if asked.volume < trade.volume:
            order_rules.volume(terms, asked.volume)
        order_rules.hours(self._state, symbol)
        order_rules.first_in(group, trade, self._state.book.open_of(trade.login))
        comment = asked.comment if asked.comment and asked.volume == trade.volume else None
        self._positions.close(trade, asked.price, asked.volume, comment=comment)
        return trade.order

    def _delete(self, asked: Transaction) -> int:
        trade, _ = self._open_trade(asked.order)
        if trade.pending:
            self._positions.cancel(trade)
        else:
            self._state.book.erase(trade)
        return trade.order

    def _close_by(self, asked: Transaction) -> int:
        first, group = self._position(asked.order)
        second, _ = self._position(asked.orderby)
        opposite = first.cmd != second.cmd and first.symbol == second.symbol
        if not opposite or first.login != second.login:
            raise Rejected(Retcode.INVALID_DATA)
        self._may_close_by(group, first.symbol, _DENY_CLOSEBY)
        self._cancel_out(first, second)
        return first.order

    def _close_all(self, asked: Transaction) -> int:
        user = self._state.user(asked.orderby)
        group = self._state.group_of(user)
        held = [trade for trade in self._state.book.positions_of(user.login) if trade.symbol == asked.symbol]
        bought = [trade for trade in held if trade.cmd == Command.BUY]
        sold = [trade for trade in held if trade.cmd == Command.SELL]
        if not bought or not sold:
            raise Rejected(Retcode.INVALID_DATA)
        self._may_close_by(group, asked.symbol, _DENY_MUCLOSEBY)
        while bought and sold:
            first, second = bought.pop(0), sold.pop(0)
            rest = self._cancel_out(first, second)
            if rest is not None:
                (bought if rest.cmd == Command.BUY else sold).insert(0, rest)
        return held[0].order

    def _modify(self, asked: Transaction) -> int:
        trade, group = self._open_trade(asked.order)
        symbol = order_rules.symbol_of(self._state, trade.symbol)
        order_rules.price(asked.price)
        against = asked.price
        if trade.market:
            # A stop follows the market, and may have passed the opening price.
            against = close_price(trade, group, self._state.market) or asked.price
        else:
            order_rules.expiration(self._state, group, asked.expiration)
        order_rules.stops(symbol, trade.cmd, against, asked.sl, asked.tp)
        self._state.book.put_open(
            replace(
                trade,
                open_price=rounded(asked.price, trade.digits),
                sl=rounded(asked.sl, trade.digits),
                tp=rounded(asked.tp, trade.digits),
                expiration=asked.expiration if trade.pending else 0,
                timestamp=self._state.now(),
            )
        )
        return trade.order

    def _activate(self, asked: Transaction) -> int:
        trade, group = self._open_trade(asked.order)
        if not trade.pending:
            raise Rejected(Retcode.INVALID_DATA)
        symbol = order_rules.symbol_of(self._state, trade.symbol)
        order_rules.price(asked.price)
        order_rules.mode(group, symbol, opening=True)
        order_rules.hours(self._state, symbol)
        order_rules.side(symbol, group, trade.cmd % 2, self._state.book.open_of(trade.login))
        self._state.book.put_open(self._positions.as_position(trade, asked.price))
        return trade.order

    def _comment(self, asked: Transaction) -> int:
        trade, _ = self._open_trade(asked.order)
        comment = fit(asked.comment, COMMENT, self._state.code_page)
        self._state.book.put_open(replace(trade, comment=comment, timestamp=self._state.now()))
        return trade.order

    def _cancel_out(self, first: Trade, second: Trade) -> Trade | None:
        """Close two opposite positions by each other: the whole result stands with the first."""
        volume, done = min(first.volume, second.volume), TradeState.CLOSED_BY
        rests = (
            self._positions.close(
                first, second.open_price, volume, comment=f"close hedge by #{second.order}", state=done
            ),
            self._positions.close(
                second, second.open_price, volume, comment=f"close hedge by #{first.order}", state=done
            ),
        )
        return rests[0] or rests[1]

    def _may_close_by(self, group: Group, symbol_name: str, denied: int) -> None:
        symbol = order_rules.symbol_of(self._state, symbol_name)
        order_rules.mode(group, symbol, opening=False)
        order_rules.hours(self._state, symbol)
        terms = security(group, symbol)
        if terms is not None and terms.trade_rights & denied:
            raise Rejected(Retcode.TRADE_DISABLE)

    def _open_trade(self, order: int) -> tuple[Trade, Group]:
        """Give an open order and its account's group; 3 for a ticket that is not open."""
        trade = self._state.book.trades.get(order)
        if trade is None:
            raise Rejected(Retcode.INVALID_DATA)
        return trade, self._state.group_of(self._state.user(trade.login))

    def _position(self, order: int) -> tuple[Trade, Group]:
        trade, group = self._open_trade(order)
        if not trade.market:
            raise Rejected(Retcode.INVALID_DATA)
        return trade, group
