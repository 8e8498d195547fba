"""Promises in the database: one that stands for each unit and manager, none lost, none counted twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from storage.closing import discard
from storage.database import Busy, Database
from storage.keys import KeyDirectory
from storage.promises import (
    end_promise,
    find_promise,
    latest_opened,
    make_promise,
    promises_about,
    promises_by,
    reopen_promise,
    rounds_asked,
    rounds_published,
)
from storage.rounds import advance, schedule_next
from storage.tables import Promise, Pulse, Round, Unit
from surveys.promises import Fate, Promised
from surveys.rounds import State
from tests.support.organisation import TUESDAY, WEEK, Group, Organisation, count

MONDAY = date(2026, 3, 9)
FOUR_WEEKS = 4 * WEEK


class Vision:
    """A team that has been asked once, with two managers."""

    def __init__(self, database: Database, keys: KeyDirectory) -> None:
        self.database = database
        self.acme = Organisation(database, keys)
        self.dana, self.sam = self.acme.people(2)
        self.team = self.acme.team("Vision", 9, readers=[self.dana, self.sam], department="Research")
        self.first = self.acme.open()
        self.acme.close(self.first)

    def unit(self, session: Session, *teams: Group) -> Unit:
        """The unit of these teams, of Vision alone without any."""
        key = ",".join(str(team.team_id) for team in teams or [self.team])
        return session.exec(select(Unit).where(Unit.team_key == key)).one()

    def promise(
        self, words: str = "No deploys on Fridays.", *, by: int = 0, form: str = "", on: date = MONDAY
    ) -> tuple[Promised, bool]:
        """Promise something to Vision, by default as Dana and in a form of its own."""
        with self.database.transaction() as session:
            return make_promise(
                session, self.unit(session), by or self.dana, words, form_key=form or f"form {words} {by} {on}", on=on
            )

    def end(self, promise: Promised, fate: Fate = Fate.KEPT, on: date = MONDAY) -> bool:
        """End a promise."""
        with self.database.transaction() as session:
            return end_promise(session, promise.id, fate, on=on)

    def reopen(self, promise: Promised) -> bool:
        """Undo its end."""
        with self.database.transaction() as session:
            return reopen_promise(session, promise.id)

    def now(self, promise: Promised) -> Promised:
        """The promise as it is now."""
        with self.database.reading() as session:
            found = find_promise(session, promise.id)
        assert found is not None
        return found

    def about(self) -> list[Promised]:
        """Everything promised to Vision."""
        with self.database.reading() as session:
            return promises_about(session, self.unit(session))


@pytest.fixture
def vision(database: Database, keys: KeyDirectory) -> Vision:
    return Vision(database, keys)


def test_a_promise_is_kept_with_its_maker_its_unit_its_words_and_a_day(vision: Vision) -> None:
    promise, new = vision.promise()
    assert new
    assert vision.about() == [promise]
    assert (promise.maker_id, promise.maker, promise.text) == (vision.dana, "Person 0002", "No deploys on Fridays.")
    assert (promise.made_on, promise.made_after, promise.fate) == (MONDAY, vision.first, Fate.OPEN)
    assert (promise.ended_on, promise.ended_after) == (None, None)


def test_the_same_form_counts_once(vision: Vision) -> None:
    first, new = vision.promise("One.", form="form")
    again, new_again = vision.promise("One.", form="form")
    other, new_other = vision.promise("Two.", form="form")
    assert (new, new_again, new_other) == (True, False, False)
    assert first == again == other
    assert vision.about() == [first]


def test_the_same_words_in_another_form_are_the_promise_that_stands(vision: Vision) -> None:
    first, _ = vision.promise(form="one")
    assert vision.promise(form="two") == (first, False)
    vision.end(first)
    second, new = vision.promise(form="three")
    assert new
    assert second != first


def test_a_form_sent_several_times_at_once_counts_once(vision: Vision) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: vision.promise(form="one")[1], range(4)))
    assert sorted(made) == [False, False, False, True]


def test_different_forms_at_once_leave_one_promise_standing(vision: Vision) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: vision.promise(f"Promise {number}."), range(4)))
    fates = [promise.fate for promise in vision.about()]
    assert sorted(fates) == [Fate.OPEN, Fate.REPLACED, Fate.REPLACED, Fate.REPLACED]


def test_a_new_promise_takes_the_place_of_ones_own_and_of_nobody_elses(vision: Vision) -> None:
    older, _ = vision.promise("Older.")
    of_sam, _ = vision.promise("Of Sam.", by=vision.sam)
    newer, _ = vision.promise("Newer.", on=MONDAY + timedelta(days=1))
    replaced = vision.now(older)
    assert (replaced.fate, replaced.ended_on) == (Fate.REPLACED, MONDAY + timedelta(days=1))
    assert [vision.now(promise).fate for promise in (of_sam, newer)] == [Fate.OPEN, Fate.OPEN]


def test_the_database_itself_holds_one_standing_promise_for_a_unit_and_a_manager(vision: Vision) -> None:
    one, _ = vision.promise()
    second = Promise(unit_id=one.unit_id, member_id=vision.dana, form_key="x", text="Another.", made_on=MONDAY)
    with pytest.raises(IntegrityError), vision.database.transaction() as session:
        session.add(second)


@pytest.mark.parametrize("fate", [Fate.KEPT, Fate.TAKEN_BACK])
def test_a_promise_ends_once_and_what_became_of_it_first_holds(vision: Vision, fate: Fate) -> None:
    promise, _ = vision.promise()
    assert vision.end(promise, fate, MONDAY + timedelta(days=2))
    ended = vision.now(promise)
    assert (ended.fate, ended.ended_on, ended.ended_after) == (fate, MONDAY + timedelta(days=2), vision.first)
    assert not vision.end(promise, Fate.TAKEN_BACK, MONDAY + timedelta(days=3))
    assert vision.now(promise) == ended


def test_an_end_is_undone_until_the_next_round_opens(vision: Vision) -> None:
    promise, _ = vision.promise()
    vision.end(promise)
    assert vision.reopen(promise)
    assert vision.now(promise) == promise
    assert not vision.reopen(promise)
    vision.end(promise)
    vision.acme.open(TUESDAY + WEEK)
    assert not vision.reopen(promise)
    assert vision.now(promise).fate is Fate.KEPT


def test_an_end_is_not_undone_when_something_else_was_promised_since(vision: Vision) -> None:
    older, _ = vision.promise("Older.")
    vision.end(older, Fate.TAKEN_BACK)
    newer, _ = vision.promise("Newer.")
    assert not vision.reopen(older)
    assert not vision.reopen(vision.now(newer))
    assert [promise.fate for promise in vision.about()] == [Fate.TAKEN_BACK, Fate.OPEN]


def test_a_promise_remembers_the_latest_round_that_had_opened_and_no_other(vision: Vision) -> None:
    acme = vision.acme
    with acme.database.transaction() as session:
        schedule_next(session, session.get_one(Pulse, acme.pulse_id), TUESDAY + timedelta(days=4))
        assert latest_opened(session, acme.pulse_id) == vision.first  # the next one is planned only
    second = acme.open(TUESDAY + WEEK)
    assert vision.promise("One.")[0].made_after == second
    discard(acme.database, acme.keys, second)
    assert vision.promise("Two.")[0].made_after == second  # its invitations have gone out
    with acme.database.reading() as session:
        unit = vision.unit(session)
        assert rounds_asked(session, unit) == [vision.first, second]
        assert rounds_published(session, unit) == [vision.first]


def test_before_the_first_round_there_is_none(database: Database, keys: KeyDirectory) -> None:
    acme = Organisation(database, keys)
    with database.reading() as session:
        assert latest_opened(session, acme.pulse_id) == 0


def test_what_was_promised_to_a_team_stays_with_it_when_teams_are_merged_and_split(vision: Vision) -> None:
    acme = vision.acme
    promise, _ = vision.promise()
    acme.leave(vision.team.members[4:])  # five are left, who are asked together with a sibling from now on
    speech = acme.team("Speech", 5, readers=[vision.sam], department="Research")
    merged_round = acme.open(TUESDAY + FOUR_WEEKS)
    acme.close(merged_round)
    with acme.database.transaction() as session:
        merged = vision.unit(session, vision.team, speech)
        assert promises_about(session, merged) == [promise]
        assert rounds_asked(session, merged) == [vision.first, merged_round]
        newer, _ = make_promise(session, merged, vision.dana, "Newer.", form_key="new", on=MONDAY)
        assert [one.fate for one in promises_about(session, merged)] == [Fate.REPLACED, Fate.OPEN]
        assert promises_about(session, vision.unit(session))[-1] == newer


def test_a_promise_to_two_teams_is_not_taken_back_from_one_by_another_to_the_other(vision: Vision) -> None:
    acme = vision.acme
    acme.leave(vision.team.members[4:])
    speech = acme.team("Speech", 5, readers=[vision.sam], department="Research")
    acme.close(acme.open(TUESDAY + FOUR_WEEKS))
    with acme.database.transaction() as session:
        both, alone = vision.unit(session, vision.team, speech), vision.unit(session)
        other = Unit(pulse_id=both.pulse_id, team_key=str(speech.team_id), name="Speech")
        session.add(other)
        session.flush()
        make_promise(session, both, vision.dana, "To both.", form_key="both", on=MONDAY)
        make_promise(session, alone, vision.dana, "To one.", form_key="one", on=MONDAY)
        assert [(one.text, one.fate) for one in promises_about(session, other)] == [("To both.", Fate.OPEN)]
        assert [one.text for one in promises_about(session, alone)] == ["To both.", "To one."]


def test_promises_of_other_teams_are_not_told(vision: Vision) -> None:
    other = vision.acme.team("Platform", 9, readers=[vision.dana])
    vision.acme.open(TUESDAY + FOUR_WEEKS)
    vision.promise()
    with vision.database.reading() as session:
        assert promises_about(session, vision.unit(session, other)) == []


def test_somebody_finds_everything_they_promised_newest_first(vision: Vision) -> None:
    for words in ("One.", "Two."):
        vision.promise(words)
    vision.promise("Of Sam.", by=vision.sam)
    with vision.database.reading() as session:
        assert [(one.text, unit) for one, unit in promises_by(session, vision.dana)] == [
            ("Two.", "Vision"),
            ("One.", "Vision"),
        ]


def test_no_promise_has_a_time_finer_than_a_day(vision: Vision) -> None:
    vision.promise()
    with vision.database.reading() as session:
        row = session.exec(select(Promise)).one()
    assert {type(value) for value in row.model_dump().values()} <= {int, str, date, type(None)}


def test_a_form_that_fails_leaves_nothing(vision: Vision) -> None:
    standing, _ = vision.promise("Standing.")

    def fail() -> None:
        with vision.database.transaction() as session:
            make_promise(session, vision.unit(session), vision.dana, "Lost.", form_key="lost", on=MONDAY)
            raise ConnectionError

    with pytest.raises(ConnectionError):
        fail()
    assert vision.about() == [standing]
    with vision.database.reading() as session:
        assert count(session, Promise) == 1


def test_a_round_does_not_open_between_the_look_at_it_and_the_promise(vision: Vision) -> None:
    acme = vision.acme
    with acme.database.transaction() as session:
        schedule_next(session, session.get_one(Pulse, acme.pulse_id), TUESDAY + timedelta(days=4))
        coming = session.exec(select(Round.id).where(Round.state == State.SCHEDULED)).one()

    def opens(wait: float) -> bool:
        with acme.database.transaction(wait) as session:
            return advance(session, coming, State.SCHEDULED, State.OPEN)

    with acme.database.transaction() as session:
        promise, _ = make_promise(session, vision.unit(session), vision.dana, "Words.", form_key="f", on=MONDAY)
        with pytest.raises(Busy):
            opens(wait=0.1)
    assert opens(wait=10)
    assert promise.made_after == vision.first
