"""What the market routes answer."""

from collections.abc import Iterable
from typing import Self

from msgspec import UNSET, Struct, UnsetType, convert

from kernel.api import Group, Online, Page, Price, Symbol, rendered


class GroupRow(Struct, frozen=True, kw_only=True):
    """A group as the list shows it: without its terms for securities and symbols."""

    group: str
    enable: int = 1
    timeout: int = 60
    otp_mode: int = 0
    company: str = ""
    signature: str = ""
    support_page: str = ""
    support_email: str = ""
    templates: str = ""
    copies: int = 0
    reports: int = 1
    default_leverage: int = 100
    default_deposit: float = 0.0
    maxsecurities: int = 0
    secmargins_total: int = 0
    currency: str = "USD"
    credit: float = 0.0
    margin_call: int = 100
    margin_mode: int = 1
    margin_stopout: int = 50
    margin_type: int = 0
    interestrate: float = 0.0
    use_swap: int = 1
    news: int = 1
    rights: int = 14
    check_ie_prices: int = 0
    maxpositions: int = 0
    close_reopen: int = 0
    hedge_prohibited: int = 0
    close_fifo: int = 0
    hedge_largeleg: int = 0
    stopout_skip_hedged: int = 0
    archive_period: int = 0
    archive_max_balance: int = 0
    archive_pending_period: int = 0

    @classmethod
    def all(cls, groups: Iterable[Group]) -> list[Self]:
        """Show several."""
        return convert(list(groups), list[cls], from_attributes=True)


class SymbolRow(Struct, frozen=True, kw_only=True):
    """A symbol as the list shows it: without its hours."""

    symbol: str
    description: str = ""
    source: str = ""
    currency: str = "USD"
    margin_currency: str = "USD"
    type: int = 0
    digits: int = 5
    trade: int = 2
    exemode: int = 2
    count: int = 0
    realtime: int = 1
    starting: int = 0
    expiration: int = 0
    spread: int = 0
    spread_balance: int = 0
    stops_level: int = 0
    freeze_level: int = 0
    gtc_pendings: int = 1
    long_only: int = 0
    instant_max_volume: int = 0
    contract_size: float = 100000.0
    tick_value: float = 0.0
    tick_size: float = 0.0
    point: float = 0.00001
    profit_mode: int = 0
    margin_mode: int = 0
    margin_initial: float = 0.0
    margin_maintenance: float = 0.0
    margin_hedged: float = 0.0
    margin_divider: float = 1.0
    margin_hedged_strong: int = 0
    swap_enable: int = 1
    swap_type: int = 0
    swap_long: float = 0.0
    swap_short: float = 0.0
    swap_rollover3days: int = 2
    swap_openprice: int = 0
    swap_variation_margin: int = 0
    filter: int = 0
    filter_counter: int = 0
    filter_limit: float = 0.0
    filter_smoothing: int = 0
    quotes_delay: int = 0
    value_date: int = 0
    background_color: int = 0xFF000000

    @classmethod
    def all(cls, symbols: Iterable[Symbol]) -> list[Self]:
        """Show several."""
        return convert(list(symbols), list[cls], from_attributes=True)


class Groups(Struct, frozen=True, kw_only=True, tag_field="status", tag="ok"):
    """Groups by name; ``total`` counts before paging."""

    groups: list[GroupRow]
    total: int
    next_cursor: str | UnsetType | None = UNSET

    @classmethod
    def of(cls, page: Page[GroupRow]) -> Self:
        """Show a page of groups."""
        return cls(groups=page.records, total=page.total, next_cursor=page.next_cursor)


class OneGroup(Struct, frozen=True, tag_field="status", tag="ok"):
    """One group with its terms; ``secgroups`` is indexed by a symbol's ``type``."""

    group: Group


class OnlineAccounts(Struct, frozen=True, kw_only=True, tag_field="status", tag="ok"):
    """Connected accounts by login."""

    online: list[Online]
    total: int
    next_cursor: str | UnsetType | None = UNSET

    @classmethod
    def of(cls, page: Page[Online]) -> Self:
        """Show a page of connected accounts."""
        return cls(online=page.records, total=page.total, next_cursor=page.next_cursor)


class Symbols(Struct, frozen=True, kw_only=True, tag_field="status", tag="ok"):
    """Symbols by name; ``total`` counts before paging."""

    symbols: list[SymbolRow]
    total: int
    next_cursor: str | UnsetType | None = UNSET

    @classmethod
    def of(cls, page: Page[SymbolRow]) -> Self:
        """Show a page of symbols."""
        return cls(symbols=page.records, total=page.total, next_cursor=page.next_cursor)


class OneSymbol(Struct, frozen=True, tag_field="status", tag="ok"):
    """One symbol's configuration; ``sessions[0]`` is Sunday, hours are the server's."""

    symbol: Symbol


class Quote(Struct, frozen=True, kw_only=True):
    """A quote: ``spread`` in points, ``direction`` 0 up, 1 down, 2 none, ``lasttime`` server seconds."""

    symbol: str
    bid: float
    ask: float
    high: float
    low: float
    digits: int
    point: float
    spread: int
    direction: int
    lasttime: int
    lasttime_str: str


class OnePrice(Struct, frozen=True, tag_field="status", tag="ok"):
    """A symbol's last quote."""

    price: Quote

    @classmethod
    def of(cls, price: Price) -> Self:
        """Show a quote."""
        return cls(
            Quote(
                symbol=price.symbol,
                bid=price.bid,
                ask=price.ask,
                high=price.high,
                low=price.low,
                digits=price.digits,
                point=price.point,
                spread=price.spread,
                direction=price.direction,
                lasttime=price.lasttime,
                lasttime_str=rendered(price.lasttime),
            )
        )
