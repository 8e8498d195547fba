"""Who may manage, which pulse is meant, and how a form proves that it was not counted before."""

import secrets
from collections.abc import Sequence

from bot.actors import Actor, admins_of, find_actor
from bot.murmur import Murmur
from bot.payloads import Payload
from bot.views import pulse as views
from bot.views.vocabulary import Post, View
from storage.database import Database
from storage.pulses import pulses_of_workspace
from storage.tables import Pulse


class NotAllowed(Exception):
    """Only admins may do this. `post` says so, and who they are."""

    def __init__(self, post: Post) -> None:
        super().__init__("only admins may do this")
        self.post = post


class WhichPulse(Exception):
    """A command names no pulse, or none that exists. `post` says what there is."""

    def __init__(self, post: Post) -> None:
        super().__init__("it is not clear which pulse is meant")
        self.post = post


def admin_behind(murmur: Murmur, payload: Payload) -> Actor:
    """The admin who sent a payload. Raises NotAllowed for everybody else, whatever the payload says."""
    actor = find_actor(murmur, payload)
    if not actor.is_admin:
        with murmur.database.reading() as session:
            admins = [admin.name for admin in admins_of(murmur, session, actor.member.workspace_id)]
        raise NotAllowed(views.not_allowed(actor.wording, admins))
    return actor


def named_pulse(database: Database, actor: Actor, command: str, name: str) -> Pulse:
    """The pulse that a command means: the one it names, or the only one there is. Raises WhichPulse."""
    with database.reading() as session:
        pulses = pulses_of_workspace(session, actor.member.workspace_id)
    if not pulses:
        raise WhichPulse(views.no_pulse(actor.wording))
    if not name and len(pulses) == 1:
        return pulses[0]
    found = [pulse for pulse in pulses if pulse.name.casefold() == name.casefold()]
    if len(found) != 1:
        names = [pulse.name for pulse in pulses]
        raise WhichPulse(views.which_pulse(actor.wording, command=command, pulses=names))
    return found[0]


def own_pulse(pulses: Sequence[Pulse], pulse_id: int) -> Pulse | None:
    """The pulse with this id among those of a workspace: an id in a payload can be anything."""
    return next((pulse for pulse in pulses if pulse.id == pulse_id), None)


def new_form_key() -> str:
    """A random key for one form, stored with the change it makes, so that sending it twice changes once."""
    return secrets.token_urlsafe(16)


def with_external_id(view: View) -> tuple[View, str]:
    """The view with an id of its own, under which it can be replaced before Slack has told its id."""
    external_id = secrets.token_urlsafe(24)
    return {**view, "external_id": external_id}, external_id
