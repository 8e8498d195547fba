"""What an organisation's own rounds teach about its noise."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from surveys.calibration import calibrate, within_of
from surveys.noise import SHIPPED, room, room_of, within_variance
from surveys.trends import Observation
from tests.support.teams import World, coded, exact, live

LATER = date(2030, 1, 1)


def organisation(world: World, *, teams: int = 12, seed: int = 5) -> list[list[Observation]]:
    rng = np.random.default_rng(seed)
    return [exact(live(world, rng)) for _ in range(teams)]


def test_without_rounds_the_shipped_noise_is_nearly_what_is_believed() -> None:
    noise = calibrate([]).noise(LATER)
    assert noise.week == pytest.approx(SHIPPED.week, abs=0.008)
    assert noise.within == pytest.approx(SHIPPED.within)


def test_restless_weeks_are_learned() -> None:
    calm, restless = (
        calibrate(organisation(World(people=15, weeks=50, week_sd=sd))).noise(LATER).week for sd in (0.1, 0.2)
    )
    assert calm < 0.018 < 0.025 < restless


def test_moods_that_last_are_learned() -> None:
    world = World(people=40, weeks=60, week_sd=0.15)
    brief, lasting = (calibrate(organisation(replace(world, week_memory=m))).noise(LATER).memory for m in (0.0, 0.6))
    assert brief < 0.1
    assert lasting > 0.4


def test_how_much_people_differ_is_learned_from_codes_too() -> None:
    rng = np.random.default_rng(6)
    alike, unlike = (
        calibrate([coded(live(World(weeks=60, correlation=c), rng)) for _ in range(20)]).noise(LATER)
        for c in (0.35, 0.75)
    )
    assert alike.people / alike.within < unlike.people / unlike.within - 0.1


def test_a_fall_in_every_team_is_not_taken_for_noise_for_long() -> None:
    fallen = calibrate(organisation(World(people=9, weeks=80, drop=0.5, drop_week=30))).noise(LATER)
    assert fallen.week < 0.03


def test_only_the_days_before_count() -> None:
    streams = organisation(World(people=15, weeks=40, week_sd=0.25), teams=6)
    until = streams[0][20].on
    cut = [[o for o in stream if o.on < until] for stream in streams]
    assert calibrate(cut).noise(until) == calibrate(streams).noise(until)
    assert calibrate(streams).noise(until) != calibrate(streams).noise(until + timedelta(days=1))


def test_a_change_under_way_is_not_taken_for_noise() -> None:
    calm, fallen = (organisation(World(weeks=38, drop=drop, drop_week=31), seed=9) for drop in (0.0, 1.0))
    assert calm != fallen
    now = calm[0][-1].on
    assert calibrate(fallen).noise(now) == calibrate(calm).noise(now)
    assert calibrate(fallen).noise(now + timedelta(weeks=8)) != calibrate(calm).noise(now + timedelta(weeks=8))


def test_the_order_of_streams_changes_nothing() -> None:
    streams = organisation(World(weeks=30), teams=7)
    assert calibrate(streams[::-1]).noise(LATER) == calibrate(streams).noise(LATER)


def test_the_variance_of_an_answer_is_pooled_inside_teams_and_put_at_the_middle_of_the_scale() -> None:
    low, high = [1, 2, 3, 2, 2, 2], [3, 4, 5, 4, 4, 4]
    assert within_variance([[low], [high], [low], [high]]) is None  # too few units
    assert within_variance([[low, high, low, high, low]] * 4) is None  # more questions make no more units
    assert within_variance([[low[:4]]] * 5) is None  # too few answers
    assert within_variance([[[3]] * 10] * 5) is None  # nothing varies in a group of one
    assert within_variance([[low], [high]] * 3) == pytest.approx(0.4 / room_of(2.0, 6))
    assert within_variance([[low, high]] * 5) == pytest.approx(0.4 / room_of(2.0, 6))
    assert within_variance([[[5, 5, 5, 5, 5, 5]]] * 6) == 0


def test_a_known_variance_of_answers_is_used() -> None:
    noise = calibrate([], within=lambda _: 0.8).noise(LATER)
    assert noise.within == pytest.approx(0.8)


def test_the_variance_known_on_a_day_is_the_mean_of_the_rounds_before_and_the_shipped_one() -> None:
    first, second = date(2026, 3, 6), date(2026, 3, 13)
    within = within_of([(second, 1.4), (first, 0.8)])
    assert within(first) == SHIPPED.within
    assert within(second) == pytest.approx((SHIPPED.within + 0.8) / 2)
    assert within(LATER) == pytest.approx((SHIPPED.within + 0.8 + 1.4) / 3)
    assert within(second) == within_of([(first, 0.8)])(second)  # whatever came later
    assert within_of([])(LATER) == SHIPPED.within


@pytest.mark.parametrize("n", [4, 9])
def test_the_variance_of_an_answer_is_the_same_however_few_answer(n: int) -> None:
    rng = np.random.default_rng(8)
    pressed = np.clip(np.rint(3.2 + rng.standard_normal((12_000, n))), 1, 5).astype(int)
    assert within_variance([group] for group in pressed.tolist()) == pytest.approx(
        pressed.var() / room(pressed.mean()), rel=0.01
    )
