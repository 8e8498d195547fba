"""`/pulse questions`: the list in use, another set, and questions of one's own."""

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel
from slack_bolt import Ack, App
from sqlmodel import Session

from bot.actors import Actor
from bot.managing.access import NotAllowed, admin_behind, form_of_admin, new_form_key, own_pulse
from bot.murmur import Murmur
from bot.naming import Named
from bot.payloads import Press, Submission
from bot.views import questions as views
from bot.views.pages import post_page, question_retired
from bot.views.problems import of_question_set
from bot.views.vocabulary import View
from bot.views.wording import Wording
from storage.pulses import pulses_of_workspace, record_change
from storage.questions import (
    active_items,
    add_question,
    edit_question,
    find_own_question,
    own_item,
    own_questions,
    retire_question,
)
from storage.tables import Pulse
from surveys.cadence import Frequency
from surveys.questions import Item, Owner, QuestionSet, drivers, load_question_sets, problems_of
from surveys.rotation import EVERY, first_short_round
from surveys.units import SMALLEST

UNSAVED = "own-new"
"""Id of a question that is being written; it gets its own when it is saved."""


Errors = dict[str, str]
"""What is wrong in a form, by block."""

Change = Callable[[Session, Actor, Pulse, Submission, "About"], Errors]
"""Makes a change to a pulse, or says what is wrong in the form."""


class About(BaseModel):
    """What a window is about: a pulse, and an own question of it."""

    pulse_id: int
    form_key: str = ""
    item_id: str = ""
    list_view: str = ""  # id of the list under the window, to be made anew after a change


def open_list(murmur: Murmur, actor: Actor, named: Named, trigger_id: str) -> None:
    """Open the list of the questions that the pulse asks."""
    with murmur.database.reading() as session:
        page = list_page(session, actor, named.pulse)
    murmur.client.views_open(trigger_id=trigger_id, view=page)


def list_page(session: Session, actor: Actor, pulse: Pulse) -> View:
    """The list of the questions that the pulse asks."""
    shipped = load_question_sets()[pulse.question_set]
    own = [own_item(question) for question in own_questions(session, pulse.id)]
    in_use = QuestionSet(
        id=shipped.id,
        version=shipped.version,
        name=shipped.name,
        description=shipped.description,
        locale=shipped.locale,
        per_round=shipped.per_round,
        items=active_items(session, pulse),
    )
    return views.question_list(
        actor.wording,
        pulse=pulse.name,
        question_set=in_use,
        drivers=drivers(),
        own=[item.id for item in own],
        frequency=Frequency(pulse.frequency),
        short_from=first_short_round(
            in_use.items, every=EVERY[Frequency(pulse.frequency)], count=shipped.per_round, roster=SMALLEST
        ),
        private_metadata=About(pulse_id=pulse.id).model_dump_json(),
    )


class Questions:
    """The listeners."""

    def __init__(self, murmur: Murmur) -> None:
        self._murmur = murmur

    def add(self, ack: Ack, body: dict[str, Any]) -> None:
        """Open the form for a new question, over the list."""

        def form(_session: Session, actor: Actor, about: About) -> View:
            return views.question_form(actor.wording, drivers=drivers(), private_metadata=about.model_dump_json())

        self._push(ack, body, form)

    def edit(self, ack: Ack, body: dict[str, Any]) -> None:
        """Open the form of an own question, over the list."""

        def form(session: Session, actor: Actor, about: About) -> View:
            question = find_own_question(session, about.pulse_id, about.item_id)
            return views.question_form(
                actor.wording,
                drivers=drivers(),
                item=own_item(question) if question else None,
                private_metadata=about.model_dump_json(),
            )

        self._push(ack, body, form)

    def choose_set(self, ack: Ack, body: dict[str, Any]) -> None:
        """Open the choice of another set, over the list."""

        def form(session: Session, actor: Actor, about: About) -> View:
            return views.set_form(
                actor.wording,
                question_sets=list(load_question_sets().values()),
                current=session.get_one(Pulse, about.pulse_id).question_set,
                private_metadata=about.model_dump_json(),
            )

        self._push(ack, body, form)

    def save(self, ack: Ack, body: dict[str, Any]) -> None:
        """Add or change an own question."""

        def change(session: Session, actor: Actor, pulse: Pulse, form: Submission, about: About) -> Errors:
            item = _written(form)
            if problems := problems_of(item, {}):
                return views.field_errors(actor.wording, problems)
            today = self._murmur.clock().date()
            question = find_own_question(session, pulse.id, about.item_id)
            if question is None:
                add_question(session, pulse.id, driver=item.driver, text=item.text, reverse=item.reverse, on=today)
            elif (question.driver, question.text, question.reverse) != (item.driver, item.text, item.reverse):
                edit_question(session, question, driver=item.driver, text=item.text, reverse=item.reverse, on=today)
            return {}

        self._submit(ack, body, "wrote a question for", change)

    def use_set(self, ack: Ack, body: dict[str, Any]) -> None:
        """Take another set from the next round on."""

        def change(session: Session, actor: Actor, pulse: Pulse, form: Submission, _about: About) -> Errors:
            chosen = form.field(views.QUESTION_SET).text
            if chosen not in load_question_sets():
                return of_question_set(actor.wording)
            pulse.question_set = chosen
            session.add(pulse)
            return {}

        self._submit(ack, body, "chose a question set for", change)

    def retire(self, ack: Ack, body: dict[str, Any]) -> None:
        """Ask an own question no more."""
        ack()
        press = Press.model_validate(body)
        about = About.model_validate_json(press.private_metadata)
        try:
            actor = admin_behind(self._murmur, press)
        except NotAllowed as refused:
            self._murmur.client.views_update(view_id=press.view_id, view=post_page(Wording(), refused.post))
            return
        with self._murmur.database.transaction() as session:
            pulse = own_pulse(pulses_of_workspace(session, actor.member.workspace_id), about.pulse_id)
            question = find_own_question(session, about.pulse_id, press.value) if pulse else None
            if pulse is not None and question is not None:
                today = self._murmur.clock().date()
                retire_question(session, question, today)
                self._record(session, actor, about, f"retired a question of {pulse.name}")
        self._murmur.client.views_update(view_id=press.view_id, view=question_retired(actor.wording))
        self._show_list(actor, about)

    def _push(self, ack: Ack, body: dict[str, Any], form: Callable[[Session, Actor, About], View]) -> None:
        """Open a form over the list it was asked for from."""
        ack()
        press = Press.model_validate(body)
        try:
            actor = admin_behind(self._murmur, press)
        except NotAllowed as refused:
            page: View | None = post_page(Wording(), refused.post)
        else:
            pulse_id = About.model_validate_json(press.private_metadata).pulse_id
            about = About(pulse_id=pulse_id, form_key=new_form_key(), item_id=press.value, list_view=press.view_id)
            with self._murmur.database.reading() as session:
                pulse = own_pulse(pulses_of_workspace(session, actor.member.workspace_id), pulse_id)
                page = form(session, actor, about) if pulse else None
        if page is not None:
            self._murmur.client.views_push(trigger_id=press.trigger_id, view=page)

    def _submit(self, ack: Ack, body: dict[str, Any], what: str, change: Change) -> None:
        """Make a change, close the form, and show the list as it is now; or say what is wrong in the form.

        `what` is how the audit log tells it, up to the name of the pulse.
        """
        found = form_of_admin(self._murmur, ack, body)
        if found is None:
            return
        form, actor = found
        about = About.model_validate_json(form.private_metadata)
        with self._murmur.database.transaction(wait=2) as session:
            pulse = own_pulse(pulses_of_workspace(session, actor.member.workspace_id), about.pulse_id)
            if pulse is not None:
                if errors := change(session, actor, pulse, form, about):
                    session.rollback()
                    ack(response_action="errors", errors=errors)
                    return
                if not self._record(session, actor, about, f"{what} {pulse.name}"):
                    session.rollback()  # the same form, sent before
        ack()
        self._show_list(actor, about)

    def _record(self, session: Session, actor: Actor, about: About, what: str) -> bool:
        return record_change(
            session,
            workspace_id=actor.member.workspace_id,
            admin=actor.member,
            form_key=about.form_key,
            on=self._murmur.clock().date(),
            what=what,
        )

    def _show_list(self, actor: Actor, about: About) -> None:
        if not about.list_view:
            return
        with self._murmur.database.reading() as session:
            pulse = own_pulse(pulses_of_workspace(session, actor.member.workspace_id), about.pulse_id)
            page = list_page(session, actor, pulse) if pulse else None
        if page is not None:
            self._murmur.client.views_update(view_id=about.list_view, view=page)


def _written(form: Submission) -> Item:
    """The question in a form, with an id that it keeps only until it is saved."""
    driver = form.field(views.DRIVER).text
    return Item(
        id=UNSAVED,
        driver=driver,
        text=" ".join(form.field(views.TEXT).text.split()),
        scale="agreement",
        reverse=form.field(views.REVERSE).text == views.BAD_NEWS,
        facet="",
        owner=drivers()[driver].owner if driver in drivers() else Owner.COMPANY,
        construct="",
        informed_by="",
    )


def register(app: App, murmur: Murmur) -> None:
    """Connect the listeners."""
    questions = Questions(murmur)
    app.action(views.ADD)(questions.add)
    app.action(views.EDIT)(questions.edit)
    app.action(views.CHOOSE_SET)(questions.choose_set)
    app.action(views.RETIRE)(questions.retire)
    app.view(views.QUESTION_FORM)(questions.save)
    app.view(views.SET_FORM)(questions.use_set)
