"""What a flag rests on: how many people, which questions, and what changed around them meanwhile.

Functions of the ledger: nothing here says more of answers than the codes do. How many came new to the roster is left
out: a team knows who joined it, so that a number beside that would tell who asked to be left out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from surveys.items import Item
from surveys.release import Kind, PeopleClass, Published

_CLASSES = tuple(PeopleClass)  # smallest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What stands behind a flag: all of it since the change began, with the round in which it began."""

    since: date  # when the change most likely began to show
    people: PeopleClass | None  # the smallest class of people behind a round; None when none was shown
    questions: tuple[str, ...]  # as they were asked, oldest first, each once
    rounds: int  # how many rounds the unit had
    asked: int  # how many of them asked about the driver
    withheld: int  # how many of these may not be shown
    other_questions: date | None  # the day of the first round that asked the driver with questions new to it


def grounds_of(driver: str, since: date, history: Sequence[Published], items: Mapping[str, Item]) -> Grounds:
    """What a flag on `driver` rests on; `history` is the unit's ledger, oldest first.

    `items` are those the unit may have been asked, by id, in the words of the reader; others are not quoted.
    """
    rounds = _rounds(one for one in history if one.closed_on >= since)
    asked = [about for published in rounds if (about := _about(driver, published))]
    shown = [[one.code.people for one in about if one.code.people is not None] for about in asked]
    classes = [people for of_round in shown for people in of_round]
    subjects = dict.fromkeys(one.code.subject for about in asked for one in about)
    return Grounds(
        since=since,
        people=min(classes, key=_CLASSES.index, default=None),
        questions=tuple(dict.fromkeys(items[subject].text for subject in subjects if subject in items)),
        rounds=len(rounds),
        asked=len(asked),
        withheld=sum(not of_round for of_round in shown),
        other_questions=_other_questions(driver, since, history),
    )


def _other_questions(driver: str, since: date, history: Sequence[Published]) -> date | None:
    """The day from which the driver was asked with other questions, if that was not before `since`.

    Rotation asks every question before any comes again: a new one after a repeated one tells of another question set,
    or of a question that an admin wrote.
    """
    known: set[str] = set()
    repeated = False
    for published in _rounds(history):
        subjects = {one.code.subject for one in _about(driver, published)}
        if repeated and subjects - known and published[0].closed_on >= since:
            return published[0].closed_on
        repeated = repeated or not known.isdisjoint(subjects)
        known |= subjects
    return None


def _rounds(history: Iterable[Published]) -> list[list[Published]]:
    found: dict[int, list[Published]] = {}
    for one in history:
        found.setdefault(one.round_id, []).append(one)
    return list(found.values())


def _about(driver: str, published: Sequence[Published]) -> list[Published]:
    return [one for one in published if one.code.driver == driver and one.code.kind is Kind.LEVEL]
