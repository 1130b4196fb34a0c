"""What the administrative routes answer."""

from collections.abc import Sequence
from typing import Any, Self

from msgspec import UNSET, Struct, UnsetType

from kernel.api import BatchResult, Common, GroupOperation, Manager, Page, ShownTrade, Trade


class TradesFound(Struct, frozen=True, kw_only=True, tag_field="status", tag="ok"):
    """Records by ticket, open or closed; ``not_found`` names the tickets that do not exist."""

    trades: list[ShownTrade]
    total: int
    not_found: list[int]


class TradesByGroup(Struct, frozen=True, kw_only=True, tag_field="status", tag="ok"):
    """Trades of a group mask, by ticket."""

    group: str
    open_only: bool
    trades: list[ShownTrade]
    total: int
    next_cursor: str | UnsetType | None = UNSET

    @classmethod
    def of(cls, group: str, page: Page[ShownTrade], *, open_only: bool) -> Self:
        """Show a page of trades."""
        return cls(
            group=group, open_only=open_only, trades=page.records, total=page.total, next_cursor=page.next_cursor
        )


class TradeModified(Struct, frozen=True, kw_only=True, tag_field="status", tag="ok"):
    """An edited trade; ``previous`` has the old values of the members in ``updated``."""

    message: str = "Trade modified"
    updated: list[str]
    trade: ShownTrade
    previous: dict[str, Any]

    @classmethod
    def of(cls, updated: Sequence[str], before: Trade, after: Trade) -> Self:
        """Show an edit."""
        previous = {name: getattr(before, name) for name in updated}
        return cls(updated=list(updated), trade=ShownTrade.of(after), previous=previous)


class TradesDeleted(Struct, frozen=True, kw_only=True, tag_field="status", tag="ok"):
    """Records that are gone for good."""

    message: str
    deleted: list[int]
    not_found: list[int]
    total: int

    @classmethod
    def of(cls, deleted: Sequence[int], not_found: Sequence[int]) -> Self:
        """Count what was deleted."""
        trades = "1 trade" if len(deleted) == 1 else f"{len(deleted)} trades"
        return cls(message=f"{trades} deleted", deleted=list(deleted), not_found=list(not_found), total=len(deleted))


class MailSent(Struct, frozen=True, kw_only=True, tag_field="status", tag="ok"):
    """MT4 has taken the mail."""

    message: str = "Mail sent"
    recipients: int


class GroupOperationDone(Struct, frozen=True, kw_only=True, tag_field="status", tag="ok"):
    """What became of each account, as read again afterwards; ``total`` counts the affected."""

    message: str
    command: str
    affected: list[int]
    not_found: list[int]
    failed: list[int]
    total: int

    @classmethod
    def of(cls, batch: GroupOperation, result: BatchResult) -> Self:
        """Count what was done."""
        return cls(
            message=f"{len(result.affected)} of {len(batch.logins)} users updated",
            command=batch.command,
            affected=list(result.affected),
            not_found=list(result.not_found),
            failed=list(result.failed),
            total=len(result.affected),
        )


class ManagerView(Struct, frozen=True, kw_only=True):
    """Our login on the trade server: what it may do, and which groups it sees."""

    login: int
    name: str
    groups: str
    rights: list[str]

    @classmethod
    def of(cls, manager: Manager) -> Self:
        """Show a manager."""
        return cls(login=manager.login, name=manager.name, groups=manager.groups, rights=list(manager.rights))


class ServerConfig(Struct, frozen=True, kw_only=True, tag_field="status", tag="ok"):
    """The server's configuration; its clock is ``utc_offset_seconds`` ahead of UTC."""

    config: Common
    manager: ManagerView
    utc_offset_seconds: int

    @classmethod
    def of(cls, config: Common, manager: Manager) -> Self:
        """Show both."""
        return cls(
            config=config,
            manager=ManagerView.of(manager),
            utc_offset_seconds=(config.timezone_real or config.timezone) * 3600,
        )
