"""The pauses between two tries to connect."""

from kernel.connection.pauses import WRONG_LOGIN_SECONDS, Pauses


def test_each_pause_is_within_a_longest_that_doubles() -> None:
    for _ in range(200):
        pauses = Pauses(0.5, 60)
        for longest in (0.5, 1, 2, 4, 8, 16, 32, 60, 60):
            assert 0 <= pauses.next(refused=False) <= longest


def test_pauses_are_spread_over_their_whole_length() -> None:
    drawn = [Pauses(1, 60).next(refused=False) for _ in range(500)]

    assert (min(drawn) < 0.1, max(drawn) > 0.9) == (True, True)


def test_a_refusal_of_the_login_waits_long() -> None:
    assert Pauses(0.5, 60).next(refused=True) == WRONG_LOGIN_SECONDS


def test_only_a_link_that_held_starts_over() -> None:
    pauses = Pauses(0.5, 60)
    for _ in range(4):
        pauses.next(refused=False)

    pauses.held(59.9)
    assert pauses.longest == 8
    pauses.held(60)
    assert pauses.longest == 0.5
