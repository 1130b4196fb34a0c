"""What the bridge remembers of operation ids."""

import pytest

from kernel.bridge.ledger import Ledger
from kernel.drivers import Indeterminate, NotSent
from kernel.drivers.wire.messages import Fenced


@pytest.fixture
def ledger() -> Ledger:
    return Ledger("inc")


def test_an_id_begins_once(ledger: Ledger) -> None:
    ledger.begin("a")

    with pytest.raises(Indeterminate):
        ledger.begin("a")
    assert ledger.fence("a") == Fenced("inc", "in_flight")


@pytest.mark.parametrize("code", [0, 134, 255])
def test_an_ended_id_keeps_its_code_and_does_not_begin_again(ledger: Ledger, code: int) -> None:
    ledger.begin("a")
    ledger.settle("a", code)

    with pytest.raises(Indeterminate):
        ledger.begin("a")
    assert ledger.fence("a") == Fenced("inc", "done", code)


def test_what_was_never_here_is_unseen_once_and_fenced_from_then_on(ledger: Ledger) -> None:
    assert [ledger.fence("a").state, ledger.fence("a").state] == ["unseen", "fenced"]
    with pytest.raises(NotSent):
        ledger.begin("a")


def test_what_was_not_sent_after_all_is_fenced(ledger: Ledger) -> None:
    ledger.begin("a")
    ledger.refuse("a")

    assert ledger.fence("a").state == "fenced"
    with pytest.raises(NotSent):
        ledger.begin("a")


def test_a_full_ledger_forgets_the_oldest_that_has_ended_and_says_so() -> None:
    ledger = Ledger("inc", room=2)
    ledger.begin("under way")
    ledger.begin("ended")
    ledger.settle("ended", 0)
    ledger.begin("third")

    assert ledger.fence("under way").state == "in_flight"
    assert ledger.fence("ended").state == "forgotten"
    assert ledger.fence("never here").state == "forgotten"
