"""Accounts: reading, opening, changing, passwords, batch commands, mail (behaviour.md §7, §13)."""

import ctypes
import mmap
import struct
from typing import Any, Final

import pytest

_LOW: Final = 0x40
"""``MAP_32BIT``: an address that fits the structure's 32 bits."""


def test_missing_and_foreign_logins_are_left_out(standin: Any, api: Any, raw: Any) -> None:
    found = api.rows(98, 1120, (raw.i32 * 4)(1003, 999999, 1001, 1001), kinds=(raw.ptr,), total=4)

    assert sorted(found.read(0)) == [1001, 1003]
    assert standin.count("allocated") == standin.count("freed")


def test_an_account_is_numbered_by_the_server_and_starts_without_money(api: Any, raw: Any) -> None:
    record = raw.user(balance=500.0, enable=1)

    assert api.call(99, record, kinds=(raw.ptr,)) == 0

    (login,) = struct.unpack_from("<i", record)
    found = api.records(login)
    assert login == 1051
    assert (found.read(696, "<d"), found.read(676), found.read(36)) == ([0.0], [100], [1])


def test_passwords_cannot_be_read_back(api: Any, raw: Any) -> None:
    assert api.call(99, raw.user(login=5000), kinds=(raw.ptr,)) == 0

    record = api.records(5000).raw
    assert record[20:36] + record[60:108] == bytes(64)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"group": b"nowhere"}, 3),
        ({"name": b"  "}, 3),
        ({"password": b"abcde"}, 3),
        ({"password": b"Ab1"}, 3),
        ({"password": b"Look99"}, 3),
        ({"login": -1}, 3),
        ({"login": 1001}, 2),
    ],
)
def test_bad_data_is_refused_with_3_and_a_taken_login_with_2(
    standin: Any, api: Any, values: dict[str, Any], code: int, raw: Any
) -> None:
    assert api.call(99, raw.user(**values), kinds=(raw.ptr,)) == code
    assert standin.count("users") == 50


def test_a_create_that_gives_none_has_made_no_account(standin: Any, api: Any, raw: Any) -> None:
    standin.run("fault UserRecordNew none nth=1")
    record = raw.user()

    assert api.call(99, record, kinds=(raw.ptr,)) == 1
    assert (standin.count("users"), record[:4]) == (50, bytes(4))


def test_an_update_changes_texts_but_neither_money_nor_passwords(api: Any, raw: Any) -> None:
    before = api.records(1001).raw
    record = ctypes.create_string_buffer(before, 1120)
    struct.pack_into("<d", record, 696, 1e6)
    ctypes.memmove(ctypes.addressof(record) + 20, b"Other99", 7)
    ctypes.memmove(ctypes.addressof(record) + 556, b"\xcf\xf0\xe8\xe2\xe5\xf2", 6)

    assert api.call(100, record, kinds=(raw.ptr,)) == 0

    after = api.records(1001)
    assert after.text(556, 64) == [b"\xcf\xf0\xe8\xe2\xe5\xf2"]
    assert after.raw[696:704] == before[696:704]
    assert api.call(102, 1001, b"Main1001", kinds=(raw.i32, raw.text)) == 0


def test_passwords_are_checked_and_set_apart(api: Any, raw: Any) -> None:
    def check(login: int, password: bytes) -> int:
        return int(api.call(102, login, password, kinds=(raw.i32, raw.text)))

    def put(login: int, password: bytes, investor: int) -> int:
        return int(api.call(103, login, password, investor, 0, kinds=(raw.i32, raw.text, raw.i32, raw.i32)))

    assert (check(1001, b"Main1001"), check(1001, b"no"), check(77, b"no")) == (0, 65, 3)
    assert (put(1001, b"Fresh77", 0), check(1001, b"Fresh77"), check(1001, b"Main1001")) == (0, 0, 65)
    assert (put(1001, b"weak", 0), put(1001, b"Fresh77", 1), put(77, b"Fresh77", 0)) == (3, 3, 3)


def test_a_batch_command_reaches_every_login_and_spares_accounts_with_orders(standin: Any, api: Any, raw: Any) -> None:
    api.call(99, raw.user(login=5000, enable=1), kinds=(raw.ptr,))
    command = ctypes.create_string_buffer(57)

    def order(code: int, *logins: int, group: bytes = b"", leverage: int = 0) -> int:
        struct.pack_into("<ib16si", command, 0, len(logins), code, group, leverage)
        return int(api.call(101, command, (raw.i32 * len(logins))(*logins), kinds=(raw.ptr, raw.ptr)))

    assert (order(2, 1001, 5000), api.records(1001).read(36), api.records(5000).read(36)) == (0, [0], [0])
    assert (order(3, 5000, leverage=33), api.records(5000).read(676)) == (0, [33])
    assert (order(4, 5000, group=b"vip"), api.records(5000).text(4, 16)) == (0, [b"vip"])
    assert (order(4, 5000, group=b"nowhere"), order(1, 999999), order(9, 5000)) == (3, 3, 3)
    assert (order(0, 1001, 5000), len(api.records(1001)), len(api.records(5000))) == (0, 1, 0)
    assert standin.count("users") == 50


def test_a_manager_sees_the_accounts_of_the_own_groups_only(standin: Any, make: Any, raw: Any) -> None:
    manager = ctypes.create_string_buffer(3904)
    struct.pack_into("<20i", manager, 0, 300, *[1] * 19)
    ctypes.memmove(ctypes.addressof(manager) + 192, b"demo*", 5)
    standin.put(b"manager", manager, b"secret")
    api = make()
    assert (api.connect(), api.login(300, b"secret")) == (0, 0)

    assert set(api.rows(97, 1120).text(4, 16)) == {b"demoforex"}
    assert api.rows(93, 13696).text(0, 16) == [b"demoforex"]
    assert api.call(99, raw.user(group=b"vip"), kinds=(raw.ptr,)) == 3


def test_a_manager_without_rights_is_refused_with_7_or_sees_nothing(standin: Any, make: Any, raw: Any) -> None:
    manager = ctypes.create_string_buffer(3904)
    struct.pack_into("<i", manager, 0, 301)
    ctypes.memmove(ctypes.addressof(manager) + 192, b"*", 1)
    standin.put(b"manager", manager, b"secret")
    api = make()
    assert (api.connect(), api.login(301, b"secret")) == (0, 0)

    assert (api.deposit(1001, 5.0)[0], api.call(99, raw.user(), kinds=(raw.ptr,)), len(api.rows(106, 224))) == (7, 7, 0)
    assert api.records(1001).text(108, 128) == [b""]
    assert standin.ledger() == []


def test_a_mail_is_taken_from_an_address_of_32_bits(standin: Any, api: Any, raw: Any) -> None:
    page = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | _LOW)
    page.write(b"Hello there")
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    mail = ctypes.create_string_buffer(224)
    struct.pack_into("<ii64si128siIi", mail, 0, 0, 224, b"Support", 2, b"Subject", 0, address, 11)

    sent = api.call(94, mail, (raw.i32 * 2)(1001, 1002), kinds=(raw.ptr, raw.ptr))

    text = ctypes.create_string_buffer(200)
    standin.library.standin_get(b"mail", 0, text, 200)
    assert (sent, text.value) == (0, b"224|Support|Subject|1001,1002|Hello there")


def test_a_mail_without_a_mailbox_name_or_a_body_gets_151(api: Any, raw: Any) -> None:
    mail = ctypes.create_string_buffer(224)
    struct.pack_into("<ii64si128siIi", mail, 0, 0, 224, b"Support", 1, b"Subject", 0, 0, 0)

    assert api.call(94, mail, (raw.i32 * 1)(1001), kinds=(raw.ptr, raw.ptr)) == 151
