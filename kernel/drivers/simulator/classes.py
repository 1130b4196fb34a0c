"""The security classes of the demonstration broker, how lively they are, and the hours that they keep."""

from typing import Any, Final

from kernel.records.market import Hours, Session, Symbol

MAJORS, CROSSES, METALS, INDICES, SHARES, FUTURES, CRYPTO = range(7)
"""``Symbol.type``, by which a group's terms are indexed."""

FRIDAY: Final = 4
"""As ``Symbol.swap_rollover3days`` counts."""

Row = tuple[str, float, int, dict[str, Any]]
"""A symbol to be: its name, first bid, usual spread in points, and what ``Symbol`` is made from."""

_DAILY_MOVE: Final = (0.005, 0.006, 0.011, 0.011, 0.018, 0.016, 0.04)
_USUAL_MOVE: Final = 0.01


def daily_move(symbol: Symbol) -> float:
    """Give how far the symbol usually moves in a day, as a part of its price."""
    return _DAILY_MOVE[symbol.type] if 0 <= symbol.type < len(_DAILY_MOVE) else _USUAL_MOVE


def _hours(*spans: str) -> tuple[Hours, ...]:
    return tuple(Hours(open=span[:5], close=span[6:]) for span in spans)


def _week(quote: tuple[str, ...], trade: tuple[str, ...]) -> tuple[Session, ...]:
    """Give a week that is closed on Saturday and Sunday."""
    day = Session(quote=_hours(*quote), trade=_hours(*trade))
    return (Session(), day, day, day, day, day, Session())


ROUND_THE_CLOCK: Final = _week(("00:00-24:00",), ("00:05-23:55",))
BREAK_AT_NIGHT: Final = _week(("01:00-24:00",), ("01:02-23:55",))
TWO_SESSIONS: Final = _week(("01:00-23:15", "23:30-24:00"), ("01:05-23:10", "23:32-23:58"))
EUROPEAN_DAY: Final = _week(("10:00-18:30",), ("10:02-18:28",))
AMERICAN_DAY: Final = _week(("16:30-23:00",), ("16:32-22:58",))
NEVER_CLOSED: Final = (Session(quote=_hours("00:00-24:00"), trade=_hours("00:00-24:00")),) * 7
