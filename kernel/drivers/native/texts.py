"""Texts in the server's ANSI code page: exact on the way in, never a failure on the way out."""

import codecs
import logging
from typing import Final

from kernel.drivers import NotSent
from kernel.records.texts import fitting

_log = logging.getLogger(__name__)
_MOST_NAMED: Final = 200


class Unfit(NotSent):
    """What was to be sent has no exact form in MT4's structures; the library was not called."""


class Texts:
    """One code page, and the places where the server's bytes were not of it.

    The Windows names are those of the settings, such as ``cp1251``.
    """

    def __init__(self, code_page: str) -> None:
        """Take a code page; raises ``LookupError`` for one that Python does not know."""
        self.code_page = codecs.lookup(code_page).name
        self.garbled: set[str] = set()

    def decode(self, data: bytes, where: str) -> str:
        """Give the text before the first NUL; bytes of another code page become U+FFFD, logged once for each place."""
        data = data.partition(b"\0")[0]
        try:
            return data.decode(self.code_page)
        except UnicodeDecodeError:
            if where not in self.garbled and len(self.garbled) < _MOST_NAMED:
                self.garbled.add(where)
                _log.warning("%s holds bytes that are not %s; they are shown as U+FFFD", where, self.code_page)
            return data.decode(self.code_page, "replace")

    def field(self, text: str, size: int, where: str) -> bytes:
        """Give a text as a ``char[size]``, filled up with NULs; raises ``Unfit``."""
        return self.argument(text, where, size - 1).ljust(size, b"\0")

    def argument(self, text: str, where: str, most: int = 65535) -> bytes:
        """Give a text as a ``LPCSTR`` of at most so many bytes; raises ``Unfit``."""
        if problem := fitting(text, most, self.code_page):
            raise Unfit(f"{where} {problem}")
        return self._exact(text, where)

    def body(self, text: str) -> bytes:
        """Give a mail's text, which unlike a field's may have lines and tabs; raises ``Unfit``."""
        data = self._exact(text, "the mail's text")
        if b"\0" in data:
            raise Unfit("the mail's text holds a NUL, which would end it")
        return data

    def _exact(self, text: str, where: str) -> bytes:
        """Encode what comes back the same: some code pages write a second character with the bytes of a first."""
        try:
            data = text.encode(self.code_page)
        except UnicodeEncodeError as error:
            raise Unfit(f"{where}: {text[error.start]!r} is not in {self.code_page}") from error
        if data.decode(self.code_page, "replace") != text:
            raise Unfit(f"{where} would come back from {self.code_page} as another text")
        return data
