"""Made-up teams whose truth is known: what the detector is tested, and was tuned, on.

Every member has a lasting opinion, every week its mood, every item its own difficulty; whoever takes part
presses the label nearest to what they feel. Nothing of the detector's own model is used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from scipy.special import ndtr

from surveys.filtering import Array
from surveys.release import counted, level_band, people_class
from surveys.streams import means_behind, people_behind
from surveys.trends import Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """How a team lives and answers. Points of the 1..5 scale; an answer's SD is about 1."""

    people: int = 9  # size of the team
    weeks: int = 100  # how long it is asked, once a week
    level: float = 3.3  # where teams are on average
    spread: float = 0.35  # SD of teams around that
    sd: float = 1.0  # SD of one answer within a team
    correlation: float = 0.5  # share of its variance that lies between people, lastingly
    participation: float = 0.75  # probability that a member answers in a week
    week_sd: float = 0.1  # SD of what everybody shares in a week
    week_memory: float = 0.0  # its correlation from one week to the next
    items: int = 1  # items asked in turn
    item_sd: float = 0.4  # SD of items around their driver
    team_item_sd: float = 0.15  # SD of a team's own view of an item
    turnover: float = 0.0  # probability a month that a member is replaced
    drop: float = 0.0  # by how much the level falls
    drop_week: int = 38  # the first week in which it is lower
    drop_weeks: int = 1  # over how many weeks it falls


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """One week of one team, truth included."""

    on: date  # when the round closed
    answers: tuple[int, ...]  # 1..5, higher is better
    roster: int  # how many could have answered
    replaced: int  # how many of them are new since last week
    item: str | None  # what was asked
    truth: float  # mean answer that the present roster would give in an ordinary week, to an ordinary item
    before: float  # what it would give in an ordinary week to the item that was asked, had the level never fallen
    after: float  # the same, had it fallen by half an answer SD


def live(world: World, rng: np.random.Generator) -> list[Week]:
    """Let one team live through the weeks of a world."""
    lasting = world.sd * np.sqrt(world.correlation)
    passing = world.sd * np.sqrt(1 - world.correlation)
    level = world.level + world.spread * rng.standard_normal()
    people = lasting * rng.standard_normal(world.people)
    several = world.items > 1
    offsets = several * (world.item_sd * rng.standard_normal(world.items))
    offsets = offsets + several * world.team_item_sd * rng.standard_normal(world.items)
    mood = world.week_sd * rng.standard_normal()
    lived = []
    for week in range(world.weeks):
        leaving = rng.random(world.people) < (world.turnover * 12 / 52 if week else 0)
        people = np.where(leaving, lasting * rng.standard_normal(world.people), people)
        fresh = np.sqrt(1 - world.week_memory**2) * world.week_sd * rng.standard_normal()
        mood = world.week_memory * mood + fresh
        fallen = world.drop * min(max((week - world.drop_week + 1) / world.drop_weeks, 0), 1)
        felt = level - fallen + people
        asked = week % world.items
        said = felt + mood + offsets[asked] + passing * rng.standard_normal(world.people)
        pressed = np.clip(np.rint(said), 1, 5).astype(int)
        unmoved = felt + fallen + offsets[asked]
        truths = _mean_answers(np.array([felt, unmoved, unmoved - world.sd / 2]), passing)
        lived.append(
            Week(
                on=date(2024, 1, 5) + timedelta(weeks=week),
                answers=tuple(pressed[rng.random(world.people) < world.participation].tolist()),
                roster=world.people,
                replaced=int(leaving.sum()),
                item=f"item {asked}" if several else None,
                truth=truths[0],
                before=truths[1],
                after=truths[2],
            )
        )
    return lived


def _mean_answers(felt: Array, passing: float) -> list[float]:
    """What people who feel like this answer on average, for each row of them."""
    edges = np.array([1.5, 2.5, 3.5, 4.5])
    means: list[float] = (1 + ndtr((felt[:, :, None] - edges) / passing).sum(axis=2)).mean(axis=1).tolist()
    return means


def exact(weeks: Sequence[Week], *, min_n: int = 4) -> list[Observation]:
    """The weeks as exact means, without those in which fewer than `min_n` answered."""
    figures = {}
    for week in weeks:
        if len(week.answers) >= min_n:
            mean = float(np.mean(week.answers))
            figures[week.on] = (mean, mean, float(len(week.answers)))
    return _observed(figures, weeks)


def coded(weeks: Sequence[Week]) -> list[Observation]:
    """The weeks as the codes that Murmur publishes, without those it withholds."""
    figures = {}
    for week in weeks:
        people = people_class(counted(len(week.answers), week.roster))
        if people is not None:
            lo, hi = means_behind(level_band(week.answers, people), people)
            figures[week.on] = (lo, hi, people_behind(people, week.roster))
    return _observed(figures, weeks)


def _observed(figures: Mapping[date, tuple[float, float, float]], weeks: Sequence[Week]) -> list[Observation]:
    """Observations from (lo, hi, n) by day, each counting who was replaced since the one before it."""
    observed, replaced = [], 0
    for week in weeks:
        replaced += week.replaced
        if week.on in figures:
            lo, hi, n = figures[week.on]
            observed.append(
                Observation(on=week.on, lo=lo, hi=hi, n=n, roster=week.roster, replaced=replaced, item=week.item)
            )
            replaced = 0
    return observed
