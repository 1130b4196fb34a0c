"""Hours of quoting and of trading in the server's week."""

from datetime import UTC, datetime

import pytest

from kernel.drivers.simulator.sessions import hour_of_week, quoted, tradable, trading_hours
from kernel.records.market import Hours, Session, Symbol

DAY = Session(
    quote=(Hours(open="01:00", close="23:15"), Hours(open="23:30", close="24:00")),
    trade=(Hours(open="01:05", close="22:00"),),
)
WEEK = Symbol(symbol="X", sessions=(Session(), DAY, DAY, DAY, DAY, DAY, Session()))


def at(text: str) -> int:
    """Sunday, 8 March 2026 begins the week."""
    return int(datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("moment", "quote", "trade"),
    [
        ("08T12:00", False, False),
        ("09T00:59:59", False, False),
        ("09T01:00", True, False),
        ("09T01:05", True, True),
        ("09T21:59:59", True, True),
        ("09T22:00", True, False),
        ("09T23:15", False, False),
        ("09T23:59:59", True, False),
        ("13T12:00", True, True),
        ("14T12:00", False, False),
    ],
)
def test_a_symbol_keeps_its_hours(moment: str, quote: bool, trade: bool) -> None:  # noqa: FBT001 - a table's columns
    assert (quoted(WEEK, at(moment)), tradable(WEEK, at(moment))) == (quote, trade)


def test_without_sessions_a_symbol_is_always_open() -> None:
    assert quoted(Symbol(symbol="X"), at("08T12:00"))
    assert tradable(Symbol(symbol="X"), at("08T12:00"))
    assert trading_hours(Symbol(symbol="X")) == frozenset(range(168))


def test_a_day_that_is_not_given_is_closed() -> None:
    assert not tradable(Symbol(symbol="X", sessions=(DAY,)), at("09T12:00"))
    assert tradable(Symbol(symbol="X", sessions=(DAY,)), at("08T12:00"))


def test_a_symbol_lives_from_its_start_to_its_expiration() -> None:
    dated = Symbol(symbol="X", starting=at("09T12:00"), expiration=at("10T12:00"))

    open_at = [tradable(dated, at(moment)) for moment in ("09T11:59", "09T12:00", "10T11:59", "10T12:00")]

    assert open_at == [False, True, True, False]


def test_a_symbol_without_realtime_quotes_gets_none_and_is_traded_all_the_same() -> None:
    still = Symbol(symbol="X", realtime=0)

    assert (quoted(still, at("09T12:00")), tradable(still, at("09T12:00"))) == (False, True)


def test_the_hours_of_the_week_are_those_traded_through() -> None:
    assert hour_of_week(at("08T00:00")) == 0
    assert hour_of_week(at("14T23:30")) == 167
    assert trading_hours(WEEK) == {day * 24 + hour for day in range(1, 6) for hour in range(2, 22)}


@pytest.mark.parametrize("wrong", ["24:01", "1200", "12:60", "-1:00", "", "aa:bb"])
def test_a_wrong_time_of_day_is_named(wrong: str) -> None:
    symbol = Symbol(symbol="X", sessions=(Session(trade=(Hours(open=wrong, close="24:00"),)),) * 7)

    with pytest.raises(ValueError, match="is no time of day"):
        tradable(symbol, at("09T12:00"))
