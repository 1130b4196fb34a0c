"""Messages: records, faults and events come out as they went in."""

import asyncio
from typing import Any

import msgspec
import pytest

from kernel.drivers import DriverFault, Indeterminate, NotSent, Rejected
from kernel.drivers.wire.encoding import SessionOver, answer_of, decoded, encode, fault_of, pieces
from kernel.drivers.wire.events import EventQueue, batch_of, events_of
from kernel.drivers.wire.messages import Answer, Batch
from kernel.drivers.wire.operations import OPERATIONS
from kernel.records.events import GapEvent, MarginCallEvent, PriceEvent, TradeEvent, UserEvent
from kernel.records.market import Price
from kernel.records.scalars import Flag
from kernel.records.server import GroupOperation, Mail
from kernel.records.trades import Margin, Trade
from kernel.records.users import NewUser, User


def price(symbol: str, bid: float = 1.0) -> PriceEvent:
    return PriceEvent(
        Price(
            symbol=symbol, bid=bid, ask=2.0, high=2.0, low=1.0, digits=5, point=1e-5, spread=0, direction=0, lasttime=0
        )
    )


EVENTS = [
    price("EURUSD"),
    TradeEvent("close", Trade(order=1, comment="Grüße", conv_rates=(1.5, 0.1))),
    UserEvent("group", User(login=5, name="山田")),
    MarginCallEvent(Margin(login=5, level_type=2)),
    GapEvent("lost"),
]


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("user_record_new", {"user": NewUser(group="g", name="Zoë", password="Abc12", enable_read_only=Flag(1))}),
        ("user_password_set", {"login": 1, "password": "Abc12", "investor": True, "clean_pubkey": False}),
        ("users_group_op", {"operation": GroupOperation(command="set_group", logins=(1, 2), group="g")}),
        ("mail_send", {"mail": Mail(logins=(1,), subject="s", body="b", sender="Support"), "sender": "Support"}),
        ("user_record_update", {"user": User(login=1), "password_phone": None}),
        ("trade_records", {"orders": [1, 2, 3]}),
    ],
)
def test_arguments_come_out_as_they_went_in(name: str, given: dict[str, Any]) -> None:
    operation = OPERATIONS[name]

    assert msgspec.structs.asdict(operation.arguments_decoder.decode(encode(operation.arguments(**given)))) == given


def test_a_range_of_logins_is_a_list_on_the_wire() -> None:
    assert encode(OPERATIONS["user_records"].arguments(range(3))) == encode({"logins": [0, 1, 2]})


@pytest.mark.parametrize(
    "fault",
    [Rejected(134), NotSent("no line"), Indeterminate("lost", 255), Indeterminate("hung"), SessionOver("over")],
    ids=repr,
)
def test_a_fault_crosses_as_itself(fault: DriverFault) -> None:
    answer = decoded(Answer).decode(encode(answer_of(fault)))
    found = fault_of(answer)

    assert type(found) is (NotSent if isinstance(fault, SessionOver) else type(fault))
    assert str(found) == str(fault)
    assert getattr(found, "retcode", None) == getattr(fault, "retcode", None)
    assert answer.connected is (False if isinstance(fault, SessionOver) else None)


def test_what_is_no_fault_of_a_driver_is_indeterminate_even_with_a_broken_text() -> None:
    found = fault_of(decoded(Answer).decode(encode(answer_of(KeyError("\udcff")))))

    assert isinstance(found, Indeterminate)


@pytest.mark.parametrize("content", [b"", b"\xc1", b"\x91\xa4dne", b"\x91\xa6finish", b"\x90", b"\x91" * 100_000])
def test_a_garbled_answer_is_no_answer(content: bytes) -> None:
    with pytest.raises((msgspec.DecodeError, RecursionError)):
        decoded(Answer).decode(content)


@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 5000])
def test_a_list_in_pieces_is_the_list(count: int) -> None:
    rows = [User(login=number, name="n" * (number % 100)) for number in range(1, count + 1)]

    made = list(pieces(rows))

    assert [row for piece in made for row in decoded(list[User]).decode(piece)] == rows
    assert all(len(piece) < 1_000_000 for piece in made)
    assert (len(made) > 1) == (count > 64)


def test_events_come_out_as_they_went_in_and_unknown_ones_as_a_gap() -> None:
    batch = decoded(Batch).decode(encode(batch_of(EVENTS)))
    assert events_of(batch) == EVENTS

    strange = Batch((("NewsEvent", msgspec.Raw(b"\xc0")),))
    assert events_of(strange) == [GapEvent("an event of the unknown kind NewsEvent")]


def test_of_several_quick_prices_the_last_one_waits_and_the_rest_keeps_its_order() -> None:
    queue = EventQueue()
    for event in (price("EURUSD", 1.0), EVENTS[1], price("GBPUSD"), price("EURUSD", 1.5), EVENTS[2]):
        queue.put(event)

    assert queue.take(10) == [EVENTS[1], EVENTS[2], price("EURUSD", 1.5), price("GBPUSD")]


def test_a_full_queue_gives_a_gap_instead_of_dropping_in_silence() -> None:
    queue = EventQueue(room=3)
    for _ in range(4):
        queue.put(EVENTS[2])

    assert queue.take(10) == [GapEvent("the queue was full")]


async def test_a_closed_queue_gives_what_waits_and_ends() -> None:
    queue = EventQueue()
    queue.put(EVENTS[1])
    queue.close()
    queue.put(EVENTS[2])

    async with asyncio.timeout(1):
        assert [event async for event in queue.events()] == [EVENTS[1]]
