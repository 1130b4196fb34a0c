"""What the trade routes answer."""

from typing import Self

from msgspec import UNSET, Struct, UnsetType, field

from kernel.api import Page, ShownTrade


class Trades(Struct, frozen=True, kw_only=True, tag_field="status", tag="ok"):
    """Open positions and pending orders by ticket; ``total`` counts before paging."""

    trades: list[ShownTrade]
    total: int
    next_cursor: str | UnsetType | None = UNSET

    @classmethod
    def of(cls, page: Page[ShownTrade]) -> Self:
        """Show a page of trades."""
        return cls(trades=page.records, total=page.total, next_cursor=page.next_cursor)


class TradesOfLogin(Struct, frozen=True, kw_only=True, tag_field="status", tag="ok"):
    """One account's open positions and pending orders."""

    login: int
    trades: list[ShownTrade]
    total: int
    next_cursor: str | UnsetType | None = UNSET

    @classmethod
    def of(cls, login: int, page: Page[ShownTrade]) -> Self:
        """Show a page of an account's trades."""
        return cls(login=login, trades=page.records, total=page.total, next_cursor=page.next_cursor)


class History(Struct, frozen=True, kw_only=True, tag_field="status", tag="ok"):
    """What was closed from ``from`` through ``to``, in server seconds, balance and credit rows included."""

    login: int
    since: int = field(name="from")
    until: int = field(name="to")
    trades: list[ShownTrade]
    total: int
    next_cursor: str | UnsetType | None = UNSET

    @classmethod
    def of(cls, login: int, span: tuple[int, int], page: Page[ShownTrade]) -> Self:
        """Show a page of an account's history."""
        since, until = span
        return cls(
            login=login,
            since=since,
            until=until,
            trades=page.records,
            total=page.total,
            next_cursor=page.next_cursor,
        )
