"""The life of an object: connecting, logging in, losing the line and coming back (behaviour.md §1, §2)."""

import ctypes
from collections.abc import Callable
from typing import Any

import pytest


def test_the_version_says_generation_400_and_the_build_of_the_facts(standin: Any) -> None:
    assert standin.library.MtManVersion() == 26215803


@pytest.mark.parametrize("version", [0, 1403, 300 << 16, 401 << 16])
def test_another_generation_of_the_interface_gets_no_object(standin: Any, version: int) -> None:
    pointer = ctypes.c_void_p(1)

    standin.library.MtManCreate(version, ctypes.byref(pointer))

    assert pointer.value is None


def test_calls_before_the_login_are_not_sent(make: Callable[[], Any]) -> None:
    api = make()

    assert (api.ping(), api.connect(), api.ping(), len(api.rows(97, 1120))) == (6, 0, 6, 0)


@pytest.mark.parametrize(("login", "password"), [(224, b"wrong"), (999, b"your_manager_password"), (1001, b"Main1001")])
def test_a_wrong_password_an_unknown_login_and_an_ordinary_client_are_refused_with_65(
    make: Callable[[], Any], login: int, password: bytes
) -> None:
    api = make()

    assert (api.connect(), api.login(login, password)) == (0, 65)


def test_an_old_version_and_a_server_that_does_not_answer_have_their_codes(
    standin: Any, make: Callable[[], Any]
) -> None:
    api = make()
    standin.run("setting connect_timeout 0")
    standin.run("setting refuse_connect 1")
    refused = api.connect()
    standin.run("setting refuse_connect 0")
    standin.run("setting old_version 1")

    assert (refused, api.connect(), api.login()) == (6, 0, 5)


def test_a_lost_line_looks_connected_until_a_call_then_gives_255_then_6(standin: Any, api: Any) -> None:
    standin.run("cut")

    assert api.connected() == 1
    assert (api.ping(), api.connected(), api.ping(), api.ping()) == (255, 0, 6, 6)


def test_only_disconnect_connect_and_login_bring_a_lost_line_back(standin: Any, api: Any) -> None:
    standin.run("cut")
    api.ping()

    assert (api.connect(), api.disconnect(), api.connect(), api.ping(), api.login(), api.ping()) == (2, 0, 0, 6, 0, 0)


def test_an_idle_line_dies_and_a_ping_keeps_it_alive(standin: Any, api: Any) -> None:
    standin.run("advance 170")
    kept = api.ping()
    standin.run("advance 170")
    again = api.ping()
    standin.run("advance 181")

    assert (kept, again, api.ping(), api.ping()) == (0, 0, 255, 6)


def test_an_empty_session_answers_pings_and_gives_nothing_else(standin: Any, api: Any) -> None:
    standin.run("fault GroupsRequest empty nth=1")

    assert (len(api.rows(93, 13696)), api.ping(), len(api.rows(97, 1120)), api.deposit(1001, 1.0)[0]) == (0, 0, 0, 6)


def test_a_server_that_accepts_and_says_nothing_holds_the_login_up(standin: Any, make: Callable[[], Any]) -> None:
    standin.run("fault Login hang ms=50")
    api = make()

    assert (api.connect(), api.login()) == (0, 255)


def test_more_calls_than_the_server_takes_get_8(standin: Any, api: Any) -> None:
    standin.run("setting calls_per_second 3")

    assert 8 in [api.ping() for _ in range(12)]


def test_rights_and_the_server_are_told_as_they_are(api: Any) -> None:
    manager, common = ctypes.create_string_buffer(3904), ctypes.create_string_buffer(1744)

    assert api.call(14, manager, kinds=(ctypes.c_void_p,)) == 0
    assert api.call(176, common, kinds=(ctypes.c_void_p,)) == 0
    assert (manager[:4], manager[128:135], common[128:140]) == (b"\xe0\0\0\0", b"Support", b"StandIn-Demo")


def test_error_descriptions_are_those_of_the_logs(api: Any) -> None:
    texts = [api.call(4, code, kinds=(ctypes.c_int32,), result=ctypes.c_char_p) for code in (6, 7, 65, 255, 99)]

    assert texts == [b"No connection", b"Not enough rights", b"Invalid account", b"Network problem", b"Unknown error"]


def test_a_slot_without_a_server_behind_it_refuses_and_is_counted(standin: Any, api: Any) -> None:
    total = ctypes.c_int32(5)

    news = api.call(135, ctypes.byref(total), kinds=(ctypes.c_void_p,), result=ctypes.c_void_p)

    assert (news, total.value, api.call(16), standin.count("unsupported")) == (None, 0, 2, 2)
