"""Which answers can stand beside each other in a data set that obeys a system of conditions: an exact search.

A data set is how many people of each cell are in each column: absent, skipped, or one of the answers. Whether one
exists with somebody in a given column is decided by HiGHS (Huangfu and Hall 2018, through scipy.optimize.milp), which
is asked for a data set that shows as much as possible of what was not seen yet, until there is none.

Exact in spite of floating point: weights, limits and counts are whole numbers, so every limit is loosened by a
quarter, which lets no other whole numbers in and keeps every solution far from the solver's tolerance; and what is
found is checked again in whole numbers.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

ABSENT, SKIPPED, FIRST_ANSWER = 0, 1, 2
"""The columns of a cell."""

_SLACK = 0.25  # of limits on whole numbers; see above
_INFEASIBLE = 2  # scipy.optimize.OptimizeResult.status

Grid = NDArray[np.bool_]
Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


class Undecided(ArithmeticError):
    """HiGHS gave no answer, or one that does not stand up to whole numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """low <= sum of weight x people <= high; None is no limit."""

    weights: tuple[tuple[int, int], ...]  # pairs of a column, counted through all cells, and its weight
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """Cells and the conditions that tie them together. Equal systems have equal solutions."""

    people: tuple[int, ...]  # in each cell
    options: int  # answers of the question
    rows: tuple[Row, ...]
    participation: bool  # whether any row is about who took part; if not, skipping and absence are one

    @property
    def width(self) -> int:
        """Columns of a cell."""
        return FIRST_ANSWER + self.options


@dataclass(frozen=True, slots=True, kw_only=True)
class Possible:
    """What data sets show. Columns are counted through all cells."""

    alone: Grid  # (columns,): somebody may be in this one
    pairs: Grid  # (columns, columns): [i, j] somebody in i and somebody else in j at once; only answers are sought in j


@lru_cache(maxsize=10_000)
def possible(system: System) -> Possible | None:
    """All columns, and all pairs of them, that any data set of `system` shows; None when it has no data set.

    Raises Undecided.
    """
    columns = len(system.people) * system.width
    answer = np.arange(columns) % system.width >= FIRST_ANSWER
    seen = Possible(alone=np.zeros(columns, dtype=bool), pairs=np.zeros((columns, columns), dtype=bool))

    def learn(counts: Counts) -> None:
        np.logical_or(seen.alone, counts > 0, out=seen.alone)
        others = counts - np.eye(columns, dtype=np.int64)  # [i, j]: people in j besides one who is in i
        np.logical_or(seen.pairs, (counts > 0)[:, None] & (others > 0), out=seen.pairs)

    found = _data_set(system, None, np.ones(columns, dtype=bool))
    if found is None:
        return None
    while found is not None:
        learn(found)
        found = _data_set(system, None, ~seen.alone)
    for own in np.flatnonzero(seen.alone):
        while (found := _data_set(system, int(own), answer & seen.alone & ~seen.pairs[own])) is not None:
            learn(found)
    return seen


def _data_set(system: System, own: int | None, wanted: Grid) -> Counts | None:
    """How many people each column can hold, with one in `own` and another in some `wanted` column; None: never."""
    if not wanted.any():
        return None
    targets = np.flatnonzero(wanted)
    matrix, low, high = _conditions(system)
    columns = matrix.shape[1]
    fixed = np.zeros(columns)
    if own is not None:
        fixed[own] = 1
    # A binary variable a wanted column, which is 1 only if somebody else is in it; one of them must be.
    shown = np.zeros((len(targets) + 1, columns + len(targets)))
    shown[range(len(targets)), targets] = 1
    shown[range(len(targets)), range(columns, columns + len(targets))] = -1
    shown[-1, columns:] = 1
    for presolve in (
        False,
        True,
    ):  # quicker without; with it HiGHS 1.12 gives up on some systems, and says so on stdout
        result = milp(
            np.concatenate([np.zeros(columns), -np.ones(len(targets))]),
            integrality=np.ones(columns + len(targets)),
            bounds=Bounds(np.concatenate([fixed, 0 * targets]), np.concatenate([_room(system), 0 * targets + 1])),
            constraints=[
                LinearConstraint(
                    np.hstack([matrix, np.zeros((len(matrix), len(targets)))]), low - _SLACK, high + _SLACK
                ),
                LinearConstraint(shown, np.append(fixed[targets], 1) - _SLACK, np.inf),
            ],
            options={"mip_rel_gap": 1e9, "presolve": presolve},  # the first that is found will do
        )
        if result.status == _INFEASIBLE:
            return None
        if result.x is not None:
            counts: Counts = np.rint(result.x[:columns]).astype(np.int64)
            sums = matrix @ counts  # of whole numbers far below 2**53, hence exact
            obeys = ((low <= sums) & (sums <= high)).all() and (counts >= fixed).all()
            if obeys and (counts - fixed)[targets].max() >= 1:
                return counts
    raise Undecided(f"HiGHS could not decide whether a data set exists ({result.message})")


@lru_cache(maxsize=100)
def _conditions(system: System) -> tuple[Floats, Floats, Floats]:
    """All conditions as a matrix (conditions, columns), with the lower and the upper limit of each."""
    cells, width = len(system.people), system.width
    matrix = np.zeros((cells + len(system.rows), cells * width))
    matrix[:cells] = np.kron(np.eye(cells), np.ones(width))
    for place, row in enumerate(system.rows, start=cells):
        for column, weight in row.weights:
            matrix[place, column] = weight
    low = [*system.people, *(-np.inf if row.low is None else row.low for row in system.rows)]
    high = [*system.people, *(np.inf if row.high is None else row.high for row in system.rows)]
    return matrix, np.array(low, dtype=float), np.array(high, dtype=float)


def _room(system: System) -> Floats:
    """The most people each column can hold."""
    room = np.repeat(np.array(system.people, dtype=float), system.width)
    if not system.participation:
        room[SKIPPED :: system.width] = 0
    return room
