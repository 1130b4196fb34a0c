"""The server's times as people write and read them: its clock rendered plainly, as if it were UTC."""

from datetime import UTC, date, datetime, timedelta


def rendered(timestamp: int) -> str:
    """Write server seconds as ``2026-03-07 16:43:34 UTC``."""
    return datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def start_of_day(day: str) -> int:
    """Give the first second of a date such as 2026-03-07; raises ``ValueError``."""
    return _seconds(_date(day))


def end_of_day(day: str) -> int:
    """Give the first second after a date, so that the date itself is inside; raises ``ValueError``."""
    try:
        return _seconds(_date(day) + timedelta(days=1))
    except OverflowError as error:
        raise ValueError(str(error)) from error


def _date(text: str) -> date:
    """Read one spelling of a date: ISO has others, such as 2026-W10-1."""
    day = date.fromisoformat(text)
    if day.isoformat() != text:
        raise ValueError("must be written as 2026-03-07")
    return day


def _seconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
