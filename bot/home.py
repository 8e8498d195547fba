"""App Home: one page for member, manager and admin, made anew whenever somebody opens it."""

from datetime import datetime
from typing import Any

from slack_bolt import App
from sqlmodel import Session, col, func, select

from bot.actors import Actor, find_actor
from bot.follow_up import asked_of, promises_for, team_promises
from bot.messages import reader_names_of, wording_of
from bot.murmur import Murmur
from bot.payloads import HomeOpened
from bot.results import department_digest, gets, latest_for_manager, latest_for_team, unit_digest
from bot.standing import first_asked, next_times, standings
from bot.views.home import AdminHome, ManagerHome, MemberHome, OpenRound, home_page
from bot.views.promises import Promises
from bot.views.stored import stored_rows
from bot.views.wording import Wording
from storage.moves import Standing, standing_of_member
from storage.people import local_date, readers_of_team, team_of, teams_managed_by
from storage.promises import promises_by
from storage.questions import questions_of
from storage.requests import requests_by, requests_to
from storage.roster_plans import plan_rosters, planned_unit, teams_of_pulse
from storage.rosters import team_ids_of, unit_name, units_in_period
from storage.rounds import published_rounds, unfinished_round, unit_asked
from storage.tables import Change, Member, OutboxMessage, Pulse, RosterEntry, RosterPeriod, Round, Team, Unit
from surveys.departments import ParentDigest
from surveys.digests import Digest
from surveys.promises import Promised
from surveys.rounds import State


def publish_home(murmur: Murmur, actor: Actor) -> None:
    """Make the page of `actor` anew and hand it to Slack."""
    now, w = murmur.clock(), page_wording(actor)
    with murmur.database.reading() as session:
        page = home_page(
            w,
            member=member_home(session, actor.member, now, w),
            manager=manager_home(session, actor.member, now) if actor.is_manager else None,
            admin=AdminHome(
                pulses=tuple(standings(murmur, session, w, actor.member.workspace_id)),
                keys_apart=murmur.keys_apart,
            )
            if actor.is_admin
            else None,
        )
    murmur.client.views_publish(user_id=actor.member.slack_id, view=page)


def page_wording(actor: Actor) -> Wording:
    """How pages speak that show the same to every role: in English to whoever has one, else in their own language."""
    return actor.wording if actor.is_manager or actor.is_admin else actor.own_wording


def member_home(session: Session, member: Member, now: datetime, w: Wording | None = None) -> MemberHome:
    """What a member finds on the page, in the words of `w`; of their own language, if none is given."""
    w = w or wording_of(member)
    team = team_of(session, member.id)
    joined = session.get_one(Pulse, team.pulse_id) if team else None
    # Whoever has moved is counted, and asked, where they were until that roster is over.
    stands = standing_of_member(session, member.id, local_date(member, now))
    pulse = session.get_one(Pulse, stands.pulse_id) if stands and team else joined
    round_ = unfinished_round(session, pulse.id) if pulse else None
    unit = _unit_asked(session, round_, member, now)
    open_rounds = (
        [
            OpenRound(
                team=unit.name,
                questions=questions_of(session, round_),
                closes_at=round_.closes_at,
                round_id=round_.id,
            )
        ]
        if round_ and unit
        else []
    )
    reads_it = team is not None and member.id in {reader.id for reader in readers_of_team(session, team)}
    next_at, asked_next = _next(session, joined, stands if team else None, member, now)
    paused = member.paused_until is not None and member.paused_until >= local_date(member, now)
    return MemberHome(
        asked=pulse is not None and not reads_it,
        open_rounds=tuple(open_rounds),
        readers=tuple(_readers(session, joined, team, unit or asked_next, member)),
        next_at=next_at,
        seen=tuple(_seen(session, pulse, member, now, w)) if pulse else (),
        promises=_promises(session, pulse, unit, member, now),
        stored=tuple(stored_about(session, member, w)),
        reminders=member.no_reminders_since is None,
        paused_until=member.paused_until if paused else None,
        opted_out=member.opted_out_on is not None,
    )


def manager_home(session: Session, member: Member, now: datetime) -> ManagerHome:
    """What a manager finds on the page: the latest digest they have had of each unit and each department that
    they manage directly.
    """
    managed = set(teams_managed_by(session, member.id))
    teams = session.exec(select(Team).where(col(Team.id).in_(managed)).order_by(Team.name)).all()
    digests: list[Digest] = []
    promises: list[Promises] = []
    above: list[ParentDigest] = []
    told: set[int] = set()
    for pulse_id in sorted({team.pulse_id for team in teams}):
        pulse = session.get_one(Pulse, pulse_id)
        last = latest_for_manager(session, pulse, member, now)
        if last is None or last.period_id is None:
            continue
        for receiver in gets(session, last, member):
            if receiver.unit_id is not None:
                unit = session.get_one(Unit, receiver.unit_id)
                digests.append(unit_digest(session, pulse, last, unit, first=False, reader=member))
                promises.append(promises_for(session, last, unit, member, digests[-1]))
                told |= set(team_ids_of(unit))
            elif receiver.team_id is not None:
                team = session.get_one(Team, receiver.team_id)
                above.append(department_digest(session, pulse, last, team, now=now, first=False))
                told.add(team.id)
    waiting = dict.fromkeys(_read_of(session, team) for team in teams if team.id not in told)
    return ManagerHome(
        digests=tuple(digests),
        promises=tuple(promises),
        waiting=tuple(waiting),
        departments=tuple(above),
        asked=asked_of(session, member, now),
    )


def stored_about(session: Session, member: Member, w: Wording | None = None) -> list[tuple[str, str]]:
    """Every row that Murmur keeps about a member: what it is, and what is in it; in the words of `w`, or of their own
    language.
    """
    team = team_of(session, member.id)
    managed = select(Team).where(col(Team.id).in_(teams_managed_by(session, member.id))).order_by(Team.name)
    rosters = (
        select(Unit.name, col(RosterPeriod.starts_on))
        .join(RosterEntry, col(RosterEntry.unit_id) == Unit.id)
        .join(RosterPeriod, col(RosterPeriod.id) == RosterEntry.period_id)
        .where(RosterEntry.member_id == member.id)
        .order_by(col(RosterPeriod.starts_on).desc())
    )
    open_rounds = select(Round).where(col(Round.state).in_([State.OPEN, State.CLOSING])).order_by(col(Round.id))
    boxes = [unit_asked(session, round_, member.id) for round_ in session.exec(open_rounds)]
    asks_in = select(Pulse.name).where(Pulse.admin_id == member.id).order_by(col(Pulse.id))
    kinds = select(OutboxMessage.kind).where(OutboxMessage.member_id == member.id).distinct()
    changes = select(Change.what).where(Change.member_id == member.id).order_by(col(Change.id))
    return stored_rows(
        w or wording_of(member),
        directory=(member.name, member.slack_id, member.timezone, member.locale),
        no_reminders_since=member.no_reminders_since,
        opted_out_on=member.opted_out_on,
        paused_until=member.paused_until,
        team=team.name if team else None,
        managed=[(one.name, _read_of(session, one)) for one in session.exec(managed)],
        rosters=list(session.exec(rosters).all()),
        messages=list(session.exec(kinds)),
        changes=list(session.exec(changes)),
        is_slack_admin=member.is_slack_admin,
        asks_in=list(session.exec(asks_in)),
        ballot_boxes=[unit.name for unit in boxes if unit is not None],
        promises=promises_by(session, member.id),
        asked=requests_by(session, member.id),
        received=requests_to(session, member.id),
    )


def _read_of(session: Session, team: Team) -> str:
    """The name of what is read of a team: the unit its people are in by the latest roster, or would be, which may
    hold another team as well. A department is read by its own name.
    """
    latest = select(func.max(RosterPeriod.id)).where(RosterPeriod.pulse_id == team.pulse_id)
    period_id = session.exec(latest).one()
    if period_id is not None:
        units = [team_ids_of(unit) for unit, _ in units_in_period(session, period_id)]
    else:
        units = [list(roster.unit.team_ids) for roster in plan_rosters(teams_of_pulse(session, team.pulse_id))]
    return unit_name(session, next((ids for ids in units if team.id in ids), [team.id]))


def _unit_asked(session: Session, round_: Round | None, member: Member, now: datetime) -> Unit | None:
    """The unit in which an open round asks the member, if it does."""
    if round_ is None or round_.state != State.OPEN or round_.closes_at <= now:
        return None
    return unit_asked(session, round_, member.id)


def _next(
    session: Session, pulse: Pulse | None, stands: Standing | None, member: Member, now: datetime
) -> tuple[datetime | None, Unit | None]:
    """When the member is asked next, unless the pulse rests or has nobody to ask; and the unit, if it is that of the
    roster that they are on now. `pulse` is that of their team.
    """
    if stands is not None:
        counted = session.get_one(Pulse, stands.pulse_id)
        sizes = {unit.id: size for unit, size in units_in_period(session, stands.period.id)}
        if counted.paused_on is None and sizes[stands.unit.id].scored:
            times = next_times(session, counted, now, member_id=member.id)
            if times.opens_on < stands.until:
                return first_asked(session, counted, member, now), stands.unit
    if pulse is None or pulse.paused_on is not None or planned_unit(session, pulse, member.id) is None:
        return None, None
    return first_asked(session, pulse, member, now), None


def _readers(session: Session, pulse: Pulse | None, team: Team | None, unit: Unit | None, member: Member) -> list[str]:
    """Names of those who read the unit in which the member is asked, or would be."""
    if unit is not None:
        return reader_names_of(session, team_ids_of(unit))
    if pulse is None or team is None:
        return []
    planned = planned_unit(session, pulse, member.id)
    return reader_names_of(session, planned.unit.team_ids if planned else [team.id])


def _seen(session: Session, pulse: Pulse, member: Member, now: datetime, w: Wording) -> list[Digest]:
    """What the team may see by now: the same words that its manager saw two working days before."""
    last = latest_for_team(session, pulse, now)
    if last is None or last.period_id is None:
        return []
    unit = unit_asked(session, last, member.id)
    return [unit_digest(session, pulse, last, unit, first=False, locale=w.locale)] if unit else []


def _promises(
    session: Session, pulse: Pulse | None, unit: Unit | None, member: Member, now: datetime
) -> tuple[Promised, ...]:
    """What was promised to the unit in which the member is counted: in the open round, else in the latest one."""
    if unit is None and pulse is not None:
        latest = next(iter(published_rounds(session, pulse.id)), None)
        unit = unit_asked(session, latest, member.id) if latest is not None else None
    return team_promises(session, unit, local_date(member, now)) if unit is not None else ()


def register(app: App, murmur: Murmur) -> None:
    """Connect the listener."""

    def opened(body: dict[str, Any]) -> None:
        payload = HomeOpened.from_event(body)
        if payload.tab == "home":
            publish_home(murmur, find_actor(murmur, payload))

    app.event("app_home_opened")(opened)
