"""Everything that may stand in the database: each table, each column, each index, and what it is for.

Written out once more, and not taken from the tables of the code: whoever adds a column has to say here what it is
for, and a works council can read here what is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """One table: what it is for, its columns by kind, and by which columns it can be searched."""

    holds: str  # in words for everybody
    of_people: bool = False  # whether its rows are about single people
    numbers: str = ""
    texts: str = ""
    switches: str = ""  # yes or no
    days: str = ""  # dates without a time
    instants: str = ""  # times to the second: of a round or a message, the same for everybody in it
    lists: str = ""
    sealed: str = ""  # bytes
    indexes: tuple[str, ...] = ()  # columns of each index and unique key; the first is the primary key

    @property
    def columns(self) -> Mapping[str, str]:
        """The kind of every column, by its name."""
        kinds = ("numbers", "texts", "switches", "days", "instants", "lists", "sealed")
        return {column: kind for kind in kinds for column in getattr(self, kind).split()}


TABLES: Mapping[str, Allowed] = MappingProxyType({
    "workspace": Allowed(
        holds="the Slack workspace, and the company's settings",
        numbers="id false_flag_months salary",
        texts="slack_id name currency",
        indexes=("id", "slack_id"),
    ),
    "member": Allowed(
        holds="the directory: names, roles, and preferences with their dates",
        of_people=True,
        numbers="id workspace_id",
        texts="slack_id name timezone locale",
        switches="is_slack_admin active",
        days="no_reminders_since opted_out_on paused_until",
        indexes=("id", "workspace_id slack_id"),
    ),
    "membership": Allowed(
        holds="who is on which team today",
        of_people=True,
        numbers="member_id team_id",
        indexes=("member_id", "team_id"),
    ),
    "management": Allowed(
        holds="who reads a team's digest",
        of_people=True,
        numbers="team_id member_id",
        indexes=("team_id member_id", "member_id"),
    ),
    "rosterentry": Allowed(
        holds="who is counted in which unit for four weeks, whether they answer or not",
        of_people=True,
        numbers="period_id member_id unit_id",
        indexes=("period_id member_id",),
    ),
    "outboxmessage": Allowed(
        holds="messages that wait or were sent, alike for everybody who is asked",
        of_people=True,
        numbers="id workspace_id member_id round_id unit_id team_id pulse_id attempts",
        texts="kind natural_key state",
        instants="due_at expires_at leased_until not_before",
        indexes=("id", "workspace_id natural_key", "round_id", "state due_at"),
    ),
    "change": Allowed(
        holds="the audit log: what admins changed",
        of_people=True,
        numbers="id workspace_id member_id",
        texts="form_key what",
        days="made_on",
        indexes=("id", "form_key"),
    ),
    "promise": Allowed(
        holds="what managers promised their teams",
        of_people=True,
        numbers="id unit_id member_id made_after ended_after",
        texts="form_key text state",
        days="made_on ended_on",
        indexes=("id", "form_key", "unit_id", "member_id", "unit_id member_id"),
    ),
    "request": Allowed(
        holds="what managers asked of leaders, and what these answered",
        of_people=True,
        numbers="id unit_id member_id leader_id promise_id",
        texts="driver form_key text state reply",
        days="made_on ended_on",
        indexes=("id", "form_key", "unit_id", "leader_id"),
    ),
    "pulse": Allowed(
        holds="each survey: its rhythm and its threshold",
        numbers="id workspace_id admin_id weekday hour threshold",
        texts="name question_set frequency timezone",
        days="anchor paused_on",
        indexes=("id",),
    ),
    "ownquestion": Allowed(
        holds="questions that admins wrote",
        numbers="id pulse_id",
        texts="driver text",
        switches="reverse",
        days="added_on retired_on",
        indexes=("id", "pulse_id"),
    ),
    "team": Allowed(
        holds="teams and departments",
        numbers="id workspace_id pulse_id parent_id",
        texts="name channel_id",
        indexes=("id", "workspace_id name"),
    ),
    "unit": Allowed(
        holds="teams, or several together, that are counted as one",
        numbers="id pulse_id",
        texts="team_key name",
        indexes=("id", "pulse_id team_key"),
    ),
    "rosterperiod": Allowed(
        holds="the four weeks and more in which rosters stand still",
        numbers="id pulse_id",
        days="starts_on",
        indexes=("id", "pulse_id starts_on"),
    ),
    "periodunit": Allowed(
        holds="the size of each unit in such a period",
        numbers="period_id unit_id roster replaced",
        switches="scored",
        indexes=("period_id unit_id",),
    ),
    "round": Allowed(
        holds="each run of a survey: when it opens and closes, what it asks",
        numbers="id pulse_id period_id threshold false_flag_months within",
        texts="state key_name key_fingerprint",
        days="opens_on reminds_on",
        instants="opens_at closes_at",
        lists="item_ids refused",
        indexes=("id", "pulse_id opens_at", "state"),
    ),
    "roundunit": Allowed(
        holds="how many people of each unit a round asked, and how seldom chance alone may flag it",
        numbers="round_id unit_id roster replaced flag_limit",
        indexes=("round_id unit_id",),
    ),
    "slot": Allowed(
        holds="the ballot box: a sealed ballot for everybody asked, until the round closes",
        numbers="round_id group_number",
        sealed="id sealed",
        indexes=("round_id id", "round_id group_number"),
    ),
    "ledgerentry": Allowed(
        holds="the ledger: one coarse code for each unit, question and round",
        numbers="round_id unit_id value",
        texts="subject kind driver people",
        days="closed_on",
        indexes=("round_id unit_id subject", "unit_id"),
    ),
    "importedcode": Allowed(
        holds="codes made of what another survey tool published of a unit",
        numbers="unit_id value roster",
        texts="driver people",
        days="closed_on",
        indexes=("unit_id driver closed_on",),
    ),
    "alembic_version": Allowed(
        holds="the version of these tables",
        texts="version_num",
        indexes=("version_num",),
    ),
})  # fmt: skip
"""The tables, those about people first."""


TRIGGERS: Mapping[str, Mapping[str, str]] = MappingProxyType({
    "sqlite": {
        verb: (
            f"CREATE TRIGGER ledger_stands_{verb} BEFORE {verb} ON ledgerentry"
            " BEGIN SELECT RAISE(ABORT, 'the ledger never changes'); END"
        )
        for verb in ("UPDATE", "DELETE")
    },
    "postgresql": {
        "UPDATE or DELETE": "BEFORE ROW UPDATE DELETE: BEGIN RAISE EXCEPTION 'the ledger never changes'; END",
        "TRUNCATE": "BEFORE STATEMENT TRUNCATE: BEGIN RAISE EXCEPTION 'the ledger never changes'; END",
    },
})  # fmt: skip
"""The triggers with which the database refuses to change the ledger, by what they refuse. There are no others."""
