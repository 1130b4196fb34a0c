"""Accounts: creating, changing, passwords and batches."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from kernel.drivers import Rejected
from kernel.drivers.simulator.server import TradeServer
from kernel.records.server import GroupOperation
from kernel.records.users import NewUser, User

Account = Callable[..., int]
GOOD = {"group": "demoforex", "name": "Ada Lovelace", "password": "Abc12", "password_investor": "Xyz98"}


@pytest.mark.parametrize(
    "change",
    [
        {"group": "nosuchgroup"},
        {"name": ""},
        {"name": "   "},
        {"name": "\0hidden"},
        {"password": "Ab12"},
        {"password": "abcdefg"},
        {"password": "ABCDEfgh"},
        {"password": "1234567"},
        {"password": "Abc12" * 4},
        {"password_investor": "Abc12"},
        {"password_investor": "weak"},
        {"login": 2**31},
        {"login": -1},
    ],
)
def test_bad_data_of_a_new_account_is_3_and_leaves_nothing(server: TradeServer, change: dict[str, object]) -> None:
    with pytest.raises(Rejected) as caught:
        server.accounts.create(NewUser(**{**GOOD, **change}))

    assert caught.value.retcode == 3
    assert server.state.book.users == {}


@pytest.mark.parametrize("password", ["Abc12", "abc12", "ABC12", "123-5", "1a2b3"])
def test_two_classes_with_a_digit_make_a_password(server: TradeServer, password: str) -> None:
    login = server.accounts.create(NewUser(**{**GOOD, "password": password}))

    server.accounts.check_password(login, password)
    assert login in server.state.book.users


def test_a_taken_login_is_2(server: TradeServer, account: Account) -> None:
    account(server, 5000)

    with pytest.raises(Rejected) as caught:
        account(server, 5000)

    assert caught.value.retcode == 2


def test_login_0_takes_the_next_free_number_and_never_one_twice(server: TradeServer, account: Account) -> None:
    first = account(server, 0)
    account(server, first + 1)
    second = account(server, 0)
    server.accounts.batch(GroupOperation(command="delete", logins=(second,)))
    third = account(server, 0)

    assert (second, third) == (first + 2, first + 3)
    assert server.state.common.lastlogin == third


def test_a_new_account_has_no_money_and_the_groups_leverage(server: TradeServer) -> None:
    login = server.accounts.create(NewUser(**{**GOOD, "group": "real-usd"}))

    user = server.state.book.users[login]
    assert (user.balance, user.credit, user.leverage, user.enable) == (0.0, 0.0, 200, 1)
    assert user.regdate == user.timestamp == server.now()


def test_texts_are_held_as_the_structure_holds_them(server: TradeServer) -> None:
    login = server.accounts.create(NewUser(**{**GOOD, "name": "é" * 200, "city": "Köln 東京", "zipcode": "1" * 20}))

    user = server.state.book.users[login]
    assert (user.name, user.city, user.zipcode) == ("é" * 127, "Köln ??", "1" * 15)


def test_an_update_leaves_what_only_the_server_writes(server: TradeServer, account: Account) -> None:
    before = server.state.book.users[account(server)]

    server.accounts.update(
        replace(before, name="Grace", group="real-eur", balance=1e6, credit=5.0, prevbalance=3.0, regdate=1, lastdate=2)
    )

    after = server.state.book.users[1001]
    assert after == replace(before, name="Grace", group="real-eur", timestamp=server.now())
    server.accounts.check_password(1001, "Abc12")


@pytest.mark.parametrize("change", [{"login": 99}, {"group": "nosuchgroup"}, {"name": ""}])
def test_an_impossible_update_is_3(server: TradeServer, account: Account, change: dict[str, object]) -> None:
    before = server.state.book.users[account(server)]

    with pytest.raises(Rejected) as caught:
        server.accounts.update(replace(before, **change))

    assert caught.value.retcode == 3
    assert server.state.book.users == {1001: before}


def test_passwords_are_set_and_checked_apart(server: TradeServer, account: Account) -> None:
    account(server)
    server.accounts.set_password(1001, "Main11", investor=False)
    server.accounts.set_password(1001, "Inve22", investor=True)

    server.accounts.check_password(1001, "Main11")
    for wrong in ("Inve22", "Abc12", "", "main11"):
        with pytest.raises(Rejected) as caught:
            server.accounts.check_password(1001, wrong)
        assert caught.value.retcode == 65


@pytest.mark.parametrize(("login", "password"), [(1001, "short"), (1001, "nodigits"), (1001, "Xyz98"), (42, "Good11")])
def test_a_password_that_will_not_do_is_3(server: TradeServer, account: Account, login: int, password: str) -> None:
    account(server)

    with pytest.raises(Rejected) as caught:
        server.accounts.set_password(login, password, investor=False)

    assert caught.value.retcode == 3
    server.accounts.check_password(1001, "Abc12")


def test_checking_the_password_of_nobody_is_3(server: TradeServer) -> None:
    with pytest.raises(Rejected) as caught:
        server.accounts.check_password(42, "Abc12")

    assert caught.value.retcode == 3


def test_a_batch_changes_those_that_are_there(server: TradeServer, account: Account) -> None:
    account(server, 1001)
    account(server, 1002)

    server.accounts.batch(GroupOperation(command="leverage", logins=(1001, 77, 1002), leverage=33))
    server.accounts.batch(GroupOperation(command="disable", logins=(1002,)))
    server.accounts.batch(GroupOperation(command="set_group", logins=(1001,), group="real-gbp"))

    def seen(user: User) -> tuple[int, int, str]:
        return user.leverage, user.enable, user.group

    users = server.state.book.users
    assert (seen(users[1001]), seen(users[1002])) == ((33, 1, "real-gbp"), (33, 0, "demoforex"))


def test_a_batch_for_nobody_or_into_no_group_is_3(server: TradeServer, account: Account) -> None:
    account(server)
    for operation in (
        GroupOperation(command="enable", logins=(5, 6)),
        GroupOperation(command="set_group", logins=(1001,), group="nosuchgroup"),
    ):
        with pytest.raises(Rejected) as caught:
            server.accounts.batch(operation)
        assert caught.value.retcode == 3


def test_deleting_leaves_accounts_with_open_orders_and_takes_the_others_history(
    server: TradeServer, account: Account, order: Callable[..., int]
) -> None:
    account(server, 1001)
    account(server, 1002)
    order(server, 0, 1.084)

    server.accounts.batch(GroupOperation(command="delete", logins=(1001, 1002)))

    assert list(server.state.book.users) == [1001]
    assert server.state.storage.history(1002, 0, 2**31 - 1) == []
    account(server, 1002, money=5.0)
    rows = server.state.storage.history(1002, 0, 2**31 - 1)
    assert [row.profit for row in rows] == [5.0] == [server.state.book.users[1002].balance]
