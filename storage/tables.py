"""The tables, all but the slots of ballots, which live in storage/ballots.py and are touched there alone.

Rows about a person are the directory, the roster, roles, preferences (dates only), what managers promised and
admins changed, and the outbox of an open round, which is the same for everybody eligible. No row says what
somebody answered, or whether.
"""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Index, Integer, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.database import UtcDateTime


class Workspace(SQLModel, table=True):
    """A Slack workspace."""

    id: int = Field(default=None, primary_key=True)
    slack_id: str = Field(unique=True)
    name: str
    # Chance alone raises at most one flag a manager in so many months, on average.
    false_flag_months: int = Field(default=6, sa_column_kwargs={"server_default": "6"})
    salary: int | None = None  # a typical yearly one, in whole units of `currency`; entered by an admin
    currency: str | None = None  # three letters


class Member(SQLModel, table=True):
    """A person in the directory of a workspace, and what they prefer."""

    __table_args__ = (UniqueConstraint("workspace_id", "slack_id"),)

    id: int = Field(default=None, primary_key=True)
    workspace_id: int = Field(foreign_key="workspace.id")
    slack_id: str
    name: str
    timezone: str
    locale: str
    is_slack_admin: bool = False  # admin or owner of the Slack workspace
    active: bool = True  # False once deactivated in Slack
    no_reminders_since: date | None = None
    opted_out_on: date | None = None
    paused_until: date | None = None


class Pulse(SQLModel, table=True):
    """A recurring survey: question set, cadence, audience."""

    id: int = Field(default=None, primary_key=True)
    workspace_id: int = Field(foreign_key="workspace.id")
    name: str
    admin_id: int = Field(foreign_key="member.id")  # who set it up, and is named as the one who asks
    question_set: str
    frequency: str
    weekday: int
    hour: int
    timezone: str
    anchor: date  # the first opening, from which fortnights and months are counted
    threshold: int  # of rounds opened from now on; never under release.FLOOR
    paused_on: date | None = None


class Team(SQLModel, table=True):
    """A team, or a department: a team without members whose children are teams."""

    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    id: int = Field(default=None, primary_key=True)
    workspace_id: int = Field(foreign_key="workspace.id")
    pulse_id: int = Field(foreign_key="pulse.id")
    parent_id: int | None = Field(default=None, foreign_key="team.id")
    name: str
    channel_id: str | None = None  # the Slack channel it follows


class Membership(SQLModel, table=True):
    """Who is on which team today. One team a member, so that no answer is counted twice."""

    member_id: int = Field(primary_key=True, foreign_key="member.id")
    team_id: int = Field(foreign_key="team.id", index=True)


class Management(SQLModel, table=True):
    """Who reads a team's digest."""

    team_id: int = Field(primary_key=True, foreign_key="team.id")
    member_id: int = Field(primary_key=True, foreign_key="member.id", index=True)


class OwnQuestion(SQLModel, table=True):
    """A question that an admin wrote for one pulse. Editing retires it and adds a new one."""

    id: int = Field(default=None, primary_key=True)
    pulse_id: int = Field(foreign_key="pulse.id", index=True)
    driver: str
    text: str
    reverse: bool
    added_on: date
    retired_on: date | None = None


class RosterPeriod(SQLModel, table=True):
    """Four weeks or more in which units and rosters stand still."""

    __table_args__ = (UniqueConstraint("pulse_id", "starts_on"),)

    id: int = Field(default=None, primary_key=True)
    pulse_id: int = Field(foreign_key="pulse.id")
    starts_on: date


class Unit(SQLModel, table=True):
    """A leaf unit: one team, or teams that are always counted together."""

    __table_args__ = (UniqueConstraint("pulse_id", "team_key"),)

    id: int = Field(default=None, primary_key=True)
    pulse_id: int = Field(foreign_key="pulse.id")
    team_key: str  # ids of its teams, ascending: "3" or "3,7"
    name: str


class PeriodUnit(SQLModel, table=True):
    """A unit in a period: its size, frozen."""

    period_id: int = Field(primary_key=True, foreign_key="rosterperiod.id")
    unit_id: int = Field(primary_key=True, foreign_key="unit.id")
    roster: int
    replaced: int  # people who were not in its roster of the period before
    scored: bool


class RosterEntry(SQLModel, table=True):
    """Who is counted in which unit during a period."""

    period_id: int = Field(primary_key=True, foreign_key="rosterperiod.id")
    member_id: int = Field(primary_key=True, foreign_key="member.id")
    unit_id: int = Field(foreign_key="unit.id")


class Round(SQLModel, table=True):
    """One run of a pulse."""

    __table_args__ = (UniqueConstraint("pulse_id", "opens_at"),)

    id: int = Field(default=None, primary_key=True)
    pulse_id: int = Field(foreign_key="pulse.id")
    state: str = Field(index=True)
    opens_on: date
    opens_at: datetime = Field(sa_type=UtcDateTime)
    closes_at: datetime = Field(sa_type=UtcDateTime)
    reminds_on: date
    key_name: str  # of the nonce in the key directory, made when the round opens
    # What follows is frozen when the round opens.
    period_id: int | None = Field(default=None, foreign_key="rosterperiod.id")
    threshold: int | None = None
    item_ids: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    key_fingerprint: str | None = None
    false_flag_months: int | None = None  # the promise to managers, see Workspace; None in rounds of older versions
    # What the auditor refused of it, and of which units: lists of a surveys.audit.Cause and names.
    refused: list[list[str]] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    # How widely answers scattered within units, over all units together, in hundredths of squared points: the one
    # figure beside the codes that is kept of answers, from 30 answers and 5 units on (noise.within_variance).
    within: int | None = None


class RoundUnit(SQLModel, table=True):
    """A unit in a round: what the detector must know about its size."""

    round_id: int = Field(primary_key=True, foreign_key="round.id")
    unit_id: int = Field(primary_key=True, foreign_key="unit.id")
    roster: int  # people asked: those of its roster who were still there
    replaced: int
    flag_limit: int | None = None  # mean observations to a false flag, frozen; None in rounds of older versions


class LedgerEntry(SQLModel, table=True):
    """A published or withheld code. Rows are written once, when a round is coded, and never change."""

    round_id: int = Field(primary_key=True, foreign_key="round.id")
    unit_id: int = Field(primary_key=True, foreign_key="unit.id", index=True)
    subject: str = Field(primary_key=True)
    kind: str
    driver: str
    people: str | None = None
    value: int | None = None
    closed_on: date


class ImportedCode(SQLModel, table=True):
    """A code made of what another tool published of a unit; the detector starts from it, and nothing shows it."""

    unit_id: int = Field(primary_key=True, foreign_key="unit.id")
    driver: str = Field(primary_key=True)
    closed_on: date = Field(primary_key=True)  # last day of the week it is about
    people: str
    value: int
    roster: int  # how many could have answered, as far as it is known


class OutboxMessage(SQLModel, table=True):
    """A message that waits to be posted, or has been. Its text is made when it is delivered."""

    __table_args__ = (
        UniqueConstraint("workspace_id", "natural_key"),
        Index("ix_outbox_due", "state", "due_at"),
        CheckConstraint("state IN ('waiting', 'sent', 'failed', 'dropped')", name="ck_outbox_state"),
    )

    id: int = Field(default=None, primary_key=True)
    workspace_id: int = Field(foreign_key="workspace.id")
    kind: str
    natural_key: str  # kind, member, and what it is about: what makes this message the same message
    member_id: int = Field(foreign_key="member.id")
    round_id: int | None = Field(
        default=None, sa_column=Column(Integer, ForeignKey("round.id"), nullable=True, index=True)
    )
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    team_id: int | None = Field(default=None, foreign_key="team.id")  # a department
    pulse_id: int | None = Field(default=None, foreign_key="pulse.id")
    due_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    state: str = "waiting"
    attempts: int = 0
    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    not_before: datetime | None = Field(default=None, sa_type=UtcDateTime)  # came late, and waits for working hours


class Change(SQLModel, table=True):
    """The audit log: what an admin changed, and the form it came from, so that no form counts twice."""

    id: int = Field(default=None, primary_key=True)
    workspace_id: int = Field(foreign_key="workspace.id")
    member_id: int = Field(foreign_key="member.id")
    form_key: str = Field(unique=True)
    made_on: date
    what: str


class Promise(SQLModel, table=True):
    """What a manager promised a unit. Of the people in it nothing is kept; of when things happened, the days."""

    __table_args__ = (
        Index(
            "ix_promise_open",
            "unit_id",
            "member_id",
            unique=True,  # one that stands, for each unit and manager
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        CheckConstraint("state IN ('open', 'kept', 'taken back', 'replaced')", name="ck_promise_state"),
    )

    id: int = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    member_id: int = Field(foreign_key="member.id", index=True)  # the manager who made it
    form_key: str = Field(unique=True)  # of the form it came from, so that no form counts twice
    text: str
    state: str = "open"
    made_on: date
    made_after: int | None = Field(default=None, foreign_key="round.id")  # the latest round that had opened by then
    ended_on: date | None = None
    ended_after: int | None = Field(default=None, foreign_key="round.id")


class Request(SQLModel, table=True):
    """What the manager of a unit asks of a leader, who can change what the manager cannot; and the leader's answer."""

    __table_args__ = (
        CheckConstraint("state IN ('open', 'promised', 'declined', 'taken back')", name="ck_request_state"),
    )

    id: int = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    driver: str
    member_id: int = Field(foreign_key="member.id")  # the manager who asks
    leader_id: int = Field(foreign_key="member.id", index=True)
    form_key: str = Field(unique=True)  # of the form it came from, so that no form counts twice
    text: str
    state: str = "open"
    made_on: date
    reply: str | None = None  # why not, in the leader's words
    promise_id: int | None = Field(default=None, foreign_key="promise.id")  # what the leader promised the unit
    ended_on: date | None = None
