"""`make bench-detector`: what it counts with, and that its page is the one in docs."""

import math
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from bot.views import flag_settings
from tests.bench_detector import CODED_SIZES, SIZES, scenes
from tests.support import rivals
from tests.support.detector_page import Target, page, targets
from tests.support.detector_plot import plot
from tests.support.evidence import (
    ORACLES,
    RIVALS,
    Counted,
    Figure,
    Look,
    Scene,
    coverage,
    delay,
    delay_ratio,
    false_flags,
    organisation,
    thresholds,
)
from tests.support.teams import World, live

DOCS = Path(__file__).parent.parent / "docs"


@pytest.fixture(scope="module")
def known() -> dict[int, dict[Look, float]]:
    """Thresholds for teams of nine."""
    return thresholds(9, 40, (1, 8))


def test_an_organisation_is_the_same_each_time_and_another_is_not(known: dict[int, dict[Look, float]]) -> None:
    scene = Scene(name="step 9", world=World(weeks=60, drop=0.8), looks=(Look.EXACT, Look.CODED, Look.ORACLE), teams=6)
    first, again, other = (organisation(scene, number, known[1]) for number in (0, 0, 1))
    assert repr(first) == repr(again)
    assert repr(first) != repr(other)


def test_every_look_counts_the_same_teams(known: dict[int, dict[Look, float]]) -> None:
    looks = (Look.EXACT, Look.EXACT_SHIPPED, Look.CODED, *RIVALS, Look.LAST_RULE)
    found = organisation(Scene(name="x", world=World(weeks=60, drop=1.0), looks=looks, teams=6), 0, known[1])
    assert {len(one.delays) for one in found.values()} == {6}
    assert len({found[look].observations for look in looks if look is not Look.CODED}) == 1
    assert found[Look.CODED].observations < found[Look.EXACT].observations
    assert delay([found[Look.EXACT]]).value < 4
    assert len(found[Look.EXACT].held_later) > 3


def test_rivals_keep_the_rate_at_which_their_threshold_was_found(known: dict[int, dict[Look, float]]) -> None:
    rng = np.random.default_rng(77)
    calm = rivals.seen([live(World(weeks=150), rng) for _ in range(40)])
    for look, watch in RIVALS.items():
        rate = rivals.flags(watch, calm, known[1][look]).sum() / calm.observed.sum()
        assert 0.5 < rate * 104 < 2  # some 55 flags: within four standard errors


def test_an_oracle_that_knows_more_is_not_later(known: dict[int, dict[Look, float]]) -> None:
    rng = np.random.default_rng(78)
    fallen = rivals.seen([live(World(weeks=70, drop=0.5), rng) for _ in range(150)])
    delays = {}
    for look in (Look.ORACLE, Look.LEARNER, Look.EWMA):
        raised = rivals.flags(RIVALS[look], fallen, known[1][look])
        kept = ~raised[:, :38].any(axis=1)
        delays[look] = np.where(raised.any(axis=1), raised.argmax(axis=1), 70)[kept].mean() - 37
    assert delays[Look.ORACLE] < delays[Look.LEARNER] < delays[Look.EWMA]


def test_an_oracle_that_sees_only_codes_is_later_than_one_that_sees_means_and_no_less_often_wrong() -> None:
    known = thresholds(9, 150, (1, 8), items=5)
    assert set(known[1]) == set(ORACLES)
    world = World(people=9, weeks=70, items=5, drop=0.5)
    found = [organisation(Scene(name="x", world=world, looks=tuple(ORACLES), teams=150), i, known[1]) for i in (0, 1)]
    sees = {look: delay([one[look] for one in found]).value for look in ORACLES}
    assert 1.1 < sees[Look.CODES_ORACLE] / sees[Look.ORACLE] < 1.7
    rng = np.random.default_rng(79)
    calm = rivals.seen([live(World(people=9, weeks=150, items=5), rng) for _ in range(100)], codes=True)
    rate = rivals.flags(ORACLES[Look.CODES_ORACLE], calm, known[1][Look.CODES_ORACLE]).sum() / calm.observed.sum()
    assert 0.65 < rate * 104 < 1.5  # some 137 flags: within four standard errors


def test_a_drop_by_half_a_point_is_half_a_point() -> None:
    means = np.array([[3.5, 3.5, 3.0, 3.0], [3.5, 3.5, 3.1, 3.1], [3.5, np.nan, 3.0, 2.5]])
    seen = rivals.Seen(means, means, *(np.ones_like(means) for _ in range(4)))
    raised = rivals.flags(rivals.SinceLast, seen, 0.5)
    assert raised.tolist() == [[False, False, True, False], [False] * 4, [False, False, True, False]]


def test_what_chance_flagged_before_counts_for_no_delay_and_misses_count_to_the_end() -> None:
    one = Counted(observations=104, flags=2, delays=[3.0, math.nan, 5.0])
    other = Counted(observations=104, flags=0, delays=[2.0, 1.0, math.nan])
    assert delay([one]).value == 4
    assert delay_ratio([one], [other]).value == 1.5
    flagged = false_flags([one, other])
    assert flagged.value == 1.0
    assert flagged.margin == pytest.approx(12.7, abs=0.01)  # Student's t with one degree of freedom


def test_coverage_is_a_share() -> None:
    some = [Counted(held=[True] * 9 + [False], held_later=[True, False]) for _ in range(3)]
    assert coverage(some).value == pytest.approx(0.9)
    assert coverage(some, later=True).value == 0.5


@pytest.mark.parametrize(
    ("value", "margin", "verdict"),
    [(1.0, 0.1, "met"), (1.1, 0.1, "a nearly met"), (1.2, 0.1, "a nearly missed"), (1.3, 0.1, "a missed")],
)
def test_a_verdict_says_what_the_bounds_allow(value: float, margin: float, verdict: str) -> None:
    target = Target(words="", low=0.85, high=1.15, figures=[("a", Figure(value=value, margin=margin))])
    assert target.verdict == verdict


def test_the_page_and_the_picture_tell_every_target_size_and_scene() -> None:
    counted = [Counted(observations=104, flags=1, held=[True], held_later=[True], delays=[4.0, 5.0])] * 2
    found = {scene.name: dict.fromkeys(scene.looks, counted) for scene in scenes()}
    text = page(found, ran="quick", organisations=(2, 2))
    for target in targets(found):
        assert target.words in text
    for size in SIZES:
        assert f"team of {size}" in text
    assert [int(n) for n in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)] == list(CODED_SIZES)
    assert "nan" not in text
    drawn = ET.fromstring(plot(found))
    assert len(drawn.findall(".//{*}polyline")) == 14


def test_the_window_of_flags_says_what_the_page_says_of_each_promise() -> None:
    rows = re.findall(r"^\| (\d+) months \| ([\d.]+)", (DOCS / "detector.md").read_text("utf-8"), re.MULTILINE)
    assert {int(months): round(float(weeks)) for months, weeks in rows} == flag_settings.WEEKS


def test_scenes_have_names_of_their_own_and_differ_in_what_they_say() -> None:
    all_scenes = list(scenes())
    assert len({scene.name for scene in all_scenes}) == len(all_scenes)
    worlds = {repr(replace(scene.world, weeks=0)) for scene in all_scenes if scene.name.startswith("world")}
    assert len(worlds) == 8


def test_the_page_in_docs_is_one_that_the_benchmark_writes() -> None:
    counted = [Counted(observations=104, flags=1, held=[True], held_later=[True], delays=[4.0, 5.0])] * 2
    found = {scene.name: dict.fromkeys(scene.looks, counted) for scene in scenes()}
    expected = page(found, ran="quick", organisations=(2, 2))
    text = (DOCS / "detector.md").read_text(encoding="utf-8")

    def frame(page: str) -> list[str]:
        """Its headings and the first cell of every row: what does not depend on figures."""
        return [line.split("|")[1] if line.startswith("|") else line for line in page.splitlines() if line[:1] in "#|"]

    assert frame(text) == frame(expected)
    assert ET.parse(DOCS / "images" / "detector.svg").getroot().tag.endswith("svg")
