"""`/pulse threshold`: how many answers a result needs, from the next round on."""

from typing import Any

from pydantic import BaseModel
from slack_bolt import Ack, App

from bot.actors import Actor
from bot.managing.access import NotAllowed, admin_behind, new_form_key, own_pulse
from bot.murmur import Murmur
from bot.payloads import Submission
from bot.standing import standing_of
from bot.views import threshold as views
from bot.views.pages import post_page
from bot.views.problems import of_threshold
from bot.views.pulse import threshold_set
from bot.views.wording import Wording
from storage.pulses import ThresholdTooLow, pulses_of_workspace, record_change, set_threshold
from storage.tables import Pulse


class _About(BaseModel):
    """What the window is about."""

    pulse_id: int
    form_key: str


def open_window(murmur: Murmur, actor: Actor, pulse: Pulse, trigger_id: str) -> None:
    """Open the window with the pulse's present threshold."""
    with murmur.database.reading() as session:
        units = [unit.people for unit in standing_of(murmur, session, actor.wording, pulse).units if unit.scored]
    window = views.threshold_form(
        actor.wording,
        pulse=pulse.name,
        current=pulse.threshold,
        smallest=min(units, default=0),
        private_metadata=_About(pulse_id=pulse.id, form_key=new_form_key()).model_dump_json(),
    )
    murmur.client.views_open(trigger_id=trigger_id, view=window)


def register(app: App, murmur: Murmur) -> None:
    """Connect the listener."""

    def save(ack: Ack, body: dict[str, Any]) -> None:
        submission = Submission.model_validate(body)
        try:
            actor = admin_behind(murmur, submission)
        except NotAllowed as refused:
            ack(response_action="update", view=post_page(Wording(), refused.post))
            return
        w, about = actor.wording, _About.model_validate_json(submission.private_metadata)
        chosen = submission.field(views.THRESHOLD).text
        try:
            with murmur.database.transaction(wait=2) as session:
                pulse = own_pulse(pulses_of_workspace(session, actor.member.workspace_id), about.pulse_id)
                if pulse is None:
                    ack()
                    return
                before = pulse.threshold
                set_threshold(session, pulse, int(chosen) if chosen.isdecimal() else 0)
                record_change(
                    session,
                    workspace_id=pulse.workspace_id,
                    admin=actor.member,
                    form_key=about.form_key,
                    on=murmur.clock().date(),
                    what=f"set the threshold of {pulse.name} to {pulse.threshold}",
                )
        except ThresholdTooLow:
            ack(response_action="errors", errors=of_threshold(w))
            return
        done = threshold_set(w, pulse=pulse.name, threshold=pulse.threshold, before=before)
        ack(response_action="update", view=post_page(w, done))

    app.view(views.THRESHOLD_FORM)(save)
