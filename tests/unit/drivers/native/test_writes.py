"""What is written over the stand-in arrives exactly, or is refused unsent."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from kernel.drivers import NotSent, Rejected, Session
from kernel.drivers.native.texts import Unfit
from kernel.records.scalars import INT32_MAX
from kernel.records.server import GroupOperation, Mail
from kernel.records.trades import Command, Transaction, TransactionType
from kernel.records.users import NewUser


def deposit(login: int, amount: float, comment: str = "in", **more: Any) -> Transaction:
    asked = {"type": TransactionType.BALANCE, "cmd": Command.BALANCE, "orderby": login} | more
    return Transaction(price=amount, comment=comment, **asked)


def new_user(**more: Any) -> NewUser:
    return NewUser(**{"group": "demoforex", "name": "Ada", "password": "Abc12", "password_investor": "Xyz98"} | more)


async def first_login(session: Session) -> int:
    return (await session.users())[0].login


async def test_bytes_of_an_account_that_we_do_not_know_survive_an_update(server: Any, session: Session) -> None:
    (user,) = await session.user_records([await first_login(session)])
    raw = bytearray(server.get("user", user.login, 1120))
    raw[808:1048] = bytes(range(240))  # secure_reserved
    raw[1060:1116] = b"\xfe" * 56  # unused and api_data
    raw[620:652] = b"\x81\x8d".ljust(32, b"\0")  # an id that is not of the code page
    server.put("user", bytes(raw))

    (shown,) = await session.user_records([user.login])
    assert shown.id == "\ufffd\ufffd"
    await session.user_record_update(replace(shown, city="Praha", balance=1e9), "a word")

    kept = server.get("user", user.login, 1120)
    differing = {place for place in range(1120) if kept[place] != raw[place]}
    allowed = {*range(268, 300), *range(684, 688), *range(20, 36), *range(60, 108)}  # city, timestamp, passwords
    assert differing <= allowed
    assert bytes(kept[268:274]) == b"Praha\0"


async def test_an_update_of_nobody_is_refused_with_3_and_not_sent(server: Any, session: Session) -> None:
    (user,) = await session.user_records([await first_login(session)])

    with pytest.raises(Rejected) as refused:
        await session.user_record_update(replace(user, login=INT32_MAX))
    assert (refused.value.retcode, server.count("UserRecordUpdate")) == (3, 0)


async def test_a_line_that_breaks_before_an_update_means_that_nothing_was_sent(server: Any, session: Session) -> None:
    (user,) = await session.user_records([await first_login(session)])
    server.run("fault UserRecordsRequest lost_before")

    with pytest.raises(NotSent, match="nothing was written"):
        await session.user_record_update(replace(user, city="Praha"))
    assert server.count("UserRecordUpdate") == 0


async def test_credit_in_without_a_future_end_is_refused_with_3_and_not_sent(server: Any, session: Session) -> None:
    login, now = await first_login(session), await session.server_time()

    for expiration in (0, now - 60):
        with pytest.raises(Rejected) as refused:
            await session.trade_transaction(deposit(login, 5.0, cmd=Command.CREDIT, expiration=expiration))
        assert refused.value.retcode == 3
    assert server.count("TradeTransaction") == 0
    await session.trade_transaction(deposit(login, 5.0, cmd=Command.CREDIT, expiration=now + 86400))
    await session.trade_transaction(deposit(login, -5.0, cmd=Command.CREDIT))
    assert [row.amount for row in server.ledger()] == [5.0, -5.0]


@pytest.mark.parametrize("comment", ["x" * 32, "🙂", "Щ", "a\tb"])
async def test_a_comment_with_no_exact_form_is_refused_unsent(server: Any, session: Session, comment: str) -> None:
    login = await first_login(session)

    with pytest.raises(Unfit):
        await session.trade_transaction(deposit(login, 5.0, comment))
    assert (server.count("TradeTransaction"), session.connected) == (0, True)


async def test_texts_of_the_servers_code_page_come_back_exactly(server: Any, opened: Callable[..., Any]) -> None:
    session = await opened(code_page="cp1251")
    login = await session.user_record_new(new_user(name="Иван Петров", city="Київ"))
    await session.trade_transaction(deposit(login, 5.0, "Пополнение " + "я" * 20))

    (user,) = await session.user_records([login])
    (row,) = await session.trades_history(login, 0, INT32_MAX)
    assert (user.name, user.city, row.comment) == ("Иван Петров", "Київ", "Пополнение " + "я" * 20)
    assert "Иван".encode("cp1251") in server.get("user", login, 1120)


async def test_a_mail_reaches_all_that_it_names(server: Any, session: Session) -> None:
    logins = tuple(user.login for user in (await session.users())[:2])
    body = "Zoë,\r\n" + "long " * 5000

    await session.mail_send(Mail(logins=logins, subject="Hello ü", body=body), "Support")

    sender, name, subject, to, text = server.mail(0).decode("cp1252").split("|", 4)
    assert (int(sender), name, subject, text) == (224, "Support", "Hello ü", body)
    assert to == ",".join(map(str, logins))


async def test_a_command_for_many_names_each_of_them(session: Session) -> None:
    logins = tuple(user.login for user in (await session.users())[:3])

    await session.users_group_op(GroupOperation(command="leverage", logins=logins, leverage=33))

    assert {user.leverage for user in await session.user_records(logins)} == {33}
