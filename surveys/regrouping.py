"""Teams that are counted together with others than before: decided by rosters alone, and said once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from surveys.items import Driver


class Move(StrEnum):
    """What became of the teams of a unit."""

    TOGETHER = "together"  # teams that were counted apart are counted together
    ALONE = "alone"  # a team that was counted with others is counted alone
    WITHOUT = "without"  # teams go on together, without others


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A flag that ended because the unit it was about is counted no longer."""

    driver: Driver
    raised_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrouping:
    """How a unit came about whose teams were in other units in the round before."""

    move: Move
    teams: tuple[str, ...]  # names of the unit's teams
    without: tuple[str, ...]  # names of teams that were counted with them before, and are no longer
    ended: tuple[Ended, ...]  # flags of the units before, only those that the reader had been told of


def move_of(teams: Collection[int], before: Sequence[Collection[int]]) -> Move:
    """What became of `teams`, the ids of a unit's teams; `before` are the units of the round before that shared any."""
    if not any(set(teams) <= set(unit) for unit in before):
        return Move.TOGETHER
    return Move.ALONE if len(teams) == 1 else Move.WITHOUT
