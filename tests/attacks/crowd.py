"""A stand-in workspace with a crowd to ask, and a Murmur that nobody but an attack moves."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlmodel import col, select

from storage.ballots import cast
from storage.rounds import unit_asked
from storage.tables import Member, Round
from surveys.rounds import State
from surveys.sealing import Ballot, RoundKey, round_key
from tests.attacks.ground import Ground
from tests.support.lantern import with_teams
from tests.support.running_murmur import Stage, running_murmur

BERLIN_OPENING = datetime.fromisoformat("2026-03-03T09:00+00:00")
"""When the first round opens for people who are all in Berlin: on Tuesday at ten, their time."""

HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)


@contextmanager
def crowd(ground: Ground, team: str, people: int) -> Iterator[Stage]:
    """A Murmur in a workspace with a team of so many, set up and read by Dana; nobody has been asked yet. Nobody
    acts: Murmur alone moves.
    """
    workspace = with_teams({team: people})
    with running_murmur(ground.url(), ground.folder(), workspace=workspace, connect=False) as stage:
        stage.put_team(team.title(), channel=team, managers=["Dana Ito"], question_set="minimal")
        yield stage


def members_of(stage: Stage, team: str) -> dict[str, int]:
    """Member ids of a team's people by their Slack ids, in order."""
    with stage.murmur.database.reading() as session:
        query = select(Member).where(col(Member.slack_id).startswith(f"U1{team.upper()}")).order_by(col(Member.id))
        return {member.slack_id: member.id for member in session.exec(query)}


def open_round(stage: Stage, member_id: int) -> Round:
    """The round that asks a member now."""
    with stage.murmur.database.reading() as session:
        rounds = session.exec(select(Round).where(Round.state == State.OPEN)).all()
        return next(round_ for round_ in rounds if unit_asked(session, round_, member_id) is not None)


def key_of(stage: Stage, round_: Round) -> RoundKey:
    """The key of a round, which only the process and the key directory have."""
    return round_key(stage.murmur.settings.app_secret, stage.murmur.keys.read(round_.key_name), round_.id)


def send(stage: Stage, round_: Round, ballots: Mapping[int, Ballot]) -> None:
    """Let members send ballots, one after the other, as the form does."""
    key, now = key_of(stage, round_), stage.murmur.clock()
    for member_id, ballot in ballots.items():
        with stage.murmur.database.transaction() as session:
            cast(session, round_id=round_.id, member_id=member_id, key=key, ballot=ballot, now=now)


def unlike_any_other(words: str) -> str:
    """Words that are found nowhere but where they were written."""
    return f"{words} {secrets.token_hex(8)}"
