"""What a pulse is called when somebody types a command: by its own name, or by one of its teams."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from storage.pulses import pulses_of_workspace, teams_with_people
from storage.tables import Pulse, Team

_QUOTES = "\"'`´“”„«»‘’‚"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A pulse, and the names it goes by."""

    pulse: Pulse
    teams: tuple[str, ...]  # its teams, in tree order
    departments: tuple[str, ...]
    called: str  # what to type after a command that means this pulse; "" where there is only one

    def goes_by(self, name: str) -> bool:
        """Whether `name` is the name of the pulse, of a team or a department of it, or of teams joined by " + "."""
        names = {known.casefold() for known in (self.pulse.name, *self.teams, *self.departments)}
        name = name.casefold()
        return name in names or (" + " in name and {part.strip() for part in name.split(" + ")} <= names)


def named_pulses(session: Session, workspace_id: int) -> list[Named]:
    """The pulses of a workspace with the names they go by, oldest first."""
    pulses = pulses_of_workspace(session, workspace_id)
    found = [_named(session, pulse) for pulse in pulses]
    if len(found) == 1:
        return found
    return [
        Named(
            pulse=one.pulse,
            teams=one.teams,
            departments=one.departments,
            called=_unmistakable(found, one),
        )
        for one in found
    ]


def meant_by(pulses: Iterable[Named], name: str) -> list[Named]:
    """The pulses that somebody can mean who types `name`, in any case and in quotes or without."""
    pulses = list(pulses)
    as_typed = [one for one in pulses if one.goes_by(name)]
    return as_typed or [one for one in pulses if one.goes_by(unquoted(name))]


def unquoted(name: str) -> str:
    """`name` without the quotes and blanks around it."""
    return name.strip().strip(_QUOTES).strip()


def _named(session: Session, pulse: Pulse) -> Named:
    teams = [team.name for team in teams_with_people(session, pulse.id)]
    everything = session.exec(select(Team.name).where(Team.pulse_id == pulse.id).order_by(col(Team.id)))
    departments = [name for name in everything if name not in teams]
    return Named(pulse=pulse, teams=tuple(teams), departments=tuple(departments), called="")


def _unmistakable(pulses: Sequence[Named], one: Named) -> str:
    """A name that only this pulse goes by: its own, or else that of a team, for teams move between pulses."""
    names = (one.pulse.name, *one.teams, *one.departments)
    alone = (name for name in names if len(meant_by(pulses, name)) == 1)
    return next(alone, one.pulse.name)
