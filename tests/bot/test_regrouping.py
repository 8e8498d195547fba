"""Teams that are merged or split: said once, with the flags that ended, to those who had been told of them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot.results import unit_digest
from storage.database import Database
from storage.ledger import write_codes
from storage.people import ensure_workspace
from storage.tables import Management, Member, Pulse, RosterPeriod, Round, RoundUnit, Team, Unit
from surveys.digests import Digest
from surveys.questions import drivers
from surveys.regrouping import Move, Regrouping
from surveys.release import Code, Kind, PeopleClass
from surveys.rounds import State

FIRST = datetime(2026, 1, 9, 16, tzinfo=UTC)
CALM, FLAGGED = 12, 18
"""Rounds: everything is well before the first, burnout worse from there on; the period ends with the second."""


class Lantern:
    """A pulse of Audio, Data and Vision, with rounds written by hand; each team is managed by one person."""

    def __init__(self, session: Session) -> None:
        self.session = session
        workspace = ensure_workspace(session, "T1", "Lantern")
        names = ("Ruth", "Ada", "Dana", "Vera")
        self.people = {
            name: Member(workspace_id=workspace.id, slack_id=f"U{name}", name=name, timezone="UTC", locale="en")
            for name in names
        }
        session.add_all(self.people.values())
        session.flush()
        self.pulse = Pulse(
            workspace_id=workspace.id,
            name="Lantern",
            admin_id=self.people["Ruth"].id,
            question_set="ai-team-weekly",
            frequency="weekly",
            weekday=1,
            hour=10,
            timezone="UTC",
            anchor=date(2026, 1, 6),
            threshold=5,
        )
        session.add(self.pulse)
        session.flush()
        self.teams: dict[str, int] = {}
        for name, manager in (("Audio", "Ada"), ("Data", "Dana"), ("Vision", "Vera")):
            team = Team(workspace_id=workspace.id, pulse_id=self.pulse.id, name=name)
            session.add(team)
            session.flush()
            session.add(Management(team_id=team.id, member_id=self.people[manager].id))
            self.teams[name] = team.id
        self.number = 0

    def period(self) -> RosterPeriod:
        """A new roster period begins."""
        period = RosterPeriod(pulse_id=self.pulse.id, starts_on=(FIRST + self.number * timedelta(weeks=1)).date())
        self.session.add(period)
        self.session.flush()
        return period

    def unit(self, *teams: str) -> Unit:
        """The unit of these teams."""
        key = ",".join(str(self.teams[name]) for name in teams)
        unit = self.session.exec(select(Unit).where(Unit.team_key == key)).one_or_none()
        unit = unit or Unit(pulse_id=self.pulse.id, team_key=key, name=" + ".join(teams))
        self.session.add(unit)
        self.session.flush()
        return unit

    def asked(self, period: RosterPeriod, bands: Mapping[Sequence[str], int]) -> Round:
        """A round that is over, with burnout in this band for each of these units."""
        closes = FIRST + self.number * timedelta(weeks=1)
        self.number += 1
        round_ = Round(
            pulse_id=self.pulse.id,
            state=State.PUBLISHED,
            opens_on=closes.date() - timedelta(days=3),
            opens_at=closes - timedelta(days=3),
            closes_at=closes,
            reminds_on=closes.date() - timedelta(days=1),
            key_name=f"key{self.number}",
            period_id=period.id,
            threshold=5,
        )
        self.session.add(round_)
        self.session.flush()
        for teams, band in bands.items():
            unit = self.unit(*teams)
            self.session.add(RoundUnit(round_id=round_.id, unit_id=unit.id, roster=12, replaced=0, flag_limit=130))
            self.session.flush()
            code = Code(
                kind=Kind.LEVEL, subject="burnout.drained", driver="burnout", people=PeopleClass.EIGHT, value=band
            )
            write_codes(self.session, round_id=round_.id, unit_id=unit.id, closed_on=closes.date(), codes=[code])
        return round_

    def history(self, flagged: Sequence[str], *others: Sequence[str]) -> None:
        """A period in which burnout gets worse in one unit alone."""
        period = self.period()
        for number in range(FLAGGED):
            self.asked(period, {flagged: 4 if number < CALM else 0} | dict.fromkeys(others, 4))

    def digest(self, round_: Round, *teams: str, reader: str | None = None, locale: str = "en") -> Digest:
        """The digest of a unit, for one of its managers, or for its team."""
        person = self.people[reader] if reader else None
        unit = self.unit(*teams)
        return unit_digest(self.session, self.pulse, round_, unit, first=False, reader=person, locale=locale)

    def regrouped(self, round_: Round, *teams: str, reader: str | None = None) -> Regrouping | None:
        """What it says of how the unit came about."""
        return self.digest(round_, *teams, reader=reader).regrouped


@pytest.fixture
def lantern(database: Database) -> Iterator[Lantern]:
    with database.transaction() as session:
        yield Lantern(session)


def ended(value: Regrouping | None) -> list[str]:
    assert value is not None
    return [one.driver.id for one in value.ended]


def test_a_merger_is_told_with_its_flag_only_to_the_manager_who_had_it(lantern: Lantern) -> None:
    lantern.history(("Vision",), ("Data",), ("Audio",))
    after = lantern.asked(lantern.period(), {("Data", "Vision"): 0, ("Audio",): 4})
    merged = ("Data", "Vision")
    vera = lantern.regrouped(after, *merged, reader="Vera")
    assert vera is not None
    assert (vera.move, vera.teams, vera.without) == (Move.TOGETHER, merged, ())
    (flag,) = vera.ended
    assert flag.driver.id == "burnout"
    assert flag.raised_on > (FIRST + CALM * timedelta(weeks=1)).date() - timedelta(days=1)
    # Data's manager and both teams never read of Vision's flag.
    assert ended(lantern.regrouped(after, *merged, reader="Dana")) == []
    assert ended(lantern.regrouped(after, *merged)) == []
    assert lantern.regrouped(after, "Audio", reader="Ada") is None


def test_it_is_said_in_the_first_round_alone(lantern: Lantern) -> None:
    lantern.history(("Vision",), ("Data",))
    period = lantern.period()
    first, second = (lantern.asked(period, {("Data", "Vision"): 4}) for _ in range(2))
    assert lantern.regrouped(first, "Data", "Vision", reader="Vera") is not None
    assert lantern.regrouped(second, "Data", "Vision", reader="Vera") is None
    later = lantern.asked(lantern.period(), {("Data", "Vision"): 4})
    assert lantern.regrouped(later, "Data", "Vision", reader="Vera") is None


def test_after_a_split_everybody_hears_of_the_flag_that_ended_because_they_all_had_it(lantern: Lantern) -> None:
    lantern.history(("Data", "Vision"))
    after = lantern.asked(lantern.period(), {("Data",): 4, ("Vision",): 4})
    for team, other, reader in (("Data", "Vision", "Dana"), ("Vision", "Data", "Vera"), ("Vision", "Data", None)):
        value = lantern.regrouped(after, team, reader=reader)
        assert value is not None
        assert (value.move, value.teams, value.without) == (Move.ALONE, (team,), (other,))
        assert ended(value) == ["burnout"]


def test_teams_that_go_on_without_another_hear_of_their_flag(lantern: Lantern) -> None:
    lantern.history(("Audio", "Data", "Vision"))
    after = lantern.asked(lantern.period(), {("Audio",): 4, ("Data", "Vision"): 4})
    value = lantern.regrouped(after, "Data", "Vision")
    assert value is not None
    assert (value.move, value.without) == (Move.WITHOUT, ("Audio",))
    assert ended(value) == ["burnout"]


def test_a_flag_that_would_have_stood_its_time_by_now_did_not_end_with_it(lantern: Lantern) -> None:
    lantern.history(("Data", "Vision"))
    lantern.number += 12  # the pulse rested
    after = lantern.asked(lantern.period(), {("Data",): 4, ("Vision",): 4})
    assert ended(lantern.regrouped(after, "Vision", reader="Vera")) == []


def test_a_calm_unit_ends_without_a_flag_and_new_teams_and_first_rounds_are_not_told(lantern: Lantern) -> None:
    first = lantern.asked(lantern.period(), {("Vision",): 4})
    assert lantern.regrouped(first, "Vision", reader="Vera") is None
    second = lantern.asked(lantern.period(), {("Vision",): 4, ("Audio",): 4})
    assert lantern.regrouped(second, "Audio", reader="Ada") is None
    third = lantern.asked(lantern.period(), {("Audio", "Vision"): 4})
    value = lantern.regrouped(third, "Audio", "Vision", reader="Ada")
    assert value is not None
    assert value.move is Move.TOGETHER
    assert value.ended == ()


def test_a_flag_that_ended_is_named_in_the_language_of_the_team(lantern: Lantern) -> None:
    lantern.history(("Data", "Vision"))
    after = lantern.asked(lantern.period(), {("Data",): 4, ("Vision",): 4})
    value = lantern.digest(after, "Vision", locale="es-ES").regrouped
    assert value is not None
    assert value.ended[0].driver.name == "Agotamiento" != drivers()["burnout"].name


@pytest.mark.parametrize("frequency", ["fortnightly", "monthly"])
def test_actions_take_turns_however_far_apart_digests_are(lantern: Lantern, frequency: str) -> None:
    lantern.pulse.frequency = frequency
    period, apart = lantern.period(), {"fortnightly": 2, "monthly": 4}[frequency]
    read = []
    for _ in range(4):
        round_ = lantern.asked(period, {("Vision",): 0})
        lantern.number += apart - 1
        action = lantern.digest(round_, "Vision", reader="Vera").action
        assert action is not None
        read.append(action.text)
    assert len(set(read)) == 4  # of the four about burnout
