"""What a single value of the settings must fulfil beyond its type and bounds."""

import codecs
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

_CODE_PAGES: Final = (*(f"cp{number}" for number in (874, 932, 936, 949, 950)), *(f"cp{n}" for n in range(1250, 1259)))
_HOST: Final = r"(?:[A-Za-z0-9*_.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])"
_TARGET: Final = re.compile(rf"{_HOST}(?::(?:\*|[0-9]{{1,5}}))?\Z")
_ADDRESS: Final = re.compile(rf"{_HOST}(?::[0-9]{{1,5}})?\Z")
_PLUGIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}\Z")
_LARGEST_PORT: Final = 65535
_LARGEST_AMOUNT: Final = Decimal(999_999_999_999)


def code_page(name: str) -> None:
    """Take only Windows' ANSI code pages: MT4 keeps its texts in one of them."""
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        found = None
    if found not in {codecs.lookup(known).name for known in _CODE_PAGES}:
        raise ValueError(f"expected a Windows ANSI code page: {', '.join(_CODE_PAGES)}")


def address(text: str) -> None:
    """Take ``host`` or ``host:port``."""
    if "*" in text or not _ADDRESS.match(text) or not _port_fits(text):
        raise ValueError("expected HOST or HOST:PORT")


def target(pattern: str) -> None:
    """Take ``host`` or ``host:port``; ``*`` stands for any part of the host, or any port."""
    if not _TARGET.match(pattern) or not _port_fits(pattern):
        raise ValueError("expected HOST or HOST:PORT, in which * stands for anything")


def _port_fits(text: str) -> bool:
    port = re.search(r":([0-9]+)\Z", text)
    return port is None or text.endswith("]") or 1 <= int(port[1]) <= _LARGEST_PORT


def amount(value: Decimal) -> None:
    """Take what MT4's doubles hold with cents to spare."""
    if not 0 < value <= _LARGEST_AMOUNT:
        raise ValueError(f"expected an amount above 0 and at most {_LARGEST_AMOUNT}")


def plugin_names(names: Iterable[str]) -> None:
    """Take entry-point names, each once."""
    seen: set[str] = set()
    for name in names:
        if not _PLUGIN.match(name):
            raise ValueError("expected names of letters, digits, dots, hyphens and underscores")
        if name in seen:
            raise ValueError(f"{name} is listed twice")
        seen.add(name)
