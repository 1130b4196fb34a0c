"""MT4's masks over names: ``*`` anything, a comma between choices, ``!`` before an exclusion.

``demo*,!demo-vip`` takes every group that starts with demo but demo-vip; a list of exclusions alone
excludes from all.
"""

import re
from collections.abc import Callable
from functools import lru_cache


@lru_cache(maxsize=1024)
def matcher(mask: str) -> Callable[[str], bool]:
    """Give the test for a mask: case counts, spaces around commas do not."""
    parts = [part.strip() for part in mask.split(",") if part.strip()]
    excluded = [_pattern(part[1:]) for part in parts if part.startswith("!")]
    included = [_pattern(part) for part in parts if not part.startswith("!")]

    def matches(name: str) -> bool:
        if any(pattern.fullmatch(name) for pattern in excluded):
            return False
        return not included or any(pattern.fullmatch(name) for pattern in included)

    return matches


def _pattern(part: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(piece) for piece in re.split(r"\*+", part)), re.DOTALL)
