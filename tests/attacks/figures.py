"""A10 and A11: put everything together that was published of one question in one round, and see what is left open.

A10 asks an exact solver, which knows nothing of the rules beyond what is published. A11 goes through every data set of
so many answers by itself, and tries the ones that tell most: all alike, and all but one.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, combinations_with_replacement

from surveys.audit_facts import CodeFact, Fact, HistogramFact, ParticipationFact
from surveys.audit_releases import Cell, Participation, Question, Release, Releases
from surveys.audit_solver import solve
from surveys.release import PeopleClass
from tests.attacks.attack import Attack, Figure, Figures
from tests.attacks.ground import Ground
from tests.attacks.publishing import Answering, Answers, Told, hold, moods, standalone

OUTSIDER, INSIDER = 5, 3
"""How many possible answers everybody is promised, before somebody outside and before one participant."""

A10_ROSTERS = (6, 7, 8, 9, 12, 18)
A11_ANSWERS = range(5, 16)

EDGES = {
    PeopleClass.FIVE: (9, 11, 13, 15),
    PeopleClass.SIX_SEVEN: (9, 11, 13, 16),
    PeopleClass.EIGHT: (9, 11, 13, 15, 17),
}
"""The published edges of the bands, in quarters: written out again, so that a slip in the rules is no slip here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """How many answers are possible of whoever answered."""

    outsider: int
    insider: int  # to the participant who learns most

    @property
    def too_little(self) -> bool:
        """Whether somebody is left with less than is promised."""
        return self.outsider < OUTSIDER or self.insider < INSIDER


def solved(fact: Fact, *, answered: int, roster: int, participation: int | None = None) -> Left:
    """A10: what the solver leaves open, given a figure, how many answered, and the band of participation."""
    bands: list[Participation] = []
    if participation is not None:
        between = ParticipationFact(kind="participation", value=participation).took_part(roster)
        assert between is not None
        bands.append(Participation(unit="unit", fewest=between[0], most=between[1]))
    question = Question(id="question")
    (exposure,) = solve(
        Releases(
            questions=(question,),
            cells=(Cell(units=("unit",), people=roster, name="unit"),),
            releases=(Release(unit="unit", question=question.id, answered=answered, facts=(fact,)),),
            participation=tuple(bands),
        )
    )
    return Left(outsider=len(exposure.outsider), insider=len(exposure.fewest))


def by_going_through(answers: int, publish: Callable[[Sequence[int]], Hashable]) -> Mapping[Hashable, Left]:
    """A11: what everything that `publish` can say of so many answers leaves open, over every data set."""
    outsider: dict[Hashable, set[int]] = defaultdict(set)
    insider: dict[tuple[Hashable, int], set[int]] = defaultdict(set)
    for data in combinations_with_replacement(range(1, 6), answers):
        said, given = publish(data), set(data)
        outsider[said] |= given
        for own in given:
            insider[said, own] |= given if data.count(own) > 1 else given - {own}
    return {
        said: Left(
            outsider=len(outsider[said]), insider=min(len(left) for (one, _), left in insider.items() if one == said)
        )
        for said in outsider
    }


def mean(answers: Sequence[int]) -> float:
    """Naive: the mean to one decimal."""
    return round(sum(answers) / len(answers) + 1e-9, 1)


@cache
def left_by_means(answers: int) -> Mapping[Hashable, Left]:
    """What a mean to one decimal leaves open."""
    return by_going_through(answers, mean)


@cache
def left_by_bands(answers: int, people: PeopleClass) -> Mapping[Hashable, Left]:
    """What a band leaves open."""
    edges = EDGES[people]
    return by_going_through(answers, lambda data: sum(4 * sum(data) >= edge * len(data) for edge in edges))


def all_alike_and_all_but_one(people: int) -> list[list[int]]:
    """The data sets that tell most: everybody says the same, or everybody but one."""
    alike = [[one] * people for one in range(1, 6)]
    but_one = [[one, *[other] * (people - 1)] for one in range(1, 6) for other in range(1, 6) if one != other]
    return alike + but_one


def any_data(ground: Ground) -> list[Told]:
    """What Murmur tells of six weeks in six teams, a question skipped by some."""
    acme, chance = ground.organisation(), random.Random(10)
    groups = standalone(acme, A10_ROSTERS)
    found = []
    for week in range(6):
        answers: dict[int, Answers] = {}
        for group in groups:
            took_part = chance.randint(4, len(group.members))
            skipped = chance.randint(0, 2)
            answers[group.team_id] = [moods(chance, took_part - (skipped if place == 2 else 0)) for place in range(4)]
        found += hold(acme, week, _whatever_is_asked(answers))
    return found


def telling_data(ground: Ground) -> list[Told]:
    """What Murmur tells of teams in which all are alike, or all but one, of five to fifteen who answer."""
    acme = ground.organisation()
    groups = dict(zip(A11_ANSWERS, standalone(acme, [people + 1 for people in A11_ANSWERS]), strict=True))
    data = {people: all_alike_and_all_but_one(people) for people in A11_ANSWERS}
    found = []
    for week, first in enumerate(range(0, 25, 4)):
        answers: dict[int, Answers] = {
            groups[people].team_id: [sets[place % 25] for place in range(first, first + 4)]
            for people, sets in data.items()
        }
        found += hold(acme, week, _whatever_is_asked(answers))
    return found


def _whatever_is_asked(answers: Mapping[int, Answers]) -> Answering:
    return lambda _questions: answers


def exposed(lefts: Iterable[Left]) -> Figure:
    """How many data sets leave somebody with less than is promised; the least that any leaves is told beside it."""
    found = list(lefts)
    least = f"exposed, least left {min(one.outsider for one in found)} and {min(one.insider for one in found)}"
    return Figure(hits=sum(one.too_little for one in found), of=len(found), what=least)


def solved_histograms(_ground: Ground) -> Figures:
    """A tool that tells how many chose each answer, of any data."""
    chance = random.Random(10)
    lefts = []
    for people in A10_ROSTERS:
        for answers in (moods(chance, people) for _ in range(20)):
            fact = HistogramFact(kind="histogram", counts=tuple(answers.count(answer) for answer in range(1, 6)))
            lefts.append(solved(fact, answered=people, roster=people + 1))
    return [exposed(lefts)]


def solved_codes(ground: Ground) -> Figures:
    """Murmur: the code, the people class, and the band of participation."""
    return [
        exposed(
            solved(
                CodeFact(kind="code", value=one.band, people=one.people),
                answered=len(one.answers),
                roster=one.roster,
                participation=one.participation,
            )
            for one in any_data(ground)
        )
    ]


def telling_means(_ground: Ground) -> Figures:
    """A tool that tells the mean to one decimal, of data that tell most."""
    sets = chain.from_iterable(all_alike_and_all_but_one(people) for people in A11_ANSWERS)
    return [exposed(left_by_means(len(data))[mean(data)] for data in sets)]


def telling_codes(ground: Ground) -> Figures:
    """Murmur, of the same."""
    return [exposed(left_by_bands(len(one.answers), one.people)[one.band] for one in telling_data(ground))]


A10 = Attack(
    number=10,
    what="all that is published of a round and question, solved exactly",
    passes_when="5 values, 3 to an insider",
    naive=solved_histograms,
    murmur=solved_codes,
)

A11 = Attack(
    number=11,
    what="unanimous and all-but-one, 5 to 15 answers",
    passes_when="5 values, 3 to an insider",
    naive=telling_means,
    murmur=telling_codes,
)
