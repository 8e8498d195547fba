"""What may be published of a unit's round: people classes, codes, and the one refusal.

Every rule here depends on rosters and participation only, never on what was answered, so a refusal says
nothing about the answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

FLOOR = 5
"""Fewest answers behind any result. An admin may raise the threshold of a pulse, never lower it below this."""

PARTICIPATION_FLOOR = 6
"""Smallest roster whose participation is told, as a band."""

NAMED_SHARE = Fraction(6, 10)
"""Share of answers from which an option of a choice question is named."""

SPOKEN_SHARE = Fraction(1, 3)
"""Share of comments from which a theme is told."""

SPOKEN_FLOOR = 3
"""Fewest comments that make a theme, however few there are. With two, one of them would know that nobody else spoke
of what they did whenever it is not told; the enumeration finds that, and finds three to be enough.
"""


class PeopleClass(StrEnum):
    """How many people stand behind a result; the only way a count of people is ever shown."""

    FIVE = "5"
    SIX_SEVEN = "6-7"
    EIGHT = "8+"


class Kind(StrEnum):
    """What a code tells about."""

    LEVEL = "level"  # an agreement question: the band of the mean
    CHOICE = "choice"  # a choice question: the option that most people chose, if any
    TONE = "tone"  # the tone of the comments
    THEME = "theme"  # whether many of the comments speak of a driver
    PARTICIPATION = "participation"  # the share of the roster that took part


EDGES: dict[PeopleClass, tuple[float, ...]] = {
    PeopleClass.FIVE: (2.25, 2.75, 3.25, 3.75),
    PeopleClass.SIX_SEVEN: (2.25, 2.75, 3.25, 4.0),
    PeopleClass.EIGHT: (2.25, 2.75, 3.25, 3.75, 4.25),
}
"""Edges between the bands of a mean on the 1-5 scale, higher is better.

Chosen by enumeration: over every possible data set an outsider leaves each person five possible answers and
one curious participant at least three (tests/surveys/test_release.py enumerates them again).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """The one coarse figure of a unit, a question and a round. `value` is None when it is withheld."""

    kind: Kind
    subject: str  # item id; "comments" for tone, "theme.burnout" for a theme, "participation" for participation
    driver: str  # driver id, or "" for tone and participation
    people: PeopleClass | None  # class of the people behind it; None when withheld or not applicable
    # Band, worst first; for a choice 0 (no option stands out) or the option's number; for a theme 1 (told) or 0.
    value: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A code as the ledger keeps it: everything ever shown is a function of these."""

    unit_id: int  # the leaf unit
    round_id: int  # the round
    closed_on: date  # day the round closed; nothing finer is kept
    roster: int  # people in the unit's frozen roster
    replaced: int  # people new to the roster since the unit's previous round
    code: Code
    # Mean observations to a false flag, settled when the round opened; None in rounds of older versions.
    flag_limit: float | None = None


def counted(answers: int, roster: int) -> int:
    """n*: the number of answers as far as it may matter, at most one fewer than the roster.

    Capping at `roster - 1` keeps full turnout from showing.
    """
    return min(answers, roster - 1)


def people_class(n_star: int, threshold: int = FLOOR) -> PeopleClass | None:
    """The class of `n_star` answers, or None when the result must be withheld.

    `threshold` is the pulse's own; below `FLOOR` it has no effect.
    """
    if n_star < max(threshold, FLOOR):
        return None
    if n_star == FLOOR:
        return PeopleClass.FIVE
    return PeopleClass.SIX_SEVEN if n_star < 8 else PeopleClass.EIGHT


def level_band(answers: Sequence[int], people: PeopleClass) -> int:
    """Band (0 is worst) of the mean of oriented 1-5 answers; a mean on an edge belongs to the band above."""
    mean = Fraction(sum(answers), len(answers))
    return sum(mean >= Fraction(edge) for edge in EDGES[people])


def band_interval(band: int, people: PeopleClass) -> tuple[float, float]:
    """The interval [low, high) of means that a band stands for; the outermost end at 1 and 5."""
    ends = (1.0, *EDGES[people], 5.0)
    return ends[band], ends[band + 1]


def named_option(answers: Sequence[int]) -> int:
    """Number (from 1) of the option chosen by at least `NAMED_SHARE` of `answers`, or 0 when none stands out."""
    for option in set(answers):
        if Fraction(answers.count(option), len(answers)) >= NAMED_SHARE:
            return option
    return 0


def theme_told(speaking: int, comments: int) -> int:
    """1 when so many of the comments speak of a theme that it is told, else 0."""
    return int(speaking >= SPOKEN_FLOOR and Fraction(speaking, comments) >= SPOKEN_SHARE)


def participation_band(took_part: int, roster: int) -> int | None:
    """0: under half, 1: half to four fifths, 2: more than four fifths; None for a roster that is too small."""
    if roster < PARTICIPATION_FLOOR:
        return None
    share = Fraction(took_part, roster)
    return int(share >= Fraction(1, 2)) + int(share > Fraction(4, 5))


def parent_band(children: Sequence[tuple[Published, int]]) -> int | None:
    """The level of a parent from its children's released codes, each weighted by its roster.

    `children` holds pairs of a released or withheld code and the child's roster. The middle of each released
    band is averaged and banded again with the edges for five people, the coarsest. None when fewer than two
    children have a released code: one child's figure is not the parent's.
    """
    released = [
        (p.code, weight)
        for p, weight in children
        if p.code.kind is Kind.LEVEL and p.code.value is not None and p.code.people
    ]
    if len(released) < 2:
        return None
    total = sum(weight for _, weight in released)
    middle = sum(
        weight * sum(band_interval(code.value or 0, code.people or PeopleClass.FIVE)) / 2 for code, weight in released
    )
    return sum(middle / total >= edge for edge in EDGES[PeopleClass.FIVE])
