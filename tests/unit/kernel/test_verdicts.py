"""What each return code, and each other end of a call, proves: the whole table."""

from typing import Any

import pytest

from kernel.drivers import Indeterminate, NotSent, Rejected
from kernel.errors import Failure
from kernel.retcodes import EDIT_REFUSALS, MONEY_REFUSALS
from kernel.verdicts import failure_of_read, failure_of_write

CODES = range(-1, 1024)
MONEY = {3, 5, 7, 8, 64, 65, 66, 129, 130, 131, 132, 133, 134, 139, 140, 141}
EDIT = MONEY | {145, 147, 148, 149, 150}
READ = {
    3: (422, "mt4_invalid_data", False),
    5: (502, "mt4_version_mismatch", False),
    6: (503, "mt4_not_connected", True),
    7: (403, "mt4_not_enough_rights", False),
    8: (429, "mt4_too_frequent", True),
    64: (409, "account_disabled", False),
    128: (504, "mt4_timeout", True),
    134: (409, "not_enough_money", False),
    139: (409, "order_locked", False),
    141: (429, "mt4_too_frequent", True),
    255: (504, "mt4_timeout", True),
    **dict.fromkeys((65, 66, 129, 130, 131, 132, 133, 140, 145, 147, 148, 149, 150), (409, "mt4_rejected", False)),
}
"""Contract §1.4; every other code is 502 ``mt4_error``."""


def shown(failure: Failure) -> tuple[int, str, bool]:
    return failure.status, failure.code, failure.retryable


def written(fault: Exception, refusals: Any) -> Failure:
    return failure_of_write(fault, what="deposit", operation_id="op_1", refusals=refusals)


def test_the_whitelists_are_those_of_the_design() -> None:
    assert (set(MONEY_REFUSALS), set(EDIT_REFUSALS)) == (MONEY, EDIT)


def test_every_code_of_a_read_has_its_answer() -> None:
    answers = {code: shown(failure_of_read(Rejected(code))) for code in CODES}

    assert answers == {code: READ.get(code, (502, "mt4_error", False)) for code in CODES}


@pytest.mark.parametrize(("refusals", "proving"), [(MONEY_REFUSALS, MONEY), (EDIT_REFUSALS, EDIT)])
def test_only_whitelisted_codes_of_a_write_prove_that_nothing_was_applied(
    refusals: frozenset[int], proving: set[int]
) -> None:
    failures = {code: written(Rejected(code), refusals) for code in CODES}

    assert {code for code in CODES if failures[code].outcome == "not_applied"} == proving
    assert {code for code in CODES if failures[code].outcome == "unknown"} == set(CODES) - proving
    for code, failure in failures.items():
        expected = (*READ[code][:2], False) if code in proving else (504, "outcome_unknown", False)
        assert shown(failure) == expected
        assert failure.details == {"operation_id": "op_1"}
        assert failure.mt4 is not None
        assert failure.mt4.retcode == code


@pytest.mark.parametrize("code", [None, *CODES])
def test_a_write_whose_line_broke_is_unknown_whatever_came_back(code: int | None) -> None:
    failure = written(Indeterminate("the line broke", code), EDIT_REFUSALS)

    assert (failure.code, failure.outcome) == ("outcome_unknown", "unknown")
    assert (failure.mt4.retcode if failure.mt4 else None) == code
    assert failure.message == "MT4 did not confirm the deposit; it may have been applied"


@pytest.mark.parametrize("fault", [TimeoutError(), OSError("reset"), ValueError("a bug in the driver")])
def test_a_write_that_ended_in_any_other_way_is_unknown(fault: Exception) -> None:
    failure = written(fault, MONEY_REFUSALS)

    assert (failure.code, failure.outcome, failure.mt4) == ("outcome_unknown", "unknown", None)


def test_a_write_that_never_left_us_was_not_applied_and_can_be_asked_again() -> None:
    failure = written(NotSent("no session"), MONEY_REFUSALS)

    assert (*shown(failure), failure.outcome) == (503, "mt4_not_connected", True, "not_applied")


def test_a_read_without_an_answer_can_be_asked_again() -> None:
    assert shown(failure_of_read(TimeoutError())) == (504, "mt4_timeout", True)
    assert shown(failure_of_read(Indeterminate("broke", 255))) == (504, "mt4_timeout", True)
    assert shown(failure_of_read(NotSent("no session"))) == (503, "mt4_not_connected", True)


def test_a_judged_failure_does_not_change_its_class_for_the_next_one() -> None:
    failure_of_read(Rejected(8))

    assert written(Rejected(8), MONEY_REFUSALS).retryable is False
