"""Forged payloads: what Slack would sign, and nobody could press."""

import json
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

import pytest
from slack_bolt import BoltRequest
from sqlmodel import select

from bot.actors import UnknownPerson
from bot.app import create_app
from bot.views import closing, flag_settings, questionnaire, questions, schedule, threshold
from bot.views import setup as setup_views
from bot.views.asking import NOT_FOR_ME, OPEN_FORM
from storage.people import ensure_workspace
from storage.tables import Pulse
from tests.support.running_murmur import TUESDAY, Stage, everything

Json = dict[str, Any]

TROUBLE = "Something went wrong."
NOT_ALLOWED = "Only Murmur's admins can do this"


class AtOnce(Executor):
    """Runs listeners before the app answers, so that what they did can be looked at."""

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        """Do it now."""
        done: Future[Any] = Future()
        done.set_result(work(*arguments, **named))
        return done


@pytest.fixture
def forged(greenroom: Stage) -> Callable[[Json], Json]:
    """Hands a payload to the app and what it acknowledged it with back."""
    listening = create_app(greenroom.murmur)
    listening.listener_runner.listener_executor = AtOnce()

    def hand_over(payload: Json) -> Json:
        response = listening.dispatch(BoltRequest(body=payload, mode="socket_mode"))
        assert response.status == 200
        return json.loads(response.body) if response.body else {}

    return hand_over


def by(person: str, workspace: str = "T0LANTERN", **more: Any) -> Json:
    """What is common to all payloads."""
    return {
        "team": {"id": workspace, "domain": "x"},
        "user": {"id": person, "name": "x", "team_id": workspace},
        "api_app_id": "A0MURMUR",
        "token": "x",
        "trigger_id": "1.2.forged",
        **more,
    }


def press(person: str, action_id: str, value: str = "1", metadata: str = "", **more: Any) -> Json:
    """A button pressed in a window."""
    action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value, "action_ts": "1.0"}
    view = {"id": "V1", "hash": "1.x", "type": "modal", "callback_id": "x", "private_metadata": metadata, "blocks": []}
    return by(person, type="block_actions", actions=[action], view=view, **more)


def send(person: str, callback_id: str, values: Json, metadata: str = "", **more: Any) -> Json:
    """A form that was sent."""
    view = {
        "id": "V1",
        "hash": "1.x",
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": metadata,
        "state": {"values": values},
        "blocks": [{"type": "input", "block_id": block} for block in values],
    }
    return by(person, type="view_submission", view=view, **more)


def chosen(value: str) -> Json:
    """An option of radio buttons or a menu."""
    return {"x": {"type": "static_select", "selected_option": {"value": value}}}


def typed(value: str) -> Json:
    """A text."""
    return {"x": {"type": "plain_text_input", "value": value}}


ABOUT = json.dumps({"pulse_id": 1, "form_key": "forged", "item_id": "own-1", "list_view": ""})


DRAFT = json.dumps(
    {
        "form_key": "forged",
        "team": "Mine",
        "people": ["U0PRIYA"],
        "managers": ["U0PRIYA"],
        "frequency": "weekly",
        "weekday": 1,
        "hour": 10,
        "question_set": "minimal",
    }
)


ADMIN_FORMS: dict[str, tuple[Json, str]] = {
    setup_views.SET_UP_FORM: (
        {
            setup_views.TEAM: typed("Mine"),
            setup_views.PEOPLE: {"x": {"type": "multi_users_select", "selected_users": ["U0PRIYA"]}},
            setup_views.MANAGERS: {"x": {"type": "multi_users_select", "selected_users": ["U0PRIYA"]}},
            schedule.FREQUENCY: chosen("weekly"),
            schedule.WEEKDAY: chosen("1"),
            schedule.HOUR: chosen("10"),
            setup_views.QUESTIONS: chosen("minimal"),
        },
        json.dumps({"form_key": "forged", "frequency": "weekly", "weekday": 1, "hour": 10, "question_set": "minimal"}),
    ),
    setup_views.PREVIEW: ({}, DRAFT),
    schedule.SCHEDULE_FORM: (
        {
            schedule.FREQUENCY: chosen("monthly"),
            schedule.WEEKDAY: chosen("4"),
            schedule.HOUR: chosen("16"),
            schedule.TIMEZONE: typed("UTC"),
        },
        ABOUT,
    ),
    closing.CLOSE_FORM: ({}, json.dumps({"pulse_id": 1, "round_id": 1, "ending": "counted", "form_key": "forged"})),
    questions.QUESTION_FORM: (
        {
            questions.TEXT: typed("I feel well in this team."),
            questions.DRIVER: chosen("burnout"),
            questions.REVERSE: chosen(questions.GOOD_NEWS),
        },
        ABOUT,
    ),
    questions.SET_FORM: ({questions.QUESTION_SET: chosen("minimal")}, ABOUT),
    threshold.THRESHOLD_FORM: ({threshold.THRESHOLD: chosen("8")}, ABOUT),
    flag_settings.FLAGS_FORM: (
        {
            flag_settings.FALSE_FLAGS: chosen("3"),
            flag_settings.SALARY: typed("85k"),
            flag_settings.CURRENCY: chosen("EUR"),
        },
        ABOUT,
    ),
}


@pytest.fixture
def open_round(greenroom: Stage) -> Stage:
    """An open round of Vision."""
    greenroom.put_team()
    greenroom.at(TUESDAY)
    return greenroom


def test_an_admins_forms_sent_by_anybody_else_are_refused_and_change_nothing(
    open_round: Stage, forged: Callable[[Json], Json]
) -> None:
    for person in ("U0PRIYA", "U0DANA", "U0MEI"):
        forged(press(person, NOT_FOR_ME))  # so that everybody is in the directory
        before = everything(open_round)
        for callback_id, (values, metadata) in ADMIN_FORMS.items():
            answer = forged(send(person, callback_id, values, metadata))
            assert answer["response_action"] == "update"
            assert NOT_ALLOWED in json.dumps(answer)
        assert everything(open_round) == before


def test_an_admins_buttons_pressed_by_anybody_else_change_nothing(
    open_round: Stage, forged: Callable[[Json], Json]
) -> None:
    before = everything(open_round)
    for action in (setup_views.SET_UP, questions.ADD, questions.EDIT, questions.CHOOSE_SET, questions.RETIRE):
        forged(press("U0PRIYA", action, metadata=ABOUT))
        assert everything(open_round) == before
    settled = {"before": {"months": 12}, "after": {"months": 6}, "form_key": "forged"}
    forged(press("U0PRIYA", flag_settings.UNDO, value=json.dumps(settled)))
    assert everything(open_round) == before


def test_an_admins_commands_typed_by_anybody_else_change_nothing(
    open_round: Stage, forged: Callable[[Json], Json]
) -> None:
    before = everything(open_round)
    posted = len(open_round.client.calls("chat.postMessage"))
    for line in (
        "setup",
        "open",
        "close",
        "pause",
        "resume",
        "threshold",
        "threshold 8",
        "schedule",
        "questions",
        "flags",
        "status",
    ):
        typed_ = {"command": "/pulse", "text": line, "team_id": "T0LANTERN", "user_id": "U0PRIYA"}
        where = {"channel_id": "D0PRIYA", "response_url": f"{open_round.sandbox.url}/commands/T0LANTERN/none"}
        forged({**typed_, **where, "trigger_id": "1.2.forged"})
        assert everything(open_round) == before
    assert len(open_round.client.calls("chat.postMessage")) == posted


def test_a_round_that_is_none_takes_no_answers(open_round: Stage, forged: Callable[[Json], Json]) -> None:
    before = everything(open_round)
    for round_id in ("", "0", "2", "-1", "1.0", "1e0", " 1", "99999999999999999999", "'; --"):
        answer = forged(send("U0PRIYA", questionnaire.FORM, {}, round_id))
        assert "You are not part of this round." in json.dumps(answer)
        forged(press("U0PRIYA", OPEN_FORM, value=round_id))
        assert everything(open_round) == before


def test_who_is_not_on_the_roster_cannot_answer(open_round: Stage, forged: Callable[[Json], Json]) -> None:
    questions_ = {questionnaire.QUESTION_PREFIX + item: chosen("1") for item in open_round.rounds()[0].item_ids}
    for person in ("U0DANA", "U0SAM", "U0MEI"):
        answer = forged(send(person, questionnaire.FORM, questions_, "1"))
        assert "You are not part of this round." in json.dumps(answer)


def test_answers_that_were_not_offered_are_not_taken(open_round: Stage, forged: Callable[[Json], Json]) -> None:
    first = questionnaire.QUESTION_PREFIX + open_round.rounds()[0].item_ids[0]
    before = everything(open_round)
    for block, state in (
        ("question:burnout.drained.not", chosen("1")),
        ("question:", chosen("1")),
        ("comment.of.somebody", typed("hello")),
        (first, chosen("6")),
        (first, chosen("0")),
        (first, chosen("-1")),
        (first, chosen("4.5")),
        (first, typed("'; DROP TABLE slot; --")),
    ):
        answer = forged(send("U0PRIYA", questionnaire.FORM, {block: state}, "1"))
        assert answer["response_action"] in {"update", "errors"}
        assert "Thank you" not in json.dumps(answer)
        assert everything(open_round) == before


def test_a_comment_longer_than_slack_lets_through_is_refused(open_round: Stage, forged: Callable[[Json], Json]) -> None:
    before = everything(open_round)
    answer = forged(send("U0PRIYA", questionnaire.FORM, {questionnaire.COMMENT_BLOCK: typed("x" * 501)}, "1"))
    assert answer["response_action"] == "errors"
    assert everything(open_round) == before


def test_nobody_from_a_workspace_without_murmur_changes_anything(
    open_round: Stage, forged: Callable[[Json], Json]
) -> None:
    before = everything(open_round)
    for callback_id, (values, metadata) in ADMIN_FORMS.items():
        answer = forged(send("U0RUTH", callback_id, values, metadata, team={"id": "T9"}))
        assert TROUBLE in json.dumps(answer)
    forged(send("U0PRIYA", questionnaire.FORM, {}, "1", team={"id": "T9"}))
    assert everything(open_round) == before


@pytest.fixture
def neighbours(open_round: Stage) -> Stage:
    """Another workspace in the same database, whose admin is Ruth under the same Slack id."""
    with open_round.murmur.database.transaction() as session:
        ensure_workspace(session, "T9", "Next door")
    return open_round


def test_an_admin_of_another_workspace_cannot_touch_a_pulse_of_this_one(
    neighbours: Stage, forged: Callable[[Json], Json]
) -> None:
    there: dict[str, Any] = {"team": {"id": "T9"}}
    forged(send("U0RUTH", threshold.THRESHOLD_FORM, {}, ABOUT, **there))  # now Ruth is known next door as well
    before = everything(neighbours)
    for callback_id in (questions.QUESTION_FORM, questions.SET_FORM, threshold.THRESHOLD_FORM):
        values, metadata = ADMIN_FORMS[callback_id]
        forged(send("U0RUTH", callback_id, values, metadata, **there))
    for action in (questions.ADD, questions.EDIT, questions.CHOOSE_SET, questions.RETIRE):
        forged(press("U0RUTH", action, metadata=ABOUT, **there))
    assert everything(neighbours) == before


def test_a_team_of_another_workspace_does_not_join_a_pulse_of_this_one(
    neighbours: Stage, forged: Callable[[Json], Json]
) -> None:
    draft = json.dumps({**json.loads(DRAFT), "pulse_id": 1})
    forged(send("U0RUTH", setup_views.PREVIEW, {}, draft, team={"id": "T9"}))
    with neighbours.murmur.database.reading() as session:
        pulses = session.exec(select(Pulse).order_by(Pulse.id)).all()  # type: ignore[arg-type]
    assert [pulse.workspace_id for pulse in pulses] == [1, 2]


def test_a_member_of_another_workspace_cannot_answer_here(neighbours: Stage, forged: Callable[[Json], Json]) -> None:
    answer = forged(send("U0PRIYA", questionnaire.FORM, {}, "1", team={"id": "T9"}))
    assert "You are not part of this round." in json.dumps(answer)


@pytest.mark.parametrize("callback_id", sorted(ADMIN_FORMS.keys() - {setup_views.SET_UP_FORM}))  # its is a mere key
def test_an_admins_form_about_nothing_changes_nothing(
    open_round: Stage, forged: Callable[[Json], Json], callback_id: str
) -> None:
    before = everything(open_round)
    for metadata in ("", "nothing", "{}", '{"pulse_id": "one"}', '{"pulse_id": 77}', "[1]"):
        forged(send("U0RUTH", callback_id, ADMIN_FORMS[callback_id][0], metadata))
        assert everything(open_round) == before


def test_the_same_form_sent_twice_counts_once(open_round: Stage, forged: Callable[[Json], Json]) -> None:
    values, metadata = ADMIN_FORMS[questions.QUESTION_FORM]
    forged(send("U0RUTH", questions.QUESTION_FORM, values, metadata))
    once = everything(open_round)
    assert len(once["ownquestion"]) == 1
    forged(send("U0RUTH", questions.QUESTION_FORM, values, metadata))
    assert everything(open_round) == once


def test_an_unknown_person_is_somebody_slack_does_not_know_or_a_bot(
    open_round: Stage, forged: Callable[[Json], Json]
) -> None:
    before = everything(open_round)
    for person in ("U0NOBODY", "U0MURMUR"):
        forged(send(person, questionnaire.FORM, {}, "1"))
        forged(press(person, OPEN_FORM))
    assert everything(open_round) == before
    assert issubclass(UnknownPerson, Exception)
