"""A12: put eight rounds of the same question together, of people who answer the same each time, and of a leaver.

The thief knows who took part in which round, and keeps every set of answers that agrees with all that was published:
whoever has the same answer in all of them is pinned down. Answers stay what they were for eight months, which is how
long eight rounds of one question take at the spacing of Murmur's smallest set; real people change more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray
from sqlmodel import col, select

from storage.tables import Member
from surveys.release import PeopleClass
from tests.attacks.attack import Attack, Figure, Figures
from tests.attacks.figures import EDGES
from tests.attacks.ground import Ground
from tests.attacks.publishing import Answers, hold, standalone
from tests.support.organisation import Organisation

TEAMS, PEOPLE = 10, 7
"""Teams of seven: with eight or more, fewer are pinned. With six, 0.8 % are: of 120 teams, without leavers."""

ROUNDS = 8
"""Rounds of each question."""

LEAVER, LEAVES_AFTER = 0, ROUNDS // 2
"""The first of each team is gone after half of them."""

FEWEST = 3
"""Answers from which the naive tool tells anything."""

MOST_PEOPLE, MOST_LEAVERS = 0.01, 0.05
"""The shares that may be pinned down."""

Known = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What a figure says: the answers of these people add up to something between."""

    who: Known
    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """People who answer each question alike for ever."""

    answers: NDArray[np.int64]  # by team, question and person
    took_part: Known  # by team, week and person


def steady(questions: int, weeks: int) -> Truth:
    """Teams with a mood about each question, three of four taking part, and leavers who stop."""
    rng = np.random.default_rng(12)
    moods = 3.3 + 0.4 * rng.standard_normal((TEAMS, questions, 1))
    answers = np.clip(np.rint(moods + rng.standard_normal((TEAMS, questions, PEOPLE))), 1, 5).astype(np.int64)
    took_part = rng.random((TEAMS, weeks, PEOPLE)) < 0.75
    took_part[:, weeks * LEAVES_AFTER // ROUNDS :, LEAVER] = False
    return Truth(answers=answers, took_part=took_part)


def pinned(sums: Sequence[Sum]) -> Known:
    """Who has the same answer in every set of answers that agrees with all the sums."""
    sets = _all_sets()
    for one in sums:
        total = sets[:, one.who].sum(axis=1)
        sets = sets[(one.low <= total) & (total <= one.high)]
    assert len(sets), "no answers agree with what was published"
    same: Known = (sets == sets[0]).all(axis=0)
    return same


@cache
def _all_sets() -> NDArray[np.int8]:
    return np.array(list(product(range(1, 6), repeat=PEOPLE)), dtype=np.int8)


def band(who: Known, people: PeopleClass, number: int) -> Sum:
    """What a band says of the sum of the answers behind it."""
    answered = int(who.sum())
    ends = [4 * answered, *(edge * answered for edge in EDGES[people]), 20 * answered + 1]  # in quarters
    return Sum(who=who, low=-(-ends[number] // 4), high=-(-ends[number + 1] // 4) - 1)


def counted(sums: Mapping[tuple[int, int], Sequence[Sum]]) -> Figures:
    """How many answers are known of those who stayed and of leavers, given what is published by team and question."""
    found = np.array([pinned(every) for every in sums.values()])
    stayed, left = np.delete(found, LEAVER, axis=1), found[:, LEAVER]
    return [
        Figure(hits=int(some.sum()), of=some.size, what=who, allowed=int(share * some.size), because=f"{share:.0%} is")
        for some, who, share in ((stayed, "people", MOST_PEOPLE), (left, "leavers", MOST_LEAVERS))
    ]


def exact_tallies(_ground: Ground) -> Figures:
    """A tool that tells what three or more answered, added up."""
    truth = steady(questions=4, weeks=ROUNDS)
    return counted(
        {
            (team, question): [
                Sum(who=who, low=total, high=total)
                for who in truth.took_part[team]
                for total in [int(truth.answers[team, question][who].sum())]
                if who.sum() >= FEWEST
            ]
            for team in range(TEAMS)
            for question in range(4)
        }
    )


def bands(ground: Ground) -> Figures:
    """Murmur: eight rounds of each of sixteen questions, in the order in which it asks them."""
    acme = ground.organisation()
    groups = standalone(acme, [PEOPLE] * TEAMS)
    teams = {group.team_id: place for place, group in enumerate(groups)}
    questions: dict[str, int] = {}
    sums: dict[tuple[int, int], list[Sum]] = {}
    truth = steady(questions=16, weeks=4 * ROUNDS)
    for week in range(4 * ROUNDS):
        if week == 4 * LEAVES_AFTER:
            _leave(acme, [group.members[LEAVER] for group in groups])

        def answers(asked: Sequence[str], week: int = week) -> dict[int, Answers]:
            numbers = [questions.setdefault(name, len(questions)) for name in asked]
            there = slice(LEAVER + 1, None) if week >= 4 * LEAVES_AFTER else slice(None)
            return {
                team_id: (truth.answers[team, numbers] * truth.took_part[team, week])[:, there].tolist()
                for team_id, team in teams.items()
            }

        for one in hold(acme, week, answers):
            team = teams[one.team_id]
            who = truth.took_part[team, week]
            sums.setdefault((team, questions[one.item_id]), []).append(band(who, one.people, one.band))
    return counted(sums)


def _leave(acme: Organisation, members: Sequence[int]) -> None:
    """Let people leave the company."""
    with acme.database.transaction() as session:
        for member in session.exec(select(Member).where(col(Member.id).in_(members))):
            member.active = False


A12 = Attack(
    number=12,
    what="a leaver, and eight steady rounds of a question, participants known",
    passes_when="1 % of people, 5 % of leavers",
    naive=exact_tallies,
    murmur=bands,
)
