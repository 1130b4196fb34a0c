"""What a log may hold of a value."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from kernel.config import Secret
from kernel.logs import redacted, redacted_text

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"


class NewUser(Struct, frozen=True):
    login: int
    password: str = "p1"
    password_investor: str = "p2"


class Silent:
    def __repr__(self) -> str:
        raise RuntimeError("no words")


def test_members_named_like_secrets_become_stars_at_any_depth() -> None:
    value = {"a": [{"token": "x", "key": 5, "login": 7}], "Authorization": "Basic eA==", "n": {"client_secret": ["x"]}}

    assert redacted(value) == {
        "a": [{"token": "***", "key": "***", "login": 7}],
        "Authorization": "***",
        "n": {"client_secret": "***"},
    }


def test_a_flag_or_nothing_in_a_secrets_place_stays() -> None:
    assert redacted({"password": None, "token": True}) == {"password": None, "token": True}


def test_a_record_is_opened_and_its_passwords_are_not() -> None:
    assert redacted((NewUser(7), Secret("x"))) == [
        {"login": 7, "password": "***", "password_investor": "***"},
        "***",
    ]


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("GET /x?token=abc&page=2", "GET /x?token=***&page=2"),
        ("password='a \\' b' login=7", "password=*** login=7"),
        ('{"api_key": "abc", "n": 1}', '{"api_key": ***, "n": 1}'),
        ("password_investor: abc, x", "password_investor: ***, x"),
        ("Authorization: Basic dXNlcjpwYXNz", "Authorization: ***"),
        ("sent Bearer 0123456789abcdef0", "sent Bearer ***"),
        (f"got {JWT}.", "got ***."),
        ("the password is wrong", "the password is wrong"),
        ("basic information", "basic information"),
    ],
)
def test_secrets_inside_a_text_become_stars(text: str, clean: str) -> None:
    assert redacted_text(text) == clean


def test_what_is_too_deep_too_many_or_too_long_is_cut_and_says_so() -> None:
    loop: list[object] = []
    loop.append(loop)

    assert redacted(loop) == [[[[[["…"]]]]]]
    assert redacted(list(range(300)))[-1] == "… 100 more"  # type: ignore[index] - a list by construction
    assert redacted_text("a" * 20_005)[-8:] == "… 5 more"


def test_what_cannot_describe_itself_is_named_by_its_type() -> None:
    assert redacted([Silent(), 10**5000]) == ["<Silent: RuntimeError>", "<int: ValueError>"]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.binary() | st.dates(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner) | st.tuples(inner, inner),
        max_leaves=20,
    )
)
def test_every_value_becomes_one_that_strict_json_holds(value: object) -> None:
    line = json.dumps(redacted(value), allow_nan=False, ensure_ascii=False)

    assert json.loads(line.encode("utf-8")) == redacted(value)


@pytest.mark.parametrize(
    "piece",
    ["password", "token ", "password = ", "eyJ", "eyJaaaa.", "eyJaa-", 'password="', "authorization='\\", "bearer "],
)
def test_a_hostile_text_costs_no_more_than_a_moment(piece: str) -> None:
    start = time.perf_counter()
    redacted_text(piece * 5000)

    assert time.perf_counter() - start < 0.5
