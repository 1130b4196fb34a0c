"""Edits of the trade database and mail."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from kernel.drivers import Rejected
from kernel.drivers.simulator.server import TradeServer
from kernel.records.server import Mail
from kernel.records.trades import Trade

Account = Callable[..., int]
Order = Callable[..., int]


@pytest.fixture
def closed(server: TradeServer, account: Account, order: Order) -> Trade:
    account(server)
    ticket = order(server, 0, 1.084)
    order(server, 0, 1.085, type=76, order=ticket)
    return server.state.storage.trades([ticket])[0]


def test_a_whole_record_is_replaced_and_no_balance_follows(server: TradeServer, closed: Trade) -> None:
    server.admin.modify(replace(closed, profit=5000.0, close_time=1, comment="é" * 40))

    expected = replace(closed, profit=5000.0, close_time=1, comment="é" * 31)
    assert server.state.storage.trades([closed.order]) == [expected]
    assert server.state.book.users[1001].balance == 10_100.0


def test_an_open_record_stays_open_and_its_new_stop_counts(server: TradeServer, account: Account, order: Order) -> None:
    account(server)
    trade = server.state.book.trades[order(server, 0, 1.084)]
    server.admin.modify(replace(trade, sl=1.0839))
    server.advance()

    assert server.state.book.trades == {}


@pytest.mark.parametrize(
    ("change", "retcode"),
    [
        ({"order": 5}, 3),
        ({"profit": float("nan")}, 3),
        ({"login": 0}, 151),
        ({"symbol": ""}, 151),
        ({"cmd": 1}, 151),
        ({"volume": 0}, 151),
        ({"state": 0}, 151),
    ],
)
def test_a_record_that_is_not_the_whole_one_is_refused(
    server: TradeServer, closed: Trade, change: dict[str, object], retcode: int
) -> None:
    with pytest.raises(Rejected) as caught:
        server.admin.modify(replace(closed, comment="x", **change))

    assert caught.value.retcode == retcode
    assert server.state.storage.trades([closed.order]) == [closed]


def test_deleted_records_are_gone_for_good(server: TradeServer, closed: Trade, order: Order) -> None:
    ticket = order(server, 0, 1.084)
    server.admin.delete([closed.order, ticket, ticket, 5])

    assert (server.state.storage.trades([closed.order, ticket]), server.state.book.trades) == ([], {})
    assert server.state.book.users[1001].balance == 10_100.0


def test_mail_is_kept_for_those_who_are_there(server: TradeServer, account: Account) -> None:
    account(server)
    server.admin.send(Mail(logins=(1001, 7), subject="Grüße", body="<b>hi</b>"), 224, "Support")

    assert server.state.storage.mails() == [(server.now(), 224, "Support", "Grüße", "<b>hi</b>", "[1001]")]


@pytest.mark.parametrize(("sender", "logins", "retcode"), [("", (1001,), 151), (" ", (1001,), 151), ("Desk", (5,), 3)])
def test_mail_without_a_name_or_a_reader_is_refused(
    server: TradeServer, account: Account, sender: str, logins: tuple[int, ...], retcode: int
) -> None:
    account(server)
    with pytest.raises(Rejected) as caught:
        server.admin.send(Mail(logins=logins, subject="s", body="b"), 224, sender)

    assert caught.value.retcode == retcode
    assert server.state.storage.mails() == []
