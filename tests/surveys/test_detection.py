"""The detector over a table of teams."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.answers import Row
from surveys.calibration import calibrate
from surveys.detection import Flagged, detect, own_within
from surveys.noise import SHIPPED
from surveys.trends import follow
from tests.support.teams import Week, World, coded, exact, live

FRIDAY = date(2024, 1, 5)


def rows_of(weeks: Sequence[Week], *, team: str = "a", driver: str = "d", codes: bool = False) -> list[Row]:
    """What a team lived through, as rows of the table."""
    known = {o.on: o for o in (coded(weeks) if codes else exact(weeks, min_n=1))}
    rows = []
    for week in weeks:
        seen = known.get(week.on)
        answers = np.array(week.answers)
        rows.append(
            Row(
                on=week.on,
                team=team,
                driver=driver,
                roster=week.roster,
                replaced=week.replaced,
                n=seen.n if seen else 0,
                lo=seen.lo if seen else None,
                hi=seen.hi if seen else None,
                item=week.item,
                squares=float(((answers - answers.mean()) ** 2).sum()) if seen and not codes else None,
            )
        )
    return rows


def company(*, seed: int, teams: int = 7, weeks: int = 45, codes: bool = False) -> list[Row]:
    """Teams of which some fall, with people who come and go."""
    rng = np.random.default_rng(seed)
    rows = []
    for index in range(teams):
        world = World(people=6 + index, weeks=weeks, items=1 + index % 3, turnover=0.05, drop=index % 2, drop_week=25)
        rows += rows_of(live(world, rng), team=f"team {index // 2}", driver=f"driver {index % 2}", codes=codes)
    return rows


COMPANIES = [company(seed=5), company(seed=6, codes=True)]
FOUND = [detect(rows, arl=20) for rows in COMPANIES]
companies = st.sampled_from([0, 1])


def test_the_examples_are_flagged_here_and_there() -> None:
    for found in FOUND:
        streams = {(one.team, one.driver) for one in found}
        assert 2 <= len(streams) <= 7
        assert found == sorted(found, key=lambda one: (one.week, one.team, one.driver))


@given(which=companies, order=st.randoms(use_true_random=False))
@settings(max_examples=8)
def test_the_order_of_rows_changes_nothing(which: int, order: Random) -> None:
    rows = list(COMPANIES[which])
    order.shuffle(rows)
    assert detect(rows, arl=20) == FOUND[which]


@given(which=companies, cut=st.integers(1, 44))
@settings(max_examples=8)
def test_what_is_said_of_a_week_rests_on_no_later_one(which: int, cut: int) -> None:
    last = FRIDAY + timedelta(weeks=cut)
    known = [row for row in COMPANIES[which] if row.on <= last]
    assert detect(known, arl=20) == [one for one in FOUND[which] if one.week <= last]


@given(which=companies, names=st.permutations(range(7)))
@settings(max_examples=8)
def test_names_change_nothing(which: int, names: list[int]) -> None:
    def new(name: str) -> str:
        return f"{name[:2]}{names[int(name[-1])]}"

    renamed = [
        replace(row, team=new(row.team), driver=new(row.driver), item=new(row.item) if row.item else None)
        for row in COMPANIES[which]
    ]
    expected = [replace(one, team=new(one.team), driver=new(one.driver)) for one in FOUND[which]]
    assert set(detect(renamed, arl=20)) == set(expected)


def test_however_the_work_is_spread_nothing_changes() -> None:
    backwards: list[int] = []

    def spread(work: Callable, chunks: Sequence) -> list:  # type: ignore[type-arg]
        backwards.append(len(chunks))
        return [work(chunk) for chunk in chunks[::-1]]

    many = [replace(row, team=f"{row.team} {copy}") for copy in range(4) for row in COMPANIES[0]]
    assert detect(many, arl=20, spread=spread) == detect(many, arl=20)
    assert min(backwards) > 1


def test_flags_are_those_of_the_detector_with_the_noise_of_all_streams() -> None:
    rows = COMPANIES[0]
    streams: dict[tuple[str, str], list[Week]] = {}
    rng = np.random.default_rng(5)
    for index in range(7):
        world = World(people=6 + index, weeks=45, items=1 + index % 3, turnover=0.05, drop=index % 2, drop_week=25)
        streams[f"team {index // 2}", f"driver {index % 2}"] = live(world, rng)
    alone = {key: rows_of(weeks, team="x") for key, weeks in streams.items()}
    assert sum(map(len, alone.values())) == len(rows)
    # No driver is skipped in this table, so each stream's own count of who is new is all there is to know.
    observed = {key: exact(weeks) for key, weeks in streams.items()}
    calibration = calibrate(observed.values(), within=own_within(row for row in rows if row.n >= 4))
    expected = []
    for (team, driver), stream in observed.items():
        noises = [calibration.noise(o.on) for o in stream]
        for reading in follow(stream, limit=20, noise=noises):
            if reading.flag:
                level, lo90, hi90 = reading.level, reading.lo90, reading.hi90
                expected.append(
                    Flagged(
                        week=reading.on,
                        team=team,
                        driver=driver,
                        since=reading.flag.since,
                        level=level,
                        lo90=lo90,
                        hi90=hi90,
                    )
                )
    assert FOUND[0] == sorted(expected, key=lambda one: (one.week, one.team, one.driver))


def calm(weeks: int, mean: float = 3.5, *, team: str = "a", driver: str = "d", **further: object) -> list[Row]:
    plain = Row(on=FRIDAY, team=team, driver=driver, roster=9, replaced=0, n=7, lo=mean, hi=mean)
    return [replace(plain, on=FRIDAY + timedelta(weeks=i), **further) for i in range(weeks)]  # type: ignore[arg-type]


def fallen(rows: list[Row], since: int, by: float = 0.9, **further: object) -> list[Row]:
    return [
        replace(row, lo=(row.lo or 0) - by, hi=(row.hi or 0) - by, **further) if i >= since else row  # type: ignore[arg-type]
        for i, row in enumerate(rows)
    ]


def test_a_flag_stands_for_twelve_weeks_with_one_since() -> None:
    found = detect(fallen(calm(60), 30))
    assert len(found) == 12
    assert {one.since for one in found} == {FRIDAY + timedelta(weeks=30)}
    assert all(1 <= one.lo90 <= one.level <= one.hi90 <= 5 for one in found)


def test_weeks_with_too_few_answers_count_for_nothing() -> None:
    assert detect(fallen(calm(40), 30, n=3)) == []
    assert detect(fallen(calm(40), 30, n=3), min_n=3) != []


def test_people_who_came_in_weeks_that_do_not_count_are_still_new() -> None:
    rows = fallen(calm(33), 31, by=0.75)
    known = rows[:30] + rows[31:]
    hidden = [*rows[:30], replace(rows[30], replaced=8, n=2, lo=None, hi=None), *rows[31:]]
    another = [*known, replace(rows[30], driver="other", replaced=8, n=2)]
    told = [*rows[:30], replace(rows[31], replaced=8), rows[32]]
    assert detect(known, arl=20)
    assert detect(hidden, arl=20) == detect(told, arl=20) == detect(another, arl=20) != detect(known, arl=20)


def test_two_items_in_a_week_count_as_one_halfway_between_them() -> None:
    both = [replace(row, item=item, lo=m, hi=m) for row in calm(40) for item, m in (("x", 3.0), ("y", 4.0))]
    both = [
        replace(row, lo=(row.lo or 0) - 0.9, hi=(row.hi or 0) - 0.9) if row.on > FRIDAY + timedelta(weeks=30) else row
        for row in both
    ]
    one = fallen(calm(40, item="z"), 31)
    assert detect(both) == detect(one)
    assert detect(one)


def test_one_team_says_nothing_of_how_answers_scatter_and_five_do() -> None:
    wide = [row for index in range(5) for row in calm(10, team=f"{index}", squares=24.0)]
    assert set(own_within(wide[:10]).values) == {SHIPPED.within}
    known = own_within(wide)
    assert known(FRIDAY) == SHIPPED.within
    assert SHIPPED.within < known(FRIDAY + timedelta(weeks=1)) < known(FRIDAY + timedelta(weeks=9)) < 24 / 6 / 0.9


def test_nothing_is_found_in_nothing() -> None:
    assert detect([]) == []
    assert detect(calm(3, n=1)) == []


@pytest.mark.parametrize("codes", [False, True])
def test_a_fall_is_found_in_most_teams_and_rarely_where_there_is_none(codes: bool) -> None:
    rng = np.random.default_rng(9)
    rows = []
    for index in range(24):
        world = World(people=9, weeks=60, drop=0.7 * (index % 2), drop_week=40)
        rows += rows_of(live(world, rng), team=f"{index}", codes=codes)
    flags = {(one.team, one.since) for one in detect(rows)}
    falls = {team for team, since in flags if int(team) % 2 and since >= FRIDAY + timedelta(weeks=36)}
    assert len(falls) >= 11
    assert sum(1 for team, _ in flags if not int(team) % 2) <= 12  # 720 calm weeks: seven are expected
