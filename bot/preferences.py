"""What members prefer - reminders, a pause, being left out - and the pages that explain."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from slack_bolt import Ack, App
from slack_sdk.webhook import WebhookClient

from bot.actors import find_actor
from bot.home import page_wording, publish_home
from bot.murmur import Murmur
from bot.payloads import Press
from bot.views import asking
from bot.views.home import ASK_ME_AGAIN, PAUSE_ME, PAUSE_WEEKS, REMINDERS_OFF, REMINDERS_ON, RESUME_ME
from bot.views.results import WHY, why_page
from bot.views.wording import Mrkdwn, Wording
from storage.people import local_date, pulse_of_member
from storage.tables import Member
from surveys.release import FLOOR

Change = Callable[[Member, date], None]
Said = Callable[[Wording], Mrkdwn]


class Preferences:
    """The listeners."""

    def __init__(self, murmur: Murmur) -> None:
        self._murmur = murmur

    def how_it_works(self, ack: Ack, body: dict[str, Any]) -> None:
        """Open the page that tells what becomes of an answer."""
        ack()
        press = Press.model_validate(body)
        actor = find_actor(self._murmur, press)
        with self._murmur.database.reading() as session:
            pulse = pulse_of_member(session, actor.member.id)
        page = asking.how_it_works(
            actor.own_wording,
            threshold=pulse.threshold if pulse else FLOOR,
            contact=self._murmur.settings.operator_contact,
            keys_apart=self._murmur.keys_apart,
        )
        self._murmur.client.views_open(trigger_id=press.trigger_id, view=page)

    def why(self, ack: Ack, body: dict[str, Any]) -> None:
        """Open the page that tells why something is not shown; always the same."""
        ack()
        press = Press.model_validate(body)
        actor = find_actor(self._murmur, press)
        self._murmur.client.views_open(trigger_id=press.trigger_id, view=why_page(page_wording(actor)))

    def listener(self, change: Change, said: Said | None = None) -> Callable[..., None]:
        """A listener that makes `change` to whoever pressed, and says so where they pressed: to them alone."""

        def pressed(ack: Ack, body: dict[str, Any]) -> None:
            ack()
            press = Press.model_validate(body)
            actor = find_actor(self._murmur, press)
            with self._murmur.database.transaction() as session:
                member = session.get_one(Member, actor.member.id)
                change(member, local_date(member, self._murmur.clock()))
                session.add(member)
            if press.response_url and said is not None:
                WebhookClient(press.response_url).send(
                    text=said(actor.own_wording), response_type="ephemeral", replace_original=False
                )
            else:
                publish_home(self._murmur, find_actor(self._murmur, press))

        return pressed


def _reminders_off(member: Member, today: date) -> None:
    member.no_reminders_since = today


def _reminders_on(member: Member, _today: date) -> None:
    member.no_reminders_since = None


def _pause(member: Member, today: date) -> None:
    member.paused_until = today + timedelta(weeks=PAUSE_WEEKS)


def _resume(member: Member, _today: date) -> None:
    member.paused_until = None


def _leave(member: Member, today: date) -> None:
    member.opted_out_on = today


def _come_back(member: Member, _today: date) -> None:
    member.opted_out_on = None


def register(app: App, murmur: Murmur) -> None:
    """Connect the listeners."""
    preferences = Preferences(murmur)
    app.action(asking.HOW_IT_WORKS)(preferences.how_it_works)
    app.action(WHY)(preferences.why)
    app.action(asking.NO_REMINDERS)(preferences.listener(_reminders_off, asking.reminders_off))
    app.action(asking.NOT_FOR_ME)(preferences.listener(_leave, asking.opted_out))
    app.action(REMINDERS_OFF)(preferences.listener(_reminders_off))
    app.action(REMINDERS_ON)(preferences.listener(_reminders_on))
    app.action(PAUSE_ME)(preferences.listener(_pause))
    app.action(RESUME_ME)(preferences.listener(_resume))
    app.action(ASK_ME_AGAIN)(preferences.listener(_come_back))
