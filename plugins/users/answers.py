"""What the user routes answer."""

from typing import Self

from msgspec import UNSET, Struct, UnsetType

from kernel.api import Page, User


class Users(Struct, frozen=True, kw_only=True, tag_field="status", tag="ok"):
    """Accounts by login; ``total`` counts before paging."""

    users: list[User]
    total: int
    next_cursor: str | UnsetType | None = UNSET

    @classmethod
    def of(cls, page: Page[User]) -> Self:
        """Show a page of accounts."""
        return cls(users=page.records, total=page.total, next_cursor=page.next_cursor)


class OneUser(Struct, frozen=True, tag_field="status", tag="ok"):
    """One account."""

    user: User


class Created(Struct, frozen=True, kw_only=True, tag_field="status", tag="ok"):
    """A new account, as MT4 holds it."""

    message: str = "User created"
    login: int
    user: User


class Updated(Struct, frozen=True, kw_only=True, tag_field="status", tag="ok"):
    """A changed account; ``updated`` names the members that the request gave."""

    message: str = "User updated"
    updated: list[str]
    user: User


class PasswordSet(Struct, frozen=True, kw_only=True, tag_field="status", tag="ok"):
    """A new password is set: the main one, or the investor's."""

    message: str = "Password changed"
    login: int
    change_investor: bool


class PasswordChecked(Struct, frozen=True, tag_field="status", tag="ok"):
    """Whether it is the account's main password."""

    valid: bool
