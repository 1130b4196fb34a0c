"""The plan of faults: what each does to a call, and what a bad plan is told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from kernel.drivers import Indeterminate, NotSent, Rejected
from kernel.drivers.simulator import Settings, SimulatorDriver, faults, make
from kernel.drivers.simulator.faults import BadPlan, Fault, Plan
from kernel.drivers.simulator.server import TradeServer
from kernel.drivers.simulator.session import SimulatorSession
from kernel.records.events import Event, TradeEvent
from kernel.records.server import Target
from kernel.records.trades import Transaction

Account = Callable[..., int]
Serve = Callable[..., TradeServer]
US = Target(server="any", login=224, password="your_manager_password")
DEPOSIT = Transaction(type=83, cmd=6, orderby=1001, price=5.0, comment="once")


def rows(server: TradeServer) -> list[str]:
    return [row.comment for row in server.state.storage.history(1001, 0, 2**31 - 1)]


async def log_in(server: TradeServer, *planned: Fault, seed: int = 0) -> SimulatorSession:
    return await SimulatorDriver(server, Plan(planned, seed)).open(US)


async def waiting(events: AsyncIterator[Event], count: int) -> list[Event]:
    return [await asyncio.wait_for(anext(events), 5) for _ in range(count)]


async def check_lost(session: SimulatorSession) -> None:
    """The call after a loss is 255, every later one was never sent."""
    assert session.connected
    with pytest.raises(Indeterminate) as first:
        await session.ping()
    assert first.value.retcode == 255
    for _ in range(2):
        assert not session.connected
        with pytest.raises(NotSent):
            await session.server_time()


@pytest.mark.parametrize(("kind", "applied"), [("lost_before", []), ("lost_after", ["once"])])
async def test_a_lost_answer_is_255_without_or_with_the_effect(
    server: TradeServer, account: Account, kind: faults.Kind, applied: list[str]
) -> None:
    account(server, money=0)
    session = await log_in(server, Fault(call="trade_transaction", kind=kind, nth=1))

    with pytest.raises(Indeterminate) as caught:
        await session.trade_transaction(DEPOSIT)
    with pytest.raises(NotSent):
        await session.trade_transaction(DEPOSIT)

    assert (caught.value.retcode, rows(server)) == (255, applied)


async def test_an_effect_can_come_later_than_the_loss(server: TradeServer, account: Account) -> None:
    account(server, money=0)
    session = await log_in(server, Fault(call="trade_transaction", kind="lost_after", seconds=0.01))
    with pytest.raises(Indeterminate):
        await session.trade_transaction(DEPOSIT)
    assert rows(server) == []
    await session.close()

    other = await log_in(server)
    (booked, _) = await waiting(other.events(), 2)
    assert isinstance(booked, TradeEvent)
    assert rows(server) == ["once"]


async def test_a_refusal_has_its_code_and_no_effect(server: TradeServer, account: Account) -> None:
    account(server, money=0)
    session = await log_in(server, Fault(call="trade_transaction", kind="refuse", retcode=64, times=2))
    codes: list[int] = []
    for _ in range(2):
        with pytest.raises(Rejected) as caught:
            await session.trade_transaction(DEPOSIT)
        codes.append(caught.value.retcode)
    assert (codes, rows(server)) == ([64, 64], [])

    await session.trade_transaction(DEPOSIT)
    assert rows(server) == ["once"]


async def test_a_caller_that_gives_up_on_a_slow_call_does_not_stop_it(server: TradeServer, account: Account) -> None:
    account(server, money=0)
    session = await log_in(server, Fault(call="trade_transaction", kind="latency", seconds=0.05))
    events = session.events()

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(session.trade_transaction(DEPOSIT), 0.001)
    assert rows(server) == []
    await waiting(events, 2)

    assert rows(server) == ["once"]


async def test_a_slow_call_holds_up_the_line_but_not_the_pump(server: TradeServer, account: Account) -> None:
    account(server, money=0)
    session = await log_in(server, Fault(call="trade_transaction", kind="latency", seconds=0.02))
    done: list[str] = []

    async def named(name: str, call: asyncio.Future[object]) -> None:
        await call
        done.append(name)

    await asyncio.gather(
        named("slow", asyncio.ensure_future(session.trade_transaction(DEPOSIT))),
        named("ping", asyncio.ensure_future(session.ping())),
        named("margins", asyncio.ensure_future(session.margins())),
    )

    assert done == ["margins", "slow", "ping"]


async def test_a_hang_lasts_until_the_session_closes(server: TradeServer, account: Account) -> None:
    account(server, money=0)
    session = await log_in(server, Fault(call="trade_transaction", kind="hang"))
    hanging = asyncio.ensure_future(session.trade_transaction(DEPOSIT))
    done, _ = await asyncio.wait({hanging}, timeout=0.02)
    assert done == set()
    await session.close()

    with pytest.raises(Indeterminate):
        await hanging
    assert rows(server) == []


async def test_admin_trades_without_the_right_hang_by_option(serve: Serve) -> None:
    server = serve(admin_hangs=True, manager_rights=("manager",))
    session = await log_in(server)
    hanging = asyncio.ensure_future(session.adm_trades("*", open_only=True))
    done, _ = await asyncio.wait({hanging}, timeout=0.02)
    await session.close()

    assert done == set()
    with pytest.raises(Indeterminate):
        await hanging


async def test_a_drop_answers_and_is_gone(server: TradeServer, account: Account) -> None:
    account(server, money=0)
    session = await log_in(server, Fault(call="trade_transaction", kind="drop"))

    assert await session.trade_transaction(DEPOSIT) > 0
    await check_lost(session)
    assert rows(server) == ["once"]


async def test_a_session_that_is_logged_out_pings_and_knows_nothing(server: TradeServer, account: Account) -> None:
    account(server)
    driver = SimulatorDriver(server, Plan([Fault(call="groups", kind="empty", nth=2)]))
    session = await driver.open(US)
    assert len(await session.groups()) == 12
    assert len(await session.groups()) == 0

    lists = (session.users(), session.user_records([1001]), session.trades(), session.margins(), session.symbols())
    assert [len(await each) for each in lists] == [0, 0, 0, 0, 0]
    assert len(await session.trades_history(1001, 0, 2**31 - 1)) == 0
    await session.ping()
    with pytest.raises(Rejected) as caught:
        await session.trade_transaction(DEPOSIT)
    assert (caught.value.retcode, session.connected, rows(server)) == (6, True, [""])
    assert len(await (await driver.open(US)).groups()) == 12


def test_a_plan_meets_the_calls_that_it_names() -> None:
    plan = Plan(
        [
            Fault(call="ping", kind="drop", every=3, times=2),
            Fault(call="*", kind="refuse", retcode=2, nth=5),
            Fault(call="users", kind="lost_before", probability=0.5),
        ],
        seed=3,
    )
    met = [fault.kind if (fault := plan.next("ping")) else None for _ in range(10)]
    assert met == [None, None, "drop", None, "refuse", "drop", None, None, None, None]

    draws = [
        [plan.next("users") is not None for _ in range(200)] for plan in (Plan(plan.faults, 3), Plan(plan.faults, 3))
    ]
    assert draws[0] == draws[1]
    assert 60 < sum(draws[0]) < 140
    assert plan.next("open") is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[[fault]]\ncall='pinng'\nkind='drop'", "did you mean 'ping'"),
        ("[[fault]]\ncall='ping'\nkind='dropp'", "did you mean 'drop'"),
        ("[[fault]]\ncall='ping'\nkind='drop'\nnht=1", "did you mean 'nth'"),
        ("[[faults]]\ncall='ping'\nkind='drop'", "did you mean 'fault'"),
        ("[[fault]]\ncall='ping'\nkind='drop'\nnth=1\nevery=2", "one of them"),
        ("[[fault]]\ncall='ping'\nkind='drop'\nnth=0", ">= 1"),
        ("[[fault]]\ncall='ping'\nkind='refuse'", "refuse needs it"),
        ("[[fault]]\ncall='ping'\nkind='drop'\nretcode=2", "belongs to refuse"),
        ("[[fault]]\ncall='ping'\nkind='latency'", "latency needs them"),
        ("[[fault]]\ncall='ping'\nkind='drop'\nseconds=1", "takes no time"),
        ("[[fault]]\ncall='open'\nkind='drop'", "cannot happen to open"),
        ("[[fault]]\nkind='drop'", "call"),
        ("fault = 5", r"write \[\[fault\]\]"),
        ("seed = 'x'", "whole number"),
        ("seed = [", "no TOML"),
        ("", None),
    ],
)
def test_a_plan_says_what_is_wrong_with_it(tmp_path: Path, text: str, why: str | None) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(text)
    if why is None:
        assert faults.read(path).faults == ()
        return
    with pytest.raises(BadPlan, match=why) as caught:
        faults.read(path)
    assert str(path) in str(caught.value)


def test_a_missing_plan_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadPlan, match=r"nosuch\.toml"):
        make(Settings(faults="nosuch.toml"), tmp_path)
