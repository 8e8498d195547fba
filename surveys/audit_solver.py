"""What anybody could have answered, given everything that was published: an exact solver for any kind of figure.

People who are in the same units are interchangeable, so a data set is how many people of each cell gave each answer,
and every figure is a linear condition on those whole numbers (`audit_facts`). Which answers such conditions leave
possible is searched for by `audit_search`.

An outsider knows the file and nothing else; an insider also knows their own answer, or that they gave none. Both
guess about somebody who is known to have answered. Questions are judged one by one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from surveys.audit import LEAST
from surveys.audit_releases import Cell, Question, Releases
from surveys.audit_search import FIRST_ANSWER, Grid, Possible, Row, System, possible


class Contradiction(ValueError):
    """No answers whatever agree with these releases. The message names the question and the units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Insider:
    """One participant, or somebody who was asked and did not answer, and what is left to them."""

    cell: str  # the name of the cell they are in
    own: int | None  # what they answered themselves; None: they did not
    values: tuple[int, ...]  # what the other may have answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """What is known about the answer of anybody in a cell to one question."""

    question: str
    cell: str
    people: int  # in the cell
    answers: tuple[int, ...]  # that the question offers
    outsider: tuple[int, ...]  # possible answers to an outsider; empty: nobody in the cell can have answered
    insider: Insider | None  # the one who is left with the fewest; None: nobody knows more than an outsider

    @property
    def fewest(self) -> tuple[int, ...]:
        """The possible answers to whoever knows most."""
        return self.insider.values if self.insider else self.outsider

    @property
    def safe(self) -> bool:
        """Whether everybody is left with three possible answers, or with all that there are if they are fewer."""
        return not self.outsider or len(self.fewest) >= min(LEAST, len(self.answers))


def solve(releases: Releases) -> tuple[Exposure, ...]:
    """What is left open about the people of every cell, for every question, in the order of the file.

    Raises Contradiction when no data set agrees with the releases, Undecided when the solver fails.
    """
    return tuple(exposure for question in releases.questions for exposure in _question(releases, question))


def _question(releases: Releases, question: Question) -> list[Exposure]:
    found: dict[int, Exposure] = {}
    for places in _tied(releases, question.id):
        cells = [releases.cells[place] for place in places]
        seen = possible(_system(releases, question, cells))
        if seen is None:
            units = ", ".join(dict.fromkeys(unit for cell in cells for unit in cell.units))
            raise Contradiction(f"No answers to {question.id} agree with what was published of {units}.")
        for index, place in enumerate(places):
            found[place] = _exposure(question, cells, index, seen)
    return [found[place] for place in sorted(found)]


def _tied(releases: Releases, question: str) -> list[list[int]]:
    """The cells, by their places, in groups between which no unit with figures is shared."""
    told = {release.unit for release in releases.releases if release.question == question}
    told |= {one.unit for one in releases.participation}
    groups: list[tuple[set[str], list[int]]] = []  # units with figures, and the cells in them
    for place, cell in enumerate(releases.cells):
        units = told.intersection(cell.units)
        touched = [group for group in groups if units & group[0]]
        groups = [group for group in groups if not units & group[0]]
        groups.append(
            (units.union(*(group[0] for group in touched)), [p for group in touched for p in group[1]] + [place])
        )
    return [places for _, places in groups]


def _system(releases: Releases, question: Question, cells: Sequence[Cell]) -> System:
    width = FIRST_ANSWER + question.options
    told = {unit for cell in cells for unit in cell.units}

    def row(unit: str, weights: Sequence[int], low: int | None, high: int | None) -> Row:
        """A condition on everybody in a unit, with a weight for each of a cell's columns."""
        across = tuple(
            (place * width + column, weight)
            for place, cell in enumerate(cells)
            if unit in cell.units
            for column, weight in enumerate(weights)
            if weight
        )
        return Row(weights=across, low=low, high=high)

    rows: list[Row] = []
    for release in releases.releases:
        if release.question != question.id or release.unit not in told:
            continue
        if release.answered is not None:
            rows.append(row(release.unit, [0, 0] + [1] * question.options, release.answered, release.answered))
        rows += [
            row(release.unit, [0, 0, *condition.weights], condition.low, condition.high)
            for fact in release.facts
            for condition in fact.conditions(question.answers, release.answered)
        ]
    took_part = [one for one in releases.participation if one.unit in told]
    rows += [row(one.unit, [0] + [1] * (width - 1), one.fewest, one.most) for one in took_part]
    return System(
        people=tuple(cell.people for cell in cells),
        options=question.options,
        rows=tuple(rows),
        participation=bool(took_part),
    )


def _exposure(question: Question, cells: Sequence[Cell], place: int, seen: Possible) -> Exposure:
    """What `seen` says of the cell at `place`."""
    answers, width = tuple(question.answers), FIRST_ANSWER + question.options
    own_columns = slice(place * width + FIRST_ANSWER, (place + 1) * width)

    def values(columns: Grid) -> tuple[int, ...]:
        return tuple(answer for answer, may in zip(answers, columns[own_columns], strict=True) if may)

    outsider = values(seen.alone)
    worst: Insider | None = None
    for column in map(int, np.flatnonzero(seen.alone)):
        left = values(seen.pairs[column])
        # Nothing left means that nobody else in the cell can have answered: there is nobody to guess about.
        if 0 < len(left) < len(worst.values if worst else outsider):
            cell, own = divmod(column, width)
            answer = answers[own - FIRST_ANSWER] if own >= FIRST_ANSWER else None
            worst = Insider(cell=cells[cell].name, own=answer, values=left)
    return Exposure(
        question=question.id,
        cell=cells[place].name,
        people=cells[place].people,
        answers=answers,
        outsider=outsider,
        insider=worst,
    )
