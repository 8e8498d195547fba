"""`/pulse flags`: how often chance may raise a flag, and a typical salary, for the whole workspace."""

from typing import Any

from pydantic import BaseModel
from slack_bolt import Ack, App

from bot.actors import Actor
from bot.managing.access import NotAllowed, admin_behind, form_of_admin, new_form_key
from bot.murmur import Murmur
from bot.payloads import Press, Submission
from bot.views import flag_settings as views
from bot.views.pages import post_page
from bot.views.problems import of_currency, of_salary
from bot.views.vocabulary import View
from bot.views.wording import Wording
from storage.workspaces import flag_settings, set_flag_settings
from surveys.costs import NotASalary, Salary, parse_salary
from surveys.flagging import FlagSettings


class _About(BaseModel):
    """What the window carries."""

    form_key: str


class _Undo(BaseModel):
    """What the button carries: what held before the change, and what the change made of it."""

    before: FlagSettings
    after: FlagSettings
    form_key: str


class _NotYet(Exception):
    """A form cannot be settled; `errors` say why, by block."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("this cannot be settled")
        self.errors = errors


def open_flags(murmur: Murmur, actor: Actor, trigger_id: str) -> None:
    """Open the window with what holds."""
    with murmur.database.reading() as session:
        settings = flag_settings(session, actor.member.workspace_id)
    metadata = _About(form_key=new_form_key()).model_dump_json()
    window = views.flags_form(actor.wording, settings, private_metadata=metadata)
    murmur.client.views_open(trigger_id=trigger_id, view=window)


class Flags:
    """The listeners."""

    def __init__(self, murmur: Murmur) -> None:
        self._murmur = murmur

    def save(self, ack: Ack, body: dict[str, Any]) -> None:
        """Settle what the form says, or say beside the field what is wrong."""
        found = form_of_admin(self._murmur, ack, body)
        if found is None:
            return
        form, actor = found
        about = _About.model_validate_json(form.private_metadata)
        try:
            wanted = _written(actor.wording, form)
        except _NotYet as not_yet:
            ack(response_action="errors", errors=not_yet.errors)
            return
        before, after = self._settle(actor, wanted, about.form_key)
        undo = _Undo(before=before, after=after, form_key=new_form_key()).model_dump_json()
        ack(response_action="update", view=views.flags_set(actor.wording, before=before, after=after, undo=undo))

    def undo(self, ack: Ack, body: dict[str, Any]) -> None:
        """Take a change back, unless something else was settled since."""
        ack()
        press = Press.model_validate(body)
        try:
            actor = admin_behind(self._murmur, press)
        except NotAllowed as refused:
            page = post_page(Wording(), refused.post)
        else:
            page = self._undone(actor, _Undo.model_validate_json(press.value))
        self._murmur.client.views_update(view_id=press.view_id, view=page)

    def _undone(self, actor: Actor, undo: _Undo) -> View:
        with self._murmur.database.reading() as session:
            now = flag_settings(session, actor.member.workspace_id)
        if now == undo.after:
            _, now = self._settle(actor, undo.before, undo.form_key)
        if now != undo.before:
            return views.changed_since(actor.wording)
        return views.flags_undone(actor.wording, before=undo.after, after=undo.before)

    def _settle(self, actor: Actor, wanted: FlagSettings, form_key: str) -> tuple[FlagSettings, FlagSettings]:
        """What held before, and what holds now."""
        with self._murmur.database.transaction(wait=2) as session:
            before = set_flag_settings(
                session,
                actor.member.workspace_id,
                wanted,
                admin=actor.member,
                form_key=form_key,
                on=self._murmur.clock().date(),
            )
            return before, flag_settings(session, actor.member.workspace_id)


def _written(w: Wording, form: Submission) -> FlagSettings:
    """What a form says. Raises _NotYet."""
    months, typed = int(form.field(views.FALSE_FLAGS).text), form.field(views.SALARY).text
    if not typed:
        return FlagSettings(months=months)
    try:
        amount = parse_salary(typed)
    except NotASalary:
        raise _NotYet(of_salary(w)) from None
    currency = form.field(views.CURRENCY).text
    if not currency:
        raise _NotYet(of_currency(w))
    return FlagSettings(months=months, salary=Salary(amount=amount, currency=currency))


def register(app: App, murmur: Murmur) -> None:
    """Connect the listeners."""
    flags = Flags(murmur)
    app.view(views.FLAGS_FORM)(flags.save)
    app.action(views.UNDO)(flags.undo)
