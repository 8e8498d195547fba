"""How widely a round's answers scattered within units: the one figure beside the codes that is kept of answers.

It teaches the detector how an organisation answers (see `calibration`), and is shown to nobody.
"""

from collections.abc import Iterable, Mapping, Sequence

from surveys.noise import LEAST_ANSWERS, LEAST_UNITS, within_variance
from surveys.release import EDGES, Code, Kind, PeopleClass
from surveys.sealing import Ballot

STEP, SMALLEST, LARGEST = 10, 70, 200
"""In hundredths of squared points: what is kept is one of fourteen figures, 0.7, 0.8 ... 2.0."""

_FEWEST: Mapping[PeopleClass, int] = {PeopleClass.FIVE: 5, PeopleClass.SIX_SEVEN: 6, PeopleClass.EIGHT: 8}


def scatter(units: Iterable[tuple[Sequence[Ballot], Sequence[Code]]]) -> int | None:
    """The variance of an answer around its unit's level, pooled over the units of a round; in hundredths of squared
    points at the middle of the scale (see `noise.within_variance`). Each unit comes with its codes.

    Whether it is kept follows from the codes alone: from 30 answers and 5 units up, counting for each code the fewest
    answers of its class. Only questions whose code lies between the outermost bands take part: at the ends of the
    scale there is so little room that a small scatter would tell how everybody answered.

    What could it tell of a person? Were it exact, a 0 would say that in each unit all answered alike, and so what.
    Hence the ends, at which all smaller and all larger figures are the same, and the steps of a tenth, which are
    finer than chance in a round (0.1 and more in five small units). With them, even for 30 answers of 5 units and
    for somebody who knows all codes, each person may still have given any of the five answers; for somebody who
    also knows their own answers, any of three at least. That is what the codes leave open by themselves
    (tests/surveys/test_scatter.py tries all data sets).
    """
    units = list(units)
    if not may_be_kept(codes for _, codes in units):
        return None
    taking_part = _taking_part([codes for _, codes in units])
    within = within_variance(_groups(ballots, codes) for (ballots, _), codes in zip(units, taking_part, strict=True))
    return None if within is None else kept(within)


def may_be_kept(units: Iterable[Sequence[Code]]) -> bool:
    """Whether units with these codes are enough for their scatter to be kept."""
    answers = [sum(map(_answers, codes)) for codes in _taking_part(list(units))]
    return sum(answers) >= LEAST_ANSWERS and sum(map(bool, answers)) >= LEAST_UNITS


def kept(within: float) -> int:
    """The figure that is kept of a variance."""
    return min(max(STEP * round(100 * within / STEP), SMALLEST), LARGEST)


def _taking_part(units: Sequence[Sequence[Code]]) -> list[list[Code]]:
    """The codes of each unit that take part: as many as five units have at least, so that no unit makes up so much of
    the whole that one of its people, who knows an answer of their own to each question, could tell what is left for
    the others.
    """
    within = [[code for code in codes if _answers(code)] for codes in units]
    numbers = sorted(map(len, within), reverse=True)
    most = numbers[LEAST_UNITS - 1] if len(numbers) >= LEAST_UNITS else 0
    return [codes[:most] for codes in within]


def _answers(code: Code) -> int:
    """The fewest answers that a code stands for, 0 for one that does not take part."""
    if code.kind is not Kind.LEVEL or code.people is None or code.value is None:
        return 0
    return _FEWEST[code.people] if 0 < code.value < len(EDGES[code.people]) else 0


def _groups(ballots: Sequence[Ballot], codes: Sequence[Code]) -> list[list[int]]:
    """A unit's answers to each question with one of these codes, as they were given: what is asked the other way round
    scatters alike.
    """
    asked = [code.subject for code in codes]
    return [[ballot.answers[id_] for ballot in ballots if id_ in ballot.answers] for id_ in asked]
