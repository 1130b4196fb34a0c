"""Balance and credit rows, by behaviour.md §8."""

from collections.abc import Callable

import pytest

from kernel.drivers import Rejected
from kernel.drivers.simulator.server import TradeServer
from kernel.records.trades import Trade, Transaction

Account = Callable[..., int]
Serve = Callable[..., TradeServer]
LATER = 2_000_000_000


def ask(cmd: int, price: float, login: int = 1001, comment: str = "", expiration: int = 0) -> Transaction:
    return Transaction(type=83, cmd=cmd, orderby=login, price=price, comment=comment, expiration=expiration)


def test_a_deposit_is_one_closed_row_with_the_next_ticket(server: TradeServer, account: Account) -> None:
    account(server)
    last = server.state.common.lastorder

    ticket = server.dealing.transact(ask(6, 500.129, comment="Deposit A-771"))

    now = server.now()
    assert ticket == last + 1 == server.state.common.lastorder
    assert server.state.book.users[1001].balance == 10_500.13
    assert server.state.storage.trades([ticket]) == [
        Trade(
            order=ticket,
            login=1001,
            cmd=6,
            volume=1,
            open_time=now,
            close_time=now,
            state=3,
            profit=500.13,
            comment="Deposit A-771",
            timestamp=now,
        )
    ]


def test_credit_moves_credit_and_keeps_its_expiration(server: TradeServer, account: Account) -> None:
    account(server)
    ticket = server.dealing.transact(ask(7, 50, expiration=LATER))
    server.dealing.transact(ask(7, -20))

    user = server.state.book.users[1001]
    assert (user.balance, user.credit) == (10_000.0, 30.0)
    assert server.state.storage.trades([ticket])[0].expiration == LATER


@pytest.mark.parametrize(
    ("transaction", "retcode"),
    [
        (ask(6, 10, login=42), 3),
        (ask(6, 0), 3),
        (ask(6, 0.004), 3),
        (ask(6, float("nan")), 3),
        (ask(6, float("inf")), 3),
        (ask(5, 10), 3),
        (ask(8, 10), 3),
        (ask(7, 10), 3),
        (ask(7, 10, expiration=1), 3),
        (ask(7, 10, expiration=2**31), 3),
    ],
)
def test_a_refused_balance_operation_leaves_nothing(
    server: TradeServer, account: Account, transaction: Transaction, retcode: int
) -> None:
    account(server)
    before = (server.state.common, dict(server.state.book.users), server.state.storage.history(1001, 0, LATER))

    with pytest.raises(Rejected) as caught:
        server.dealing.transact(transaction)

    assert caught.value.retcode == retcode
    assert before == (server.state.common, server.state.book.users, server.state.storage.history(1001, 0, LATER))


def test_a_manager_may_take_more_than_there_is(server: TradeServer, account: Account) -> None:
    account(server)
    server.dealing.transact(ask(6, -10_000.01))

    assert server.state.book.users[1001].balance == -0.01


@pytest.mark.parametrize(("cmd", "price"), [(6, -10_000.01), (6, -9000.0), (7, -0.01)])
def test_by_option_more_than_is_free_is_134(
    serve: Serve, account: Account, order: Callable[..., int], cmd: int, price: float
) -> None:
    server = serve(refuse_overdraw=True)
    account(server)
    order(server, 0, 1.084, 300)

    with pytest.raises(Rejected) as caught:
        server.dealing.transact(ask(cmd, price))
    server.dealing.transact(ask(6, -100.0))

    assert caught.value.retcode == 134
    assert server.state.book.users[1001].balance == 9900.0


@pytest.mark.parametrize(
    ("code_page", "text", "kept"),
    [
        ("cp1252", "x" * 40, "x" * 31),
        ("cp1252", "é" * 40, "é" * 31),
        ("cp1251", "Бонус за депозит №1 клиенту компании", "Бонус за депозит №1 клиенту ком"),
        ("cp932", "日" * 20, "日" * 15),
        ("cp1252", "snow ☃", "snow ?"),
        ("cp1252", "cut\0away", "cut"),
    ],
)
def test_a_comment_is_31_bytes_of_the_code_page(
    serve: Serve, account: Account, code_page: str, text: str, kept: str
) -> None:
    server = serve(code_page=code_page)
    account(server)
    ticket = server.dealing.transact(ask(6, 1, comment=text))

    assert server.state.storage.trades([ticket])[0].comment == kept


def test_rows_show_volume_0_by_option(serve: Serve, account: Account) -> None:
    server = serve(balance_volume=0)
    account(server)

    assert server.state.storage.history(1001, 0, LATER)[0].volume == 0
