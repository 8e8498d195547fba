"""What Dana promises: by the step of the guide, or by hand before it, and what it does to Vision."""

from datetime import UTC, datetime

import pytest
from sqlmodel import select

from bot.demo.acting import PROMISED, PROMISED_NEXT
from bot.demo.company import DANA, PRIYA, WEEKS
from bot.demo.moods import read_moods
from bot.demo.promised import relieved_in, standing
from storage.people import local_date
from storage.promises import end_promise, promises_about
from storage.questions import known_items
from storage.tables import Member, Pulse, Round, Unit
from surveys.promises import Fate
from surveys.rounds import State
from tests.support.demo import Play
from tests.support.guided import do, newest

pytestmark = pytest.mark.usefixtures("history")


def test_a_promise_of_dana_reaches_priya_in_her_next_invitation(play: Play) -> None:
    do(play, "digest")
    do(play, "promise")
    show = play.show.state()["show"]
    (told,) = [message for message in play.stage.slack.person(PRIYA).dms() if message.ts == show["message"]]
    assert (show["person"], told.notification) == (PRIYA, "Murmur: 4 short questions")
    assert f"Dana Ito promised “{PROMISED.removesuffix('.')}”" in newest(play, PRIYA)
    assert play.stage.sandbox.clock.now() == datetime(2026, 6, 30, 8, 5, tzinfo=UTC)
    assert play.stage.slack.person(DANA).views == []


def test_a_promise_needs_no_monday_before_it(play: Play) -> None:
    do(play, "promise")
    assert "Dana Ito promised" in newest(play, PRIYA)
    assert play.stage.sandbox.clock.now() == datetime(2026, 6, 30, 8, 5, tzinfo=UTC)


def test_who_has_promised_by_hand_promises_nothing_else(play: Play) -> None:
    promise_by_hand(play)
    do(play, "promise")
    assert "One sign-off instead of four" in newest(play, PRIYA)
    with play.stage.murmur.database.reading() as session:
        vision = session.exec(select(Unit).where(Unit.name == "Vision")).one()
        assert [promise.text for promise in promises_about(session, vision)] == ["One sign-off instead of four."]


def test_a_promise_that_was_taken_back_is_none(play: Play) -> None:
    promise_by_hand(play)
    end_promises(play, Fate.TAKEN_BACK)
    do(play, "promise")
    assert PROMISED.removesuffix(".") in newest(play, PRIYA)
    assert "One sign-off" not in newest(play, PRIYA)


def test_a_promise_that_was_told_long_ago_is_not_told_again(play: Play) -> None:
    promise_by_hand(play, PROMISED)
    play.travel.to(datetime(2026, 7, 6, 17, tzinfo=UTC), "Two weeks go by")
    do(play, "promise")
    assert f"Dana Ito promised “{PROMISED_NEXT.removesuffix('.')}”" in newest(play, PRIYA)


def test_a_promise_made_between_two_time_zones_is_told_in_the_round_after(play: Play) -> None:
    play.travel.to(datetime(2026, 6, 30, 7, 0, tzinfo=UTC), "A round is open that Priya has not been invited to")
    do(play, "promise")
    assert play.stage.sandbox.clock.now() == datetime(2026, 7, 7, 8, 5, tzinfo=UTC)
    assert "Dana Ito promised" in newest(play, PRIYA)


def test_a_promise_made_before_a_round_is_told_by_it_while_others_have_been_invited(play: Play) -> None:
    promise_by_hand(play)
    play.travel.to(datetime(2026, 6, 30, 7, 0, tzinfo=UTC), "A round is open that Priya has not been invited to")
    do(play, "promise")
    assert play.stage.sandbox.clock.now() == datetime(2026, 6, 30, 8, 5, tzinfo=UTC)
    assert "One sign-off" in newest(play, PRIYA)
    assert PROMISED not in newest(play, PRIYA)


def test_things_get_better_by_a_promise_but_not_by_one_that_is_taken_back_at_once(play: Play) -> None:
    assert relief_begins(play) is None
    promise_by_hand(play)
    assert relief_begins(play) == WEEKS + 1
    end_promises(play, Fate.TAKEN_BACK)
    assert relief_begins(play) is None
    play.travel.to(datetime(2026, 6, 24, 17, tzinfo=UTC), "The next day")
    promise_by_hand(play, "Another one.")
    play.travel.to(datetime(2026, 6, 26, 12, tzinfo=UTC), "Two days go by, and no round opens")
    end_promises(play, Fate.TAKEN_BACK)
    assert relief_begins(play) is None
    promise_by_hand(play, "A third one.")
    play.travel.to(datetime(2026, 7, 2, 12, tzinfo=UTC), "Everybody is told")
    end_promises(play, Fate.TAKEN_BACK)
    assert relief_begins(play) == WEEKS + 1


def test_the_answers_of_vision_get_better_by_a_promise(play: Play) -> None:
    promise_by_hand(play)
    play.travel.to(datetime(2026, 7, 2, 12, tzinfo=UTC), "Most have answered the next round")
    with play.stage.murmur.database.reading() as session:
        query = select(Round).join(Pulse).where(Pulse.name == "AI", Round.state == State.OPEN)
        asked = session.exec(query).one()
        known = known_items(session, asked.pulse_id)
    vision = next(room.members for room in play.stage.sandbox.workspace.channels if room.name == "vision")
    told, moods = play.ready.told.as_json(), read_moods().with_relief(WEEKS + 1)
    answered = {who: told[who][str(asked.id)] for who in vision if str(asked.id) in told.get(who, {})}
    assert len(answered) >= 4
    for who, answers in answered.items():
        assert answers == moods.answers(who, "Vision", WEEKS + 2, [known[item] for item in asked.item_ids])


def promise_by_hand(play: Play, words: str = "One sign-off instead of four.") -> None:
    """Dana promises something without the guide."""
    dana = play.stage.slack.person(DANA)
    digest = [message for message in dana.dms() if "digest" in message.notification][-1]
    dana.press("Promise something", digest)
    dana.wait_for_view("In your own words")
    if any(field.label == "What do you promise?" for field in dana.view.fields):
        dana.choose("What do you promise?", "My own words, below")
    dana.fill("In your own words", words)
    dana.submit()
    dana.wait_for_view("Promised to")
    dana.close_view(everything=True)


def end_promises(play: Play, fate: Fate) -> None:
    """What Dana has promised comes to its end today."""
    with play.stage.murmur.database.transaction() as session:
        dana = session.exec(select(Member).where(Member.slack_id == DANA)).one()
        for promise in standing(session, dana):
            assert end_promise(session, promise.id, fate, on=local_date(dana, play.stage.sandbox.clock.now()))


def relief_begins(play: Play) -> int | None:
    """The week of the promise that makes things better."""
    with play.stage.murmur.database.reading() as session:
        return relieved_in(session)
