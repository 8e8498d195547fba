"""`/pulse threshold`: how many answers a result needs, from the next round on; chosen in a window, or typed."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App
from sqlmodel import Session

from bot.actors import Actor
from bot.managing.access import About, new_form_key, pulse_form
from bot.murmur import Murmur
from bot.naming import Named, meant_by
from bot.standing import standing_of
from bot.views import threshold as views
from bot.views.pages import post_page
from bot.views.problems import of_threshold
from bot.views.vocabulary import Post
from storage.pulses import ThresholdTooLow, record_change, set_threshold
from storage.rounds import unfinished_round
from storage.tables import Pulse
from surveys.release import FLOOR

_NUMBER = re.compile(r"[-+]?\d[\d.,]*")


def name_and_number(pulses: Sequence[Named], typed: str) -> tuple[str, str]:
    """What somebody typed after `/pulse threshold`, taken apart: "AI 7" names a pulse and a number.

    Either may be "". A name may end in a number itself: a pulse or team of the whole name comes first.
    """
    name, _, last = typed.rpartition(" ")
    if not typed or meant_by(pulses, typed):
        return typed, ""
    return (name, last) if _NUMBER.fullmatch(last) or (name and meant_by(pulses, name)) else (typed, "")


def open_window(murmur: Murmur, actor: Actor, named: Named, trigger_id: str) -> None:
    """Open the window with the pulse's present threshold."""
    pulse = named.pulse
    with murmur.database.reading() as session:
        units = [unit.people for unit in standing_of(murmur, session, actor.wording, named).units if unit.scored]
    window = views.threshold_form(
        actor.wording,
        pulse=pulse.name,
        current=pulse.threshold,
        smallest=min(units, default=0),
        private_metadata=About(pulse_id=pulse.id, form_key=new_form_key()).model_dump_json(),
    )
    murmur.client.views_open(trigger_id=trigger_id, view=window)


def set_at_once(murmur: Murmur, actor: Actor, named: Named, number: str, form_key: str) -> Post:
    """Set the threshold that was typed, and say what it was; or say what is wrong with it."""
    w, pulse = actor.wording, named.pulse
    chosen = _number(number)
    if chosen is None or not FLOOR <= chosen <= views.HIGHEST:
        return views.threshold_refused(w, pulse=pulse.name, number=number, current=pulse.threshold)
    if chosen == pulse.threshold:
        return views.threshold_as_it_is(w, pulse=pulse.name, threshold=chosen)
    with murmur.database.transaction() as session:
        return _set(murmur, session, actor, named, chosen, form_key)


def _set(murmur: Murmur, session: Session, actor: Actor, named: Named, chosen: int, form_key: str) -> Post:
    """Set the threshold and record it. Raises ThresholdTooLow."""
    w, pulse = actor.wording, session.get_one(Pulse, named.pulse.id)
    before = pulse.threshold
    set_threshold(session, pulse, chosen)
    record_change(
        session,
        workspace_id=pulse.workspace_id,
        admin=actor.member,
        form_key=form_key,
        on=murmur.clock().date(),
        what=f"set the threshold of {pulse.name} to {pulse.threshold}",
    )
    standing = standing_of(murmur, session, w, replace(named, pulse=pulse))
    round_ = unfinished_round(session, pulse.id)
    return views.threshold_set(
        w,
        pulse=pulse.name,
        threshold=pulse.threshold,
        before=before,
        called=named.called,
        silent=sum(unit.scored and not unit.odds for unit in standing.units),
        now_open=round_.threshold if round_ is not None and standing.open_until is not None else None,
    )


def _number(typed: str) -> int | None:
    """A whole number as somebody types it; None for everything else, and for one that is far too long."""
    return int(typed) if typed.isdecimal() and len(typed) <= 4 else None


def register(app: App, murmur: Murmur) -> None:
    """Connect the listener."""

    def save(ack: Ack, body: dict[str, Any]) -> None:
        form = pulse_form(murmur, ack, body, About)
        if form is None:
            return
        w, chosen = form.actor.wording, _number(form.sent.field(views.THRESHOLD).text)
        try:
            with murmur.database.transaction(wait=2) as session:
                done = _set(murmur, session, form.actor, form.named, chosen or 0, form.about.form_key)
        except ThresholdTooLow:
            ack(response_action="errors", errors=of_threshold(w))
            return
        ack(response_action="update", view=post_page(w, done))

    app.view(views.THRESHOLD_FORM)(save)
