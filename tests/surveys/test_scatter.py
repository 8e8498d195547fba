"""What is kept of a round beside its codes, and what it leaves open."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
import pytest

from surveys.noise import room_of
from surveys.release import EDGES, Code, Kind, PeopleClass, level_band
from surveys.scatter import LARGEST, SMALLEST, STEP, kept, scatter
from surveys.sealing import Ballot

FIVE, SIX_SEVEN, EIGHT = PeopleClass

Unit = tuple[Sequence[Ballot], Sequence[Code]]
Sums = frozenset[tuple[float, float]]  # squares and degrees of freedom that groups may come to


def unit(
    *questions: Sequence[int], people: PeopleClass = SIX_SEVEN, kind: Kind = Kind.LEVEL, value: int | None = 2
) -> Unit:
    """A unit whose first person gave the first answer to each question, and so on."""
    ids = [f"question.{number}" for number in range(len(questions))]
    ballots = [
        Ballot(answers=dict(zip(ids, answers, strict=True)), comment="") for answers in zip(*questions, strict=True)
    ]
    codes = [
        Code(kind=kind, subject=id_, driver="burnout", people=people if value is not None else None, value=value)
        for id_ in ids
    ]
    return ballots, codes


SPREAD = (2, 2, 3, 3, 4, 4)
NARROW = (3, 3, 3, 3, 3, 4)


def test_the_variance_is_pooled_over_units_and_kept_in_hundredths() -> None:
    assert scatter([unit(SPREAD)] * 6) == 80 == kept(0.8 / room_of(3.0, 6))
    assert scatter([unit(SPREAD, NARROW)] * 6) < scatter([unit(SPREAD)] * 6)  # type: ignore[operator]


def test_people_who_gave_no_answer_do_not_count() -> None:
    ballots, codes = unit(SPREAD)
    blank = Ballot(answers={}, comment="nothing to say")
    assert scatter([([*ballots, blank], codes)] * 5) == scatter([(ballots, codes)] * 5)


@pytest.mark.parametrize("units", [[unit(SPREAD)] * 4, [unit(SPREAD, SPREAD, SPREAD)] * 4, []])
def test_below_five_units_nothing_is_kept_however_much_they_were_asked(units: list[Unit]) -> None:
    assert scatter(units) is None


def test_below_thirty_answers_nothing_is_kept_counting_as_few_as_the_codes_may_stand_for() -> None:
    five = unit(SPREAD, people=FIVE)  # six answered: the code stands for five, so that full turnout does not show
    assert scatter([five] * 5) is None
    assert scatter([five] * 6) is not None
    assert scatter([unit((2, 3, 3, 3, 4, 4, 4))] * 5) is not None  # seven answered, the class begins at six


@pytest.mark.parametrize(
    "silent",
    [
        unit(SPREAD, value=None),  # withheld
        unit(SPREAD, kind=Kind.CHOICE, value=1),  # the option that most people chose
        unit((1, 1, 1, 2, 2, 2), value=0),
        unit((5, 5, 5, 5, 4, 4), value=len(EDGES[SIX_SEVEN])),
    ],
)
def test_what_is_withheld_no_agreement_or_at_the_ends_of_the_scale_does_not_take_part(silent: Unit) -> None:
    assert scatter([silent] * 9) is None
    assert scatter([unit(SPREAD)] * 4 + [silent]) is None
    assert scatter([unit(SPREAD)] * 5 + [silent]) == scatter([unit(SPREAD)] * 5)


@pytest.mark.parametrize(("within", "figure"), [(0.0, 70), (0.74, 70), (0.76, 80), (1.03, 100), (1.96, 200), (4, 200)])
def test_what_is_kept_is_coarse_and_has_ends(within: float, figure: int) -> None:
    assert kept(within) == figure


def test_answers_of_typical_teams_lie_well_inside_the_ends() -> None:
    rng = np.random.default_rng(4)
    found = []
    for _ in range(200):
        units = []
        for level in rng.normal(3.2, 0.3, size=8):
            answers = np.clip(np.rint(level + rng.standard_normal(7)), 1, 5).astype(int).tolist()
            units.append(unit(answers, value=level_band(answers, SIX_SEVEN)))
        found.append(scatter(units))
    known = sorted(one for one in found if one is not None)
    assert len(known) > 150
    assert SMALLEST < known[len(known) // 10] < 100 < known[-len(known) // 20] < LARGEST


@pytest.mark.parametrize(
    ("answered", "people", "units"), [(5, FIVE, 6), (6, FIVE, 6), (6, SIX_SEVEN, 5), (7, SIX_SEVEN, 5), (8, EIGHT, 5)]
)
def test_all_data_sets_of_the_smallest_organisations_leave_every_answer_open(
    answered: int, people: PeopleClass, units: int
) -> None:
    """Somebody knows the codes of all units, and what was kept; perhaps also what they answered themselves.

    Of the units, all others share a band; with more answers, or more questions, more is possible.
    """
    by_band = data_sets(answered, people)
    between = range(1, len(EDGES[people]))
    for band, others in itertools.product(between, between):
        beside = pooled(frozenset(by_band[others]), units - 1)
        outside: dict[int, set[int]] = defaultdict(set)
        inside: dict[tuple[int, int], set[int]] = defaultdict(set)
        for (squares, freedom), possible in by_band[band].items():
            for figure in {kept((squares + more) / (freedom + left)) for more, left in beside}:
                for answers in possible:
                    outside[figure].update(answers)
                    for own in set(answers):
                        inside[figure, own].update((Counter(answers) - Counter([own])).keys())
        assert all(len(open_) == 5 for open_ in outside.values())
        assert all(len(open_) >= 3 for open_ in inside.values())
        assert set(outside) <= set(range(SMALLEST, LARGEST + 1, STEP))


@pytest.mark.parametrize(
    ("own", "others", "units", "questions"),
    [
        ((8, EIGHT), (5, FIVE), 6, 1),  # a unit that may lie higher than the others, and is larger
        ((9, EIGHT), (5, FIVE), 6, 1),
        ((8, EIGHT), (6, SIX_SEVEN), 5, 1),
        ((5, FIVE), (5, FIVE), 5, 2),
    ],
)
def test_a_participant_who_knows_all_their_own_answers_leaves_everybody_three(
    own: tuple[int, PeopleClass], others: tuple[int, PeopleClass], units: int, questions: int
) -> None:
    """Other units, and the participant's other questions, each share a band; of the sums that they come to, one of all
    that are nearly the same is followed, so that no more is taken for possible than is.
    """
    mine, theirs = data_sets(*own), data_sets(*others)
    bands = range(1, len(EDGES[own[1]]))
    for other in range(1, len(EDGES[others[1]])):
        beside = of_groups(frozenset(theirs[other]), (units - 1) * questions)
        for second, answer in itertools.product(bands, range(1, 6)) if questions > 1 else [(1, 1)]:
            known = frozenset(sums for sums, sets in mine[second].items() if any(answer in one for one in sets))
            if not known:
                continue
            pool = beside
            for _ in range(questions - 1):
                pool = thinned(add(pool, known))
            for band in bands:
                assert fewest_left(mine[band], pool) >= 3


def fewest_left(sets: dict[tuple[float, float], list[tuple[int, ...]]], pool: Sums) -> int:
    """How many answers are left of somebody else at least to a participant who knows the figure and their own."""
    left: dict[tuple[int, int], set[int]] = defaultdict(set)
    for (squares, freedom), possible in sets.items():
        figures = {kept((squares + more) / (freedom + degrees)) for more, degrees in pool}
        for answers, figure in itertools.product(possible, figures):
            for own in set(answers):
                left[figure, own].update((Counter(answers) - Counter([own])).keys())
    return min(map(len, left.values()))


def of_groups(one: Sums, groups: int) -> Sums:
    found: Sums = frozenset({(0.0, 0.0)})
    for _ in range(groups):
        found = thinned(add(found, one))
    return found


def thinned(pool: Iterable[tuple[float, float]]) -> Sums:
    """One of all sums that are nearly the same."""
    return frozenset({(round(squares, 1), round(freedom, 1)): (squares, freedom) for squares, freedom in pool}.values())


def test_no_unit_takes_part_with_more_questions_than_five_units_have() -> None:
    """Else it could make up so much of the whole that the figure pins down those whom a participant sits beside."""
    seven = (2, 3, 3, 3, 4, 4, 4)
    one, many = unit(seven), unit(seven, *[(1, 1, 1, 5, 5, 5, 5)] * 5)
    assert scatter([one] * 4 + [many]) == scatter([one] * 5)
    assert scatter([one] * 3 + [many] * 5) != scatter([one] * 8)
    assert scatter([unit(seven, people=FIVE)] * 4 + [unit(*[seven] * 9, people=FIVE)]) is None


def data_sets(answered: int, people: PeopleClass) -> dict[int, dict[tuple[float, float], list[tuple[int, ...]]]]:
    """Everything that one group may answer, by band, and by its squares and degrees of freedom."""
    found: dict[int, dict[tuple[float, float], list[tuple[int, ...]]]] = defaultdict(lambda: defaultdict(list))
    for answers in itertools.combinations_with_replacement(range(1, 6), answered):
        mean = sum(answers) / answered
        squares = sum((answer - mean) ** 2 for answer in answers)
        sums = round(squares, 6), round((answered - 1) * room_of(mean, answered), 6)
        found[level_band(answers, people)][sums].append(answers)
    return found


@cache
def pooled(one: Sums, groups: int) -> Sums:
    """What so many groups may come to together."""
    if groups == 1:
        return one
    return frozenset(add(pooled(one, groups - 1), one))


def add(some: Iterable[tuple[float, float]], others: Sums) -> set[tuple[float, float]]:
    return {(round(a + c, 6), round(b + d, 6)) for a, b in some for c, d in others}
