"""What a manager without all rights and groups sees and may do, by behaviour.md §15."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from msgspec.structs import replace

from kernel.drivers import Rejected
from kernel.drivers.simulator import SimulatorDriver
from kernel.drivers.simulator.clock import ManualClock
from kernel.drivers.simulator.server import TradeServer
from kernel.drivers.simulator.session import SimulatorSession
from kernel.records.server import RIGHTS, GroupOperation, Mail, Manager, Target
from kernel.records.trades import Transaction
from kernel.records.users import NewUser

Account = Callable[..., int]
Order = Callable[..., int]


@dataclass
class Bench:
    """One server, and sessions of managers with what rights and groups a test gives them."""

    server: TradeServer
    ours: int
    theirs: int
    tickets: tuple[int, int]
    driver: SimulatorDriver = field(init=False)

    def __post_init__(self) -> None:
        self.driver = SimulatorDriver(self.server)

    async def session(self, groups: str = "*", without: str = "", **more: object) -> SimulatorSession:
        rights = tuple(right for right in RIGHTS if right != without)
        self.server.state.managers.put(Manager(login=7, groups=groups, rights=rights, **more), "pw")
        return await self.driver.open(Target(server="any", login=7, password="pw"))


@pytest.fixture
def bench(server: TradeServer, account: Account, order: Order) -> Bench:
    ours, theirs = account(server, 1001), account(server, 1002, group="real-usd")
    tickets = order(server, 0, 1.084), order(server, 0, 1.084, orderby=theirs)
    return Bench(server, ours, theirs, tickets)


CALLS: list[tuple[str, Callable[[SimulatorSession], Awaitable[object]]]] = [
    ("manager", lambda s: s.user_record_new(NewUser(group="demoforex", name="A", password="Abc12"))),
    ("manager", lambda s: s.user_password_set(1001, "Abcd12", investor=False, clean_pubkey=False)),
    ("manager", lambda s: s.user_password_check(1001, "Abc12")),
    ("manager", lambda s: s.users_group_op(GroupOperation(command="enable", logins=(1001,)))),
    ("money", lambda s: s.trade_transaction(Transaction(type=83, cmd=6, orderby=1001, price=1.0))),
    ("trades", lambda s: s.trade_transaction(Transaction(type=79, orderby=1001, symbol="EURUSD"))),
    ("see_trades", lambda s: s.trades()),
    ("see_trades", lambda s: s.trades_history(1001, 0, 5)),
    ("see_trades", lambda s: s.trade_records([1])),
    ("online", lambda s: s.online()),
    ("admin", lambda s: s.adm_trades_delete([1])),
    ("trades", lambda s: s.adm_trades_delete([1])),
    ("email", lambda s: s.mail_send(Mail(logins=(1001,), subject="s", body="b"), "Desk")),
]


@pytest.mark.parametrize(("right", "call"), CALLS)
async def test_a_call_without_its_right_is_7(
    bench: Bench, right: str, call: Callable[[SimulatorSession], Awaitable[object]]
) -> None:
    session = await bench.session(without=right)

    with pytest.raises(Rejected) as caught:
        await call(session)

    assert caught.value.retcode == 7


async def test_margins_need_one_of_two_rights(bench: Bench) -> None:
    rights = tuple(right for right in RIGHTS if right not in {"riskman", "see_trades"})
    bench.server.state.managers.put(Manager(login=7, rights=rights), "pw")
    session = await bench.driver.open(Target(server="any", login=7, password="pw"))

    for call in (session.margins(), session.margin_level(1001)):
        with pytest.raises(Rejected) as caught:
            await call
        assert caught.value.retcode == 7
    assert len(await (await bench.session(without="riskman")).margins()) == 2


async def test_only_our_groups_are_seen(bench: Bench) -> None:
    session = await bench.session(groups="demo*")

    assert {group.group for group in await session.groups()} == {"demoforex", "demo-eur", "demo-jpy"}
    assert [user.login for user in await session.users()] == [1001]
    assert [user.login for user in await session.user_records([1002, 1001, 9])] == [1001]
    assert [margin.login for margin in await session.margins()] == [1001]
    assert [trade.login for trade in await session.trades()] == [1001]
    assert [trade.order for trade in await session.trade_records(bench.tickets)] == [bench.tickets[0]]
    assert list(await session.trades_history(1002, 0, 2**31 - 1)) == []
    assert {trade.login for trade in await session.adm_trades("*", open_only=False)} == {1001}


async def test_what_is_not_ours_cannot_be_touched(bench: Bench) -> None:
    session = await bench.session(groups="demo*")
    foreign = bench.server.state.book.users[1002]
    before = bench.server.state.book.users.copy(), bench.server.state.book.trades.copy()
    ours, theirs = bench.tickets
    calls = [
        session.user_record_new(NewUser(group="real-usd", name="A", password="Abc12")),
        session.user_record_update(replace(foreign, name="B")),
        session.user_record_update(replace(before[0][1001], group="real-usd")),
        session.user_password_set(1002, "Abcd12", investor=False, clean_pubkey=False),
        session.user_password_check(1002, "Abc12"),
        session.users_group_op(GroupOperation(command="disable", logins=(1002,))),
        session.users_group_op(GroupOperation(command="set_group", logins=(1001,), group="real-usd")),
        session.trade_transaction(Transaction(type=83, cmd=6, orderby=1002, price=5.0)),
        session.trade_transaction(Transaction(type=77, order=theirs)),
        session.adm_trades_delete([theirs]),
        session.adm_trade_record_modify(replace(before[1][theirs], comment="x")),
        session.mail_send(Mail(logins=(1002,), subject="s", body="b"), "Desk"),
        session.margin_level(1002),
    ]

    for call in calls:
        with pytest.raises(Rejected) as caught:
            await call
        assert caught.value.retcode == 3
    assert (bench.server.state.book.users, bench.server.state.book.trades) == before
    assert ours in before[1]


async def test_without_user_details_persons_are_blank_and_survive_an_update(bench: Bench) -> None:
    user = bench.server.state.book.users[1001]
    bench.server.accounts.update(replace(user, email="ada@example.com", phone="1"))
    session = await bench.session(without="user_details")

    (seen,) = await session.user_records([1001])
    assert (seen.name, seen.email, seen.phone, seen.leverage) == ("", "", "", 100)
    await session.user_record_update(replace(seen, leverage=33))

    after = bench.server.state.book.users[1001]
    assert (after.name, after.email, after.leverage) == ("Ada", "ada@example.com", 33)


async def test_info_depth_ends_the_history(bench: Bench, clock: ManualClock) -> None:
    session = await bench.session(info_depth=1)
    assert len(await session.trades_history(1001, 0, 2**31 - 1)) == 1

    clock.advance(86400 + 1)
    session = await bench.session(info_depth=1)
    assert list(await session.trades_history(1001, 0, 2**31 - 1)) == []


async def test_admin_trades_without_the_right_are_empty(bench: Bench) -> None:
    session = await bench.session(without="admin")

    assert list(await session.adm_trades("*", open_only=True)) == []


async def test_admin_trades_take_masks_and_logins(bench: Bench) -> None:
    session = await bench.session()
    found = {
        request: [trade.login for trade in await session.adm_trades(request, open_only=True)]
        for request in ("*", "real*", "1001", "1001,real-usd", "demo*,!demoforex", "", "77")
    }

    assert found == {
        "*": [1001, 1002],
        "real*": [1002],
        "1001": [1001],
        "1001,real-usd": [1001, 1002],
        "demo*,!demoforex": [],
        "": [],
        "77": [],
    }


async def test_a_history_bound_over_32_bits_has_no_rows(bench: Bench) -> None:
    session = await bench.session()

    assert len(await session.trades_history(1001, 0, 2**31 - 1)) == 1
    assert list(await session.trades_history(1001, 0, 2**31)) == []


async def test_the_login_has_its_codes(bench: Bench) -> None:
    managers = bench.server.state.managers
    managers.put(Manager(login=8), "pw", enabled=False)
    codes: list[int] = []
    for login, password in ((224, "wrong"), (9, "pw"), (8, "pw"), (1001, "Abc12")):
        with pytest.raises(Rejected) as caught:
            await bench.driver.open(Target(server="any", login=login, password=password))
        codes.append(caught.value.retcode)

    assert codes == [65, 65, 64, 65]


async def test_the_demo_manager_logs_in_at_any_address(tmp_path: Path, bench: Bench) -> None:
    for address in ("mt4.example.com:443", "203.0.113.9", str(tmp_path)):
        session = await bench.driver.open(Target(server=address, login=224, password="your_manager_password"))
        assert (session.connected, session.pumping, session.manager.rights) == (True, True, RIGHTS)
