"""Set-up: the form, the preview, and the start. Opened by `/pulse setup` and by a button in Home."""

import logging
from dataclasses import replace
from typing import Any

from pydantic import BaseModel
from slack_bolt import Ack, App
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot.actors import Actor
from bot.directory import ChannelNotReadable
from bot.logs import class_and_place
from bot.managing.access import NotAllowed, admin_behind, form_of_admin, new_form_key, with_external_id
from bot.managing.draft import Draft, look_up
from bot.managing.existing import filled_form
from bot.managing.loading import fill
from bot.managing.plan import TeamsChanged, TeamThere, carry_out, preview_of
from bot.murmur import Murmur
from bot.payloads import Press, Submission
from bot.refusals import UNREACHABLE, reason
from bot.views import schedule
from bot.views import setup as views
from bot.views.inputs import Choice
from bot.views.pages import (
    channel_not_readable,
    name_taken,
    paragraph_page,
    post_page,
    slack_in_trouble,
    team_there,
    trouble,
)
from bot.views.preview import MOVE, MOVE_HERE, preview
from bot.views.problems import of_set_up
from bot.views.setup import PREVIEW
from bot.views.vocabulary import View
from bot.views.wording import Wording, cleaned
from storage.database import Busy
from storage.pulses import NameTaken, pulses_of_workspace
from surveys.cadence import Frequency
from surveys.questions import load_question_sets

log = logging.getLogger(__name__)


class _Opened(BaseModel):
    """What a form was opened with that its fields do not hold: they show no schedule of a team that has one."""

    form_key: str
    frequency: Frequency
    weekday: int
    hour: int
    question_set: str


def open_form(murmur: Murmur, actor: Actor, trigger_id: str, name: str = "") -> None:
    """Open the form, filled with the team or department of that name if there is one, else only with the name."""
    with murmur.database.reading() as session:
        pulses = pulses_of_workspace(session, actor.member.workspace_id)
        draft = filled_form(session, actor.member.workspace_id, name)
    form = views.set_up_form(
        actor.wording,
        question_sets=list(load_question_sets().values()),
        pulses=[Choice(text=pulse.name, value=str(pulse.id)) for pulse in pulses],
        draft=draft,
        private_metadata=_Opened(
            form_key=new_form_key(),
            frequency=draft.frequency,
            weekday=draft.weekday,
            hour=draft.hour,
            question_set=draft.questions or next(iter(load_question_sets())),
        ).model_dump_json(),
    )
    murmur.client.views_open(trigger_id=trigger_id, view=form)


class Setup:
    """The listeners."""

    def __init__(self, murmur: Murmur) -> None:
        self._murmur = murmur

    def begin(self, ack: Ack, body: dict[str, Any]) -> None:
        """Open the form from Home."""
        ack()
        press = Press.model_validate(body)
        try:
            open_form(self._murmur, admin_behind(self._murmur, press), press.trigger_id)
        except NotAllowed as refused:
            self._murmur.client.views_open(trigger_id=press.trigger_id, view=post_page(Wording(), refused.post))

    def show_preview(self, ack: Ack, body: dict[str, Any]) -> None:
        """Check the form, say at once that people are looked up, then show what would happen."""
        found = form_of_admin(self._murmur, ack, body)
        if found is None:
            return
        submission, actor = found
        w, draft = actor.wording, draft_in(submission)
        if errors := problems_of(w, draft):
            ack(response_action="errors", errors=errors)
            return
        page, external_id = with_external_id(views.loading(w))
        ack(response_action="push", view=page)
        fill(self._murmur, external_id, self._preview(actor, draft))

    def start(self, ack: Ack, body: dict[str, Any]) -> None:
        """Carry out what was previewed."""
        found = form_of_admin(self._murmur, ack, body)
        if found is None:
            return
        submission, actor = found
        draft = Draft.model_validate_json(submission.private_metadata)
        page, external_id = with_external_id(views.loading(actor.wording))
        ack(response_action="update", view=page)
        fill(self._murmur, external_id, self._started(actor, draft))

    def choose(self, ack: Ack, body: dict[str, Any]) -> None:
        """Show the preview anew, with those who are on another team moved, or left there."""
        ack()
        press = Press.model_validate(body)
        try:
            actor = admin_behind(self._murmur, press)
        except NotAllowed as refused:
            self._murmur.client.views_update(view_id=press.view_id, view=post_page(Wording(), refused.post))
            return
        draft = Draft.model_validate_json(press.private_metadata)
        wanted = draft.model_copy(update={"moving": press.value if press.value == MOVE_HERE else ""})
        page = self._preview(actor, wanted)
        try:
            self._murmur.client.views_update(view_id=press.view_id, hash=press.view_hash, view=page)
        except SlackApiError as error:
            if reason(error) not in {"hash_conflict", "not_found"}:
                raise
            log.info("a preview was sent or closed before it was shown anew")

    def _preview(self, actor: Actor, draft: Draft, *, anew: bool = False) -> View:
        murmur, w = self._murmur, actor.wording
        try:
            people = look_up(murmur.client, draft)
        except ChannelNotReadable:
            return channel_not_readable(w)
        except (SlackApiError, *UNREACHABLE) as error:
            log.warning("people could not be looked up", extra={"error": class_and_place(error)})
            return slack_in_trouble(w)
        try:
            with murmur.database.reading() as session:
                facts, previewed = preview_of(session, draft, people, actor, murmur.clock())
        except NameTaken as taken:
            return name_taken(w, name=str(taken))
        return preview(w, replace(facts, anew=anew), private_metadata=previewed.model_dump_json())

    def _started(self, actor: Actor, draft: Draft) -> View:
        murmur, w = self._murmur, actor.wording
        try:
            people = look_up(murmur.client, draft)
            with murmur.database.transaction() as session:
                done = carry_out(session, draft, people, actor, murmur.clock())
        except ChannelNotReadable:
            return channel_not_readable(w)
        except TeamThere as there:
            return team_there(w, team=str(there))
        except TeamsChanged:
            return self._preview(actor, draft, anew=True)
        except NameTaken as taken:
            return name_taken(w, name=str(taken))
        except (SlackApiError, *UNREACHABLE) as error:
            log.warning("people could not be looked up", extra={"error": class_and_place(error)})
            return slack_in_trouble(w)
        except (Busy, SQLAlchemyError) as error:
            log.error("a team was not set up", extra={"error": class_and_place(error)})
            return paragraph_page(w, trouble(w))
        return views.done(w, pulse=done.team, first_at=done.first_at, changed=done.changed, called=done.called)


def draft_in(submission: Submission) -> Draft:
    """The form as it was sent."""
    opened = _Opened.model_validate_json(submission.private_metadata)
    together = submission.field(views.TOGETHER).text
    return Draft(
        form_key=opened.form_key,
        team=cleaned(submission.field(views.TEAM).text),
        channel=submission.field(views.CHANNEL).selected_conversation,
        people=tuple(submission.field(views.PEOPLE).selected_users),
        managers=tuple(submission.field(views.MANAGERS).selected_users),
        leaders=tuple(submission.field(views.LEADERS).selected_users),
        part_of=cleaned(submission.field(views.PART_OF).text),
        pulse_id=int(together) if together.isdecimal() else None,
        frequency=Frequency(submission.field(schedule.FREQUENCY).text or opened.frequency),
        weekday=int(submission.field(schedule.WEEKDAY).text or opened.weekday),
        hour=int(submission.field(schedule.HOUR).text or opened.hour),
        question_set=submission.field(views.QUESTIONS).text or opened.question_set,
    )


def problems_of(w: Wording, draft: Draft) -> dict[str, str]:
    """What is wrong with a form, beside the field it belongs to."""
    return of_set_up(
        w,
        team=draft.team,
        has_channel=draft.channel is not None,
        people=len(draft.people),
        managers=len(draft.managers),
        part_of=draft.part_of,
        leaders=len(draft.leaders),
        question_set_known=draft.question_set in load_question_sets(),
    )


def register(app: App, murmur: Murmur) -> None:
    """Connect the listeners."""
    setup = Setup(murmur)
    app.action(views.SET_UP)(setup.begin)
    app.action(MOVE)(setup.choose)
    app.view(views.SET_UP_FORM)(setup.show_preview)
    app.view(PREVIEW)(setup.start)
