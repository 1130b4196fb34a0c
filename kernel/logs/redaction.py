"""Values made fit for a log: plain, bounded, and with stars in place of secrets."""

import re
from collections.abc import Collection, Mapping
from typing import Final, cast

from msgspec import Struct, structs

from kernel.config.secret import STARS, looks_secret

_DEEPEST: Final = 6
_LONGEST: Final = 20_000
_MOST: Final = 200
_LARGEST: Final = 2**128
_Several = Mapping[object, object] | Collection[object]
_QUOTED: Final = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_IS: Final = r"""["']?\s{0,3}[=:]\s{0,3}"""
_SUSPECT: Final = re.compile(r"bearer|eyj|authorization|passw|pwd|secret|token|api_?key", re.IGNORECASE)
"""In every text that one of the patterns could match; one search is cheaper than all of them."""
_PATTERNS: Final = (
    (re.compile(r"\b(bearer\s{1,3})[A-Za-z0-9._~+/=-]{16,}", re.IGNORECASE), rf"\1{STARS}"),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{4,512}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?"), STARS),
    (re.compile(rf"(authorization{_IS})(?:{_QUOTED}|(?:[a-z]+\s)?[^\s,;]+)", re.IGNORECASE), rf"\1{STARS}"),
    (
        re.compile(
            rf"((?:password|passwd|pwd|secret|token|api_?key)[\w-]{{0,20}}{_IS})(?:{_QUOTED}|[^\s&,;\"')}}\]]+)",
            re.IGNORECASE,
        ),
        rf"\1{STARS}",
    ),
)


def redacted(value: object, depth: int = 0) -> object:
    """Make a plain value that JSON can hold; members named like secrets become stars, at any depth.

    Records are opened, because their own ``repr`` would show every member. Too deep, too many or too
    long is cut and says so.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value if -_LARGEST < value < _LARGEST else _described(value)
    if isinstance(value, str):
        return redacted_text(value)
    if isinstance(value, Struct):
        value = structs.asdict(value)
    if isinstance(value, Mapping | list | tuple | set | frozenset):
        return "…" if depth >= _DEEPEST else _members(cast("_Several", value), depth)
    return redacted_text(_described(value))


def redacted_text(text: str) -> str:
    """Star tokens and passwords inside a text, and cut it at 20,000 characters."""
    short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… {len(text) - _LONGEST} more"
    if not short.isascii():
        short = short.encode("utf-8", "backslashreplace").decode()  # lone surrogates, which no UTF-8 stream takes
    for pattern, replacement in _PATTERNS if _SUSPECT.search(short) else ():
        short = pattern.sub(replacement, short)
    return short


def _members(several: _Several, depth: int) -> object:
    if isinstance(several, Mapping):
        table = cast("Mapping[object, object]", several)
        return {str(name): _member(str(name), value, depth) for name, value in table.items()}
    items = list(several)
    more = [f"… {len(items) - _MOST} more"] if len(items) > _MOST else []
    return [*(redacted(item, depth + 1) for item in items[:_MOST]), *more]


def _member(name: str, value: object, depth: int) -> object:
    hide = value is not None and not isinstance(value, bool) and looks_secret(name)
    return STARS if hide else redacted(value, depth + 1)


def _described(value: object) -> str:
    try:
        return repr(value)
    except Exception as error:  # noqa: BLE001 - a log line must not fail because an object cannot describe itself
        return f"<{type(value).__name__}: {type(error).__name__}>"
