"""When a symbol is quoted and traded: its hours of the week, in the server's time."""

from functools import lru_cache
from typing import Final

from kernel.records.market import Hours, Symbol

_DAY: Final = 86400
_MINUTES: Final = 24 * 60
_EPOCH_WEEKDAY: Final = 4
"""1 January 1970 was a Thursday; MT4 counts a week's sessions from Sunday, 0."""


def quoted(symbol: Symbol, now: int) -> bool:
    """Whether quotes come in at ``now``, server seconds.

    Never where ``realtime`` is off, before ``starting`` or after ``expiration``; a symbol for which
    no sessions are given is open all week.
    """
    return bool(symbol.realtime) and _open(symbol, now, trading=False)


def tradable(symbol: Symbol, now: int) -> bool:
    """Whether orders are taken at ``now`` as far as hours go; ``Symbol.trade`` is another matter."""
    return _open(symbol, now, trading=True)


def hour_of_week(now: int) -> int:
    """Give the hour that ``now`` is in, 0 to 167, from Sunday's midnight on."""
    return (now // 3600 + _EPOCH_WEEKDAY * 24) % 168


def trading_hours(symbol: Symbol) -> frozenset[int]:
    """Give the hours of the week (``hour_of_week``) through which the symbol is traded without a gap."""
    if not symbol.sessions:
        return frozenset(range(168))
    return frozenset(
        day * 24 + start // 60
        for day, session in enumerate(symbol.sessions[:7])
        for start in range(0, _MINUTES, 60)
        if any(opens <= start and start + 60 <= closes for opens, closes in _spans(session.trade))
    )


def _open(symbol: Symbol, now: int, *, trading: bool) -> bool:
    if now < symbol.starting or 0 < symbol.expiration <= now:
        return False
    if not symbol.sessions:
        return True
    weekday = (now // _DAY + _EPOCH_WEEKDAY) % 7
    if weekday >= len(symbol.sessions):
        return False
    session = symbol.sessions[weekday]
    minute = now % _DAY / 60
    return any(opens <= minute < closes for opens, closes in _spans(session.trade if trading else session.quote))


@lru_cache(maxsize=1024)
def _spans(hours: tuple[Hours, ...]) -> tuple[tuple[int, int], ...]:
    return tuple((_minute(span.open), _minute(span.close)) for span in hours)


def _minute(text: str) -> int:
    hour, colon, minute = text.partition(":")
    if not (colon and hour.isdecimal() and minute.isdecimal() and int(minute) < 60):  # noqa: PLR2004 - minutes
        raise ValueError(f"{text!r} is no time of day: HH:MM, up to 24:00")
    total = int(hour) * 60 + int(minute)
    if total > _MINUTES:
        raise ValueError(f"{text!r} is no time of day: HH:MM, up to 24:00")
    return total
