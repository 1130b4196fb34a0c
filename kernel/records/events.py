"""What a trade server tells us by itself while pumping."""

from typing import Literal

from msgspec import Struct

from kernel.records.market import Price
from kernel.records.trades import Margin, Trade
from kernel.records.users import User


class PriceEvent(Struct, frozen=True):
    """A symbol was quoted anew; only the last of several quick ones may arrive."""

    price: Price


class TradeEvent(Struct, frozen=True):
    """A trade was opened, changed, closed or deleted; never dropped."""

    change: Literal["add", "update", "close", "delete"]
    trade: Trade


class UserEvent(Struct, frozen=True):
    """An account was opened, changed, moved to another group or deleted; never dropped."""

    change: Literal["add", "update", "delete", "group"]
    user: User


class MarginCallEvent(Struct, frozen=True):
    """An account came to another level: 0 ok, 1 margin call, 2 stop-out."""

    margin: Margin


class GapEvent(Struct, frozen=True):
    """Pumping broke off and came back; what happened between is not known and must be read again."""

    reason: str


Event = PriceEvent | TradeEvent | UserEvent | MarginCallEvent | GapEvent
