"""A set-up form as it was sent, the people behind it as Slack has them, and where its team belongs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from slack_sdk import WebClient
from sqlmodel import Session

from bot.directory import channel_members, find_people
from storage.people import Person
from storage.pulses import cadence_of, find_team
from storage.tables import Member, Pulse, Team
from surveys.cadence import Cadence, Frequency, zone


class Draft(BaseModel):
    """A set-up form as it was sent. Travels with the preview, so that what is started is what was previewed."""

    model_config = ConfigDict(frozen=True)

    form_key: str
    team: str
    channel: str | None = None
    people: tuple[str, ...] = ()
    managers: tuple[str, ...]
    leaders: tuple[str, ...] = ()  # who reads the department
    part_of: str = ""
    pulse_id: int | None = None  # the pulse to join, None for one of its own
    frequency: Frequency
    weekday: int
    hour: int
    question_set: str
    is_new: bool = False  # the preview said that it makes a new team, so it must not change one
    moving: str = ""  # seal of the overlap whose people the admin wants here; "" leaves them where they are


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The people behind a form, as Slack has them."""

    team: Sequence[Person]
    managers: Sequence[Person]
    leaders: Sequence[Person]

    @property
    def everybody(self) -> list[Person]:
        """All of them, whoever has two parts twice."""
        return [*self.team, *self.managers, *self.leaders]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the team of a form belongs."""

    existing: Team | None  # the team of that name, which the form changes
    department: Team | None  # the department of that name
    pulse: Pulse | None  # the pulse it joins or is in already


def look_up(client: WebClient, draft: Draft) -> Cast:
    """Ask Slack for everybody in a form. Raises ChannelNotReadable."""
    team = channel_members(client, draft.channel) if draft.channel else draft.people
    return Cast(
        team=[person for person in find_people(client, team) if person.active],
        managers=[person for person in find_people(client, draft.managers) if person.active],
        leaders=[person for person in find_people(client, draft.leaders) if person.active],
    )


def place_of(session: Session, workspace_id: int, draft: Draft) -> Place:
    """Where the team of a form belongs: in the pulse of its department, in the one it is to join, or else where
    it is.
    """
    existing = find_team(session, workspace_id, draft.team)
    department = find_team(session, workspace_id, draft.part_of) if draft.part_of else None
    wished = (department.pulse_id if department else None, draft.pulse_id, existing.pulse_id if existing else None)
    pulse_id = next((pulse_id for pulse_id in wished if pulse_id is not None), None)
    pulse = session.get(Pulse, pulse_id) if pulse_id is not None else None
    if pulse is not None and pulse.workspace_id != workspace_id:
        pulse = None
    return Place(existing=existing, department=department, pulse=pulse)


def cadence_for(draft: Draft, place: Place, admin: Member, now: datetime) -> Cadence:
    """The cadence that will hold: that of the pulse it joins, or the form's own."""
    if place.pulse is not None:
        return cadence_of(place.pulse)
    timezone = admin.timezone
    return Cadence(
        frequency=draft.frequency,
        weekday=draft.weekday,
        hour=draft.hour,
        timezone=timezone,
        anchor=now.astimezone(zone(timezone)).date(),
    )
