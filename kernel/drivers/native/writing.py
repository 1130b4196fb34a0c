"""Structures that go to MT4: made from records, or read records with single fields changed."""

import ctypes
import math
import struct
from collections.abc import Iterable
from typing import Any, Final

from msgspec import UNSET, Struct

from kernel.drivers.native.facts import Field, facts
from kernel.drivers.native.layouts import structure
from kernel.drivers.native.records import CODES, Rows
from kernel.drivers.native.texts import Texts, Unfit

USER_FIELDS: Final = (
    *("group", "name", "email", "phone", "country", "city", "state", "zipcode", "address", "lead_source"),
    *("comment", "id", "status", "leverage", "agent_account", "taxes", "interestrate", "enable"),
    *("enable_change_password", "enable_read_only", "enable_otp", "send_reports", "mqid", "user_color"),
)
"""What of an account a manager may set; all else is MT4's."""
TRADE_FIELDS: Final = (
    *("sl", "tp", "open_price", "close_price", "open_time", "close_time", "expiration", "commission"),
    *("commission_agent", "storage", "profit", "taxes", "magic", "comment"),
)
"""What of a trade ``AdmTradeRecordModify`` is asked to change here."""


class Buffer:
    """One structure in memory: zeroed, or a copy of the bytes that MT4 gave."""

    def __init__(self, name: str, texts: Texts, data: bytes = b"") -> None:
        """Take the whole structure's bytes, or none."""
        self._fact = facts().structs[name]
        self._name, self._texts = name, texts
        self.memory: Final = structure(name)()
        if data:
            ctypes.memmove(ctypes.addressof(self.memory), data, self._fact.size)

    @property
    def address(self) -> int:
        """Say where it lies, as long as the buffer lives."""
        return ctypes.addressof(self.memory)

    def bytes(self) -> bytes:
        """Copy it."""
        return bytes(self.memory)

    def put(self, **values: Any) -> None:
        """Write fields; raises ``Unfit`` for a value that the field cannot hold exactly."""
        for name, value in values.items():
            if value is not UNSET:
                self._put(self._fact.field(name), value)

    def get(self, name: str) -> Any:
        """Read one field as it is."""
        return getattr(self.memory, name)

    def overlay(self, rows: Rows[Any], record: Struct, names: Iterable[str]) -> None:
        """Write those of the named fields that differ from what the bytes say now.

        A field that is the same stays as it is to the byte, also where its bytes are not of the code
        page or follow the NUL.
        """
        now = next(rows.members(self.bytes()))
        self.put(**{name: value for name in names if (value := getattr(record, name)) != now[name]})

    def _put(self, field: Field, value: Any) -> None:
        where = f"{self._name}.{field.name}"
        if field.type == "c_char" and field.count:
            data = self._texts.field(value, field.count, where)
        else:
            data = _number(field, value, where)
        ctypes.memmove(self.address + field.offset, data, len(data))


def numbers(values: Iterable[int]) -> "ctypes.Array[ctypes.c_int32]":
    """Give logins or tickets as MT4 takes them; raises ``Unfit`` for one over 32 bits."""
    listed = list(values)
    for value in listed:
        if not -(2**31) <= value < 2**31:
            raise Unfit(f"{value} is no number of MT4's 32 bits")
    return (ctypes.c_int32 * len(listed))(*listed)


def _number(field: Field, value: float, where: str) -> bytes:
    if isinstance(value, float) and not math.isfinite(value):
        raise Unfit(f"{where} cannot be {value}")
    try:
        return struct.pack(f"<{CODES[field.type]}", float(value) if field.type == "c_double" else int(value))
    except (struct.error, OverflowError) as error:
        raise Unfit(f"{where} cannot be {value}") from error
