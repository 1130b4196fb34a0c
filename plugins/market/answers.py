"""What the market routes answer."""

from collections.abc import Iterable
from typing import Self

from msgspec import UNSET, Struct, UnsetType, convert

from kernel.api import Group, GroupRow, Online, Page, Price, Symbol, SymbolRow, rendered


def group_rows(groups: Iterable[Group]) -> list[GroupRow]:
    """Leave the terms for securities and symbols out."""
    return convert(list(groups), list[GroupRow], from_attributes=True)


def symbol_rows(symbols: Iterable[Symbol]) -> list[SymbolRow]:
    """Leave the hours out."""
    return convert(list(symbols), list[SymbolRow], from_attributes=True)


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
