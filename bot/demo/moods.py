"""How simulated people feel, and what they answer: made up, and fixed before the detector was first run on it.

Everybody has a lasting opinion, every team its own level, every week its mood, every question its difficulty;
whoever takes part presses the label nearest to what they feel. The spreads are those of the made-up teams on
which the detector's promise is tested, and nothing of the detector's own model is used. What happens to a team
besides is in EFFECTS. Each figure is drawn from a seed and what it is about, so it does not matter in which
order people answer, or who else does.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib import resources
from typing import Final

import yaml

from surveys.questions import Item, answers_of, is_comment

SEED: Final = 2026
ANSWERING: Final = 0.8  # chance that somebody answers in a week
REMARKING: Final = 0.2  # chance that whoever answers writes a comment too

# Points of the 1..5 scale. Within a team one answer has a standard deviation of 1, half of its variance lasting.
_USUAL_LEVEL: Final = 3.3
_OF_TEAMS: Final = 0.35
_OF_PEOPLE: Final = 0.5  # of a person's opinion of everything, and again of theirs of one driver
_OF_A_WEEK: Final = 0.1
_OF_QUESTIONS: Final = 0.4
_OF_TEAM_AND_QUESTION: Final = 0.15
_PASSING: Final = 0.5**0.5

_AT_ONCE: Final = 0.7  # share of the answers that come soon after the invitation; the others follow the reminder
_SOON: Final = timedelta(minutes=75)
_UNTIL_REMINDED: Final = timedelta(hours=48)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Something that makes a driver of a team better or worse, evenly over some weeks, and lasts."""

    team: str
    driver: str
    points: float  # once all of it has arrived; below zero it is worse
    from_week: int  # the first week that differs; the first of all is 1
    until_week: int  # the week in which all of it has arrived

    def by(self, week: int) -> float:
        """The points that have arrived in a week."""
        arrived = (week - self.from_week + 1) / (self.until_week - self.from_week + 1)
        return self.points * min(max(arrived, 0.0), 1.0)


EFFECTS: Final = (
    Effect(team="Vision", driver="burnout", points=-1.0, from_week=9, until_week=12),
    Effect(team="Training", driver="autonomy", points=-1.0, from_week=10, until_week=10),
    Effect(team="Serving", driver="burnout", points=-1.0, from_week=4, until_week=5),
    Effect(team="Serving", driver="burnout", points=1.0, from_week=9, until_week=11),
)
"""What happens at Lantern Labs. One point is about one standard deviation of answers; all else is steady."""

PROMISED_TO: Final = "Vision"
"""The team whose mood goes by what its manager promises."""


def relief(week: int) -> Effect:
    """What a promise that was made in a week does: over the four weeks after it, things get better."""
    return Effect(team=PROMISED_TO, driver="burnout", points=1.0, from_week=week + 1, until_week=week + 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moods:
    """The simulated feelings of everybody, at all times."""

    seed: int = SEED
    effects: Sequence[Effect] = EFFECTS
    remarks: Mapping[str, Sequence[str]]  # what people write when they feel "low", "middling" or "high"

    def with_relief(self, week: int) -> "Moods":
        """The same, but with a promise made in this week."""
        return replace(self, effects=(*self.effects, relief(week)))

    def takes_part(self, who: str, week: int) -> bool:
        """Whether somebody answers in a week."""
        return self._random("takes part", who, week).random() < ANSWERING

    def waits(self, who: str, week: int) -> timedelta:
        """How long after the invitation somebody answers."""
        rng = self._random("waits", who, week)
        start = timedelta() if rng.random() < _AT_ONCE else _UNTIL_REMINDED
        return start + timedelta(minutes=2) + rng.expovariate(1) * _SOON

    def level(self, team: str, driver: str, week: int) -> float:
        """How a team is in a week, in points, before anybody's own opinion."""
        usual = _USUAL_LEVEL + _OF_TEAMS * self._normal("team", team, driver)
        happened = sum(e.by(week) for e in self.effects if (e.team, e.driver) == (team, driver))
        return usual + happened + _OF_A_WEEK * self._normal("week", team, driver, week)

    def answers(self, who: str, team: str, week: int, items: Sequence[Item]) -> dict[str, int]:
        """What somebody presses, by item id: 1 is the first label."""
        return {item.id: self._pressed(who, team, week, item) for item in items if not is_comment(item)}

    def remark(self, who: str, week: int, items: Sequence[Item], answers: Mapping[str, int]) -> str:
        """The comment that goes with somebody's answers; mostly none."""
        rng = self._random("remark", who, week)
        if rng.random() >= REMARKING or not items:
            return ""
        items = [item for item in items if item.id in answers]
        good = sum(_turned(item, answers[item.id]) / len(answers_of(item)) for item in items) / len(items)
        kind = "low" if good < 0.55 else "high" if good > 0.75 else "middling"
        return rng.choice(self.remarks[kind])

    def _pressed(self, who: str, team: str, week: int, item: Item) -> int:
        opinion = _OF_PEOPLE * (self._normal("person", who) + self._normal("person", who, item.driver))
        question = _OF_QUESTIONS * self._normal("item", item.id)
        question += _OF_TEAM_AND_QUESTION * self._normal("item", item.id, team)
        passing = _PASSING * self._normal("passing", who, item.id, week)
        felt = self.level(team, item.driver, week) + opinion + question + passing
        return _turned(item, min(max(round(felt), 1), len(answers_of(item))))

    def _normal(self, *about: object) -> float:
        return self._random(*about).gauss(0, 1)

    def _random(self, *about: object) -> random.Random:
        return random.Random("/".join(map(str, (self.seed, *about))))  # noqa: S311 - a simulation


def read_moods(seed: int = SEED) -> Moods:
    """The feelings of Lantern Labs."""
    text = resources.files("bot.demo").joinpath("remarks.yaml").read_text(encoding="utf-8")
    return Moods(seed=seed, remarks=yaml.safe_load(text))


def _turned(item: Item, answer: int) -> int:
    """From what is felt, higher being better, to what is pressed, and back."""
    return len(answers_of(item)) + 1 - answer if item.reverse else answer
