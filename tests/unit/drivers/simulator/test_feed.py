"""The random walk and the replay of recorded ticks."""

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from kernel.drivers.simulator.catalogue import first_prices, symbols
from kernel.drivers.simulator.feed import RandomWalk, Replay
from kernel.drivers.simulator.market import Market
from kernel.drivers.simulator.sessions import quoted
from kernel.drivers.simulator.ticks import Tick
from kernel.records.market import Symbol

MONDAY_NOON = int(datetime(2026, 3, 9, 12, tzinfo=UTC).timestamp())
SATURDAY = MONDAY_NOON - 2 * 86400


def quoted_market() -> Market:
    market = Market(symbols())
    for name, (bid, ask) in first_prices().items():
        market.tick(name, bid, ask, 1)
    return market


def walk(seed: int, start: int, steps: int, pause: int = 1) -> tuple[list[list[Tick]], Market]:
    market = quoted_market()
    feed = RandomWalk(seed, market)
    seen: list[list[Tick]] = []
    for step in range(steps):
        now = start + step * pause
        ticks = feed.step(now)
        for tick in ticks:
            market.tick(tick.symbol, tick.bid, tick.ask, now)
        seen.append(ticks)
    return seen, market


def test_the_same_seed_walks_the_same_way_and_another_does_not() -> None:
    assert walk(1, MONDAY_NOON, 50)[0] == walk(1, MONDAY_NOON, 50)[0]
    assert walk(1, MONDAY_NOON, 50)[0] != walk(2, MONDAY_NOON, 50)[0]


def test_each_step_moves_a_handful_of_different_symbols() -> None:
    steps, _ = walk(1, MONDAY_NOON, 300)

    assert all(3 <= len({tick.symbol for tick in ticks}) == len(ticks) <= 8 for ticks in steps)
    asleep = {symbol.symbol for symbol in symbols() if not quoted(symbol, MONDAY_NOON)}
    assert asleep
    assert {tick.symbol for ticks in steps for tick in ticks} == {symbol.symbol for symbol in symbols()} - asleep


def test_at_a_weekend_only_what_never_closes_moves() -> None:
    steps, _ = walk(1, SATURDAY, 100)

    assert {tick.symbol for ticks in steps for tick in ticks} == {"BTC/USD", "ETHUSD", "LTCUSD", "XRPUSD"}


def test_prices_move_by_what_the_time_between_allows_and_stay_near_their_anchor() -> None:
    _, market = walk(3, MONDAY_NOON, 3000, pause=600)

    for name, (bid, _) in first_prices().items():
        quote = market.quote(name)
        assert quote is not None
        assert 0.5 < quote.bid / bid < 2.0
        assert quote.bid != bid


def test_a_second_moves_a_major_by_points_and_not_by_percent() -> None:
    steps, _ = walk(4, MONDAY_NOON, 2000)
    bids = [tick.bid for ticks in steps for tick in ticks if tick.symbol == "EURUSD"]
    moves = [abs(after / before - 1) for before, after in pairwise(bids)]

    assert len(moves) > 100
    assert sum(moves) / len(moves) < 2e-4
    assert max(moves) > 0


def test_a_price_that_went_astray_is_pulled_back() -> None:
    market = quoted_market()
    market.tick("EURUSD", 2.0, 2.0002, MONDAY_NOON)
    feed = RandomWalk(1, market)
    for step in range(4000):
        now = MONDAY_NOON + step * 1800
        for tick in feed.step(now):
            market.tick(tick.symbol, tick.bid, tick.ask, now)

    quote = market.quote("EURUSD")
    assert quote is not None
    assert 0.95 < quote.bid < 1.25


def test_spreads_float_but_for_those_that_are_fixed() -> None:
    steps, market = walk(5, MONDAY_NOON, 3000)
    spreads: dict[str, set[int]] = {}
    for ticks in steps:
        for tick in ticks:
            spreads.setdefault(tick.symbol, set()).add(round((tick.ask - tick.bid) / market.symbols[tick.symbol].point))

    assert spreads["USDTRY"] == {900}
    assert len(spreads["EURUSD"]) > 3
    assert all(min(found) >= 0 for found in spreads.values())
    assert min(spreads["EURUSD"]) >= 8
    assert max(spreads["EURUSD"]) < 30


def test_a_symbol_of_which_no_price_is_known_stands_still() -> None:
    assert RandomWalk(1, Market([Symbol(symbol="NEW")])).step(MONDAY_NOON) == []


def test_a_known_symbol_walks_from_its_first_price_when_nothing_was_quoted() -> None:
    ticks = RandomWalk(1, Market([symbols()[0]])).step(MONDAY_NOON)

    assert [tick.symbol for tick in ticks] == ["EURUSD"]
    assert ticks[0].bid == pytest.approx(first_prices()["EURUSD"][0], rel=1e-3)


def csv(folder: Path, *lines: str, header: str = "time,symbol,bid,ask") -> Path:
    path = folder / "ticks.csv"
    path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return path


def test_a_replay_keeps_the_pace_of_its_file_from_the_first_step_on(tmp_path: Path) -> None:
    feed = Replay(
        csv(tmp_path, "100,EURUSD,1.1,1.2", "102.5,USDJPY,150,150.1", "102.5,EURUSD,1.2,1.3", "", "104,A,1,1")
    )

    assert feed.step(5000) == [Tick("EURUSD", 1.1, 1.2)]
    assert feed.step(5002) == []
    assert feed.step(5003) == [Tick("USDJPY", 150.0, 150.1), Tick("EURUSD", 1.2, 1.3)]
    assert feed.step(6000) == [Tick("A", 1.0, 1.0)]
    assert feed.step(7000) == []


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["1,EURUSD,1.1"], "line 2: 3 values"),
        (["1,EURUSD,1.1,1.2", "0,EURUSD,1.1,1.2"], "line 3: time 0 is before"),
        (["now,EURUSD,1.1,1.2"], "line 2: time 'now' is no number"),
        (["1,EURUSD,1_1,12"], "line 2: bid '1_1' is no number"),
        (["1,EURUSD,1.1,nan"], "line 2: ask 'nan' is no number"),
        (["1,EURUSD,1.1,inf"], "line 2: ask 'inf' is no number"),
        (["1,EURUSD,٣,4"], "line 2: bid '٣' is no number"),
        (["1,EURUSD,1.2,1.1"], "line 2: bid 1.2 and ask 1.1 are no prices"),
        (["1,EURUSD,0,1.1"], "line 2: bid 0 and ask 1.1 are no prices"),
        (["1,,1,1"], "line 2: there is no symbol ''"),
        (["1,XXX,1,1"], "line 2: there is no symbol 'XXX'"),
        (['1,"EURUSD,1,1'], "is no CSV"),
        ([], "there are no ticks in it"),
    ],
)
def test_a_fault_in_a_tick_file_is_named_with_its_line(tmp_path: Path, lines: list[str], said: str) -> None:
    path = csv(tmp_path, *lines)

    with pytest.raises(ValueError, match=said) as caught:
        Replay(path, quoted_market())
    assert str(path) in str(caught.value)


def test_a_tick_file_must_have_its_header(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="line 1: the header must be time,symbol,bid,ask"):
        Replay(csv(tmp_path, "1,EURUSD,1,1", header="symbol,time,bid,ask"))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.csv"
    broken.write_bytes(b"time,symbol,bid,ask\n1,\xff,1,1\n")

    with pytest.raises(ValueError, match=r"absent\.csv: cannot be read"):
        Replay(tmp_path / "absent.csv")
    with pytest.raises(ValueError, match=r"broken\.csv: is not text in UTF-8"):
        Replay(broken)
