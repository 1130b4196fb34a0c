"""The threads that own objects, the queue of events, and the memory for mails keep what they promise."""

import asyncio
import ctypes
import threading
from concurrent.futures import CancelledError

import pytest

from kernel.drivers import NotSent
from kernel.drivers.native.events import Events
from kernel.drivers.native.lowmemory import low_copy
from kernel.drivers.native.owner import Owner
from kernel.records.events import Event, GapEvent, PriceEvent, TradeEvent
from kernel.records.market import Price
from kernel.records.trades import Trade


def price(symbol: str, bid: float) -> PriceEvent:
    quote = Price(
        symbol=symbol, bid=bid, ask=bid, high=bid, low=bid, digits=5, point=0.00001, spread=0, direction=0, lasttime=1
    )
    return PriceEvent(quote)


def opened(order: int) -> TradeEvent:
    return TradeEvent("add", Trade(order=order))


async def all_of(events: Events) -> list[Event]:
    return [event async for event in events.stream()]


def nothing() -> None:
    """Do nothing."""


def test_work_is_done_in_order_on_one_thread_that_is_not_ours() -> None:
    owner = Owner("test", nothing)
    answers = [owner.submit(lambda number=number: (number, threading.get_ident())) for number in range(100)]

    threads = {answer.result()[1] for answer in answers}
    assert [answer.result()[0] for answer in answers] == list(range(100))
    assert len(threads) == 1
    assert threading.get_ident() not in threads
    owner.close(nothing)
    owner.ended.result(10)


def test_work_that_fails_tells_who_asked_and_the_thread_goes_on() -> None:
    owner = Owner("test", nothing)

    with pytest.raises(ZeroDivisionError):
        owner.submit(lambda: 1 // 0).result(10)
    assert owner.submit(lambda: 1).result(10) == 1
    owner.close(nothing)
    owner.ended.result(10)


def test_work_that_is_cancelled_before_its_turn_is_never_done() -> None:
    go, done = threading.Event(), list[str]()
    owner = Owner("test", nothing)
    first = owner.submit(go.wait)
    second = owner.submit(lambda: done.append("cancelled"))
    third = owner.submit(lambda: done.append("done"))

    assert second.cancel()
    go.set()
    third.result(10)

    assert (done, first.result()) == (["done"], True)
    with pytest.raises(CancelledError):
        second.result()
    owner.close(nothing)
    owner.ended.result(10)


def test_closing_lets_the_work_under_way_end_and_refuses_the_rest() -> None:
    begun, go, done = threading.Event(), threading.Event(), list[str]()
    owner = Owner("test", nothing)

    def work() -> str:
        begun.set()
        go.wait()
        return "worked"

    under_way, waiting = owner.submit(work), owner.submit(lambda: done.append("too late"))
    begun.wait()
    owner.close(lambda: done.append("released"))
    owner.close(lambda: done.append("released again"))
    go.set()
    owner.ended.result(10)

    assert (under_way.result(), done) == ("worked", ["released"])
    for refused in (waiting, owner.submit(nothing)):
        with pytest.raises(NotSent, match="the session is closed"):
            refused.result(10)


async def test_of_quick_prices_the_last_arrives_and_of_trades_every_one() -> None:
    events = Events(10)
    for event in (price("EURUSD", 1.0), opened(1), price("GBPUSD", 2.0), opened(2), price("EURUSD", 1.5)):
        events.put(event)
    events.close()
    events.put(opened(3))

    assert await all_of(events) == [opened(1), opened(2), price("EURUSD", 1.5), price("GBPUSD", 2.0)]


async def test_without_room_what_waits_is_given_up_for_one_gap() -> None:
    events = Events(3)
    for order in range(5):
        events.put(opened(order))
    events.close()

    assert await all_of(events) == [GapEvent("the queue was full"), opened(4)]


async def test_what_other_threads_tell_arrives_whole_while_it_is_read() -> None:
    events, most = Events(10**6), 3000
    threads = [
        threading.Thread(target=lambda part=part: [events.put(opened(order)) for order in range(part, most, 3)])
        for part in range(3)
    ]
    reader = asyncio.create_task(all_of(events))
    for thread in threads:
        thread.start()
    for thread in threads:
        await asyncio.to_thread(thread.join)
    events.close()

    orders = [event.trade.order for event in await reader if isinstance(event, TradeEvent)]
    assert sorted(orders) == list(range(most))
    assert [order for order in orders if order % 3 == 0] == list(range(0, most, 3))


@pytest.mark.parametrize("size", [1, 4096, 262_140])
def test_a_mails_text_lies_where_32_bits_reach_with_a_nul_behind(size: int) -> None:
    with low_copy(b"x" * size) as address:
        assert 0 < address < 2**31 - size
        assert ctypes.string_at(address, size + 1) == b"x" * size + b"\0"
