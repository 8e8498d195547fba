"""The page that `make bench-detector` writes: every target beside what was measured."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.support.evidence import LIMIT, RIVALS, SEED, Counted, Figure, Look, coverage, delay, delay_ratio, false_flags

LIMITS = {LIMIT / 2: 3, LIMIT: 6, LIMIT * 2: 12}
"""Mean numbers of observations to a false flag, and the months of the promise to a manager of one team that they stand
for: four drivers a week."""

PROMISED_SIZE = 9
"""Of the team in which the promises are compared."""

Found = Mapping[str, Mapping[Look, Sequence[Counted]]]

_TOP = """\
# What the detector gets right and wrong

Written by `make bench-detector`, from teams made up by `tests/support/teams.py`: every member has a lasting opinion,
every week its mood, every item its difficulty, and whoever takes part presses the nearest of five labels. Nothing of
the detector's own model is used. How the detector works is told in [methods.md](methods.md).

This is a {ran} run: {calm} organisations of forty teams and 150 weeks for each figure about calm, {changed} of 85 weeks
for each about a change, seed {seed}; the detector's constants were chosen with other seeds. The mean number of
observations to a false flag that it is asked to keep is {limit:g}. ± gives 95 % bounds. Unless it says otherwise, three
in four take part, half of the variance of an answer (SD 1) lies between people, and the week's noise has an SD of 0.1.

![Mean delay by team size for the detector, the oracles and the rivals](images/detector.svg)

## Targets

“Exact” is what `murmur detect` does with answers: noise learned from the organisation, at least four answers a week.
“Codes” is what the product sees: published codes of five and more answers, five items in turn, with the shipped noise,
from which the product learns an organisation's own ([methods.md](methods.md) counts what that changes). A
target is met, or missed, where the bounds agree; “nearly” says that they reach over it.

"""

_ORACLES = """\

The oracle knows the level, the size and the shape of the change and all noise; only when it comes, and who the people
are, it does not know. No detector has the level for nothing: it must be learned from the weeks before. An oracle that
knows all else and learns the level from the same weeks is what can be reached at best, nearly; the second line of each
delay compares with that one.

## Delays

Mean weeks from a half-SD step to the flag, the first changed week being 1; over eight weeks' drift in brackets. Teams
that chance had flagged in the 38 weeks before are left out. All but the detector have a threshold, found by trying, at
which they raise one flag in {limit:g} observations by chance.

"""

_RULES = """\

As rules of thumb say them, without a threshold made honest, “dropped by half a point” and “this month 0.3 below last”
raise this many times the false flags:

"""

_WORLDS = """\

## False flags in other worlds

Teams of nine, exact answers, in multiples of what was promised. The shipped noise is what the product begins with; what
`murmur detect` learns from forty teams mends most of it.

"""

_CODES = """\

## Codes beside exact answers

The same teams seen through published codes, and through their exact means; shipped noise for both. In brackets: one
item instead of five in turn. The distance is the price of the release rules: codes need five answers, exact means four,
so a team of seven is seen in 76 weeks of a hundred instead of 93; and half an SD moves a large team, known almost
exactly, from one band to the next at best. The last columns show that no detector can win it back: they are of oracles
that know the level, every item and the change to come, of which one sees the codes and one the exact means.

"""

_LEARNED = """\

## False flags through codes, in other worlds

Teams of nine, five items in turn, in multiples of what was promised: with the shipped noise, with which the product
begins, and with what it learns from the codes of a dozen of an organisation's teams and the scatter its rounds keep.

"""

_PROMISE = """\

## What a stricter promise costs

An admin settles how often chance alone may raise a flag for a manager. Mean weeks to the flag of a half-SD step in a
team of nine, of which four drivers are asked every week, five items in turn, through codes; a drift over eight weeks
in brackets:

"""

_REST = """\

With twelve weeks of history only, a half-SD step in a team of 6 takes {young} weeks.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A bound and what was measured."""

    words: str
    low: float
    high: float
    figures: Sequence[tuple[str, Figure]]  # by what they are of
    percent: bool = False

    @property
    def verdict(self) -> str:
        """Whether all figures keep within the bounds; those that do not are named."""
        missed = [f"{of} {word}" for of, figure in self.figures if (word := self._judge(figure)) != "met"]
        return "met" if not missed else "; ".join(missed)

    def _judge(self, figure: Figure) -> str:
        inside = self.low <= figure.value <= self.high
        if math.isnan(figure.margin):
            return "met" if inside else "missed"
        surely = self.low <= figure.low and figure.high <= self.high
        if inside:
            return "met" if surely else "nearly met"
        return "missed" if figure.high < self.low or figure.low > self.high else "nearly missed"


def targets(found: Found) -> Iterator[Target]:
    """Every target of the specification."""
    sizes, coded = _sizes(found, "calm"), _sizes(found, "coded calm")

    def of(
        scene: str, look: Look, sizes: Sequence[int], measure: Callable[[Sequence[Counted]], Figure]
    ) -> list[tuple[str, Figure]]:
        return [(f"{size}:", measure(found[f"{scene} {size}"][look])) for size in sizes]

    def against(scene: str, look: Look, other: Look, sizes: Sequence[int]) -> list[tuple[str, Figure]]:
        return [(f"{n}:", delay_ratio(found[f"{scene} {n}"][look], found[f"{scene} {n}"][other])) for n in sizes]

    yield Target(
        words="Exact: false flags in calm, 0.85-1.15 of the promise",
        low=0.85,
        high=1.15,
        figures=of("calm", Look.EXACT, sizes, false_flags),
    )
    yield Target(
        words="Exact: false flags with turnover of 5 % a month, 0.75-1.25",
        low=0.75,
        high=1.25,
        figures=of("turnover", Look.EXACT, sizes, false_flags),
    )
    for shape, words in (("step", "half-SD step"), ("drift", "half-SD drift over 8 weeks")):
        yield Target(
            words=f"Exact: delay of a {words}, at most 1.05 times the oracle's",
            low=0,
            high=1.05,
            figures=against(shape, Look.EXACT, Look.ORACLE, sizes),
        )
        yield Target(
            words="... beside an oracle that learns the level (no target)",
            low=0,
            high=math.inf,
            figures=against(shape, Look.EXACT, Look.LEARNER, sizes),
        )
    yield Target(
        words="Exact: 90 % intervals hold the truth in calm, 87-93 %",
        low=0.87,
        high=0.93,
        figures=of("calm", Look.EXACT, sizes, coverage),
        percent=True,
    )
    yield Target(
        words="Exact: 90 % intervals six weeks after a step, at least 80 %",
        low=0.8,
        high=1,
        figures=of("step", Look.EXACT, sizes, lambda some: coverage(some, later=True)),
        percent=True,
    )
    worlds = [name for name in found if name.startswith("world ")]
    yield Target(
        words="Exact: false flags in other worlds, 0.75-1.25",
        low=0.75,
        high=1.25,
        figures=[(f"{name.removeprefix('world ')}:", false_flags(found[name][Look.EXACT])) for name in worlds],
    )
    yield Target(
        words="Codes: false flags in calm, 0.80-1.20",
        low=0.8,
        high=1.2,
        figures=of("coded calm", Look.CODED, coded, false_flags),
    )
    for shape, words in (("step", "half-SD step"), ("drift", "half-SD drift over 8 weeks")):
        yield Target(
            words=f"Codes: delay of a {words}, at most 1.2 times that of exact answers",
            low=0,
            high=1.2,
            figures=against(f"coded {shape}", Look.CODED, Look.EXACT_SHIPPED, coded),
        )
        yield Target(
            words="... of the oracle that sees only codes, beside the oracle (no target)",
            low=0,
            high=math.inf,
            figures=against(f"coded {shape}", Look.CODES_ORACLE, Look.ORACLE, coded),
        )
        yield Target(
            words="... beside the oracle that sees only codes (no target)",
            low=0,
            high=math.inf,
            figures=against(f"coded {shape}", Look.CODED, Look.CODES_ORACLE, coded),
        )


def page(found: Found, *, ran: str, organisations: tuple[int, int]) -> str:
    """All of it, in Markdown."""
    calm, changed = organisations
    young = _words(delay(found["young 6"][Look.EXACT]), places=1)
    parts = [_TOP.format(ran=ran, calm=calm, changed=changed, seed=SEED, limit=LIMIT), _targets(found)]
    parts += [_ORACLES.format(limit=LIMIT), *_delays(found), _WORLDS, _worlds(found), _CODES, _codes(found)]
    return "".join([*parts, _LEARNED, _learned(found), _PROMISE, _promises(found), _REST.format(young=young)])


def _targets(found: Found) -> str:
    rows = []
    for one in targets(found):
        measured = "; ".join(f"{of} {_words(figure, percent=one.percent)}" for of, figure in one.figures)
        rows.append([one.words, measured, one.verdict if one.high < math.inf else ""])
    return _table(["target", "measured", "verdict"], rows)


def _delays(found: Found) -> Iterator[str]:
    sizes = _sizes(found, "calm")
    teams = [f"team of {size}" for size in sizes]
    watched = (Look.LAST, Look.MONTH, Look.EWMA, Look.CUSUM, Look.EXACT, Look.EXACT_SHIPPED, Look.LEARNER, Look.ORACLE)
    yield _table(
        ["mean weeks", *teams], [[_name(look), *(_both(found, size, look) for size in sizes)] for look in watched]
    )
    yield "\nFalse flags in calm at these thresholds, in multiples of what was promised:\n\n"
    for looks, places in (((*RIVALS, Look.EXACT, Look.EXACT_SHIPPED), 2), ((Look.LAST_RULE, Look.MONTH_RULE), 1)):
        counted = [[false_flags(found[f"calm {size}"][look]) for size in sizes] for look in looks]
        rows = [
            [_name(look), *(_words(figure, places=places) for figure in figures)]
            for look, figures in zip(looks, counted, strict=True)
        ]
        yield _table(["times 1/A", *teams], rows)
        if places == 2:
            yield _RULES


def _both(found: Found, size: int, look: Look) -> str:
    """A delay after a step, after a drift in brackets."""
    step, drift = (delay(found[f"{shape} {size}"][look]) for shape in ("step", "drift"))
    return f"{_words(step, places=1)} ({_words(drift, places=1)})"


def _worlds(found: Found) -> str:
    scenes = [name for name in found if name.startswith(("world ", "turnover "))]
    looks = (Look.EXACT, Look.EXACT_SHIPPED)
    rows = [[_world(name), *(_words(false_flags(found[name][look])) for look in looks)] for name in scenes]
    return _table(["world", "noise learned", "shipped noise"], rows)


def _codes(found: Found) -> str:
    calm = ["false flags, codes", "the same, turnover 5 %", "false flags, exact"]
    header = ["team of", *calm, "step: codes", "step: exact", "drift: codes", "drift: exact"]
    header += [f"{shape}: oracle, {sees}" for shape in ("step", "drift") for sees in ("codes", "exact")]
    rows = []
    for size in _sizes(found, "coded calm"):
        flagged = (
            found[f"coded calm {size}"][Look.CODED],
            found[f"coded turnover {size}"][Look.CODED],
            found[f"coded calm {size}"][Look.EXACT_SHIPPED],
        )
        row = [str(size), *(_words(false_flags(some)) for some in flagged)]
        for shape in ("step", "drift"):
            for look in (Look.CODED, Look.EXACT_SHIPPED):
                rotating, single = (delay(found[f"coded {kind}{shape} {size}"][look]) for kind in ("", "single "))
                row.append(f"{_words(rotating, places=1)} ({single.value:.1f})")
        for shape in ("step", "drift"):
            of = found[f"coded {shape} {size}"]
            row += [_words(delay(of[look]), places=1) for look in (Look.CODES_ORACLE, Look.ORACLE)]
        rows.append(row)
    return _table(header, rows)


def _learned(found: Found) -> str:
    looks = (Look.CODED_LEARNED, Look.CODED)
    rows = [
        [name.removeprefix("coded world "), *(_words(false_flags(found[name][look])) for look in looks)]
        for name in found
        if name.startswith("coded world ")
    ]
    return _table(["world", "noise learned", "shipped noise"], rows)


def _promises(found: Found) -> str:
    rows = []
    for limit, months in LIMITS.items():
        step, drift = (
            delay(found[f"limit {limit:g} {shape} {PROMISED_SIZE}"][Look.CODED]) for shape in ("step", "drift")
        )
        rows.append([f"{months} months", f"{_words(step, places=1)} ({_words(drift, places=1)})"])
    return _table(["at most one in", "weeks to the flag"], rows)


def _name(look: Look) -> str:
    return {Look.EXACT: "**Murmur**", Look.EXACT_SHIPPED: "Murmur, shipped noise"}.get(look, look.value)


def _sizes(found: Found, scene: str) -> list[int]:
    """The team sizes of which a scene was looked at."""
    return [int(name.removeprefix(f"{scene} ")) for name in found if name.removeprefix(f"{scene} ").isdecimal()]


def _world(name: str) -> str:
    return (
        f"turnover of 5 % a month, team of {name.split()[1]}"
        if name.startswith("turnover")
        else name.removeprefix("world ")
    )


def _words(figure: Figure, *, places: int = 2, percent: bool = False) -> str:
    if math.isnan(figure.value):
        return "-"
    scale, sign = (100, " %") if percent else (1, "")
    digits = 0 if percent else places
    margin = "" if math.isnan(figure.margin) else f" ± {figure.margin * scale:.{max(digits, int(percent))}f}"
    return f"{figure.value * scale:.{max(digits, int(percent))}f}{margin}{sign}"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
