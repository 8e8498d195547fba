"""The feelings of simulated people: the same for the same seed, spread as they say, moved as was fixed."""

from dataclasses import replace
from statistics import fmean, pstdev

import pytest

from bot.demo.company import WEEKS, lantern_labs
from bot.demo.moods import EFFECTS, Effect, Moods, read_moods, relief
from surveys.questions import Item, answers_of, bank, is_comment
from surveys.scoring import oriented

BURNOUT = bank()["burnout.drained"]
AUTONOMY = bank()["autonomy.approvals"]
PEOPLE = [f"U{number}" for number in range(200)]

MOODS = read_moods(2026)


def mean(moods: Moods, team: str, week: int, item: Item = BURNOUT) -> float:
    """What a very large team answers on average, higher being better."""
    return fmean(oriented(item, moods.answers(who, team, week, [item])[item.id]) for who in PEOPLE)


def test_the_same_seed_gives_the_same_answers_in_any_order() -> None:
    once = [MOODS.answers(who, "Vision", 3, [BURNOUT, AUTONOMY]) for who in PEOPLE]
    again = [read_moods(2026).answers(who, "Vision", 3, [AUTONOMY, BURNOUT]) for who in reversed(PEOPLE)]
    assert once == again[::-1]


def test_another_seed_gives_other_answers() -> None:
    once = [MOODS.answers(who, "Vision", 3, [BURNOUT]) for who in PEOPLE]
    assert once != [read_moods(7).answers(who, "Vision", 3, [BURNOUT]) for who in PEOPLE]


def test_every_question_is_answered_with_one_of_its_labels() -> None:
    for item in (item for item in bank().values() if not is_comment(item)):
        pressed = {MOODS.answers(who, "Tools", 5, [item])[item.id] for who in PEOPLE}
        assert pressed <= set(range(1, len(answers_of(item)) + 1))


def test_one_answer_varies_by_about_a_point() -> None:
    felt = [MOODS.answers(who, "Data", 2, [AUTONOMY])[AUTONOMY.id] for who in PEOPLE]
    assert 0.75 < pstdev(felt) < 1.15


def test_most_people_answer_in_most_weeks() -> None:
    took_part = fmean(MOODS.takes_part(who, week) for who in PEOPLE for week in range(1, WEEKS + 1))
    assert took_part == pytest.approx(0.8, abs=0.02)


@pytest.mark.parametrize(
    ("team", "item", "before", "after"),
    [("Vision", BURNOUT, 8, 12), ("Training", AUTONOMY, 9, 10), ("Serving", BURNOUT, 3, 5)],
)
def test_teams_get_worse_by_about_a_point_when_it_was_fixed(team: str, item: Item, before: int, after: int) -> None:
    assert mean(MOODS, team, before, item) - mean(MOODS, team, after, item) == pytest.approx(0.9, abs=0.3)


def test_serving_recovers() -> None:
    assert mean(MOODS, "Serving", 11) - mean(MOODS, "Serving", 8) == pytest.approx(0.9, abs=0.3)


def test_everybody_else_is_steady_to_the_end() -> None:
    touched = {(effect.team, effect.driver) for effect in EFFECTS}
    assert touched == {("Vision", "burnout"), ("Training", "autonomy"), ("Serving", "burnout")}
    for team in lantern_labs().teams:
        for item in (BURNOUT, AUTONOMY):
            weeks = [mean(MOODS, team.name, week, item) for week in range(1, WEEKS + 1)]
            early, late = fmean(weeks[:3]), fmean(weeks[-4:])
            if (team.name, item.driver) in touched - {("Serving", "burnout")}:
                assert early - late > 0.6, (team.name, item.driver)
            else:  # Serving has recovered
                assert abs(early - late) < 0.25, (team.name, item.driver)


@pytest.mark.parametrize("driver", ["burnout", "autonomy"])
def test_the_level_of_whom_nothing_happens_to_moves_by_weeks_alone(driver: str) -> None:
    touched = {(effect.team, effect.driver) for effect in EFFECTS}
    left_alone = [team.name for team in lantern_labs().teams if (team.name, driver) not in touched]
    assert len(left_alone) >= 6
    for team in left_alone:
        levels = [MOODS.level(team, driver, week) for week in range(1, WEEKS + 1)]
        assert levels == [replace(MOODS, effects=()).level(team, driver, week) for week in range(1, WEEKS + 1)]
        assert pstdev(levels) < 0.2


def test_an_effect_arrives_evenly_and_lasts() -> None:
    effect = Effect(team="Vision", driver="burnout", points=-1.0, from_week=9, until_week=12)
    assert [effect.by(week) for week in (1, 8, 9, 10, 11, 12, 13, 99)] == [0, 0, -0.25, -0.5, -0.75, -1, -1, -1]
    step = Effect(team="Training", driver="autonomy", points=-1.0, from_week=10, until_week=10)
    assert [step.by(week) for week in (9, 10, 11)] == [0, -1, -1]


def test_a_promise_makes_things_better_over_the_four_weeks_after_it() -> None:
    promised = MOODS.with_relief(18)
    assert [relief(18).by(week) for week in (18, 19, 20, 21, 22, 30)] == [0, 0.25, 0.5, 0.75, 1, 1]
    assert promised.level("Vision", "burnout", 18) == MOODS.level("Vision", "burnout", 18)
    assert promised.level("Vision", "burnout", 22) == pytest.approx(MOODS.level("Vision", "burnout", 22) + 1)
    assert promised.level("Vision", "autonomy", 22) == MOODS.level("Vision", "autonomy", 22)


def test_some_write_a_comment_that_fits_how_they_answer() -> None:
    items = [BURNOUT, AUTONOMY]
    good, bad = ({item.id: 1 if item.reverse is good else 5 for item in items} for good in (True, False))
    kinds = {
        kind: {remark for who in PEOPLE if (remark := MOODS.remark(who, 4, items, answers))}
        for kind, answers in (("high", good), ("low", bad))
    }
    assert kinds["high"] <= set(MOODS.remarks["high"])
    assert kinds["low"] <= set(MOODS.remarks["low"])
    wrote = [MOODS.remark(who, week, items, good) != "" for who in PEOPLE for week in range(1, 11)]
    assert fmean(wrote) == pytest.approx(0.2, abs=0.03)
