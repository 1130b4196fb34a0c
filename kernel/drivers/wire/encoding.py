"""Records as msgpack, and a driver's faults as answers and back."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeVar, cast

import msgspec
from msgspec import Raw
from msgspec.msgpack import Decoder, Encoder

from kernel.drivers import DriverFault, Indeterminate, NotSent, Rejected
from kernel.drivers.wire.messages import Answer
from kernel.records.scalars import Flag

_T = TypeVar("_T")
_PIECE_BYTES: Final = 262_144
"""What a piece of a list should have: small enough not to hold up others, large enough to be few."""
_FIRST_ROWS: Final = 64
_MOST_ROWS: Final = 2048


class SessionOver(NotSent):
    """There is no such session any more."""


def _plain(value: object) -> object:
    if isinstance(value, Flag):
        return int(value)
    if isinstance(value, Sequence):
        return list(cast("Sequence[object]", value))  # a range of logins, say
    raise TypeError(f"{type(value).__name__} does not cross the wire")


def _special(kind: type, value: object) -> object:
    if issubclass(kind, Flag):
        return Flag.read(value)
    raise TypeError(f"{kind.__name__} does not cross the wire")


_ENCODER: Final = Encoder(enc_hook=_plain)


def encode(value: object) -> bytes:
    """Write a value. Raises ``TypeError``, ``ValueError`` or ``OverflowError`` for what msgpack cannot hold."""
    return _ENCODER.encode(value)


def decoded(kind: type[_T] | Any) -> Decoder[_T]:
    """Give the decoder of a type, strict as the records are."""
    return Decoder(kind, dec_hook=_special)


def pieces(rows: Sequence[Any]) -> Iterator[bytes]:
    """Write a list as several, each of a quarter of a megabyte or so; an empty list gives none."""
    start, count = 0, _FIRST_ROWS
    while start < len(rows):
        piece = encode(rows[start : start + count])
        start += count
        count = max(1, min(_MOST_ROWS, count * _PIECE_BYTES // max(1, len(piece))))
        yield piece


def answer_of(fault: Exception) -> Answer:
    """Give the answer that stands for a fault; what is none of a driver's three is indeterminate."""
    if isinstance(fault, Rejected):
        return Answer(kind="rejected", retcode=fault.retcode)
    if isinstance(fault, SessionOver):
        return Answer(kind="not_sent", reason=_reason(fault), connected=False, pumping=False)
    if isinstance(fault, NotSent):
        return Answer(kind="not_sent", reason=_reason(fault))
    retcode = fault.retcode if isinstance(fault, Indeterminate) else None
    return Answer(kind="indeterminate", reason=_reason(fault), retcode=retcode)


def fault_of(answer: Answer) -> DriverFault | None:
    """Give the fault that an answer stands for; None where the call went well."""
    if answer.kind == "rejected" and answer.retcode is not None:
        return Rejected(answer.retcode)
    if answer.kind == "not_sent":
        return NotSent(answer.reason)
    if answer.kind in {"done", "rows"}:
        return None
    return Indeterminate(answer.reason or "the bridge gave no reason", answer.retcode)


def done(value: object = None, *, connected: bool | None = None, pumping: bool | None = None) -> Answer:
    """Give the answer of a call that went well."""
    return Answer(kind="done", payload=Raw(encode(value)), connected=connected, pumping=pumping)


def _reason(fault: Exception) -> str:
    """Say it in words that can be written: a broken text in an error must not break the answer too."""
    text = str(fault) or type(fault).__name__
    return text.encode("utf-8", "replace").decode("utf-8")[:500]


UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What decoding a garbled message raises; ``msgspec.ValidationError`` is among them."""
UNWRITABLE: Final = (TypeError, ValueError, OverflowError, RecursionError)
"""What encoding raises for what msgpack cannot hold, such as half a surrogate pair."""
