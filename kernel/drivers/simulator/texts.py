"""Texts as the server's structures hold them: so many bytes of its ANSI code page, ended by a NUL."""

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from kernel.records.users import User

COMMENT: Final = 31
SYMBOL: Final = 11
MAIL_SUBJECT: Final = 127

USER_TEXTS: Final[Mapping[str, int]] = {
    "group": 15,
    "name": 127,
    "email": 47,
    "phone": 31,
    "country": 31,
    "city": 31,
    "state": 31,
    "zipcode": 15,
    "address": 95,
    "lead_source": 31,
    "comment": 63,
    "id": 31,
    "status": 15,
}
"""``UserRecord``'s texts and their bytes without the NUL."""

PRIVATE: Final = ("name", "email", "phone", "country", "city", "state", "zipcode", "address", "id", "last_ip")
"""What a manager without the right ``user_details`` sees empty (behaviour.md §15)."""


def fit(text: str, size: int, code_page: str) -> str:
    """Say what is left of a text once it was in a ``char[size + 1]``.

    A NUL ends it, what the code page lacks becomes ``?``, and bytes beyond the size are cut; half of
    a character that needs two bytes goes too.
    """
    data = text.split("\0", 1)[0].encode(code_page, "replace")
    return data[:size].decode(code_page, "ignore")


def fit_user(user: User, code_page: str) -> User:
    """Give the account with every text as its structure holds it."""
    texts = {name: fit(getattr(user, name), size, code_page) for name, size in USER_TEXTS.items()}
    return replace(user, **texts)


def suffixed(comment: str, suffix: str, code_page: str) -> str:
    """Put a mark of the server's behind a comment, which gives way where both have no room."""
    room = COMMENT - len(suffix.encode(code_page, "replace"))
    head = fit(comment, max(room, 0), code_page)
    return fit(f"{head}{suffix}", COMMENT, code_page)
