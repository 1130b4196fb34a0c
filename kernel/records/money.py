"""Money that moves between the broker and an account, and the receipt for it."""

from typing import Annotated, Final

from msgspec import UNSET, Meta, Struct, UnsetType

from kernel.records.scalars import Amount, Timestamp, room

COMMENT_BYTES: Final = 31
PositiveAmount = Annotated[Amount, Meta(extra_json_schema={"exclusiveMinimum": 0})]
Comment = Annotated[str, room(COMMENT_BYTES)]
"""``TradeTransInfo.comment``: 31 bytes of the server's code page."""


class Deposit(Struct, frozen=True, kw_only=True):
    """Money into an account: ``amount`` above zero, in the currency of its group."""

    amount: PositiveAmount
    comment: Comment = "Deposit"

    def __post_init__(self) -> None:
        """Refuse zero and less while decoding, so that the caller gets a 422."""
        if self.amount <= 0:
            raise ValueError("`$.amount` must be > 0")


class Withdrawal(Struct, frozen=True, kw_only=True):
    """Money out of an account: ``amount`` above zero.

    MT4 itself lets a manager take funds that back open positions; ``check_free_margin`` false says
    that this is meant, and needs the scope ``money:override``.
    """

    amount: PositiveAmount
    comment: Comment = "Withdrawal"
    check_free_margin: bool = True

    def __post_init__(self) -> None:
        """Refuse zero and less while decoding, so that the caller gets a 422."""
        if self.amount <= 0:
            raise ValueError("`$.amount` must be > 0")


class CreditChange(Struct, frozen=True, kw_only=True):
    """Credit in (above zero) or out (below zero).

    MT4 refuses credit in without an ``expiration`` in the future, in server seconds at a full hour;
    left out, the settings' ``credit_default_days`` decide.
    """

    amount: Amount
    comment: Comment = "Credit"
    expiration: Timestamp | UnsetType = UNSET
    expiration_date: Annotated[str, room(10)] | UnsetType = UNSET

    def __post_init__(self) -> None:
        """Refuse zero while decoding, so that the caller gets a 422."""
        if self.amount == 0:
            raise ValueError("`$.amount` must not be 0")
        if self.expiration is not UNSET and self.expiration_date is not UNSET:
            raise ValueError("`$.expiration_date` must not be given together with expiration")


class Receipt(Struct, frozen=True, kw_only=True):
    """What MT4 did with a money operation.

    ``balance`` and ``credit`` are read again afterwards and None where that failed: an applied
    operation is never reported as an error.
    """

    operation_id: str
    login: int
    order: int
    amount: float
    comment: str
    balance: float | None
    credit: float | None
    expiration: int = 0
