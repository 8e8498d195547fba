"""Who may manage, which pulse is meant, and how a form proves that it was not counted before."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel
from slack_bolt import Ack

from bot.actors import Actor, admins_of, find_actor
from bot.murmur import Murmur
from bot.naming import Named, meant_by, named_pulses, unquoted
from bot.payloads import Payload, Submission
from bot.views import pulse as views
from bot.views.pages import post_page
from bot.views.vocabulary import Post, View
from bot.views.wording import Wording
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


class About(BaseModel):
    """What a window about a pulse carries."""

    pulse_id: int
    form_key: str


A = TypeVar("A", bound=About)


@dataclass(frozen=True, slots=True, kw_only=True)
class PulseForm(Generic[A]):
    """A form about a pulse that an admin sent."""

    sent: Submission
    actor: Actor
    about: A
    named: Named


def admin_behind(murmur: Murmur, payload: Payload) -> Actor:
    """The admin who sent a payload. Raises NotAllowed for everybody else, whatever the payload says."""
    actor = find_actor(murmur, payload)
    if not actor.is_admin:
        raise NotAllowed(views.not_allowed(actor.wording, admin_names(murmur, actor)))
    return actor


def form_of_admin(murmur: Murmur, ack: Ack, body: dict[str, Any]) -> tuple[Submission, Actor] | None:
    """A form that was sent, and the admin who sent it. From anybody else None: who may has been said instead."""
    sent = Submission.model_validate(body)
    try:
        return sent, admin_behind(murmur, sent)
    except NotAllowed as refused:
        ack(response_action="update", view=post_page(Wording(), refused.post))
        return None


def pulse_form(murmur: Murmur, ack: Ack, body: dict[str, Any], about: type[A]) -> PulseForm[A] | None:
    """A form about one of the pulses of the admin who sent it. None when it is not: then it has been answered."""
    found = form_of_admin(murmur, ack, body)
    if found is None:
        return None
    sent, actor = found
    read = about.model_validate_json(sent.private_metadata)
    named = own_named(murmur, actor, read.pulse_id)
    if named is None:
        ack()
        return None
    return PulseForm(sent=sent, actor=actor, about=read, named=named)


def admin_names(murmur: Murmur, actor: Actor) -> list[str]:
    """Names of the admins of the workspace that `actor` is in."""
    with murmur.database.reading() as session:
        return [admin.name for admin in admins_of(murmur, session, actor.member.workspace_id)]


def named_pulse(pulses: Sequence[Named], actor: Actor, command: str, name: str) -> Named:
    """The one of `pulses`, which are those of a workspace, that a command means: by its name or that of a team in
    it, or the only one there is. Raises WhichPulse.
    """
    if not pulses:
        raise WhichPulse(views.no_pulse(actor.wording))
    if not name and len(pulses) == 1:
        return pulses[0]
    found = meant_by(pulses, name) if name else []
    if len(found) != 1:
        choices = [(one.called or one.pulse.name, one.teams) for one in found or pulses]
        raise WhichPulse(views.which_pulse(actor.wording, command=command, pulses=choices, name=unquoted(name)))
    return found[0]


def own_named(murmur: Murmur, actor: Actor, pulse_id: int) -> Named | None:
    """The pulse with this id, with its names, if it is one of the workspace of `actor`."""
    with murmur.database.reading() as session:
        pulses = named_pulses(session, actor.member.workspace_id)
    return next((one for one in pulses if one.pulse.id == pulse_id), None)


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
