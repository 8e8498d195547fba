"""Leaf units: which teams are reported alone and which together, decided by roster and ahead of time."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import comb
from operator import attrgetter

from surveys.release import FLOOR

ALONE = 8
"""Roster from which a team stands alone where it has a sibling to merge with."""

SPLIT = 10
"""Roster that a team in a merged unit must keep for two periods before it stands alone again."""

SMALLEST = 6
"""Smallest roster that is scored at all: with five, five answers would be everybody's."""

USUAL_SHARE = 0.75
"""Share of a roster that usually answers, for telling an admin the odds (measured in pulse surveys, 70-80 %)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamSize:
    """A team as the planner sees it."""

    team_id: int
    parent_id: int | None  # teams with the same parent are siblings; without one there are none
    roster: int  # people who would be counted: members who read none of its results


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedUnit:
    """One or more teams whose answers are always counted together."""

    team_ids: tuple[int, ...]  # ascending
    roster: int
    scored: bool  # False: too small by roster, everything is withheld


def plan_units(
    teams: Iterable[TeamSize],
    *,
    together_before: Collection[frozenset[int]] = (),
    large_before: Collection[int] = (),
) -> tuple[PlannedUnit, ...]:
    """Merge small teams with siblings, the smallest with the next smallest, until each has `ALONE` people.

    `together_before` are the merged units of the previous period, `large_before` the teams that had at least
    `SPLIT` people in it: a merged team stands alone again only when it was and is that large, so that a person
    who joins or leaves does not rearrange the units. Teams without anybody stay by themselves: merging them
    would add readers and no people. Deterministic; depends on rosters only.
    """
    by_parent = sorted(teams, key=lambda t: (t.parent_id is None, t.parent_id or t.team_id, t.team_id))
    units = [PlannedUnit(team_ids=(t.team_id,), roster=0, scored=False) for t in by_parent if not t.roster]
    by_parent = [team for team in by_parent if team.roster]
    for _, group in groupby(by_parent, key=lambda t: (t.parent_id, t.team_id if t.parent_id is None else None)):
        units += _merge(_as_before(list(group), together_before, large_before))
    return tuple(sorted(units, key=attrgetter("team_ids")))


def _as_before(
    siblings: Sequence[TeamSize], together_before: Collection[frozenset[int]], large_before: Collection[int]
) -> list[list[TeamSize]]:
    """Start from the merged units of the previous period, less the teams that have outgrown them."""
    clusters: list[list[TeamSize]] = []
    remaining = {team.team_id: team for team in siblings}
    for unit in together_before:
        stay = [
            remaining.pop(team_id)
            for team_id in sorted(unit & remaining.keys())
            if not (remaining[team_id].roster >= SPLIT and team_id in large_before)
        ]
        if stay:
            clusters.append(stay)
    return clusters + [[team] for team in remaining.values()]


def _merge(clusters: list[list[TeamSize]]) -> list[PlannedUnit]:
    def order(cluster: list[TeamSize]) -> tuple[int, int]:
        return sum(team.roster for team in cluster), cluster[0].team_id

    clusters.sort(key=order)
    while len(clusters) > 1 and order(clusters[0])[0] < ALONE:
        clusters = sorted([clusters[0] + clusters[1], *clusters[2:]], key=order)
    return [
        PlannedUnit(
            team_ids=tuple(sorted(team.team_id for team in cluster)),
            roster=(roster := sum(team.roster for team in cluster)),
            scored=roster >= SMALLEST,
        )
        for cluster in clusters
    ]


def odds(roster: int, threshold: int = FLOOR, share: float = USUAL_SHARE) -> float:
    """Chance, 0 to 1, that a round of a unit with `roster` people has results when each answers with `share`."""
    if roster < SMALLEST or roster - 1 < threshold:
        return 0.0
    chances = (
        comb(roster, answers) * share**answers * (1 - share) ** (roster - answers)
        for answers in range(threshold, roster + 1)
    )
    return min(sum(chances), 1.0)  # rounding can carry it a hair over
