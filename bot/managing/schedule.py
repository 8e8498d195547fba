"""`/pulse schedule`: on which day, at what time and how often a pulse asks, from the next round on."""

from typing import Any

from slack_bolt import Ack, App
from sqlmodel import Session

from bot.actors import Actor
from bot.managing.access import About, PulseForm, new_form_key, pulse_form
from bot.murmur import Murmur
from bot.naming import Named
from bot.standing import next_times
from bot.views import schedule as views
from bot.views.pages import post_page
from bot.views.problems import of_schedule
from bot.views.vocabulary import Post
from storage.pulses import cadence_of, record_change, set_schedule
from storage.rounds import reschedule, unfinished_round
from storage.tables import Pulse
from surveys.cadence import Cadence, Frequency, UnknownTimeZoneError, invitation_at, zone
from surveys.rounds import State


class Schedule:
    """The listener."""

    def __init__(self, murmur: Murmur) -> None:
        self._murmur = murmur

    def save(self, ack: Ack, body: dict[str, Any]) -> None:
        """Change the schedule, or say beside the field what is wrong."""
        form = pulse_form(self._murmur, ack, body, About)
        if form is None:
            return
        w = form.actor.wording
        try:
            zone(form.sent.field(views.TIMEZONE).text)
        except UnknownTimeZoneError:
            ack(response_action="errors", errors=of_schedule(w))
            return
        with self._murmur.database.transaction(wait=2) as session:
            done = self._changed(session, form)
        ack(response_action="update", view=post_page(w, done))

    def _changed(self, session: Session, form: PulseForm[About]) -> Post:
        w, now, sent = form.actor.wording, self._murmur.clock(), form.sent
        pulse = session.get_one(Pulse, form.named.pulse.id, with_for_update={"key_share": True})
        before = cadence_of(pulse)
        after = set_schedule(
            session,
            pulse,
            frequency=Frequency(sent.field(views.FREQUENCY).text),
            weekday=int(sent.field(views.WEEKDAY).text),
            hour=int(sent.field(views.HOUR).text),
            timezone=sent.field(views.TIMEZONE).text,
            now=now,
        )
        if after != before:
            record_change(
                session,
                workspace_id=pulse.workspace_id,
                admin=form.actor.member,
                form_key=form.about.form_key,
                on=now.date(),
                what=f"set the schedule of {pulse.name} to {_in_the_log(after)}",
            )
            reschedule(session, pulse, now)
        round_ = unfinished_round(session, pulse.id)
        times = next_times(session, pulse, now)
        return views.schedule_set(
            w,
            pulse=pulse.name,
            before=before,
            after=after,
            next_at=invitation_at(times, after, w.timezone) or times.opens_at,
            open_until=round_.closes_at if round_ is not None and round_.state == State.OPEN else None,
            paused=pulse.paused_on is not None,
            called=form.named.called,
        )


def open_schedule(murmur: Murmur, actor: Actor, named: Named, trigger_id: str) -> None:
    """Open the window with the schedule as it is."""
    window = views.schedule_form(
        actor.wording,
        pulse=named.pulse.name,
        cadence=cadence_of(named.pulse),
        private_metadata=About(pulse_id=named.pulse.id, form_key=new_form_key()).model_dump_json(),
    )
    murmur.client.views_open(trigger_id=trigger_id, view=window)


def _in_the_log(cadence: Cadence) -> str:
    """A schedule as the audit log has it, which is in English: "weekly, Tuesday, 10:00, Europe/Berlin"."""
    day = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")[cadence.weekday]
    return f"{cadence.frequency}, {day}, {cadence.hour:02}:00, {cadence.timezone}"


def register(app: App, murmur: Murmur) -> None:
    """Connect the listener."""
    app.view(views.SCHEDULE_FORM)(Schedule(murmur).save)
