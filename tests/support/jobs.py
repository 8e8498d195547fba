"""What jobs have done on a stage: who is where, what is due when, which keys there are; and how to stop them."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import select

from storage.ballots import cast
from storage.tables import (
    Member,
    Membership,
    Team,
)
from surveys.sealing import Ballot, round_key
from tests.support.running_murmur import (
    SECRET,
    Stage,
)


def members(stage: Stage) -> dict[int, Member]:
    """Everybody in the directory, by id."""
    with stage.murmur.database.reading() as session:
        return {member.id: member for member in session.exec(select(Member))}


def member(stage: Stage, slack_id: str) -> Member:
    """Somebody in the directory."""
    return next(member for member in members(stage).values() if member.slack_id == slack_id)


def on_team(stage: Stage, name: str) -> set[str]:
    """Slack ids of the people on a team."""
    with stage.murmur.database.reading() as session:
        query = select(Member.slack_id).join(Membership).join(Team).where(Team.name == name)
        return set(session.exec(query))


def local_due(stage: Stage, kind: str) -> list[datetime]:
    """When the messages of a kind are due, by the clock of their receivers."""
    there = members(stage)
    return [m.due_at.astimezone(ZoneInfo(there[m.member_id].timezone)) for m in stage.outbox(kind)]


def clocks(stage: Stage, kind: str) -> list[str]:
    """The same as people would write it."""
    return [f"{local:%a %-d %b %H:%M}" for local in local_due(stage, kind)]


def answer(stage: Stage, slack_id: str, answer: int = 4) -> None:
    """Cast a ballot that answers every question alike."""
    round_ = stage.rounds()[0]
    key = round_key(SECRET, stage.murmur.keys.read(round_.key_name), round_.id)
    with stage.murmur.database.transaction() as session:
        cast(
            session,
            round_id=round_.id,
            member_id=member(stage, slack_id).id,
            key=key,
            ballot=Ballot(answers=dict.fromkeys(round_.item_ids, answer)),
            now=stage.murmur.clock(),
        )


def key_file(stage: Stage, round_number: int) -> Path:
    """The file that holds the nonce of a round."""
    return stage.murmur.keys.path / f"{stage.rounds()[round_number].key_name}.nonce"


class PowerCut(BaseException):
    """The process ends here."""


def raising(error: BaseException) -> Callable[..., object]:
    """Something that fails like this whenever it is called."""

    def fail(*_: object) -> object:
        raise error

    return fail


def nonces(stage: Stage) -> set[str]:
    """Names of the nonces in the key directory."""
    return {file.stem for file in stage.murmur.keys.path.glob("*.nonce")}
