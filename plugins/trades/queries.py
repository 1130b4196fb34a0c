"""What a caller asks of the history."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from kernel.api import BadInput, Command, ListQuery, Timestamp, Trade, end_of_day, start_of_day

_DAY = 86400
_LATEST = 2**31 - 1
_Date = Annotated[str, Meta(min_length=10, max_length=10, description="ISO date, inclusive.", examples=["2026-03-07"])]


class HistoryQuery(Struct, frozen=True, kw_only=True):
    """A range of close times, in server seconds or as dates, both ends inside; left out, everything."""

    since: Timestamp | UnsetType = field(default=UNSET, name="from")
    until: Timestamp | UnsetType = field(default=UNSET, name="to")
    from_date: _Date | UnsetType = UNSET
    to_date: _Date | UnsetType = UNSET
    types: Literal["all", "trades", "balance"] = "all"
    symbol: Annotated[str, Meta(max_length=11)] | UnsetType = UNSET
    limit: Annotated[int, Meta(ge=1, le=5000)] | UnsetType = UNSET
    cursor: Annotated[str, Meta(max_length=200)] | UnsetType = UNSET
    fields: Annotated[str, Meta(max_length=2000)] | UnsetType = UNSET

    @property
    def listing(self) -> ListQuery:
        """Give the members that every list has."""
        return ListQuery(self.limit or None, self.cursor or None, self.fields or None, source="body")

    def takes(self, trade: Trade) -> bool:
        """Whether a record is of the wanted type and symbol."""
        kind = "balance" if trade.cmd >= Command.BALANCE else "trades"
        return self.types in {"all", kind} and self.symbol in {UNSET, trade.symbol}

    def span(self, now: int) -> tuple[int, int]:
        """Give the first and the last second; raises ``BadInput`` for a range that makes no sense."""
        since = self._edge("from", self.since, self.from_date, 0)
        until = self._edge("to", self.until, self.to_date, min(now + _DAY, _LATEST))
        if since > until:
            raise BadInput.at("body", "from", message="must not be after to")
        return since, until

    def _edge(self, name: Literal["from", "to"], seconds: int | UnsetType, day: str | UnsetType, default: int) -> int:
        if day is UNSET:
            return default if seconds is UNSET else seconds
        if seconds is not UNSET:
            raise BadInput.at("body", f"{name}_date", message=f"must not be given together with {name}")
        try:
            edge = start_of_day(day) if name == "from" else end_of_day(day) - 1
        except ValueError as error:
            raise BadInput.at("body", f"{name}_date", message="must be a date such as 2026-03-07") from error
        return max(0, min(edge, _LATEST))
