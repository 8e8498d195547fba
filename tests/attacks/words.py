"""A17: look for what people wrote, in all that Slack is told, in the database and its files, and in the logs.

Every comment holds a mention, an address, a telephone number, a token, a name, and what it is about. Comments are only
counted: that all speak of autonomy is told, and none of their words, to nobody, of a team of seven as little as of a
large one, nor are they there after the close.
"""

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

from bot.jobs import tick
from surveys.sealing import Ballot
from tests.attacks import naive
from tests.attacks.attack import Attack, Figure, Figures
from tests.attacks.company import look, spare_the_others
from tests.attacks.crowd import BERLIN_OPENING, members_of, open_round, send
from tests.attacks.ground import Ground
from tests.attacks.logs import everything_logged
from tests.support.lantern import with_teams
from tests.support.running_murmur import Stage, running_murmur
from tests.support.thief import found_in_files

TEAMS = {"seven": 7, "large": 53}
"""Sixty people, who all comment."""

MANAGER = "U0DANA"

VIEWERS = (MANAGER, "U0RUTH", "U1SEVEN1", "U1LARGE1")
"""Who looks: the manager of both teams, the admin, and a member of each."""

THEME = "Several speak of autonomy."
"""What is told of all these comments, besides their tone."""

Comments = Mapping[int, tuple[str, ...]]
"""By member: what was planted in their comment, piece by piece."""


def planted(members: Iterable[int]) -> Comments:
    """Words of which each gives somebody away."""
    return {
        member: (
            f"<@U1ZQ{secrets.token_hex(8).upper()}>",
            f"{secrets.token_hex(8)}@lantern.example",
            f"+49 170 {secrets.randbelow(10**12):012}",
            f"xoxb-{secrets.token_hex(12)}",
            f"Zq{secrets.token_hex(8)} Quillfeather",
            f"micromanaged {secrets.token_hex(8)}",
        )
        for member in members
    }


def given_away(places: Iterable[str], comments: Comments) -> set[int]:
    """A17: whose comments anything is found of in these places. Slack's own marks may be written in two ways."""
    everything = "\n".join(places)
    return {
        member
        for member, pieces in comments.items()
        if any(form in everything for piece in pieces for form in (piece, json.dumps(piece), piece.strip("<@>")))
    }


def kept(stage: Stage, comments: Comments) -> set[int]:
    """A17: whose comments anything is found of in the files of the database."""
    forms = {form.encode(): member for member, pieces in comments.items() for form in pieces}
    return {forms[found] for found in found_in_files(stage.murmur.database, list(forms))}


@contextmanager
def a_week(ground: Ground) -> Iterator[tuple[Stage, dict[str, Comments]]]:
    """A round in which everybody answers and comments, up to when managers and teams have seen the results."""
    with running_murmur(ground.url(), ground.folder(), workspace=with_teams(TEAMS), connect=False) as stage:
        for team in TEAMS:
            stage.put_team(team.title(), channel=team, managers=["Dana Ito"], question_set="minimal")
        stage.sandbox.clock.move_to(BERLIN_OPENING)
        tick(stage.murmur)
        spare_the_others(stage, VIEWERS)
        comments = {team: planted(members_of(stage, team).values()) for team in TEAMS}
        for said in comments.values():
            round_ = open_round(stage, next(iter(said)))
            answers = dict.fromkeys(round_.item_ids, 4)
            send(
                stage,
                round_,
                {member: Ballot(answers=answers, comment=" ".join(pieces)) for member, pieces in said.items()},
            )
        stage.at(BERLIN_OPENING + timedelta(days=3, hours=8))
        stage.at(BERLIN_OPENING + timedelta(days=6, hours=10))
        stage.at(BERLIN_OPENING + timedelta(days=6, hours=22))
        look(stage, VIEWERS)
        yield stage, comments


def _figures(told: set[int], found: set[int], comments: Mapping[str, Comments]) -> Figures:
    seven = told & comments["seven"].keys()
    return [
        Figure(hits=len(told), of=sum(TEAMS.values()), what="told"),
        Figure(hits=len(seven), of=TEAMS["seven"], what="of seven told"),
        Figure(hits=len(found), of=sum(TEAMS.values()), what="kept"),
    ]


def passed_on(ground: Ground) -> Figures:
    """A bot that keeps comments without names, and passes each on to the manager as it is."""
    with a_week(ground) as (stage, comments):
        everything = {member: pieces for said in comments.values() for member, pieces in said.items()}
        naive.keep_comments(stage.murmur.database, (" ".join(pieces) for pieces in everything.values()))
        for pieces in everything.values():
            stage.murmur.client.chat_postMessage(channel=MANAGER, text=" ".join(pieces))
        said = [json.dumps(call["payload"]) for call in stage.client.calls()]
        return _figures(given_away(said, everything), kept(stage, everything), comments)


def only_counted(ground: Ground) -> Figures:
    """Murmur, its logs included."""
    with everything_logged() as logged, a_week(ground) as (stage, comments):
        everything = {member: pieces for said in comments.values() for member, pieces in said.items()}
        said = [json.dumps(call["payload"]) for call in stage.client.calls()]
        to_manager = [call["payload"] for call in stage.client.calls("chat.postMessage")]
        to_manager = [json.dumps(payload) for payload in to_manager if payload.get("channel") == MANAGER]
        assert sum(THEME in words for words in to_manager) == len(TEAMS)  # and it is told of comments at all
        assert not any("micromanaged" in words for words in said)
        return _figures(given_away([*said, logged()], everything), kept(stage, everything), comments)


A17 = Attack(
    number=17,
    what="comments with mentions, addresses, tokens and names in them",
    passes_when="gone, absent, hidden",
    naive=passed_on,
    murmur=only_counted,
)
