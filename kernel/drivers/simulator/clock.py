"""The server's time: seconds of its own zone, counted as if they were UTC."""

from datetime import UTC, datetime, timedelta
from typing import Final

HOUR: Final = 3600
DAY: Final = 24 * HOUR


class ManualClock:
    """A clock that moves only when told to, for trials; call it to read Unix seconds."""

    def __init__(self, start: float = 1_772_618_400.0) -> None:
        """Stop at ``start``: 10:00 UTC on a Wednesday in March 2026 unless told otherwise."""
        self.time = start

    def __call__(self) -> float:
        """Read it."""
        return self.time

    def advance(self, seconds: float) -> None:
        """Let time pass; it never runs backwards."""
        if seconds < 0:
            raise ValueError("time does not run backwards")
        self.time += seconds


def weekday(moment: int) -> int:
    """Say which day of the week a server time is in: 0 is Monday."""
    return (moment // DAY + 3) % 7


def day_end(moment: int, hour: int, minute: int) -> int:
    """Give the first end of a trading day (``ConCommon.endhour:endminute``) after a server time."""
    end = moment - moment % DAY + hour * HOUR + minute * 60
    return end if end > moment else end + DAY


def ends_month(moment: int) -> bool:
    """Whether the day that this server time is in is the last of its month."""
    day = datetime.fromtimestamp(moment, UTC)
    return (day + timedelta(days=1)).month != day.month
