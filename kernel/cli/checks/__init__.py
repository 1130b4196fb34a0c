"""The doctor's checks: each looks at one fact and changes nothing."""

from typing import Literal

from msgspec import Struct

State = Literal["ok", "warn", "fail"]


class Verdict(Struct, frozen=True):
    """One fact: what was found, and what to do where it is not as it should be."""

    name: str
    state: State
    reason: str
    advice: str = ""


def ok(name: str, reason: str) -> Verdict:
    """Find it as it should be."""
    return Verdict(name, "ok", reason)


def warn(name: str, reason: str, advice: str) -> Verdict:
    """Find what works and should not stay so."""
    return Verdict(name, "warn", reason, advice)


def fail(name: str, reason: str, advice: str) -> Verdict:
    """Find what keeps the service from starting or from doing its work."""
    return Verdict(name, "fail", reason, advice)
