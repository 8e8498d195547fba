"""What a code leaves open, enumerated: the table is current, and it says what the rules promise."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import resources
from itertools import product
from math import ceil

import pytest

from surveys.audit_enumeration import (
    LAST_CHOICE,
    LAST_LEVEL,
    LAST_THEME,
    OPTIONS,
    SILENT,
    SPEAKS,
    enumerated,
    fewest,
    theme_of,
    written,
)
from surveys.audit_facts import BandFact
from surveys.audit_releases import Cell, Question, Release, Releases
from surveys.audit_solver import solve
from surveys.audit_table import Left, choice_left, level_left, theme_left
from surveys.comments import COMMENTS_FLOOR
from surveys.release import EDGES, FLOOR, SPOKEN_FLOOR, SPOKEN_SHARE, PeopleClass, level_band, named_option

LEVELS = [(people, n) for people in PeopleClass for n in range(fewest(people), 61)]
CHOICES = [(options, n) for options in OPTIONS for n in range(FLOOR, 61)]


def test_the_table_is_what_the_enumeration_writes() -> None:
    kept = resources.files("surveys").joinpath("audit_table.yaml").read_text(encoding="utf-8")
    assert "".join(written()) == kept, "run python -m surveys.audit_enumeration > surveys/audit_table.yaml"


def test_a_level_leaves_five_answers_to_an_outsider_and_three_to_an_insider() -> None:
    assert all(level_left(people, n).outsider == 5 for people, n in LEVELS)
    assert min(level_left(people, n).insider for people, n in LEVELS) == 3


def test_a_choice_leaves_every_option_to_an_outsider_and_to_an_insider() -> None:
    assert all(choice_left(options, n).outsider == options for options, n in CHOICES)
    assert all(choice_left(options, n).insider == options for options, n in CHOICES)


def test_a_theme_leaves_both_values_to_an_outsider_and_to_an_insider() -> None:
    for comments in range(COMMENTS_FLOOR, 61):
        left = theme_left(comments)
        assert (left.outsider, left.insider, left.two_insiders) == (2, 2, 1 if comments < LAST_THEME else 2)


def test_no_theme_is_told_of_fewer_comments_than_the_tone() -> None:
    with pytest.raises(KeyError):
        theme_left(COMMENTS_FLOOR - 1)


@pytest.mark.parametrize("people", PeopleClass)
def test_two_insiders_may_leave_one_answer_and_we_say_so(people: PeopleClass) -> None:
    assert level_left(people, fewest(people)).two_insiders == 1


def test_from_sixteen_answers_on_two_insiders_rule_nothing_out() -> None:
    assert all(level_left(people, n) == Left(outsider=5, insider=5, two_insiders=5) for people, n in LEVELS if n >= 16)
    assert level_left(PeopleClass.EIGHT, 15).two_insiders < 5


@pytest.mark.parametrize("people", PeopleClass)
def test_edges_are_never_used_for_fewer_answers_than_they_are_made_for(people: PeopleClass) -> None:
    with pytest.raises(KeyError):
        level_left(people, fewest(people) - 1)


def sums(people: PeopleClass, n: int) -> Iterator[tuple[int, int]]:
    """The smallest and the largest sum of n answers in each band."""
    ends = (1.0, *EDGES[people])
    for low, high in zip(ends, (*EDGES[people], 5 + 1 / n), strict=True):
        yield ceil(low * n), ceil(high * n) - 1


def reasoned(people: PeopleClass, n: int, known: int) -> int:
    """The fewest answers a band leaves to whoever knows so many answers, by arithmetic on sums alone."""
    fewest_left = 5
    for low, high in sums(people, n):
        for own in range(known, 5 * known + 1):  # what they know comes in by its sum only
            others = n - known - 1
            left = [v for v in range(1, 6) if low <= own + v + 5 * others and own + v + others <= high]
            fewest_left = min(fewest_left, len(left) or 5)
    return fewest_left


@pytest.mark.parametrize("people", PeopleClass)
def test_arithmetic_on_sums_agrees_far_beyond_the_table(people: PeopleClass) -> None:
    for n in [*range(fewest(people), 200), 1_000, 10_007]:
        left = level_left(people, n)
        assert (left.outsider, left.insider, left.two_insiders) == tuple(reasoned(people, n, k) for k in range(3)), n


@pytest.mark.parametrize("n", [LAST_CHOICE + 1, LAST_CHOICE + 2, LAST_CHOICE + 3, LAST_CHOICE + 6])
@pytest.mark.parametrize("options", [2, 3, 4])
def test_the_last_row_of_choices_holds_beyond_the_table(options: int, n: int) -> None:
    assert enumerated(options, n, named_option) == choice_left(options, n)


def test_the_last_row_of_levels_holds_beyond_the_table() -> None:
    assert enumerated(5, LAST_LEVEL + 1, partial(level_band, people=PeopleClass.EIGHT)) == level_left(
        PeopleClass.EIGHT, LAST_LEVEL + 1
    )


def person_by_person(options: int, n: int, code_of: Callable[[tuple[int, ...]], int]) -> Left:
    """The same as `enumerated` the long way: everybody has a name, and the last one is guessed about."""
    possible: dict[tuple[object, ...], set[int]] = {}
    for data in product(range(1, options + 1), repeat=n):
        code = code_of(data)
        for known in ((), (data[0],), (data[0], data[1])):
            possible.setdefault((code, *known), set()).add(data[-1])
    return Left(
        outsider=min(len(left) for key, left in possible.items() if len(key) == 1),
        insider=min(len(left) for key, left in possible.items() if len(key) == 2),
        two_insiders=min(len(left) for key, left in possible.items() if len(key) == 3),
    )


@pytest.mark.parametrize(("people", "n"), [(PeopleClass.FIVE, 5), (PeopleClass.FIVE, 6), (PeopleClass.SIX_SEVEN, 6)])
def test_going_through_people_one_by_one_agrees(people: PeopleClass, n: int) -> None:
    assert person_by_person(5, n, partial(level_band, people=people)) == level_left(people, n)


def test_going_through_people_one_by_one_agrees_about_choices() -> None:
    assert person_by_person(4, 6, named_option) == choice_left(4, 6)


@pytest.mark.parametrize("comments", [5, 6, 9])
def test_going_through_people_one_by_one_agrees_about_themes(comments: int) -> None:
    assert person_by_person(2, comments, theme_of) == theme_left(comments)


@pytest.mark.parametrize("comments", range(LAST_THEME + 1, 40))
def test_the_last_row_of_themes_holds_beyond_the_table(comments: int) -> None:
    assert enumerated(2, comments, theme_of) == theme_left(comments)


@pytest.mark.parametrize("comments", [5, 6, 8])
def test_two_themes_of_the_same_comments_together_leave_no_less(comments: int) -> None:
    """A comment speaks of both, of one, or of none: four possible values, and all four stay open."""

    def both(data: Sequence[int]) -> int:
        first = [SPEAKS if one in (2, 4) else SILENT for one in data]
        second = [SPEAKS if one in (3, 4) else SILENT for one in data]
        return 2 * theme_of(first) + theme_of(second)

    left = enumerated(4, comments, both)
    assert (left.outsider, left.insider) == (4, 4)


@pytest.mark.parametrize("comments", range(COMMENTS_FLOOR, 16))
def test_the_solver_agrees_about_themes(comments: int) -> None:
    """To it a theme is a band of a mean: of 1 for every comment that speaks of it, and 0 for the others."""
    fewest_told = max(SPOKEN_FLOOR, ceil(SPOKEN_SHARE * comments))
    edge = round((fewest_told - 0.5) / comments, 4)
    for fact in (BandFact(kind="band", at_least=edge), BandFact(kind="band", below=edge)):
        (exposure,) = solve(
            Releases(
                questions=(Question(id="burnout", options=2, lowest=0),),
                cells=(Cell(units=("unit",), people=comments, name="unit"),),
                releases=(Release(unit="unit", question="burnout", answered=comments, facts=(fact,)),),
            )
        )
        assert (len(exposure.outsider), len(exposure.fewest)) == (2, 2)


def test_the_enumeration_notices_edges_that_are_too_fine() -> None:
    assert enumerated(2, 9, lambda data: data.count(SPEAKS) >= 2).insider == 1
    assert enumerated(2, 5, lambda data: data.count(SPEAKS) >= 4).insider == 1
    assert enumerated(5, 5, lambda answers: 2 * sum(answers) // 5).insider == 1
    assert enumerated(5, 5, partial(level_band, people=PeopleClass.EIGHT)).insider < 3
