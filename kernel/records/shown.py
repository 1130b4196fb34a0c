"""A trade as answers show it: MT4's record with the command's name and the volume in lots beside it."""

from collections.abc import Iterable
from typing import Self

from msgspec import Struct, convert

from kernel.records.trades import Trade


class ShownTrade(Struct, frozen=True, kw_only=True, gc=False):
    """``cmd`` 0 buy, 1 sell, 2 to 5 pending, 6 balance, 7 credit; ``state`` 0 to 2 open, 3 to 5 closed, 6 deleted."""

    order: int
    login: int = 0
    symbol: str = ""
    digits: int = 0
    cmd: int = 0
    cmd_str: str = ""
    volume: int = 0
    lots: float = 0.0
    open_time: int = 0
    open_price: float = 0.0
    sl: float = 0.0
    tp: float = 0.0
    state: int = 0
    close_time: int = 0
    close_price: float = 0.0
    expiration: int = 0
    reason: int = 0
    commission: float = 0.0
    commission_agent: float = 0.0
    storage: float = 0.0
    profit: float = 0.0
    taxes: float = 0.0
    magic: int = 0
    comment: str = ""
    margin_rate: float = 0.0
    conv_rates: tuple[float, float] = (0.0, 0.0)
    activation: int = 0
    gw_order: int = 0
    gw_volume: int = 0
    timestamp: int = 0

    @classmethod
    def of(cls, trade: Trade) -> Self:
        """Show one trade."""
        return convert(trade, cls, from_attributes=True)

    @classmethod
    def all(cls, trades: Iterable[Trade]) -> list[Self]:
        """Show several."""
        return convert(list(trades), list[cls], from_attributes=True)
