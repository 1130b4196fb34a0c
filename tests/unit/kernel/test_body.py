"""Bodies are read strictly, and no body can keep the service busy."""

import json
import time
from contextlib import suppress
from typing import Any

import pytest
from msgspec import Struct

from kernel.errors import BadInput, FieldError, MalformedRequest, ReadOnlyField, UnsupportedMediaType
from kernel.http.body import MOST_DEPTH, decode, parse, require_json
from kernel.records.trades import TradeChange
from kernel.records.users import NewUser, UserChange

MAIL = 262_144


@pytest.mark.parametrize(
    "raw",
    [
        *(b"", b"{", b"nul", b"{'a':1}", b'{"a":1,}', b'{"a":1}{}', b'{"a":1} x', b"\xff", b'{"a":"\xc3("}', b"01"),
        *(b'{"a":NaN}', b'{"a":Infinity}', b'{"a":-Infinity}', b"\xef\xbb\xbf{}", b'{"a":"\n"}', b'{"a":"\\ud800"}'),
        *(b'{"a":1,"a":2}', b'{"a":1,"\\u0061":2}', b'{"b":{"a":1,"a":1}}', b"[" * 30_000, b'{"a":' * 30_000),
        *(b"1" * 5000, b'{"a":1e99999999999999999999}', '{"a":1}'.encode("utf-16"), b"//\n{}"),
    ],
)
def test_what_is_no_plain_json_is_malformed(raw: bytes) -> None:
    with pytest.raises(MalformedRequest):
        parse(raw)


def test_nesting_is_bounded_and_brackets_in_strings_do_not_count() -> None:
    deepest = b"[" * MOST_DEPTH + b"]" * MOST_DEPTH

    assert parse(deepest) is not None
    assert parse(json.dumps({"a": '[{"' * 500 + "\\"}).encode())["a"].startswith("[{")
    with pytest.raises(MalformedRequest, match="nested deeper than 32"):
        parse(b"[" + deepest + b"]")


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b'{"a":"' + b'\\"' * (MAIL // 2), id="a string that never ends"),
        pytest.param(b'["' + b'\\"' * (MAIL // 2) + b"\\", id="one that ends in a backslash"),
        pytest.param(b'"' * MAIL, id="quotes"),
        pytest.param(b"\\" * MAIL, id="backslashes"),
        pytest.param(b'{"a":' + b"1" * MAIL + b"}", id="a long number"),
        pytest.param(b'{"a":0.' + b"1" * MAIL + b"}", id="a long fraction"),
        pytest.param(
            b"{" + b",".join(b'"%x":1' % n for n in range(MAIL // 9)) + b',"z":1,"z":1}', id="a doubled key at the end"
        ),
        pytest.param(b"[" * MAIL, id="brackets"),
    ],
)
def test_no_body_keeps_the_service_busy(raw: bytes) -> None:
    started = time.perf_counter()
    with suppress(MalformedRequest):
        parse(raw)

    assert time.perf_counter() - started < 0.5


class Ticket(Struct, forbid_unknown_fields=False):
    """A body."""

    order: int
    parts: list[dict[str, int]] = []


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b"{}", FieldError(("body", "order"), "is required", "missing")),
        (b'{"order":"1"}', FieldError(("body", "order"), "expected `int`, got `str`")),
        (b'{"order":1.0}', FieldError(("body", "order"), "expected `int`, got `decimal`")),
        (b'{"order":null}', FieldError(("body", "order"), "expected `int`, got `null`")),
        (b'{"order":1,"parts":[{},{"a":"b"}]}', FieldError(("body", "parts", 1, "..."), "expected `int`, got `str`")),
        (b"[]", FieldError(("body",), "expected `object`, got `array`")),
        (b"5", FieldError(("body",), "expected `object`, got `int`")),
    ],
)
def test_a_wrong_member_is_named_with_its_place(raw: bytes, error: FieldError) -> None:
    with pytest.raises(BadInput) as caught:
        decode(raw, Ticket)

    assert caught.value.details["errors"] == [error]


def test_unknown_members_are_ignored_and_read_only_ones_named() -> None:
    assert decode(b'{"order":1,"else":[1]}', Ticket) == Ticket(1)
    with pytest.raises(ReadOnlyField) as caught:
        decode(b'{"balance":5,"name":"Ada","credit":1,"login":5}', UserChange)
    assert sorted(error.loc[1] for error in caught.value.details["errors"]) == ["balance", "credit", "login"]


@pytest.mark.parametrize("word", [b"1e400", b"1E+999999999", b"-1e13"])
def test_numbers_out_of_range_are_refused_in_float_fields(word: bytes) -> None:
    with pytest.raises((BadInput, MalformedRequest)):
        decode(b'{"profit":%s}' % word, TradeChange)


def test_a_record_that_refuses_without_words_is_still_a_422() -> None:
    class Mute(Struct):
        order: int

        def __post_init__(self) -> None:
            raise ValueError

    with pytest.raises(BadInput):
        decode(b'{"order":1}', Mute)


@pytest.mark.parametrize(
    "given", ["application/json", "Application/JSON; charset=UTF-8", 'application/json;charset="utf-8"']
)
def test_json_is_taken(given: str) -> None:
    require_json({"content-type": given})


@pytest.mark.parametrize(
    "given", ["", "text/plain", "application/json; charset=latin-1", "application/xml", "multipart/form-data"]
)
def test_other_content_types_are_refused(given: str) -> None:
    with pytest.raises(UnsupportedMediaType):
        require_json({"content-type": given})


def test_a_new_user_never_shows_a_password_to_hooks() -> None:
    user: Any = decode(
        b'{"group":"g","name":"n","password":"Secr3t1","password_investor":"Secr3t2","password_phone":"Secr3t3"}',
        NewUser,
    )

    assert "Secr3t" not in repr(user.without_passwords())
