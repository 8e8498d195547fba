"""`/pulse close`: asks first, for it cannot be undone, and then does what was said."""

from typing import Any

from slack_bolt import Ack, App

from bot.actors import Actor
from bot.jobs import call_off
from bot.managing.access import About, new_form_key, pulse_form, with_external_id
from bot.managing.loading import fill
from bot.murmur import Murmur
from bot.naming import Named
from bot.standing import key_missing
from bot.views import closing as views
from bot.views.closing import Ending
from bot.views.pages import post_page
from bot.views.pulse import nothing_to_do
from bot.views.vocabulary import Post, View
from storage import closing
from storage.pulses import record_change
from storage.rounds import close_now, schedule_next, unfinished_round
from storage.tables import Pulse, Round
from surveys.cadence import digest_at
from surveys.rounds import State, closing_now_discards


class _About(About):
    """What the question was about: what was agreed to must be what is done."""

    round_id: int
    ending: Ending


def ask_to_close(murmur: Murmur, actor: Actor, named: Named, trigger_id: str) -> Post | None:
    """Open the question; or say that no round is open."""
    with murmur.database.reading() as session:
        round_ = unfinished_round(session, named.pulse.id)
    ending = _ending(murmur, named.pulse, round_)
    if round_ is None or ending is None:
        return nothing_to_do(actor.wording, pulse=named.pulse.name, command="close")
    murmur.client.views_open(trigger_id=trigger_id, view=_question(murmur, actor, named, round_, ending))
    return None


class Closing:
    """The listener."""

    def __init__(self, murmur: Murmur) -> None:
        self._murmur = murmur

    def close(self, ack: Ack, body: dict[str, Any]) -> None:
        """Do what the question said. If it would now end otherwise, a working day has passed, say: ask again."""
        form = pulse_form(self._murmur, ack, body, _About)
        if form is None:
            return
        actor, about, named = form.actor, form.about, form.named
        with self._murmur.database.reading() as session:
            round_ = unfinished_round(session, named.pulse.id)
        ending = _ending(self._murmur, named.pulse, round_)
        if round_ is None or ending is None or round_.id != about.round_id:
            done = nothing_to_do(actor.wording, pulse=named.pulse.name, command="close")
            ack(response_action="update", view=post_page(actor.wording, done))
        elif ending is not about.ending:
            ack(response_action="update", view=_question(self._murmur, actor, named, round_, ending))
        else:
            page, external_id = with_external_id(views.closing(actor.wording))
            ack(response_action="update", view=page)
            done = self._closed(actor, named, round_, about)
            fill(self._murmur, external_id, post_page(actor.wording, done))

    def _closed(self, actor: Actor, named: Named, round_: Round, about: _About) -> Post:
        murmur, w, now, pulse = self._murmur, actor.wording, self._murmur.clock(), named.pulse
        if about.ending is Ending.COUNTED:
            with murmur.database.transaction() as session:
                done = close_now(session, round_.id, now)
            closing.begin_closing(murmur.database, round_.id)
        else:
            done = call_off(murmur, round_.id, now)
        if not done:
            return nothing_to_do(w, pulse=pulse.name, command="close")
        with murmur.database.transaction() as session:
            record_change(
                session,
                workspace_id=actor.member.workspace_id,
                admin=actor.member,
                form_key=about.form_key,
                on=now.date(),
                what=f"closed a round of {pulse.name}",
            )
            schedule_next(session, session.get_one(Pulse, pulse.id), now)
        match about.ending:
            case Ending.COUNTED:
                return views.closed(w, pulse=pulse.name, digests_at=digest_at(now, actor.member.timezone))
            case Ending.THROWN_AWAY:
                return views.discarded(w, pulse=pulse.name, called=named.called)
            case Ending.CALLED_OFF:
                return views.called_off(w, pulse=pulse.name, called=named.called)


def _ending(murmur: Murmur, pulse: Pulse, round_: Round | None) -> Ending | None:
    """What closing a round now does to it; None when there is nothing to close."""
    if round_ is None:
        return None
    if key_missing(murmur, round_):
        return Ending.CALLED_OFF
    if round_.state != State.OPEN:
        return None
    discards = closing_now_discards(opened_at=round_.opens_at, now=murmur.clock(), timezone=pulse.timezone)
    return Ending.THROWN_AWAY if discards else Ending.COUNTED


def _question(murmur: Murmur, actor: Actor, named: Named, round_: Round, ending: Ending) -> View:
    about = _About(pulse_id=named.pulse.id, round_id=round_.id, ending=ending, form_key=new_form_key())
    return views.question(
        actor.wording,
        pulse=named.pulse.name,
        teams=named.teams,
        ending=ending,
        digests_at=digest_at(murmur.clock(), actor.member.timezone),
        called=named.called,
        private_metadata=about.model_dump_json(),
    )


def register(app: App, murmur: Murmur) -> None:
    """Connect the listener."""
    app.view(views.CLOSE_FORM)(Closing(murmur).close)
