"""A13 and A14: compare all that anybody is shown, in messages and on Home, of weeks that differ in their answers.

A13: the same people take part and answer otherwise; but for the codes themselves, everything must be the same. A14: the
codes alone, without any answer behind them, must give every word again, and every line that can be exported.
"""

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from sqlmodel import select

from bot import messages
from bot.exporting import everything
from bot.views.digest import digest_post
from bot.views.vocabulary import Post
from bot.views.wording import Mrkdwn
from storage.tables import Workspace
from surveys.exports import in_order, release_files, rows
from surveys.release import Code, Kind
from surveys.scoring import code_unit
from tests.attacks.attack import Attack, Figure, Figures
from tests.attacks.company import TEAMS, Coding, Said, alike, company, live
from tests.attacks.ground import Ground
from tests.attacks.publishing import moods
from tests.support.running_murmur import Stage

TAKE_PART = {"red": 6, "blue": 4, "green": 16, "tiny": 5}
"""Of nine, twelve, sixteen and six: shown, withheld, shown with everybody in it, shown just so."""

COMMENT = {"red": 6, "blue": 0, "green": 9, "tiny": 4}

MOODS = ("terrible, awful pay", "wonderful, great, nobody is micromanaged any more", "so so")

WEEKS = 7
"""Long enough for a flag."""


def everybody(answer: int, comment: str) -> Said:
    """The same people take part and comment, and all say this."""
    return {
        team: [(alike(answer), comment if number < COMMENT[team] else "") for number in range(people)]
        for team, people in TAKE_PART.items()
    }


def torn() -> Said:
    """The same people take part and comment, and are of two minds."""
    return {
        team: [
            (alike(1 if number % 2 else 5), MOODS[number % 3] if number < COMMENT[team] else "")
            for number in range(people)
        ]
        for team, people in TAKE_PART.items()
    }


OTHERWISE: Sequence[Said] = (torn(), everybody(1, MOODS[0]), everybody(5, MOODS[1]), everybody(3, "n/a"))
"""Other answers, each time by the same people."""


def masked(coding: Coding) -> Coding:
    """Work the codes out, and make all that are shown the same."""

    def code(**given: Any) -> tuple[Code, ...]:
        return tuple(
            one if one.value is None or one.kind is Kind.PARTICIPATION else replace(one, value=1)
            for one in coding(**given)
        )

    return code


def unless_unanimous(**given: Any) -> tuple[Code, ...]:
    """Naive: withhold what everybody agrees on, to protect them."""

    def unanimous(subject: str) -> bool:
        return len({ballot.answers.get(subject) for ballot in given["ballots"]} - {None}) < 2

    return tuple(
        replace(one, value=None, people=None) if one.kind is Kind.LEVEL and unanimous(one.subject) else one
        for one in code_unit(**given)
    )


def differing(ground: Ground, coding: Coding) -> Figures:
    """A13: how many other ways of answering can be told from what is shown and withheld, the codes themselves aside."""
    runs = []
    for said in OTHERWISE:
        with company(ground) as stage:
            runs.append(live(stage, [said], masked(coding)))
    return [Figure(hits=sum(run != runs[0] for run in runs[1:]), of=len(runs) - 1, what="differ")]


def any_answers(weeks: int) -> list[Said]:
    """Weeks of all sorts of answers, in which the mood of a team falls."""
    chance = random.Random(14)
    found: list[Said] = []
    for number in range(weeks):
        week = {}
        for team, size in TEAMS.items():
            people = chance.randint(size // 2, size)
            fallen = team == "red" and number > 3
            given = [[1 if fallen else one for one in moods(chance, people)] for _ in range(4)]
            week[team] = [(answers, chance.choice(MOODS)) for answers in zip(*given, strict=True)]
        found.append(week)
    return found


class Ledger:
    """What a thief copies from the ledger, in the order in which it was written."""

    def __init__(self) -> None:
        self._codes: list[tuple[Code, ...]] = []

    def written(self, **given: Any) -> tuple[Code, ...]:
        """Work the codes out, and keep a copy."""
        self._codes.append(code_unit(**given))
        return self._codes[-1]

    def again(self) -> Coding:
        """Write the same codes, whatever was answered."""
        left = iter(self._codes)
        return lambda **_given: next(left)


class Counting:
    """Naive: tells how many answers there were, and how many of them low, where a digest is announced."""

    def __init__(self) -> None:
        self._told = ""

    def noticing(self, coding: Coding) -> Coding:
        """The same codes, and a look at the answers."""

        def code(**given: Any) -> tuple[Code, ...]:
            answers = [answer for ballot in given["ballots"] for answer in ballot.answers.values()]
            self._told = f"{len(answers)} answers, {sum(one < 3 for one in answers)} of them low"
            return coding(**given)

        return code

    def digest(self, *arguments: Any, **named: Any) -> Post:
        """Murmur's digest with these words."""
        post = digest_post(*arguments, **named)
        return replace(post, text=Mrkdwn(f"{post.text}: {self._told}"))


def exported(stage: Stage) -> list[str]:
    """Every line of both exports."""
    with stage.murmur.database.reading() as session:
        entries = in_order(everything(session, session.exec(select(Workspace.id)).one()))
    files = [line for file in release_files(entries) for line in f"{file.name}\n{file.text}".splitlines()]
    return [",".join(row) for row in rows(entries)] + files


def not_in_the_ledger(ground: Ground, weeks: int = WEEKS, counting: Counting | None = None) -> Figures:
    """A14: how much of all that was shown to anybody, or exported, cannot be had again from the ledger alone."""
    ledger, nobody = Ledger(), dict[str, list[Any]]()

    def shown(said: Sequence[Said], coding: Coding) -> set[str]:
        digest = counting.digest if counting else digest_post
        with company(ground) as stage, patch.object(messages, "digest_post", digest):
            seen = live(stage, said, counting.noticing(coding) if counting else coding)
            return {*seen, *exported(stage)}

    first = shown(any_answers(weeks), ledger.written)
    second = shown([nobody] * weeks, ledger.again())
    return [Figure(hits=len(first - second), of=len(first), what="shown")]


A13 = Attack(
    number=13,
    what="the same people answer otherwise: what is shown, withheld, said",
    passes_when="the same",
    naive=lambda ground: differing(ground, unless_unanimous),
    murmur=lambda ground: differing(ground, code_unit),
)

A14 = Attack(
    number=14,
    what="digests and Homes of all viewers, and exports, replayed from the ledger alone",
    passes_when="0 that differ",
    naive=lambda ground: not_in_the_ledger(ground, weeks=1, counting=Counting()),
    murmur=not_in_the_ledger,
)
