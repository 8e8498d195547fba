"""Who gets which digest of a round, however many units it has, and when a department hears of a flag."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from bot.home import manager_home
from bot.results import gets, receivers, unit_leaders, unit_readers
from storage.database import Database
from storage.keys import KeyDirectory
from storage.ledger import write_codes
from storage.tables import Member, Round, Team, Unit
from surveys.release import Code, Kind, PeopleClass
from tests.support.organisation import FRIDAY, TUESDAY, WEEK, Group, Organisation

CALM, LAST = 5, 5
"""Weeks in which purpose is good, and the one that flags it."""


class Research:
    """A department of teams, each with a manager, in a round that is over."""

    def __init__(self, database: Database, keys: KeyDirectory, teams: int = 2) -> None:
        self.acme = Organisation(database, keys)
        self.database = database
        self.managers = self.acme.people(teams)
        self.teams = [self._team(number, manager) for number, manager in enumerate(self.managers)]
        with database.reading() as session:
            self.id = session.exec(select(Team.id).where(Team.name == "Research")).one()

    def _team(self, number: int, manager: int) -> Group:
        return self.acme.team(f"Team {number:02}", 8, readers=[manager], department="Research")

    def led_by(self, *leaders: int) -> None:
        self.acme.manage(Group(team_id=self.id, members=[]), leaders)

    def round(self, week: int = 0) -> int:
        round_id = self.acme.open(TUESDAY + week * WEEK)
        self.acme.close(round_id)
        return round_id

    def receivers(self, round_id: int) -> set[tuple[int, str]]:
        """Who gets what, by member id and name."""
        with self.database.reading() as session:
            found = receivers(session, session.get_one(Round, round_id))
            return {(one.member.id, _about(session, one.unit_id, one.team_id)) for one in found}


def _about(session: Session, unit_id: int | None, team_id: int | None) -> str:
    return session.get_one(Unit, unit_id).name if unit_id is not None else session.get_one(Team, team_id).name


@contextmanager
def counted_queries(session: Session) -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def test_each_manager_gets_their_unit_and_a_leader_the_department(database: Database, keys: KeyDirectory) -> None:
    research = Research(database, keys)
    (ruth,) = research.acme.people(1)
    research.led_by(ruth)
    first, second = research.managers
    round_id = research.round()
    assert research.receivers(round_id) == {(first, "Team 00"), (second, "Team 01"), (ruth, "Research")}
    with database.reading() as session:
        round_, unit = session.get_one(Round, round_id), session.exec(select(Unit).order_by(Unit.name)).all()[0]
        assert [one.id for one in unit_readers(session, round_, unit)] == [first]
        assert [one.id for one in unit_leaders(session, round_, unit)] == [ruth]
        assert [one.team_id for one in gets(session, round_, session.get_one(Member, ruth))] == [research.id]


def test_whoever_is_counted_or_has_left_gets_nothing(database: Database, keys: KeyDirectory) -> None:
    research = Research(database, keys)
    asked, elsewhere = research.teams[0].members[0], research.teams[1].members[0]
    round_id = research.round()
    first, second = research.managers
    research.led_by(elsewhere)
    research.acme.manage(research.teams[0], [first, asked, elsewhere])
    with database.transaction() as session:
        session.get_one(Member, second).active = False
    assert research.receivers(round_id) == {(first, "Team 00"), (elsewhere, "Team 00")}


@pytest.mark.parametrize("teams", [2, 9])
def test_a_round_of_many_units_asks_the_database_no_more_often(
    database: Database, keys: KeyDirectory, teams: int
) -> None:
    research = Research(database, keys, teams)
    (ruth,) = research.acme.people(1)
    research.led_by(ruth)
    round_id = research.round()
    with database.reading() as session:
        round_ = session.get_one(Round, round_id)
        with counted_queries(session) as sent:
            found = receivers(session, round_)
    assert len(found) == teams + 1
    assert len(sent) == 4


def test_home_tells_a_leader_of_a_flag_no_sooner_because_their_day_begins_sooner(
    database: Database, keys: KeyDirectory
) -> None:
    research = Research(database, keys)
    (ruth,) = research.acme.people(1, timezone="Pacific/Auckland")
    research.led_by(ruth)
    for week in range(LAST + 1):
        _publish(research, week, 4 if week < CALM else 0)
    with database.reading() as session:
        leader = session.get_one(Member, ruth)
        wednesday = FRIDAY + LAST * WEEK + timedelta(days=5)
        early, in_time = (
            manager_home(session, leader, wednesday.replace(hour=hour) - timedelta(days=days)).departments
            for days, hour in ((1, 20), (0, 12))
        )
    assert [bool(row.notices) for row in early[0].rows] == [False, False]
    assert [bool(row.notices) for row in in_time[0].rows] == [True, True]


def _publish(research: Research, week: int, band: int) -> None:
    """A round in which purpose comes to this band everywhere."""
    round_id = research.round(week)
    with research.database.transaction() as session:
        code = Code(kind=Kind.LEVEL, subject="purpose.shown", driver="purpose", people=PeopleClass.EIGHT, value=band)
        for unit in session.exec(select(Unit)):
            closed_on = (FRIDAY + week * WEEK).date()
            write_codes(session, round_id=round_id, unit_id=unit.id, closed_on=closed_on, codes=[code])
