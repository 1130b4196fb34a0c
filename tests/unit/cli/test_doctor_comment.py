"""The comment of the doctor's bookings: as long as MT4 takes it, and only of what the code page has."""

import pytest

from kernel.cli.checks.comment import BYTES, beyond_ascii, comment_for


@pytest.mark.parametrize("code_page", ["cp1251", "cp1252", "cp1256", "cp932", "cp936", "cp949", "utf-8"])
def test_a_comment_is_31_bytes_and_holds_characters_of_the_code_page(code_page: str) -> None:
    comments = [comment_for("+", code_page) for _ in range(20)]

    assert {len(comment.text.encode(code_page)) for comment in comments} == {BYTES}
    assert all(comment.text.encode(code_page).decode(code_page) == comment.text for comment in comments)
    assert all(beyond_ascii(comment.text) for comment in comments)
    assert len({comment.head for comment in comments}) == len(comments)


def test_a_code_page_of_ascii_alone_gets_ascii() -> None:
    comment = comment_for("-", "ascii")

    assert comment.text == f"{comment.head}{'x' * (BYTES - len(comment.head))}"
