"""What the service assumes about MT4, A1 to A9, and what one examination says of each."""

from collections.abc import Mapping
from typing import Final, Literal

from msgspec import Struct

Standing = Literal["holds", "fails", "not checked"]

ASSUMED: Final[Mapping[str, str]] = {
    "A1": "a balance operation is applied whole or not at all",
    "A2": "the comment comes back in history with its bytes unchanged, up to 31",
    "A3": "an operation is in the account's history soon after the answer",
    "A4": "nothing is applied later than the settling time after a session is closed",
    "A5": "the return codes that count as refusals mean not applied",
    "A6": "the history of one login is complete within a window",
    "A7": "the server's clock does not run backwards",
    "A8": "the manager may read history",
    "A9": "one manager login may hold several sessions",
}


class Assumption(Struct, frozen=True):
    """One of them, and how it stands: ``reason`` is what was seen, or why nothing was."""

    name: str
    assumed: str
    state: Standing
    reason: str


def holds(name: str, reason: str) -> Assumption:
    """Find nothing against it, in what was tried."""
    return Assumption(name, ASSUMED[name], "holds", reason)


def fails(name: str, reason: str) -> Assumption:
    """Find it untrue."""
    return Assumption(name, ASSUMED[name], "fails", reason)


def unchecked(name: str, reason: str) -> Assumption:
    """Say why nothing is known of it."""
    return Assumption(name, ASSUMED[name], "not checked", reason)


def judged(name: str, good: bool, yes: str, no: str) -> Assumption:  # noqa: FBT001 - the fact that is judged
    """Choose by one fact."""
    return holds(name, yes) if good else fails(name, no)


def complete(found: list[Assumption], reason: str) -> list[Assumption]:
    """Give all nine in their order; those that were not found are not checked, for one reason."""
    known = {each.name: each for each in found}
    return [known.get(name) or unchecked(name, reason) for name in ASSUMED]
