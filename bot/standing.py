"""Where the pulses of a workspace stand, as admins see it in `/pulse` and in Home."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from operator import attrgetter

from sqlmodel import Session

from bot.murmur import Murmur
from bot.naming import Named, named_pulses
from bot.views import problems
from bot.views.standing import PulseStanding, UnitStanding
from bot.views.wording import Wording
from storage.keys import Fit
from storage.moves import outlook
from storage.people import readers_of_team
from storage.pulses import cadence_of, teams_with_people, timezones_of
from storage.roster_plans import Roster, plan_rosters, teams_of_pulse
from storage.rosters import current_period, team_ids_of, unit_name, units_in_period
from storage.rounds import times_of, unfinished_round, unit_asked
from storage.tables import Member, Pulse, Round, Team
from surveys.cadence import Cadence, Frequency, RoundTimes, invitation_at, next_round
from surveys.questions import load_question_sets
from surveys.rounds import State
from surveys.units import odds

_AHEAD = timedelta(weeks=13)
"""How far a next round is looked for: two rosters, one after the other, are over by then."""


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
        next_at=_asks_at(session, pulse, murmur.clock(), w.timezone)
        if round_ is not None and round_.state == State.SCHEDULED
        else None,
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


def _asks_at(session: Session, pulse: Pulse, now: datetime, timezone: str) -> datetime:
    """When the next round asks people in a time zone; it opens earlier where the day begins earlier."""
    times = next_times(session, pulse, now)
    return invitation_at(times, cadence_of(pulse), timezone) or times.opens_at


def rounds_ahead(
    session: Session, pulse: Pulse | None, cadence: Cadence, zones: Collection[str], now: datetime
) -> Iterator[RoundTimes]:
    """The rounds of a pulse that have not opened yet, soonest first, by a cadence and the time zones of its people; for
    a quarter, and one at least. pulse: None for one that is to be made.
    """
    round_ = unfinished_round(session, pulse.id) if pulse is not None else None
    if round_ is not None and round_.state == State.SCHEDULED:
        round_ = None
    # The day may have changed while a round is open, and there is one round at a time.
    runs = round_ is not None and round_.state != State.DISCARDING
    after = max(now, round_.closes_at) if round_ is not None and runs else now
    times = next_round(cadence, after, zones, last=round_.opens_on if round_ is not None else None)
    end = times.opens_on + _AHEAD
    while times.opens_on <= end:
        yield times
        times = next_round(cadence, times.closes_at, zones, last=times.opens_on)


def next_times(
    session: Session, pulse: Pulse, now: datetime, *, team_id: int | None = None, member_id: int | None = None
) -> RoundTimes:
    """When the next round happens that has not opened yet and that somebody can be asked in; of a team or of a member,
    the next that counts them. Where there is none, because they are too few, the next of the schedule.

    Rosters stand still for four weeks, and so nobody who has moved is asked before theirs is over.
    """
    round_ = unfinished_round(session, pulse.id)
    cadence, zones = cadence_of(pulse), timezones_of(session, pulse.id)
    planned = list(rounds_ahead(session, pulse, cadence, zones, now))
    if round_ is not None and round_.state == State.SCHEDULED:
        planned = [times_of(round_), *(times for times in planned if times.opens_on > round_.opens_on)]

    def counted(roster: Roster) -> bool:
        return (team_id is None or team_id in roster.unit.team_ids) and (
            member_id is None or member_id in roster.members
        )

    return first_counting(planned, outlook(session, pulse, [times.opens_on for times in planned]), counted)


def first_counting(
    planned: Sequence[RoundTimes],
    counts: Iterable[tuple[date, Sequence[Roster]]],
    wanted: Callable[[Roster], bool],
) -> RoundTimes:
    """The first of the planned rounds that asks one of the rosters that are wanted, else the first of all. `counts` are
    the rosters of each, in the same order.
    """
    asking = (
        times
        for times, (_, rosters) in zip(planned, counts, strict=True)
        if any(roster.unit.scored and wanted(roster) for roster in rosters)
    )
    return next(asking, planned[0])


def first_asked(session: Session, pulse: Pulse, member: Member, now: datetime) -> datetime:
    """When a member is asked next, or for the first time: whoever joins a team is counted from its next period."""
    cadence, round_ = cadence_of(pulse), unfinished_round(session, pulse.id)
    if round_ is not None and round_.state != State.DISCARDING and unit_asked(session, round_, member.id) is not None:
        invited = invitation_at(times_of(round_), cadence, member.timezone, after=now)
        if invited is not None:
            return invited
    times = next_times(session, pulse, now, member_id=member.id)
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
