"""The pump over the stand-in: what it tells, and how it comes back."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from kernel.drivers import NotSent, Session
from kernel.records.events import Event, GapEvent, PriceEvent, TradeEvent, UserEvent
from kernel.records.trades import Command, Transaction, TransactionType
from kernel.records.users import NewUser


def deposit(login: int, amount: float, comment: str = "in", **more: Any) -> Transaction:
    asked = {"type": TransactionType.BALANCE, "cmd": Command.BALANCE, "orderby": login} | more
    return Transaction(price=amount, comment=comment, **asked)


def new_user(**more: Any) -> NewUser:
    return NewUser(**{"group": "demoforex", "name": "Ada", "password": "Abc12", "password_investor": "Xyz98"} | more)


async def collected(session: Session, enough: Callable[[Sequence[Event]], bool]) -> list[Event]:
    found: list[Event] = []
    async with asyncio.timeout(20):
        async for event in session.events():
            found.append(event)
            if enough(found):
                return found
    return found


async def test_the_pump_tells_of_prices_accounts_and_trades(session: Session) -> None:
    login = await session.user_record_new(new_user())
    await session.trade_transaction(deposit(login, 1000.0))
    price = await session.symbol_info("EURUSD")
    assert price is not None
    order = await session.trade_transaction(
        Transaction(
            type=TransactionType.OPEN, cmd=Command.BUY, orderby=login, symbol="EURUSD", volume=10, price=price.ask
        )
    )

    def enough(events: Sequence[Event]) -> bool:
        kinds = {type(event) for event in events}
        return {PriceEvent, UserEvent, TradeEvent} <= kinds and any(
            isinstance(event, TradeEvent) and event.trade.order == order for event in events
        )

    events = await collected(session, enough)
    assert next(event.change for event in events if isinstance(event, UserEvent) and event.user.login == login) == "add"
    opened = [event for event in events if isinstance(event, TradeEvent) and event.trade.order == order]
    assert (opened[0].change, opened[0].trade.login) == ("add", login)


async def test_a_pump_that_falls_silent_is_started_anew_and_the_gap_is_told(server: Any, session: Session) -> None:
    server.run("setting pump_timeout 0.3")
    server.run("fault Ping pump_gap ms=60000 times=1")

    await session.ping()
    events = await collected(session, lambda events: isinstance(events[-1], GapEvent))

    assert events[-1] == GapEvent("MT4 stopped pumping")
    assert (session.pumping, session.connected) == (True, True)
    assert (server.count("objects"), server.count("pump_threads")) == (2, 1)


async def test_a_pump_that_says_nothing_is_started_anew_before_mt4_notices(
    server: Any, opened: Callable[..., Any]
) -> None:
    session = await opened(pump_silence_seconds=1.0)
    server.run("setting pump_timeout 3600")
    server.run("pump_gap 3600000")

    events = await collected(session, lambda events: isinstance(events[-1], GapEvent))

    assert events[-1] == GapEvent("no sign for 1 seconds")
    assert session.pumping


async def test_a_pump_that_cannot_start_is_tried_again(server: Any, opened: Callable[..., Any]) -> None:
    server.run("fault PumpingSwitchEx refuse code=2 times=2")

    session = await opened()

    assert session.pumping
    assert server.count("PumpingSwitchEx") == 3
    assert server.count("objects") == 2


async def test_without_its_pump_a_session_answers_calls_and_says_so(server: Any, opened: Callable[..., Any]) -> None:
    server.run("fault PumpingSwitchEx refuse code=2")

    session = await opened(pump_start_seconds=0.0)

    assert (session.connected, session.pumping, bool(await session.groups())) == (True, False, True)
    for call in (session.margins(), session.symbol_info("EURUSD")):
        with pytest.raises(NotSent, match="the pump does not run"):
            await call


async def test_symbols_without_a_quote_and_symbols_that_are_none_have_no_price(session: Session) -> None:
    assert [await session.symbol_info(name) for name in ("NOPE", "Щ", "x" * 40)] == [None, None, None]


async def test_a_symbol_that_is_not_of_the_code_page_takes_no_other_symbols_prices_away(
    server: Any, opened: Callable[..., Any]
) -> None:
    server.put("symbol", b"\x81\x8d".ljust(1936, b"\0"))

    session = await opened()

    assert session.pumping
    assert await session.symbol_info("EURUSD") is not None


async def test_margins_name_every_account_with_zeros_where_it_is_flat(session: Session) -> None:
    users = {user.login: user for user in await session.users()}

    margins = await session.margins()

    assert [margin.login for margin in margins] == sorted(users)
    flat = [margin for margin in margins if margin.margin == 0 and margin.volume == 0]
    assert all(margin.balance == round(users[margin.login].balance + users[margin.login].credit, 2) for margin in flat)
