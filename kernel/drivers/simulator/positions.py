"""How positions and pending orders come to be, change and end, whoever causes it."""

from msgspec.structs import replace

from kernel.drivers.simulator.balance_ops import Balances
from kernel.drivers.simulator.book import LASTORDER
from kernel.drivers.simulator.commissions import charge
from kernel.drivers.simulator.margin import margin_rate
from kernel.drivers.simulator.profit import close_price, profit
from kernel.drivers.simulator.rounding import money
from kernel.drivers.simulator.rounding import price as rounded
from kernel.drivers.simulator.state import State
from kernel.drivers.simulator.texts import suffixed
from kernel.records.trades import Activation, Command, Reason, Trade, Transaction
from kernel.records.trades import State as TradeState


class Positions:
    """Acts on the book and the balances; the rules were asked before."""

    def __init__(self, state: State, balances: Balances) -> None:
        """Work on a loaded server."""
        self._state = state
        self._balances = balances

    def open(self, asked: Transaction) -> Trade:
        """Put a new position or pending order into the book."""
        now = self._state.now()
        symbol = self._state.market.symbols[asked.symbol]
        with self._state.transaction():
            trade = Trade(
                order=self._state.book.next(LASTORDER),
                login=asked.orderby,
                symbol=asked.symbol,
                digits=symbol.digits,
                cmd=asked.cmd,
                volume=asked.volume,
                open_time=now,
                open_price=rounded(asked.price, symbol.digits),
                sl=rounded(asked.sl, symbol.digits),
                tp=rounded(asked.tp, symbol.digits),
                expiration=asked.expiration if asked.cmd > Command.SELL else 0,
                reason=int(Reason.DEALER),
                comment=suffixed(asked.comment, "", self._state.code_page),
                timestamp=now,
            )
            trade = self._opened(trade)
            self._state.book.put_open(trade)
        return trade

    def as_position(self, pending: Trade, price: float, activation: Activation = Activation.NONE) -> Trade:
        """Give what a pending order becomes when it opens at a price."""
        now = self._state.now()
        trade = replace(
            pending,
            cmd=pending.cmd % 2,
            open_time=now,
            open_price=rounded(price, pending.digits),
            expiration=0,
            activation=int(activation),
            timestamp=now,
        )
        return self._opened(trade)

    def cancel(self, pending: Trade, mark: str = "") -> None:
        """End a pending order: it stays in the history as deleted."""
        now = self._state.now()
        group = self._state.group_of(self._state.user(pending.login))
        ended = replace(
            pending,
            state=int(TradeState.DELETED),
            close_time=now,
            close_price=close_price(pending, group, self._state.market) or 0.0,
            profit=0.0,
            comment=suffixed(pending.comment, mark, self._state.code_page),
            timestamp=now,
        )
        with self._state.transaction():
            self._state.book.put_closed(ended)

    def close(
        self,
        trade: Trade,
        price: float,
        volume: int | None = None,
        *,
        comment: str | None = None,
        state: TradeState = TradeState.CLOSED,
        activation: Activation = Activation.NONE,
    ) -> Trade | None:
        """End a position, or a part of it, at a price; its result goes to the balance.

        The rest of a partial close is a new ticket with the same opening, which is given back.
        """
        part = trade.volume if volume is None else volume
        with self._state.transaction():
            ended = self._ended(trade, price, part, state, activation)
            rest = self._rest(trade, ended) if part < trade.volume else None
            text = trade.comment if comment is None else comment
            if rest is not None:
                self._state.book.put_open(rest)
                ended, text = (
                    replace(ended, state=int(max(state, TradeState.CLOSED_PART))),
                    comment or f"to #{rest.order}",
                )
            ended = replace(ended, comment=suffixed(text, "", self._state.code_page))
            self._state.book.put_closed(ended)
            self._balances.move(trade.login, ended.profit + ended.commission + ended.storage + ended.taxes)
        return rest

    def _opened(self, trade: Trade) -> Trade:
        """Fix what opening fixes: margin and conversion rates, commission and taxes."""
        if not trade.market:
            return trade
        market = self._state.market
        symbol, group = market.symbols[trade.symbol], self._state.group_of(self._state.user(trade.login))
        cost = charge(trade, group, market)
        return replace(
            trade,
            margin_rate=margin_rate(symbol, group.currency, market),
            conv_rates=(market.conversion(symbol, group.currency) or 0.0, 0.0),
            close_price=close_price(trade, group, market) or trade.open_price,
            commission=cost.commission,
            commission_agent=cost.agent,
            taxes=cost.taxes,
        )

    def _ended(self, trade: Trade, price: float, part: int, state: TradeState, activation: Activation) -> Trade:
        market = self._state.market
        currency = self._state.group_of(self._state.user(trade.login)).currency
        share, price = part / trade.volume, rounded(price, trade.digits)
        symbol = market.symbols.get(trade.symbol)
        conversion = None if symbol is None else market.conversion(symbol, currency)
        piece = replace(trade, volume=part)
        return replace(
            piece,
            state=int(state),
            close_time=self._state.now(),
            close_price=price,
            profit=profit(piece, price, currency, market),
            commission=money(trade.commission * share),
            commission_agent=money(trade.commission_agent * share),
            storage=money(trade.storage * share),
            taxes=money(trade.taxes * share),
            conv_rates=(trade.conv_rates[0], conversion or 0.0),
            activation=int(activation),
            timestamp=self._state.now(),
        )

    def _rest(self, trade: Trade, ended: Trade) -> Trade:
        return replace(
            trade,
            order=self._state.book.next(LASTORDER),
            volume=trade.volume - ended.volume,
            commission=money(trade.commission - ended.commission),
            commission_agent=money(trade.commission_agent - ended.commission_agent),
            storage=money(trade.storage - ended.storage),
            taxes=money(trade.taxes - ended.taxes),
            comment=f"from #{trade.order}",
            timestamp=self._state.now(),
        )
