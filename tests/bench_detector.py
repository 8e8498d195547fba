"""`make bench-detector`: how often the detector is wrong, how late it is, and what others would have done.

    python -m tests.bench_detector           # all of it; writes docs/detector.md and docs/images/detector.svg
    python -m tests.bench_detector --quick   # a few teams of everything, printed only

Organisations made up by tests/support/teams.py, seeds fixed (tests/support/evidence.py). A full run takes some
twenty minutes on two idle cores.
"""

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from tests.support.detector_page import LIMITS, PROMISED_SIZE, page
from tests.support.detector_plot import plot
from tests.support.evidence import ORACLES, RIVALS, Counted, Look, Scene, organisation, thresholds
from tests.support.teams import World

DOCS: Final = Path(__file__).parent.parent / "docs"
SIZES: Final = (6, 9, 15, 40)
CODED_SIZES: Final = (7, 9, 12, 15, 40)
ITEMS: Final = 5  # that come in turn where codes are looked at
SHAPES: Final = {"step": 1, "drift": 8}

_BASE: Final = World()
WORLDS: Final = {
    "half take part": replace(_BASE, participation=0.5),
    "nine in ten take part": replace(_BASE, participation=0.9),
    "people alike (correlation 0.4)": replace(_BASE, correlation=0.4),
    "people unlike (correlation 0.7)": replace(_BASE, correlation=0.7),
    "ceiling items (level 4.2)": replace(_BASE, level=4.2),
    "doubled week noise": replace(_BASE, week_sd=0.2),
    "week noise that lasts": replace(_BASE, week_sd=0.15, week_memory=0.6),
    "five items in turn": replace(_BASE, items=5),
}
"""Worlds other than the one that the shipped noise describes; teams of nine."""


CODED_WORLDS: Final = {
    "typical": _BASE,
    **{
        name: WORLDS[name]
        for name in ("doubled week noise", "week noise that lasts", "people unlike (correlation 0.7)")
    },
    "people who disagree more (SD 1.3)": replace(_BASE, sd=1.3),
}
"""Worlds, the usual one among them, that are looked at through codes as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How much is tried."""

    calm: int  # organisations of forty teams, 150 weeks each, for false flags
    changed: int  # and of 85 weeks, for delays
    threshold: int  # teams from which a rival's threshold is found


FULL, MEDIUM, QUICK = (
    Effort(calm=24, changed=15, threshold=600),
    Effort(calm=5, changed=4, threshold=300),
    Effort(calm=1, changed=1, threshold=40),
)


def scenes() -> Iterator[Scene]:
    """Everything that is looked at."""
    rivals, rules = tuple(RIVALS), (Look.LAST_RULE, Look.MONTH_RULE)
    for people in SIZES:
        calm = World(people=people, weeks=150)
        yield Scene(name=f"calm {people}", world=calm, looks=(Look.EXACT, Look.EXACT_SHIPPED, *rivals, *rules))
        leaving = replace(calm, turnover=0.05)
        yield Scene(name=f"turnover {people}", world=leaving, looks=(Look.EXACT, Look.EXACT_SHIPPED))
        for shape, weeks in SHAPES.items():
            fallen = World(people=people, weeks=85, drop=0.5, drop_weeks=weeks)
            looks = (Look.EXACT, Look.EXACT_SHIPPED, *rivals)
            yield Scene(name=f"{shape} {people}", world=fallen, looks=looks)
    for name, world in WORLDS.items():
        looks = (Look.EXACT, Look.EXACT_SHIPPED)
        yield Scene(name=f"world {name}", world=replace(world, weeks=150), looks=looks)
    for people in CODED_SIZES:
        rotating = World(people=people, items=ITEMS)
        looks = (Look.CODED, Look.EXACT_SHIPPED, *ORACLES)
        yield Scene(name=f"coded calm {people}", world=replace(rotating, weeks=150), looks=looks)
        leaving = replace(rotating, weeks=150, turnover=0.05)
        yield Scene(name=f"coded turnover {people}", world=leaving, looks=(Look.CODED,))
        for shape, weeks in SHAPES.items():
            fallen = replace(rotating, weeks=85, drop=0.5, drop_weeks=weeks)
            yield Scene(name=f"coded {shape} {people}", world=fallen, looks=looks)
            single = replace(fallen, items=1)
            yield Scene(name=f"coded single {shape} {people}", world=single, looks=(Look.CODED, Look.EXACT_SHIPPED))
    for name, world in CODED_WORLDS.items():
        rotating = replace(world, items=ITEMS, weeks=150)
        yield Scene(name=f"coded world {name}", world=rotating, looks=(Look.CODED_LEARNED, Look.CODED))
    for limit in LIMITS:
        for shape, weeks in SHAPES.items():
            fallen = World(people=PROMISED_SIZE, items=ITEMS, weeks=85, drop=0.5, drop_weeks=weeks)
            name = f"limit {limit:g} {shape} {PROMISED_SIZE}"
            yield Scene(name=name, world=fallen, looks=(Look.CODED,), limit=limit)
    young = World(people=6, weeks=60, drop=0.5, drop_week=12)
    yield Scene(name="young 6", world=young, looks=(Look.EXACT,))


def measure(effort: Effort, processes: int) -> dict[str, dict[Look, list[Counted]]]:
    """What every look at every scene came to, an entry an organisation."""
    found: dict[str, dict[Look, list[Counted]]] = {}
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        kinds = [*((people, 1) for people in SIZES), *((people, ITEMS) for people in CODED_SIZES)]
        shapes = tuple(SHAPES.values())
        asked = {kind: pool.submit(thresholds, kind[0], effort.threshold, shapes, items=kind[1]) for kind in kinds}
        _tell("thresholds of the rivals")
        known = {kind: future.result() for kind, future in asked.items()}
        todo = {
            scene.name: [
                pool.submit(organisation, scene, number, _threshold(known, scene.world))
                for number in range(effort.changed if scene.changes else effort.calm)
            ]
            for scene in scenes()
        }
        for name, futures in todo.items():
            _tell(name)
            results = [future.result() for future in futures]
            found[name] = {look: [one[look] for one in results] for look in results[0]}
    return found


def _threshold(
    known: Mapping[tuple[int, int], Mapping[int, Mapping[Look, float]]], world: World
) -> Mapping[Look, float]:
    return known.get((world.people, world.items), {}).get(world.drop_weeks, {})


def _tell(what: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{what:70}", end="", file=sys.stderr, flush=True)


def main(words: Sequence[str] | None = None) -> None:
    """Measure, and write the page or print it."""
    parser = argparse.ArgumentParser(description="Count what the detector gets right and wrong.")
    parser.add_argument("--quick", action="store_true", help="a few teams of everything, printed only")
    parser.add_argument("--medium", action="store_true", help="a fifth of all, written like a full run")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args(words)
    effort = QUICK if asked.quick else MEDIUM if asked.medium else FULL
    began = time.monotonic()
    found = measure(effort, asked.processes)
    ran = "quick" if asked.quick else "medium" if asked.medium else "full"
    text = page(found, ran=ran, organisations=(effort.calm, effort.changed))
    if asked.quick:
        print(text)
    else:
        (DOCS / "detector.md").write_text(text, encoding="utf-8")
        (DOCS / "images" / "detector.svg").write_text(plot(found), encoding="utf-8")
    print(f"{(time.monotonic() - began) / 60:.0f} minutes", file=sys.stderr)


if __name__ == "__main__":
    main()
