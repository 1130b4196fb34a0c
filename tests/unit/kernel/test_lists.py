"""Pages by cursor: complete, without repeats, whatever the caller sends."""

import base64

import pytest
from msgspec import UNSET, Struct

from kernel.errors import BadInput
from kernel.http.lists import ListQuery, page


class Row(Struct, frozen=True):
    """A record of a list."""

    login: int
    name: str = ""


ROWS = [Row(login, f"n{login}") for login in (5, 3, 9, 1, 7)]


def walked(rows: list[Row], limit: int) -> list[list[int]]:
    pages: list[list[int]] = []
    cursor = None
    while True:
        found = page(rows, Row, "login", ListQuery(limit, cursor))
        pages.append([row.login for row in found.records])
        cursor = found.next_cursor
        if not isinstance(cursor, str):
            return pages


def test_everything_comes_by_default_sorted_and_without_a_cursor() -> None:
    found = page(ROWS, Row, "login", ListQuery())

    assert [row.login for row in found.records] == [1, 3, 5, 7, 9]
    assert (found.total, found.next_cursor) == (5, UNSET)


@pytest.mark.parametrize(
    ("limit", "pages"), [(2, [[1, 3], [5, 7], [9]]), (5, [[1, 3, 5, 7, 9]]), (1, [[1], [3], [5], [7], [9]])]
)
def test_pages_are_complete_and_end_with_null(limit: int, pages: list[list[int]]) -> None:
    assert walked(ROWS, limit) == pages


def test_rows_that_share_a_key_stay_on_one_page() -> None:
    assert walked([Row(1), Row(2), Row(2), Row(2), Row(3)], 2) == [[1, 2, 2, 2], [3]]


def test_a_row_that_comes_or_goes_between_pages_moves_no_other() -> None:
    first = page(ROWS, Row, "login", ListQuery(2))
    assert isinstance(first.next_cursor, str)
    changed = [row for row in ROWS if row.login != 3] + [Row(2), Row(6)]

    second = page(changed, Row, "login", ListQuery(2, first.next_cursor))

    assert [row.login for row in second.records] == [5, 6]
    assert second.total == 6


def test_only_the_wanted_fields_come_and_always_the_key() -> None:
    found = page(ROWS[:1], Row, "login", ListQuery(fields="name, name"))

    assert found.records == [{"login": 5, "name": "n5"}]


@pytest.mark.parametrize("cursor", ["x", "!!", "é", "bnVsbA", "W10", "InMi", "MS41", "e30"])
def test_a_cursor_that_is_not_ours_is_refused(cursor: str) -> None:
    with pytest.raises(BadInput, match="cursor: is not a cursor of this list"):
        page(ROWS, Row, "login", ListQuery(2, cursor))


def test_a_deep_cursor_is_refused() -> None:
    cursor = base64.urlsafe_b64encode(b"[" * 5000).decode()

    with pytest.raises(BadInput):
        page(ROWS, Row, "login", ListQuery(2, cursor))


def test_an_unknown_field_is_named() -> None:
    with pytest.raises(BadInput, match="fields: 'password' is not a member"):
        page(ROWS, Row, "login", ListQuery(fields="login,password"))
