"""What a caller sends to the administrative routes."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from kernel.api import ListQuery, Ticket, unique

_Orders = Annotated[tuple[Ticket, ...], Meta(min_length=1, max_length=5000, extra_json_schema={"uniqueItems": True})]


class Orders(Struct, frozen=True):
    """Tickets, each once."""

    orders: _Orders

    def __post_init__(self) -> None:
        """Refuse a ticket that stands there twice, while decoding."""
        unique("orders", self.orders)


class GroupQuery(Struct, frozen=True, kw_only=True):
    """Trades by group mask, or by a login written as text; ``open_only`` false takes closed ones too."""

    group: Annotated[str, Meta(min_length=1, max_length=255)]
    open_only: bool = True
    limit: Annotated[int, Meta(ge=1, le=5000)] | UnsetType = UNSET
    cursor: Annotated[str, Meta(max_length=200)] | UnsetType = UNSET
    fields: Annotated[str, Meta(max_length=2000)] | UnsetType = UNSET

    @property
    def listing(self) -> ListQuery:
        """Give the members that every list has."""
        return ListQuery(self.limit or None, self.cursor or None, self.fields or None, source="body")
