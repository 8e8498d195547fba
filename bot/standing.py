"""Where the pulses of a workspace stand, as admins see it in `/pulse` and in Home."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from operator import attrgetter

from sqlmodel import Session

from bot.murmur import Murmur
from bot.naming import Named, named_pulses
from bot.views import problems
from bot.views.standing import PulseStanding, UnitStanding
from bot.views.wording import Wording
from storage.keys import Fit
from storage.moves import joins_on
from storage.people import readers_of_team
from storage.pulses import cadence_of, teams_with_people, timezones_of
from storage.roster_plans import plan_rosters, teams_of_pulse
from storage.rosters import current_period, team_ids_of, unit_name, units_in_period
from storage.rounds import times_of, unfinished_round, unit_asked
from storage.tables import Member, Pulse, Round, Team
from surveys.cadence import Frequency, RoundTimes, invitation_at, next_round
from surveys.questions import load_question_sets
from surveys.rounds import State
from surveys.units import odds


def standings(murmur: Murmur, session: Session, w: Wording, workspace_id: int) -> list[PulseStanding]:
    """Every pulse of a workspace, oldest first."""
    return [standing_of(murmur, session, w, named) for named in named_pulses(session, workspace_id)]


def standing_of(murmur: Murmur, session: Session, w: Wording, named: Named) -> PulseStanding:
    """Where one pulse stands."""
    pulse = named.pulse
    round_ = unfinished_round(session, pulse.id)
    open_ = round_ is not None and round_.state == State.OPEN
    return PulseStanding(
        name=pulse.name,
        paused=pulse.paused_on is not None,
        frequency=Frequency(pulse.frequency),
        question_set=load_question_sets()[pulse.question_set].name,
        threshold=pulse.threshold,
        units=tuple(unit_standings(session, pulse, round_)),
        readers=_readers(session, teams_with_people(session, pulse.id)),
        open_until=round_.closes_at if round_ is not None and open_ else None,
        next_at=asked_at(pulse, round_, w.timezone) if round_ is not None and round_.state == State.SCHEDULED else None,
        troubles=tuple(_troubles(murmur, w, round_, named.called)),
        called=named.called,
        first_team=named.teams[0] if named.teams else "",
    )


def _troubles(murmur: Murmur, w: Wording, round_: Round | None, called: str) -> list[str]:
    if round_ is None:
        return []
    if key_missing(murmur, round_):
        lost = murmur.keys.fit(murmur.settings.app_secret, round_) is Fit.LOST
        return [(problems.key_missing if lost else problems.secret_changed)(w, called=called)]
    if round_.state in {State.CLOSING, State.CLOSED, State.SCRUBBED}:
        return [problems.being_closed(w)]
    return []


def asked_at(pulse: Pulse, round_: Round, timezone: str) -> datetime:
    """When a round asks people in a time zone; it opens earlier where the day begins earlier."""
    return invitation_at(times_of(round_), cadence_of(pulse), timezone) or round_.opens_at


def next_times(session: Session, pulse: Pulse, now: datetime, *, not_before: date | None = None) -> RoundTimes:
    """When the next round happens that has not opened yet, or the first from a day on."""
    round_ = unfinished_round(session, pulse.id)
    if round_ is not None and round_.state == State.SCHEDULED and (not_before is None or round_.opens_on >= not_before):
        return times_of(round_)
    last = not_before - timedelta(days=1) if not_before else round_.opens_on if round_ is not None else None
    # The day may have changed while a round is open, and there is one round at a time.
    runs = round_ is not None and round_.state not in {State.SCHEDULED, State.DISCARDING}
    after = max(now, round_.closes_at) if round_ is not None and runs else now
    return next_round(cadence_of(pulse), after, timezones_of(session, pulse.id), last=last)


def first_asked(session: Session, pulse: Pulse, team_id: int, member: Member, now: datetime) -> datetime:
    """When a member is asked next, or for the first time: whoever joins a team is counted from its next period."""
    cadence, round_ = cadence_of(pulse), unfinished_round(session, pulse.id)
    if round_ is not None and round_.state != State.DISCARDING and unit_asked(session, round_, member.id) is not None:
        invited = invitation_at(times_of(round_), cadence, member.timezone, after=now)
        if invited is not None:
            return invited
    times = next_times(session, pulse, now)
    counted = joins_on(session, pulse, team_id, member.id, times.opens_on)
    if counted > times.opens_on:
        times = next_times(session, pulse, now, not_before=counted)
    return invitation_at(times, cadence, member.timezone) or times.opens_at


def unit_standings(session: Session, pulse: Pulse, round_: Round | None) -> list[UnitStanding]:
    """The units of the period that the next or open round falls into, frozen ones or as they would be, by name."""
    period = current_period(session, pulse.id, round_.opens_on) if round_ is not None else None
    if period is not None:
        frozen = [
            UnitStanding(
                name=unit.name,
                people=size.roster,
                odds=odds(size.roster, pulse.threshold),
                scored=size.scored,
                readers=_readers(session, _teams(session, team_ids_of(unit))),
            )
            for unit, size in units_in_period(session, period.id)
        ]
        return sorted(frozen, key=attrgetter("name"))
    planned = [
        UnitStanding(
            name=unit_name(session, roster.unit.team_ids),
            people=len(roster.members),
            odds=odds(len(roster.members), pulse.threshold),
            scored=roster.unit.scored,
            readers=_readers(session, _teams(session, roster.unit.team_ids)),
        )
        for roster in plan_rosters(teams_of_pulse(session, pulse.id))
        if roster.members
    ]
    return sorted(planned, key=attrgetter("name"))


def _teams(session: Session, team_ids: Iterable[int]) -> list[Team]:
    return [session.get_one(Team, team_id) for team_id in team_ids]


def _readers(session: Session, teams: Iterable[Team]) -> tuple[str, ...]:
    """Names of everybody who reads the results of any of the teams, in name order."""
    readers = {reader.id: reader.name for team in teams for reader in readers_of_team(session, team)}
    return tuple(sorted(readers.values()))


def key_missing(murmur: Murmur, round_: Round) -> bool:
    """Whether a round takes or holds ballots that this process cannot open."""
    if round_.state not in {State.OPEN, State.CLOSING}:
        return False
    return murmur.keys.fit(murmur.settings.app_secret, round_) is not Fit.YES
