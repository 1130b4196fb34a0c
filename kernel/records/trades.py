"""Orders, positions and balance rows as MT4 keeps them (``TradeRecord``), and margins over them.

Volumes are 1/100 lot, times server seconds, ``profit`` in the account's currency without commission,
storage and taxes.
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import Annotated, ClassVar

from msgspec import UNSET, Meta, Struct, UnsetType

from kernel.records.scalars import Rate, Timestamp, room


class Command(IntEnum):
    """``OP_*``: what a trade record is. Open at the end: some servers write 8 for rebates."""

    BUY = 0
    SELL = 1
    BUY_LIMIT = 2
    SELL_LIMIT = 3
    BUY_STOP = 4
    SELL_STOP = 5
    BALANCE = 6
    CREDIT = 7


class State(IntEnum):
    """``TS_*``: 0 to 2 are open, 3 to 5 closed, 6 deleted."""

    OPEN = 0
    REMAND = 1
    RESTORED = 2
    CLOSED = 3
    CLOSED_PART = 4
    CLOSED_BY = 5
    DELETED = 6


class Reason(IntEnum):
    """``TR_REASON_*``: where a trade came from."""

    CLIENT = 0
    EXPERT = 1
    DEALER = 2
    SIGNAL = 3
    GATEWAY = 4
    MOBILE = 5
    WEB = 6
    API = 7


class Activation(IntEnum):
    """``ACTIVATION_*``: what is closing or opening an order by itself."""

    NONE = 0
    SL = 1
    TP = 2
    PENDING = 3
    STOPOUT = 4


class Trade(Struct, frozen=True, kw_only=True, gc=False):
    """One record: an open position, a pending order, a closed one, or a balance or credit row.

    Balance and credit rows have no symbol, ``open_time`` = ``close_time`` and the signed amount in
    ``profit``.
    """

    order: int
    login: int = 0
    symbol: str = ""
    digits: int = 0
    cmd: int = 0
    volume: int = 0
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

    @property
    def cmd_str(self) -> str:
        """Name the command; one that the header does not have shows its number."""
        return Command(self.cmd).name.lower() if self.cmd in Command.__members__.values() else str(self.cmd)

    @property
    def lots(self) -> float:
        """Give the volume in lots."""
        return self.volume / 100

    @property
    def pending(self) -> bool:
        """Whether it waits for its price."""
        return Command.BUY_LIMIT <= self.cmd <= Command.SELL_STOP

    @property
    def market(self) -> bool:
        """Whether it is a position, open or closed."""
        return self.cmd <= Command.SELL


_Price = Annotated[float, Meta(ge=0, le=1e9)]
_Int32 = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]


class TradeChange(Struct, frozen=True, kw_only=True):
    """What to change of a trade record (``AdmTradeRecordModify``); a member left out stays."""

    read_only: ClassVar[Mapping[str, str]] = dict.fromkeys(
        (
            *("order", "login", "symbol", "digits", "cmd", "volume", "state", "reason"),
            *("margin_rate", "conv_rates", "activation", "gw_order", "gw_volume", "timestamp"),
        ),
        "it stays as MT4 wrote it",
    )

    sl: _Price | UnsetType = UNSET
    tp: _Price | UnsetType = UNSET
    open_price: _Price | UnsetType = UNSET
    close_price: _Price | UnsetType = UNSET
    open_time: Timestamp | UnsetType = UNSET
    close_time: Timestamp | UnsetType = UNSET
    expiration: Timestamp | UnsetType = UNSET
    commission: Rate | UnsetType = UNSET
    commission_agent: Rate | UnsetType = UNSET
    storage: Rate | UnsetType = UNSET
    profit: Rate | UnsetType = UNSET
    taxes: Rate | UnsetType = UNSET
    magic: _Int32 | UnsetType = UNSET
    comment: Annotated[str, room(31)] | UnsetType = UNSET


class TransactionType(IntEnum):
    """``TT_BR_*``: the transactions that MT4 takes from a manager; others are refused with 3."""

    OPEN = 75
    CLOSE = 76
    DELETE = 77
    CLOSE_BY = 78
    CLOSE_ALL = 79
    MODIFY = 80
    ACTIVATE = 81
    COMMENT = 82
    BALANCE = 83


class Transaction(Struct, frozen=True, kw_only=True):
    """One ``TradeTransInfo``.

    ``orderby`` is the login for openings and balance operations and the second ticket for close-by;
    ``price`` is a price, or the signed amount of a balance operation.
    """

    type: int
    cmd: int = 0
    order: int = 0
    orderby: int = 0
    symbol: str = ""
    volume: int = 0
    price: float = 0.0
    sl: float = 0.0
    tp: float = 0.0
    comment: str = ""
    expiration: int = 0


class Margin(Struct, frozen=True, kw_only=True, gc=False):
    """An account's margin (``MarginLevel``); ``balance`` is balance plus credit, as in MT4."""

    login: int
    group: str = ""
    leverage: int = 0
    updated: int = 0
    balance: float = 0.0
    equity: float = 0.0
    volume: int = 0
    margin: float = 0.0
    margin_free: float = 0.0
    margin_level: float = 0.0
    margin_type: int = 0
    level_type: int = 0
