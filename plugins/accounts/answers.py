"""What the account routes answer."""

from typing import Self

from msgspec import UNSET, Struct, UnsetType

from kernel.api import Margin, Page, Receipt


class MoneyMoved(Struct, frozen=True, kw_only=True, tag_field="status", tag="ok"):
    """MT4 has booked it.

    ``order`` is its ticket, ``comment`` what MT4 holds; ``balance`` and ``credit`` are read afterwards
    and null where that reading failed.
    """

    message: str
    login: int
    order: int
    amount: float
    balance: float | None
    credit: float | None
    comment: str
    operation_id: str

    @classmethod
    def of(cls, message: str, receipt: Receipt) -> Self:
        """Show a receipt."""
        return cls(
            message=message,
            login=receipt.login,
            order=receipt.order,
            amount=receipt.amount,
            balance=receipt.balance,
            credit=receipt.credit,
            comment=receipt.comment,
            operation_id=receipt.operation_id,
        )


class CreditMoved(Struct, frozen=True, kw_only=True, tag_field="status", tag="ok"):
    """MT4 has booked credit in or out; ``expiration`` is when credit in ends, in server seconds, else 0."""

    message: str
    login: int
    order: int
    amount: float
    balance: float | None
    credit: float | None
    expiration: int
    comment: str
    operation_id: str

    @classmethod
    def of(cls, receipt: Receipt) -> Self:
        """Show a receipt."""
        return cls(
            message="Credit added" if receipt.amount > 0 else "Credit removed",
            login=receipt.login,
            order=receipt.order,
            amount=receipt.amount,
            balance=receipt.balance,
            credit=receipt.credit,
            expiration=receipt.expiration,
            comment=receipt.comment,
            operation_id=receipt.operation_id,
        )


class OneMargin(Struct, frozen=True, tag_field="status", tag="ok"):
    """One account's margin as MT4 reckons it now."""

    margin: Margin


class Margins(Struct, frozen=True, kw_only=True, tag_field="status", tag="ok"):
    """Margins by login; ``as_of`` is the server time that they are of."""

    margins: list[Margin]
    total: int
    next_cursor: str | UnsetType | None = UNSET
    as_of: int

    @classmethod
    def of(cls, page: Page[Margin], as_of: int) -> Self:
        """Show a page of margins."""
        return cls(margins=page.records, total=page.total, next_cursor=page.next_cursor, as_of=as_of)
