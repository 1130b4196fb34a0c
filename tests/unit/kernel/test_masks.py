"""MT4's masks over group names."""

import time

import pytest

from kernel.records.masks import matcher

GROUPS = ["demo", "demo-vip", "demoforex", "real", "real-vip", "Demo", "a.b", "*"]


@pytest.mark.parametrize(
    ("mask", "taken"),
    [
        ("*", GROUPS),
        ("", GROUPS),
        (",", GROUPS),
        ("demo", ["demo"]),
        ("demo*", ["demo", "demo-vip", "demoforex"]),
        ("*vip", ["demo-vip", "real-vip"]),
        ("*-*", ["demo-vip", "real-vip"]),
        ("demo*,!demo-vip", ["demo", "demoforex"]),
        ("!demo-vip,demo*", ["demo", "demoforex"]),
        ("!*vip", ["demo", "demoforex", "real", "Demo", "a.b", "*"]),
        (" demo , real ", ["demo", "real"]),
        ("a?b", []),
        ("a.b", ["a.b"]),
        ("a.*", ["a.b"]),
        ("d**o", ["demo"]),
        ("!*", []),
        ("nothing", []),
    ],
)
def test_a_mask_takes_what_mt4_would(mask: str, taken: list[str]) -> None:
    assert [group for group in GROUPS if matcher(mask)(group)] == taken


def test_a_hostile_mask_takes_no_time() -> None:
    started = time.perf_counter()

    assert not matcher("*a" * 120 + "b")("a" * 15)
    assert time.perf_counter() - started < 1
