"""A comment as long as MT4 takes it, which nobody else has, with characters that only the code page knows."""

import secrets
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

BYTES: Final = 31
"""``TradeRecord.comment`` without its NUL."""

_FILLER: Final = "x"
_LEAD: Final = range(0x80, 0x100)
_TRAIL: Final = (0xA1, 0xB5, 0xC8)


class Comment(Struct, frozen=True):
    """``head`` is ASCII and this comment's own, so a row is found also when the rest was cut or garbled."""

    head: str
    text: str


def comment_for(sign: str, code_page: str) -> Comment:
    """Make one of exactly 31 bytes; raises ``LookupError`` for a code page that Python does not know."""
    head = f"doctor{sign}{secrets.token_hex(4)}"
    text, letters = head, list(_letters(code_page))
    place = 0
    while letters and place < len(letters):
        letter = letters[place]
        if len((text + letter).encode(code_page)) > BYTES:
            break
        text += letter
        place += max(1, len(letters) // (BYTES - len(head)))
    return Comment(head, text + _FILLER * (BYTES - len(text.encode(code_page))))


def beyond_ascii(text: str) -> int:
    """Count the characters that need the code page."""
    return sum(not character.isascii() for character in text)


def _letters(code_page: str) -> Iterator[str]:
    """Give letters beyond ASCII whose bytes come back as the same bytes, those of one byte first."""
    codes = [bytes([lead]) for lead in _LEAD] + [bytes([lead, trail]) for lead in _LEAD for trail in _TRAIL]
    for code in codes:
        try:
            letter = code.decode(code_page)
            same = letter.encode(code_page) == code
        except UnicodeError:
            continue
        if same and len(letter) == 1 and letter.isalpha() and not letter.isascii():
            yield letter
