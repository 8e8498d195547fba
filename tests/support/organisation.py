"""A made-up organisation in a database, so that a test says in a line what it needs.

acme = Organisation(database, keys)
vision = acme.team("Vision", 9)
round_id = acme.open()
acme.answer(round_id, vision.members[0], 4)
acme.close(round_id)
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlmodel import Session, col, select

from storage.ballots import cast
from storage.closing import begin_closing, code_round, scrub
from storage.database import USUAL_WAIT, Database
from storage.keys import KeyDirectory
from storage.people import Person, ensure_workspace, replace_managers, replace_membership, save_people
from storage.pulses import NewTeam, add_team, create_pulse
from storage.rounds import advance, open_round, schedule_now
from storage.tables import Membership, Pulse, Round, Team
from surveys.cadence import Cadence, Frequency
from surveys.rounds import State
from surveys.sealing import Ballot, RoundKey, round_key

SECRET = "a secret of the operator, long enough"

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""When the organisation is set up: a Monday morning."""

TUESDAY = datetime(2026, 3, 3, 10, tzinfo=UTC)
"""When its first round opens, to close on Friday at 17:00."""

FRIDAY = datetime(2026, 3, 6, 17, tzinfo=UTC)
"""When its first round closes."""

WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A team and the people on it."""

    team_id: int
    members: list[int]


class Organisation:
    """A workspace with an admin and one weekly pulse, which opens on Tuesdays."""

    def __init__(self, database: Database, keys: KeyDirectory, *, question_set: str = "minimal") -> None:
        self.database, self.keys = database, keys
        self._people = 0
        with database.transaction() as session:
            self.workspace_id = ensure_workspace(session, "T1", "Acme").id
        (self.admin_id,) = self.people(1)
        self.pulse_id = self.pulse("Acme pulse", question_set)

    def pulse(self, name: str, question_set: str = "minimal") -> int:
        """Another pulse with the same rhythm."""
        cadence = Cadence(frequency=Frequency.WEEKLY, weekday=1, hour=10, timezone="UTC", anchor=date(2026, 3, 3))
        with self.database.transaction() as session:
            return create_pulse(
                session,
                workspace_id=self.workspace_id,
                admin_id=self.admin_id,
                name=name,
                question_set=question_set,
                cadence=cadence,
            ).id

    def people(self, count: int, timezone: str = "UTC") -> list[int]:
        """New members of the workspace."""
        first, self._people = self._people + 1, self._people + count
        persons = [
            Person(slack_id=f"U{number:04}", name=f"Person {number:04}", timezone=timezone, locale="en-US")
            for number in range(first, first + count)
        ]
        with self.database.transaction() as session:
            return [member.id for member in save_people(session, self.workspace_id, persons)]

    def team(
        self,
        name: str,
        members: int | Sequence[int],
        *,
        readers: Iterable[int] = (),
        department: str = "",
        pulse_id: int | None = None,
    ) -> Group:
        """A team of these people, or of so many new ones."""
        ids = self.people(members) if isinstance(members, int) else list(members)
        new = NewTeam(name=name, department=department, channel_id=None, member_ids=ids, manager_ids=list(readers))
        with self.database.transaction() as session:
            team = add_team(session, session.get_one(Pulse, pulse_id or self.pulse_id), new)
            return Group(team_id=team.id, members=ids)

    def join(self, group: Group, members: Iterable[int]) -> None:
        """Let members join a team, and leave the one they were on."""
        with self.database.transaction() as session:
            there = session.exec(select(Membership.member_id).where(Membership.team_id == group.team_id))
            replace_membership(session, session.get_one(Team, group.team_id), [*there, *members])

    def leave(self, members: Iterable[int]) -> None:
        """Take members off their teams."""
        with self.database.transaction() as session:
            for membership in session.exec(select(Membership).where(col(Membership.member_id).in_(list(members)))):
                session.delete(membership)

    def manage(self, group: Group, readers: Iterable[int]) -> None:
        """Make these members, and nobody else, the team's managers."""
        with self.database.transaction() as session:
            replace_managers(session, session.get_one(Team, group.team_id), readers)

    def open(self, now: datetime = TUESDAY, pulse_id: int | None = None) -> int:
        """Open a round at `now`. Returns its id."""
        with self.database.transaction() as session:
            round_id = schedule_now(session, session.get_one(Pulse, pulse_id or self.pulse_id), now).id
            assert open_round(session, self.keys, SECRET, round_id) is not None
        return round_id

    def key(self, round_id: int) -> RoundKey:
        """The key of an open round."""
        return round_key(SECRET, self.keys.read(self.round(round_id).key_name), round_id)

    def ballot(self, round_id: int, answer: int | None, comment: str = "") -> Ballot:
        """A ballot that answers every question of the round alike, or none."""
        item_ids = self.round(round_id).item_ids if answer is not None else []
        return Ballot(answers=dict.fromkeys(item_ids, answer or 0), comment=comment)

    def cast(
        self, round_id: int, member_id: int, ballot: Ballot, now: datetime = TUESDAY, wait: float = USUAL_WAIT
    ) -> None:
        """Cast a ballot; once this returns it is acknowledged."""
        key = self.key(round_id)
        with self.database.transaction(wait) as session:
            cast(session, round_id=round_id, member_id=member_id, key=key, ballot=ballot, now=now)

    def answer(self, round_id: int, member_id: int, answer: int, comment: str = "") -> None:
        """Cast a ballot that answers every question of the round alike."""
        self.cast(round_id, member_id, self.ballot(round_id, answer, comment))

    def close(self, round_id: int, *, publish: bool = True) -> None:
        """Take every step from open to published, as the scheduler does."""
        begin_closing(self.database, round_id)
        code_round(self.database, self.keys, SECRET, round_id)
        assert scrub(self.database, self.keys, round_id)
        if publish:
            with self.database.transaction() as session:
                assert advance(session, round_id, State.SCRUBBED, State.PUBLISHED)

    def round(self, round_id: int) -> Round:
        """The round as it is now."""
        with self.database.reading() as session:
            return session.get_one(Round, round_id)

    def state(self, round_id: int) -> State:
        """The state of the round now."""
        return State(self.round(round_id).state)


def count(session: Session, table: type) -> int:
    """How many rows a table holds."""
    return len(session.exec(select(table)).all())
