"""Requests to leaders in the database: one that waits for each manager, unit and driver, none lost, none twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from storage.database import Database
from storage.keys import KeyDirectory
from storage.outbox import Letter, put, request_of
from storage.promises import make_promise
from storage.requests import (
    end_request,
    find_request,
    make_request,
    requests_about,
    requests_by,
    requests_to,
    was_asked,
)
from storage.tables import OutboxMessage, Request, Unit
from storage.verification import verify
from storage.verification.findings import failed
from surveys.requests import Outcome, Requested
from tests.support.organisation import TUESDAY, WEEK, Group, Organisation, count

MONDAY = date(2026, 3, 9)


class Vision:
    """A team that has been asked once, its manager, and the two who lead its department."""

    def __init__(self, database: Database, keys: KeyDirectory) -> None:
        self.database = database
        self.acme = Organisation(database, keys)
        self.dana, self.sam, self.ruth, self.mei = self.acme.people(4)
        self.team = self.acme.team("Vision", 9, readers=[self.dana, self.sam], department="Research")
        self.acme.close(self.acme.open())

    def unit(self, session: Session, *teams: Group) -> Unit:
        """The unit of these teams, of Vision alone without any."""
        key = ",".join(str(team.team_id) for team in teams or [self.team])
        return session.exec(select(Unit).where(Unit.team_key == key)).one()

    def ask(
        self, words: str = "Please come by.", *, by: int = 0, of: int = 0, about: str = "purpose", form: str = "",
        unanswerable: tuple[int, ...] = (),
    ) -> tuple[Requested, bool]:  # fmt: skip
        """Ask something for Vision, by default as Dana of Ruth and in a form of its own."""
        with self.database.transaction() as session:
            return make_request(
                session,
                self.unit(session),
                driver=about,
                member_id=by or self.dana,
                leader_id=of or self.ruth,
                text=words,
                form_key=form or f"form {words} {by} {of} {about}",
                on=MONDAY,
                unanswerable=unanswerable,
            )

    def promise(self, by: int = 0) -> int:
        """Promise something to Vision, by default as Ruth; its id."""
        with self.database.transaction() as session:
            promise, _ = make_promise(
                session, self.unit(session), by or self.ruth, "I come.", form_key=f"promise {by}", on=MONDAY
            )
            return promise.id

    def end(self, request: Requested, outcome: Outcome, *, reply: str | None = None, promise: int = 0) -> bool:
        """End a request."""
        with self.database.transaction() as session:
            return end_request(session, request.id, outcome, on=MONDAY, reply=reply, promise_id=promise or None)

    def now(self, request: Requested) -> Requested:
        """The request as it is now."""
        with self.database.reading() as session:
            found = find_request(session, request.id)
        assert found is not None
        return found

    def told(self) -> list[str]:
        """What `murmur verify` says is wrong."""
        return [one.words for one in failed(verify(self.database.url.render_as_string(hide_password=False)))]


@pytest.fixture
def vision(database: Database, keys: KeyDirectory) -> Vision:
    return Vision(database, keys)


def test_a_request_is_kept_with_who_asks_whom_for_which_unit_about_what_and_a_day(vision: Vision) -> None:
    request, new = vision.ask()
    assert new
    assert (request.asker_id, request.asker) == (vision.dana, "Person 0002")
    assert (request.leader_id, request.leader) == (vision.ruth, "Person 0004")
    assert (request.unit, request.driver, request.text, request.made_on) == (
        "Vision", "purpose", "Please come by.", MONDAY,
    )  # fmt: skip
    assert (request.outcome, request.reply, request.promise, request.ended_on) == (Outcome.OPEN, None, None, None)


def test_the_same_form_counts_once_whatever_it_holds_by_then(vision: Vision) -> None:
    first, _ = vision.ask(form="form")
    assert vision.ask("Other words.", form="form") == (first, False)
    vision.end(first, Outcome.TAKEN_BACK)
    again, new = vision.ask(form="form")
    assert (again.id, again.outcome, new) == (first.id, Outcome.TAKEN_BACK, False)


def test_a_form_sent_several_times_at_once_counts_once(vision: Vision) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: vision.ask(form="one")[1], range(4)))
    assert sorted(made) == [False, False, False, True]


def test_different_forms_at_once_leave_one_request_about_a_driver(vision: Vision) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: vision.ask(f"Words {number}."), range(4)))
    with vision.database.reading() as session:
        assert count(session, Request) == 1


def test_what_waits_comes_back_for_the_same_driver_and_for_no_other(vision: Vision) -> None:
    first, _ = vision.ask()
    assert vision.ask("Again.", of=vision.mei) == (first, False)
    assert vision.ask("Of growth.", about="growth")[1]
    assert vision.ask("Of Sam.", by=vision.sam)[1]
    vision.end(first, Outcome.DECLINED, reply="In May.")
    assert vision.ask("It is May.")[1]


def test_a_request_whose_leader_is_not_there_any_more_makes_room_for_one_to_somebody_else(vision: Vision) -> None:
    first, _ = vision.ask()
    second, new = vision.ask("Please come by.", of=vision.mei, unanswerable=(first.id,))
    assert new
    assert (second.leader_id, second.outcome) == (vision.mei, Outcome.OPEN)
    assert (vision.now(first).outcome, vision.now(first).ended_on) == (Outcome.TAKEN_BACK, MONDAY)


def test_what_became_of_it_first_holds(vision: Vision) -> None:
    request, _ = vision.ask()
    assert vision.end(request, Outcome.DECLINED, reply="In May.")
    assert not vision.end(request, Outcome.TAKEN_BACK)
    assert not vision.end(request, Outcome.PROMISED, promise=vision.promise())
    after = vision.now(request)
    assert (after.outcome, after.reply, after.promise, after.ended_on) == (Outcome.DECLINED, "In May.", None, MONDAY)


def test_of_two_who_end_it_at_once_one_does(vision: Vision) -> None:
    request, _ = vision.ask()
    outcomes = [Outcome.TAKEN_BACK, Outcome.DECLINED] * 2
    with ThreadPoolExecutor(4) as pool:
        ended = list(pool.map(lambda outcome: vision.end(request, outcome), outcomes))
    assert sorted(ended) == [False, False, False, True]


def test_a_promise_that_answers_is_found_with_the_request(vision: Vision) -> None:
    request, _ = vision.ask()
    vision.end(request, Outcome.PROMISED, promise=vision.promise())
    promise = vision.now(request).promise
    assert promise is not None
    assert (promise.maker_id, promise.text) == (vision.ruth, "I come.")


def test_everybody_finds_their_own_newest_first(vision: Vision) -> None:
    vision.ask()
    vision.ask("Of growth.", about="growth", of=vision.mei)
    vision.ask("Of Sam.", by=vision.sam)
    with vision.database.reading() as session:
        assert [one.text for one in requests_by(session, vision.dana)] == ["Of growth.", "Please come by."]
        assert [one.text for one in requests_to(session, vision.ruth)] == ["Of Sam.", "Please come by."]
        about = requests_about(session, vision.unit(session), vision.dana)
        assert [one.text for one in about] == ["Please come by.", "Of growth."]
        assert requests_by(session, vision.ruth) == requests_to(session, vision.dana) == []


def test_a_leader_counts_as_asked_while_a_request_waits_or_has_brought_a_promise(vision: Vision) -> None:
    def asked() -> bool:
        with vision.database.reading() as session:
            return was_asked(session, vision.unit(session), vision.ruth)

    assert not asked()
    first, _ = vision.ask()
    assert asked()
    vision.end(first, Outcome.DECLINED, reply="In May.")
    assert not asked()
    second, _ = vision.ask("Again.")
    vision.end(second, Outcome.PROMISED, promise=vision.promise())
    assert asked()


def test_a_request_stays_with_its_team_when_teams_are_merged(vision: Vision) -> None:
    acme = vision.acme
    request, _ = vision.ask()
    acme.leave(vision.team.members[4:])
    speech = acme.team("Speech", 5, readers=[vision.sam], department="Research")
    acme.close(acme.open(TUESDAY + 4 * WEEK))
    with acme.database.reading() as session:
        merged = vision.unit(session, vision.team, speech)
        assert requests_about(session, merged, vision.dana) == [request]
        assert was_asked(session, merged, vision.ruth)
        assert not was_asked(session, merged, vision.mei)


def test_no_request_has_a_time_finer_than_a_day(vision: Vision) -> None:
    request, _ = vision.ask()
    vision.end(request, Outcome.DECLINED, reply="In May.")
    with vision.database.reading() as session:
        row = session.exec(select(Request)).one()
    assert {type(value) for value in row.model_dump().values()} <= {int, str, date, type(None)}


def test_the_database_itself_refuses_what_can_become_of_no_request(vision: Vision) -> None:
    request, _ = vision.ask()
    with pytest.raises(IntegrityError), vision.database.transaction() as session:
        session.get_one(Request, request.id).state = "forgotten"


def test_each_request_has_a_message_of_its_own_and_no_second(vision: Vision) -> None:
    first, _ = vision.ask()
    second, _ = vision.ask("Of growth.", about="growth")
    for _again in range(2):
        with vision.database.transaction() as session:
            letters = [
                Letter(kind="request", member_id=vision.ruth, unit_id=one.unit_id, request_id=one.id, due_at=TUESDAY)
                for one in (first, second)
            ]
            put(session, vision.acme.workspace_id, letters)
    with vision.database.reading() as session:
        messages = session.exec(select(OutboxMessage)).all()
        assert sorted(request_of(message) or 0 for message in messages) == [first.id, second.id]
    assert vision.told() == []


def test_a_message_about_no_request_names_none() -> None:
    key = Letter(kind="digest", member_id=1, round_id=2, unit_id=3, due_at=TUESDAY).natural_key
    for natural_key in (key, f"{key}:", f"{key}:x", f"{key}:１", "request"):
        message = OutboxMessage(
            workspace_id=1, kind="digest", natural_key=natural_key, member_id=1, round_id=2, unit_id=3, due_at=TUESDAY
        )
        assert request_of(message) is None


def test_verify_finds_nothing_wrong_with_what_became_of_requests(vision: Vision) -> None:
    for number, about in enumerate(("purpose", "growth", "reward", "collaboration")):
        request, _ = vision.ask(about=about)
        if number == 1:
            vision.end(request, Outcome.TAKEN_BACK)
        elif number == 2:
            vision.end(request, Outcome.DECLINED, reply="In May.")
        elif number == 3:
            vision.end(request, Outcome.PROMISED, promise=vision.promise())
    assert vision.told() == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"state": "declined", "ended_on": MONDAY}, "declined without a reason"),
        ({"state": "declined", "reply": "No."}, "does not say when"),
        ({"state": "promised", "ended_on": MONDAY}, "a promise that is not there"),
        ({"state": "promised", "ended_on": MONDAY, "promise_id": 1}, "a promise of somebody else"),
        ({"reply": "No."}, "has a reason and was not declined"),
        ({"ended_on": MONDAY}, "waits, and has a day"),
        ({"promise_id": 1}, "was not answered with a promise"),
        ({"state": "taken back", "ended_on": MONDAY - timedelta(days=1)}, "ended before it was made"),
        ({"driver": "mood"}, "does not measure: mood"),
        ({"leader_id": 2}, "asked by its own leader"),
    ],
)
def test_verify_finds_requests_that_were_changed(vision: Vision, change: dict[str, object], said: str) -> None:
    request, _ = vision.ask()
    assert vision.dana == 2
    assert vision.promise(by=vision.sam) == 1
    with vision.database.transaction() as session:
        session.get_one(Request, request.id).sqlmodel_update(change)
    (found,) = vision.told()
    assert found.startswith(f"request {request.id} ")
    assert said in found
