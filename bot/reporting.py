"""The full report of a digest, for whoever reads the digest or, two working days later, is on the team it is about."""

import re
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from sqlmodel import Session

from bot.actors import Actor, find_actor
from bot.home import page_wording
from bot.murmur import Murmur
from bot.payloads import Press
from bot.results import gets, team_sees, unit_digest
from bot.views.pages import paragraph_page
from bot.views.report import not_yours, report_page
from bot.views.results import REPORT
from bot.views.vocabulary import View
from storage.rounds import unit_asked
from storage.tables import Pulse, Round, Unit
from surveys.cadence import digest_at
from surveys.questions import Owner
from surveys.rounds import State

_PLACE = re.compile(r"([0-9]{1,9}):([0-9]{1,9})")
"""A round and a unit, as the button carries them."""


class Reporting:
    """The listener."""

    def __init__(self, murmur: Murmur) -> None:
        self._murmur = murmur

    def open(self, ack: Ack, body: dict[str, Any]) -> None:
        """Open the report, or say that it is not for whoever pressed: a payload can hold what it likes."""
        ack()
        press = Press.model_validate(body)
        actor = find_actor(self._murmur, press)
        with self._murmur.database.reading() as session:
            page = _page(session, actor, press.value, self._murmur.clock())
        if page is None:
            w = page_wording(actor)
            page = paragraph_page(w, not_yours(w))
        self._murmur.client.views_open(trigger_id=press.trigger_id, view=page)


def _page(session: Session, actor: Actor, value: str, now: datetime) -> View | None:
    place = _PLACE.fullmatch(value)
    if place is None:
        return None
    round_, unit = session.get(Round, int(place[1])), session.get(Unit, int(place[2]))
    if round_ is None or unit is None or round_.state != State.PUBLISHED:
        return None
    pulse, member = session.get_one(Pulse, round_.pulse_id), actor.member
    if unit.id in {receiver.unit_id for receiver in gets(session, round_, member)}:
        if now < digest_at(round_.closes_at, member.timezone):
            return None
        w = actor.wording
        digest = unit_digest(session, pulse, round_, unit, first=False, reader=member)
        return report_page(w, digest, reader=Owner.TEAM_LEAD)
    asked = unit_asked(session, round_, member.id)
    if asked is None or asked.id != unit.id or now < team_sees(pulse, round_):
        return None
    w = page_wording(actor)
    return report_page(w, unit_digest(session, pulse, round_, unit, first=False, locale=w.locale), reader=None)


def register(app: App, murmur: Murmur) -> None:
    """Connect the listener."""
    app.action(REPORT)(Reporting(murmur).open)
