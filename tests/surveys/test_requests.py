"""Requests to leaders: what can be raised, and what is told of it for how long."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from surveys.notices import Notice
from surveys.promises import LONGEST as LONGEST_PROMISE
from surveys.promises import Problem, settle
from surveys.questions import Owner, drivers
from surveys.requests import LONGEST, PATIENCE, Followed, Outcome, Requested, followed, may_raise, raisable, told
from tests.bot.views.samples import flagged_digest, quiet_digest

MONDAY = date(2026, 3, 9)


def requested(number: int = 1, outcome: Outcome = Outcome.OPEN, *, driver: str = "purpose") -> Requested:
    return Requested(
        id=number,
        unit_id=1,
        unit="Vision",
        driver=driver,
        asker_id=1,
        asker="Dana Ito",
        leader_id=3,
        leader="Ruth Meyer",
        text="Please come by.",
        made_on=MONDAY,
        outcome=outcome,
        reply="In May." if outcome is Outcome.DECLINED else None,
        promise=None,
        ended_on=None if outcome is Outcome.OPEN else MONDAY + timedelta(days=8),
    )


def opened(weeks: int) -> list[date]:
    """Tuesdays, one before the request was made and so many after."""
    return [MONDAY + timedelta(days=1, weeks=week) for week in range(-1, weeks)]


def notice(driver: str) -> Notice:
    (there,) = flagged_digest().notices
    return replace(there, driver=drivers()[driver])


def test_flags_that_the_team_lead_owns_are_not_raised() -> None:
    assert raisable(flagged_digest()) == ()  # burnout, and an action about it


def test_flags_come_first_in_their_order_and_then_what_the_action_is_about() -> None:
    digest = replace(flagged_digest(), notices=tuple(notice(driver) for driver in ("burnout", "reward", "purpose")))
    assert [driver.id for driver in raisable(digest)] == ["reward", "purpose"]
    action = quiet_digest().action
    assert action is not None
    digest = replace(digest, notices=(notice("purpose"),), action=replace(action, driver="growth"))
    assert [driver.id for driver in raisable(digest)] == ["purpose", "growth"]


def test_what_a_digest_suggests_can_be_raised_without_a_flag_where_somebody_above_owns_it() -> None:
    digest = quiet_digest()
    assert digest.action is not None
    for driver in drivers().values():
        found = raisable(replace(digest, action=replace(digest.action, driver=driver.id)))
        assert found == (() if driver.owner is Owner.TEAM_LEAD else (driver,))
    assert raisable(replace(digest, action=None)) == ()


def test_rounds_are_counted_that_opened_after_the_day_of_the_request() -> None:
    assert followed(requested(), opened(3), leader_there=True).rounds == 3
    assert followed(requested(), [MONDAY], leader_there=True).rounds == 0
    answered = requested(outcome=Outcome.DECLINED)  # on the second Tuesday
    assert followed(answered, opened(3), leader_there=True).rounds == 1


@pytest.mark.parametrize("rounds", range(5))
def test_a_request_waits_for_so_long_until_it_is_told_of_with_how_long(rounds: int) -> None:
    assert followed(requested(), opened(rounds), leader_there=True).is_overdue is (rounds >= PATIENCE)
    assert not followed(requested(outcome=Outcome.DECLINED), opened(9), leader_there=True).is_overdue


def test_what_waits_is_told_for_ever_and_an_answer_in_the_digests_of_the_next_round() -> None:
    def is_told(outcome: Outcome, rounds: int) -> bool:
        return bool(told([Followed(request=requested(outcome=outcome), rounds=rounds)]))

    assert is_told(Outcome.OPEN, 50)
    for outcome in (Outcome.PROMISED, Outcome.DECLINED):
        assert [is_told(outcome, rounds) for rounds in range(4)] == [True, True, False, False]
    assert not is_told(Outcome.TAKEN_BACK, 0)


def test_the_newest_is_told_first() -> None:
    found = told([Followed(request=requested(number), rounds=0) for number in (2, 3, 1)])
    assert [one.request.id for one in found] == [3, 2, 1]


def test_a_driver_is_raised_once_until_it_is_answered_or_nobody_is_there_to_answer() -> None:
    waiting = Followed(request=requested(), rounds=3)
    assert not may_raise("purpose", [waiting])
    assert may_raise("growth", [waiting])
    assert may_raise("purpose", [replace(waiting, leader_there=False)])
    assert may_raise("purpose", [Followed(request=requested(outcome=Outcome.TAKEN_BACK), rounds=0)])


def test_after_a_promise_and_for_longer_after_a_no_the_same_is_not_offered_again() -> None:
    def offered(outcome: Outcome) -> list[bool]:
        return [may_raise("purpose", [Followed(request=requested(outcome=outcome), rounds=n)]) for n in range(7)]

    assert offered(Outcome.PROMISED) == [False, False, True, True, True, True, True]
    assert offered(Outcome.DECLINED) == [False, False, False, False, False, True, True]


def test_a_request_may_be_longer_than_a_promise() -> None:
    words = "x" * LONGEST
    assert len(words) > LONGEST_PROMISE
    assert settle(words, longest=LONGEST) == words
    assert settle(words + "x", longest=LONGEST) is Problem.TOO_LONG
    assert settle(words) is Problem.TOO_LONG
    assert settle(" … ", longest=LONGEST) is Problem.NOTHING


def test_a_driver_that_is_gone_keeps_its_id_as_its_name() -> None:
    assert requested().driver_name == "Purpose"
    assert requested(driver="gone").driver_name == "gone"
