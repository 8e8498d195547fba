"""The detector, on teams whose truth is known."""

from dataclasses import replace
from datetime import date, timedelta
from statistics import mean, median

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from surveys.calibration import calibrate
from surveys.filtering import truncated_normal
from surveys.trends import SHIPPED, STANDING, Flag, Noise, Observation, Reading, follow, limit_for
from tests.support.teams import World, coded, exact, live

MONDAY = date(2025, 1, 6)


def team(means: list[float], *, n: float = 9, half_width: float = 0.0, days: int = 7) -> list[Observation]:
    """A team of nine whose rounds show these means, one item, so many days apart."""
    return [
        Observation(
            on=MONDAY + timedelta(days=days * i), lo=max(1, m - half_width), hi=min(5, m + half_width), n=n, roster=9
        )
        for i, m in enumerate(means)
    ]


def raised(readings: tuple[Reading, ...]) -> list[Flag]:
    """The flags in the order in which they were raised."""
    return [r.flag for r in readings if r.flag is not None and r.flag.raised_on == r.on]


bounds = st.tuples(st.floats(1, 5), st.floats(1, 5)).map(sorted)


@st.composite
def any_stream(draw: st.DrawFn) -> list[Observation]:
    """Rounds of any kind at all: wild means, bands of any width, gaps, turnover, items in any order."""
    on, stream = MONDAY, []
    for lo, hi in draw(st.lists(st.one_of(bounds, st.floats(1, 5).map(lambda m: [m, m])), max_size=14)):
        on += timedelta(days=draw(st.integers(1, 400)))
        roster = draw(st.integers(1, 300))
        stream.append(
            Observation(
                on=on,
                lo=lo,
                hi=hi,
                n=draw(st.floats(1, roster)),
                roster=roster,
                replaced=draw(st.integers(0, roster + 3)),
                item=draw(st.sampled_from([None, "a", "b", "c"])),
            )
        )
    return stream


@given(stream=any_stream(), cut=st.integers(0, 14))
@settings(max_examples=60, deadline=None)
def test_what_was_said_never_depends_on_what_came_later(stream: list[Observation], cut: int) -> None:
    assert follow(stream[:cut], limit=5) == follow(stream, limit=5)[:cut]


@given(stream=any_stream(), limits=st.lists(st.floats(1.01, 1e3), min_size=14, max_size=14), cut=st.integers(0, 14))
@settings(max_examples=60, deadline=None)
def test_what_was_said_never_depends_on_the_limits_of_later_rounds(
    stream: list[Observation], limits: list[float], cut: int
) -> None:
    readings = follow(stream, limit=limits[: len(stream)])
    others = [*limits[:cut], *(2 * limit for limit in limits[cut:])][: len(stream)]
    assert follow(stream, limit=others)[:cut] == readings[:cut]


@given(stream=any_stream(), limit=st.floats(1.01, 1e3))
@settings(max_examples=30, deadline=None)
def test_one_limit_for_all_is_the_same_one_for_each(stream: list[Observation], limit: float) -> None:
    assert follow(stream, limit=[limit] * len(stream)) == follow(stream, limit=limit)


def test_each_observation_is_judged_by_its_own_limit() -> None:
    stream = team([3.5] * 10 + [2.8] * 10)
    first = raised(follow(stream, limit=104))[0].raised_on
    deaf = [1e12 if one.on <= first else 104 for one in stream]
    (later,) = raised(follow(stream, limit=deaf))
    assert later.raised_on > first
    assert not raised(follow(stream, limit=[1e12] * len(stream)))


def test_what_is_not_told_raises_no_flag_but_is_known() -> None:
    stream = team([3.5] * 20 + [2.0] * 20)
    assert raised(follow(stream, limit=104))
    readings = follow(stream, limit=104, untold=30)
    assert [reading.on for reading in readings] == [one.on for one in stream[30:]]
    assert all(reading.flag is None and not reading.recovered for reading in readings)
    # It knows from the weeks before how things stood: without them, nothing has changed.
    assert raised(follow(stream, limit=104, untold=20))
    assert not raised(follow(stream[20:], limit=104))


def test_what_was_said_never_depends_on_what_came_later_over_two_years() -> None:
    stream = coded(live(World(weeks=110, items=5, drop=0.8), np.random.default_rng(7)))
    readings = follow(stream, limit=30)
    assert raised(readings)
    for cut in (1, 20, 45, 53, 60, 90):
        assert follow(stream[:cut], limit=30) == readings[:cut]


@given(stream=any_stream(), limit=st.floats(1.01, 1e6))
@example(stream=team([1, 5] * 30), limit=1.01)
@example(stream=team([1, 5] * 30, half_width=1e-9, n=300), limit=100)
@example(stream=team([1.2, 4.8] * 30, half_width=0.3, n=1e6), limit=100)
@example(stream=team([3] * 10, half_width=2), limit=2)
@settings(max_examples=150, deadline=None)
def test_levels_are_finite_and_inside_their_interval_whatever_is_observed(
    stream: list[Observation], limit: float
) -> None:
    for reading in follow(stream, limit=limit):
        assert 1 <= reading.lo90 <= reading.level <= reading.hi90 <= 5
        assert reading.flag is None or np.isfinite(reading.flag.evidence)


@given(stream=any_stream())
@settings(max_examples=60, deadline=None)
def test_a_flag_begins_before_it_is_raised_and_stands_at_most_twelve_weeks(stream: list[Observation]) -> None:
    for reading in follow(stream, limit=1.5):
        if reading.flag is not None:
            assert reading.flag.since <= reading.flag.raised_on <= reading.on < reading.flag.raised_on + STANDING
            assert not reading.recovered


def test_names_of_items_change_nothing() -> None:
    stream = exact(live(World(weeks=80, items=3, drop=0.6), np.random.default_rng(3)))
    other = {"item 0": "z", "item 1": "m", "item 2": "a"}
    renamed = [replace(o, item=other[o.item or ""]) for o in stream]
    assert follow(renamed, limit=50) == follow(stream, limit=50)


def test_a_calm_team_that_never_moves_is_never_flagged() -> None:
    for width in (0.0, 0.25):
        readings = follow(team([3.4, 3.6] * 60, half_width=width), limit=20)
        assert not raised(readings)
        assert not any(r.recovered for r in readings)


def test_an_improvement_is_not_a_flag() -> None:
    assert not raised(follow(team([2.6, 2.8] * 20 + [3.6, 3.8] * 20), limit=104))


def test_half_a_point_in_a_team_of_nine_is_flagged_within_weeks_and_dated_near_its_start() -> None:
    rng = np.random.default_rng(11)
    delays, errors = [], []
    for _ in range(40):
        weeks = live(World(people=9, weeks=90, drop=0.5, drop_week=38), rng)
        flags = raised(follow(exact(weeks), limit=104))
        assert flags
        if flags[0].raised_on < weeks[38].on:
            continue  # chance raised one before: not what is measured here
        delays.append((flags[0].raised_on - weeks[38].on).days / 7 + 1)
        errors.append(abs((flags[0].since - weeks[38].on).days / 7))
    assert mean(delays) < 5.5
    assert median(errors) <= 2


def test_codes_flag_a_little_later_than_exact_answers_but_they_do() -> None:
    rng = np.random.default_rng(12)
    delays: dict[str, list[float]] = {"exact": [], "coded": []}
    for _ in range(40):
        weeks = live(World(people=9, weeks=90, items=5, drop=0.5, drop_week=38), rng)
        for name, observed in (("exact", exact(weeks)), ("coded", coded(weeks))):
            flags = raised(follow(observed, limit=104))
            if not flags or flags[0].raised_on >= weeks[38].on:  # else chance raised one before
                delays[name].append((flags[0].raised_on - weeks[38].on).days / 7 + 1 if flags else 52)
    assert mean(delays["exact"]) < mean(delays["coded"]) < 7


@pytest.mark.parametrize("codes", [False, True])
def test_chance_raises_about_as_many_flags_as_promised(codes: bool) -> None:
    rng = np.random.default_rng(13)
    flags = observations = 0
    for _ in range(20):
        weeks = live(World(people=9, weeks=250, items=5 if codes else 1), rng)
        stream = coded(weeks) if codes else exact(weeks)
        flags += len(raised(follow(stream, limit=40)))
        observations += len(stream)
    assert 0.7 < flags / observations * 40 < 1.35  # about 120 flags: the bounds are three standard errors off 1


def test_the_interval_holds_the_true_level_nine_times_in_ten() -> None:
    rng = np.random.default_rng(14)
    held = []
    for _ in range(25):
        weeks = live(World(people=9, weeks=100), rng)
        truth = {week.on: week.truth for week in weeks}
        held += [r.lo90 <= truth[r.on] <= r.hi90 for r in follow(exact(weeks), limit=104)]
    assert 0.87 < mean(held) < 0.94


def test_a_band_leaves_a_wider_interval_than_an_exact_mean() -> None:
    known, banded = (follow(team([3.5] * 20, half_width=w), limit=104)[-1] for w in (0.0, 0.25))
    assert banded.hi90 - banded.lo90 > known.hi90 - known.lo90


def test_a_first_observation_says_little() -> None:
    first = follow(team([2.0]), limit=104)[0]
    assert first.flag is None
    assert first.hi90 - first.lo90 > 0.8


def test_recovery_ends_a_flag_and_says_so_once() -> None:
    readings = follow(team([3.6, 3.4] * 20 + [2.6, 2.4] * 3 + [3.6, 3.4] * 6), limit=104)
    (flag,) = raised(readings)
    (recovery,) = (r for r in readings if r.recovered)
    assert flag.since == MONDAY + timedelta(weeks=40)
    assert MONDAY + timedelta(weeks=46) <= recovery.on < flag.raised_on + STANDING
    assert all(r.flag == flag for r in readings if flag.raised_on <= r.on < recovery.on)
    assert all(r.flag is None for r in readings if r.on >= recovery.on)


def test_a_flag_without_recovery_stands_for_twelve_weeks_and_then_goes_quietly() -> None:
    readings = follow(team([3.6, 3.4] * 20 + [2.6, 2.4] * 15), limit=104)
    assert len(raised(readings)) == 1
    assert sum(r.flag is not None for r in readings) == 12
    assert not any(r.recovered for r in readings)
    assert readings[-1].flag is None


def test_the_ends_of_the_calendar_are_days_like_any_other() -> None:
    stream = team([3.6, 3.4] * 20 + [2.6, 2.4] * 3)
    for offset in (date.min - stream[0].on, date.max - stream[-1].on):
        moved = [replace(one, on=one.on + offset) for one in stream]
        noises = [calibrate([moved]).noise(one.on) for one in moved]
        assert raised(follow(moved, limit=104, noise=noises))


def test_a_second_fall_raises_a_second_flag() -> None:
    readings = follow(team([4.1, 3.9] * 20 + [3.1, 2.9] * 5 + [2.1, 1.9] * 5), limit=104)
    first, second = raised(readings)
    assert first.since < second.since


def test_the_level_follows_a_fall_within_five_rounds() -> None:
    readings = follow(team([4.0] * 40 + [3.0] * 5), limit=1e9)
    assert readings[-1].level == pytest.approx(3.0, abs=0.15)


def test_weeks_without_a_figure_are_no_obstacle() -> None:
    stream = team([3.6, 3.4] * 20 + [2.5] * 12)
    gaps = [o for i, o in enumerate(stream) if i % 3 and not 10 < i < 18]
    assert raised(follow(gaps, limit=104))[0].since >= stream[39].on


def test_a_harder_item_is_not_a_fall() -> None:
    easy, hard = team([3.9] * 45), team([2.9] * 45)
    stream = [replace((hard if i % 3 == 0 else easy)[i], item="hard" if i % 3 == 0 else "easy") for i in range(45)]
    assert not raised(follow(stream, limit=30))


def test_new_faces_make_a_fall_less_surprising() -> None:
    stream = team([3.6, 3.4] * 20 + [2.9, 2.8])
    changed = [*stream[:40], replace(stream[40], replaced=8), stream[41]]
    (same,), (other,) = (raised(follow(observed, limit=30)) for observed in (stream, changed))
    assert same.raised_on < other.raised_on


def test_a_restless_organisation_needs_more_evidence() -> None:
    stream = team([3.6, 3.4] * 20 + [2.8] * 3)
    assert raised(follow(stream, limit=104))
    assert not raised(follow(stream, limit=104, noise=replace(SHIPPED, week=0.3)))


def test_noise_may_be_given_as_it_was_known_at_each_observation() -> None:
    stream = team([3.6, 3.4] * 20 + [2.8] * 3)
    noises = [SHIPPED] * 30 + [Noise(week=0.3)] * 13
    readings = follow(stream, limit=104, noise=noises)
    assert readings[:30] == follow(stream[:30], limit=104)
    assert not raised(readings)


@pytest.mark.parametrize(("evidence", "word"), [(0.1, "some"), (0.8, "strong"), (3.0, "very strong")])
def test_evidence_has_a_word(evidence: float, word: str) -> None:
    assert Flag(raised_on=MONDAY, since=MONDAY, evidence=evidence).strength == word


def test_the_limit_keeps_the_promise_to_a_manager() -> None:
    assert limit_for([(1, 5)]) == 130
    assert limit_for([(1, 5)] * 3) == 390
    assert limit_for([(0.5, 5)]) == 65
    assert limit_for([(1, 5)], flags_allowed=2) == 65


def test_nothing_observed_is_nothing_said() -> None:
    assert follow([], limit=104) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"lo": 3.5, "hi": 3.0},
        {"lo": 0.5},
        {"hi": 5.5},
        {"lo": float("nan")},
        {"n": 0},
        {"roster": 0},
        {"replaced": -1},
        {"on": MONDAY},
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, float]) -> None:
    stream = team([3.0, 3.0], half_width=0.1)
    with pytest.raises(ValueError, match=r"order of time|Bounds|needs answers"):
        follow([stream[0], replace(stream[1], **wrong)], limit=104)  # type: ignore[arg-type]


def test_a_limit_of_one_and_noises_that_do_not_match_are_refused() -> None:
    with pytest.raises(ValueError, match="limit"):
        follow(team([3.0]), limit=1)
    with pytest.raises(ValueError, match="noise"):
        follow(team([3.0]), limit=104, noise=[])
    with pytest.raises(ValueError, match="limit"):
        follow(team([3.0, 3.0]), limit=[104, 0.5])
    with pytest.raises(ValueError, match="limit"):
        follow(team([3.0, 3.0]), limit=[104])


@given(low=st.floats(-60, 60), width=st.floats(1e-9, 60))
def test_moments_of_a_cut_normal_stay_inside_the_cut(low: float, width: float) -> None:
    log_p, centre, variance = truncated_normal(np.array([low]), np.array([low + width]))
    assert np.isfinite(log_p).all()
    assert log_p[0] <= 1e-12
    assert low - 1e-9 <= centre[0] <= low + width + 1e-9
    assert 0 <= variance[0] <= 1


def test_moments_of_a_cut_normal_agree_with_integration() -> None:
    for low, high in ((-1.0, 0.5), (2.0, 2.4), (-np.inf, -3.0), (4.0, np.inf), (0.1, 0.1005)):
        z = np.linspace(max(low, -12), min(high, 12), 200_001)
        density = np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi)
        p = np.trapezoid(density, z)
        centre = np.trapezoid(z * density, z) / p
        got = [float(x[0]) for x in truncated_normal(np.array([low]), np.array([high]))]
        assert got[0] == pytest.approx(np.log(p), abs=1e-5)
        assert got[1] == pytest.approx(centre, abs=1e-5)
        assert got[2] == pytest.approx(np.trapezoid((z - centre) ** 2 * density, z) / p, rel=1e-3)
