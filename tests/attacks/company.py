"""A department of three teams and a team without one, with their readers, and all that anybody is ever shown of them.

What works out the codes of a round can be replaced, to see what else of the answers comes through.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from sqlalchemy import delete
from sqlmodel import col, select

from bot.actors import find_actor
from bot.home import publish_home
from bot.jobs import tick
from bot.payloads import Command
from storage import closing
from storage.questions import known_items
from storage.tables import Member, OutboxMessage
from surveys.release import Code
from surveys.scoring import code_unit
from surveys.sealing import Ballot
from tests.attacks.crowd import BERLIN_OPENING, WEEK, members_of, open_round, send
from tests.attacks.ground import Ground
from tests.support.lantern import with_teams
from tests.support.running_murmur import Stage, running_murmur

TEAMS = {"red": 9, "blue": 12, "green": 16, "tiny": 6}

MANAGERS = {"red": ["Dana Ito"], "blue": ["Sam Okoye"], "green": ["Sam Okoye", "Dana Ito"], "tiny": ["Dana Ito"]}

LEADER = "Ingrid Solberg"

VIEWERS = ("U0DANA", "U0SAM", "U0INGRID", "U0RUTH", "U1RED1", "U1BLUE1", "U1GREEN1", "U1TINY1")
"""Everybody who looks: two managers, the leader, the admin, and a member of each team."""

Coding = Callable[..., tuple[Code, ...]]
"""Works out the codes of a unit, as `surveys.scoring.code_unit` does."""

Said = Mapping[str, Sequence[tuple[Sequence[int], str]]]
"""By team, what those who took part answered to each question, higher is better, and their comments."""


@contextmanager
def company(ground: Ground) -> Iterator[Stage]:
    """The company, with nobody asked yet. Nobody acts: Murmur alone moves."""
    with running_murmur(ground.url(), ground.folder(), workspace=with_teams(TEAMS), connect=False) as stage:
        for team, managers in MANAGERS.items():
            if team == "tiny":
                stage.put_team(team.title(), channel=team, managers=managers)
            else:
                stage.put_team(team.title(), channel=team, managers=managers, part_of="Research", leaders=[LEADER])
        yield stage


def live(stage: Stage, weeks: Sequence[Said], coding: Coding = code_unit) -> list[str]:
    """Live through weeks in which people answer so. Returns every call to Slack, in full, in an order of its own."""
    for number, said in enumerate(weeks):
        opening = BERLIN_OPENING + number * WEEK
        stage.sandbox.clock.move_to(opening + timedelta(hours=1))
        tick(stage.murmur)
        spare_the_others(stage, VIEWERS)
        _answer(stage, said)
        stage.at(opening + timedelta(days=2, hours=6))  # everybody is reminded
        if number == 0:
            look(stage, VIEWERS)
        with patch.object(closing, "code_unit", coding):
            stage.at(opening + timedelta(days=3, hours=8))
        stage.at(opening + timedelta(days=6, hours=10))  # managers have their digests
        stage.at(opening + timedelta(days=6, hours=22))  # the teams see the same words
        look(stage, VIEWERS)
    return sorted(
        json.dumps([call["method"], call["at"], call["payload"]], sort_keys=True) for call in stage.client.calls()
    )


def alike(answer: int) -> Sequence[int]:
    """The same answer to everything."""
    return [answer] * 10


def _answer(stage: Stage, said: Said) -> None:
    for team, people in said.items():
        members = list(members_of(stage, team).values())
        round_ = open_round(stage, members[0])
        with stage.murmur.database.reading() as session:
            known = known_items(session, round_.pulse_id)
        items = [known[item_id] for item_id in round_.item_ids]
        ballots = {}
        for member, (answers, comment) in zip(members, people, strict=False):
            turned = [6 - one if item.reverse else one for item, one in zip(items, answers, strict=False)]
            ballots[member] = Ballot(answers=dict(zip(round_.item_ids, turned, strict=True)), comment=comment)
        send(stage, round_, ballots)


def spare_the_others(stage: Stage, viewers: Sequence[str]) -> None:
    """Take away the messages to whoever does not look: they are what the others of their teams get."""
    with stage.murmur.database.transaction() as session:
        looking = select(Member.id).where(col(Member.slack_id).in_(viewers))
        session.execute(delete(OutboxMessage).where(col(OutboxMessage.member_id).not_in(looking)))


def look(stage: Stage, viewers: Sequence[str]) -> None:
    """Let these people, by their Slack ids, open Home."""
    for viewer in viewers:
        payload = Command(workspace=stage.sandbox.workspace.team_id, person=viewer)
        publish_home(stage.murmur, find_actor(stage.murmur, payload))
