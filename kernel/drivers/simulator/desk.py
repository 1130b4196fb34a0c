"""One group's trading in the year before: positions and orders at the prices of their time."""

from collections.abc import Mapping
from random import Random
from typing import Final

from msgspec import Struct, structs

from kernel.drivers.simulator import rounding, sizing
from kernel.drivers.simulator.classes import daily_move
from kernel.drivers.simulator.commissions import charge
from kernel.drivers.simulator.margin import margin, margin_rate
from kernel.drivers.simulator.market import Market
from kernel.drivers.simulator.past import Past
from kernel.drivers.simulator.profit import close_price, profit
from kernel.drivers.simulator.sessions import hour_of_week
from kernel.drivers.simulator.swaps import swap
from kernel.drivers.simulator.terms import security
from kernel.records.market import Group, Symbol
from kernel.records.trades import Command, Reason, State, Trade

_DAY: Final = 86400
_HOUR: Final = 3600
_FULL: Final = 2
"""``Symbol.trade``: opening is allowed."""
_MARGIN_SHARE: Final = 0.25
"""Most of the money that one position takes as margin."""
_HELD: Final = 20 * _HOUR
_LONGEST_HELD: Final = 6 * _DAY
_WEIGHTS: Final = (6, 2, 3, 2, 1, 1, 1)
"""How often each security class is dealt in."""
_REASONS: Final = (Reason.CLIENT, Reason.CLIENT, Reason.EXPERT, Reason.MOBILE, Reason.WEB)


class Trader(Struct, frozen=True, kw_only=True, gc=False):
    """Who deals: ``risk`` is the part of the money that a usual day's move may cost."""

    login: int
    leverage: int
    risk: float
    has_agent: bool


class Desk:
    """Deals for the accounts of one group, in the hours and at the prices of the past year.

    Whatever cannot be dealt (closed market, too little money, no way to convert) is None.
    """

    def __init__(self, group: Group, past: Past, hours: Mapping[str, frozenset[int]]) -> None:
        self._group = group
        self._past = past
        self._hours = hours
        self._offered = tuple(symbol for symbol in past.today.symbols.values() if self._offers(symbol))
        self._choices: dict[int, tuple[Symbol, ...]] = {}

    def position(self, random: Random, trader: Trader, ticket: int, time: int, cash: float) -> Trade | None:
        """Open a position at ``time``, charged with its commission."""
        symbol = self._choose(random, time)
        if symbol is None:
            return None
        market = self._past.market(time)
        side = 0 if symbol.long_only else random.randrange(2)
        prices = market.group_prices(symbol.symbol, self._group)
        volume = sizing.volume(symbol, self._group, market, cash * trader.risk * random.uniform(0.3, 1.5))
        if prices is None or not volume:
            return None
        reason = random.choice(_REASONS)
        trade = Trade(
            order=ticket,
            login=trader.login,
            symbol=symbol.symbol,
            digits=symbol.digits,
            cmd=side,
            volume=volume,
            open_time=time,
            open_price=sizing.near(random, symbol, prices[1 - side]),
            reason=reason,
            magic=random.randrange(1, 100000) if reason == Reason.EXPERT else 0,
            margin_rate=margin_rate(symbol, self._group.currency, market),
            conv_rates=(market.conversion(symbol, self._group.currency) or 0.0, 0.0),
            timestamp=time,
        )
        return self._charged(trade, trader, market, cash)

    def closed(self, random: Random, trade: Trade, cash: float) -> Trade | None:
        """Close a position some hours or days after its opening; None for a ruinous end."""
        symbol = self._past.today.symbols[trade.symbol]
        held = min(int(random.expovariate(1 / _HELD)) + 60, _LONGEST_HELD)
        time = self._closing(symbol, trade.open_time, held)
        market = self._past.market(time)
        stand = close_price(trade, self._group, market)
        if stand is None:
            return None
        price = sizing.near(random, symbol, stand)
        result = profit(trade, price, self._group.currency, market)
        storage = self.storage(trade, time)
        if result + storage + trade.commission + trade.taxes < -cash / 2:
            return None
        by_level = ("[tp]" if result > 0 else "[sl]") if random.randrange(4) == 0 else ""
        return structs.replace(
            trade,
            state=State.CLOSED,
            close_time=time,
            close_price=price,
            sl=price if by_level == "[sl]" else 0.0,
            tp=price if by_level == "[tp]" else 0.0,
            profit=result,
            storage=storage,
            conv_rates=(trade.conv_rates[0], market.conversion(symbol, self._group.currency) or 0.0),
            comment=by_level,
            timestamp=time,
        )

    def pending(self, random: Random, trader: Trader, ticket: int, time: int, cash: float) -> Trade | None:
        """Place a pending order at ``time``, a day's move or so away from the market of that time."""
        symbol = self._choose(random, time)
        if symbol is None:
            return None
        market = self._past.market(time)
        prices = market.group_prices(symbol.symbol, self._group)
        volume = sizing.volume(symbol, self._group, market, cash * trader.risk * random.uniform(0.3, 1.5))
        if prices is None or not volume:
            return None
        buys = (Command.BUY_LIMIT, Command.BUY_STOP)
        cmd = random.choice(buys if symbol.long_only else (*buys, Command.SELL_LIMIT, Command.SELL_STOP))
        above = cmd in {Command.SELL_LIMIT, Command.BUY_STOP}
        away = prices[0] * daily_move(symbol) * random.uniform(1.0, 4.0) * (1 if above else -1)
        return Trade(
            order=ticket,
            login=trader.login,
            symbol=symbol.symbol,
            digits=symbol.digits,
            cmd=cmd,
            volume=volume,
            open_time=time,
            open_price=rounding.price(prices[0] + away, symbol.digits),
            reason=random.choice(_REASONS),
            timestamp=time,
        )

    def deleted(self, random: Random, order: Trade) -> Trade:
        """Delete a pending order, by its owner or because it expired."""
        symbol = self._past.today.symbols[order.symbol]
        time = self._closing(symbol, order.open_time, random.randrange(_HOUR, 3 * _DAY))
        expired = random.randrange(3) == 0
        return structs.replace(
            order,
            state=State.DELETED,
            close_time=time,
            close_price=close_price(order, self._group, self._past.market(time)) or order.open_price,
            expiration=time if expired else 0,
            comment="expiration" if expired else "cancelled",
            timestamp=time,
        )

    def storage(self, trade: Trade, until: int) -> float:
        """Sum up the swaps of the nights from the opening to ``until``."""
        return rounding.money(
            sum(
                swap(trade, self._group, self._past.market(day * _DAY + _DAY - 1), (day + 3) % 7)
                for day in range(trade.open_time // _DAY, until // _DAY)
            )
        )

    def _charged(self, trade: Trade, trader: Trader, market: Market, cash: float) -> Trade | None:
        used = margin((trade,), trader.leverage, self._group, market, order_check=True)
        if used > cash * _MARGIN_SHARE:
            terms = security(self._group, market.symbols[trade.symbol])
            volume = 0 if terms is None else sizing.step(trade.volume * cash * _MARGIN_SHARE / used, terms)
            if not volume:
                return None
            trade = structs.replace(trade, volume=volume)
        paid = charge(trade, self._group, market)
        agent = paid.agent if trader.has_agent else 0.0
        return structs.replace(trade, commission=paid.commission, commission_agent=agent, taxes=paid.taxes)

    def _offers(self, symbol: Symbol) -> bool:
        terms = security(self._group, symbol)
        allowed = terms is not None and terms.trade and terms.show and symbol.trade == _FULL
        dated = symbol.starting or symbol.expiration
        return bool(allowed and not dated and self._past.today.quote(symbol.symbol) is not None)

    def _choose(self, random: Random, time: int) -> Symbol | None:
        hour = hour_of_week(time)
        if hour not in self._choices:
            self._choices[hour] = tuple(
                symbol
                for symbol in self._offered
                if hour in self._hours[symbol.symbol]
                for _ in range(_WEIGHTS[symbol.type] if symbol.type < len(_WEIGHTS) else 1)
            )
        choices = self._choices[hour]
        return random.choice(choices) if choices else None

    def _closing(self, symbol: Symbol, opened: int, held: int) -> int:
        """Give the last time in trading hours up to then, within the hour of the opening at the least."""
        time = min(opened + held, self._past.now - 60)
        while time - opened > _HOUR and hour_of_week(time) not in self._hours[symbol.symbol]:
            time -= _HOUR
        if hour_of_week(time) not in self._hours[symbol.symbol]:
            time = opened + min(60, _HOUR - 1 - opened % _HOUR)
        return time
