"""Dates and times of the server's clock, written and read."""

import pytest

from kernel.records.times import end_of_day, rendered, start_of_day


def test_a_time_is_rendered_plainly() -> None:
    assert rendered(1772901814) == "2026-03-07 16:43:34 UTC"


def test_a_date_is_inside_from_its_first_to_its_last_second() -> None:
    assert (start_of_day("2026-03-07"), end_of_day("2026-03-07")) == (1772841600, 1772841600 + 86400)


@pytest.mark.parametrize(
    "text",
    ["2026-W10-1", "20260307", "2026-3-7", "2026-02-30", "\uff19999-01-01", "2026-03-07T00:00:00", "", "9999-12-31"],
)
def test_what_is_no_such_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        end_of_day(text)
