"""How many results are withheld in a typical organisation, with every team alone and with small teams merged."""

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from surveys.release import counted, people_class
from surveys.units import SMALLEST, USUAL_SHARE, PlannedUnit, TeamSize, plan_units

TEAM_SIZES = range(4, 16)
"""People who are counted in a team, all sizes equally often."""

DEPARTMENTS, TEAMS_IN_EACH, ROUNDS = 60, 5, 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """Shares from 0 to 1, over many rounds."""

    results: float  # of the results that every unit would have
    people: float  # of the people whose unit had none

    def __str__(self) -> str:
        return f"{self.results:.1%} of results, which are about {self.people:.1%} of people"


def typical_organisation(chance: random.Random) -> list[TeamSize]:
    """Departments of teams."""
    return [
        TeamSize(team_id=1000 * department + number, parent_id=department, roster=chance.choice(TEAM_SIZES))
        for department in range(1, DEPARTMENTS + 1)
        for number in range(1, TEAMS_IN_EACH + 1)
    ]


def shares_withheld(seed: int, share: float = USUAL_SHARE) -> tuple[Withheld, Withheld]:
    """What is withheld before and after merging, when everybody answers with this probability by themselves."""
    chance = random.Random(seed)
    teams = typical_organisation(chance)
    alone = [PlannedUnit(team_ids=(t.team_id,), roster=t.roster, scored=t.roster >= SMALLEST) for t in teams]
    before, after = (_withheld(units, chance, share) for units in (alone, plan_units(teams)))
    return before, after


def _withheld(units: Collection[PlannedUnit], chance: random.Random, share: float) -> Withheld:
    rosters: Sequence[int] = [
        unit.roster
        for unit in units
        for _ in range(ROUNDS)
        if not unit.scored or _class_of_a_round(unit.roster, chance, share) is None
    ]
    return Withheld(
        results=len(rosters) / (ROUNDS * len(units)),
        people=sum(rosters) / (ROUNDS * sum(unit.roster for unit in units)),
    )


def _class_of_a_round(roster: int, chance: random.Random, share: float) -> str | None:
    answers = sum(chance.random() < share for _ in range(roster))
    return people_class(counted(answers, roster))
