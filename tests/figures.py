"""What the README claims of the demonstration, counted anew: `make figures`.

What a thief gets of both databases at its start, and which teams were flagged in its sixteen weeks, and when, beside
what was really made to happen to them. The history is the one that `make demo` starts from.

    python -m tests.figures --seeds 1 2 3

One seed may be lucky: this prepares those histories as well, half a minute each, and says how far all of them differ.
"""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import Session, col, select

from bot.demo.cache import ROOT
from bot.demo.company import BEGINS, FIRST_WEEK
from bot.demo.moods import EFFECTS, SEED, Effect
from bot.demo.performance import Prepared, rob
from bot.results import unit_digest
from storage.rosters import team_ids_of
from storage.rounds import published_rounds, round_units
from storage.tables import Pulse, Team, Unit
from tests.support.demo import Play, playing

WORSE = [effect for effect in EFFECTS if effect.points < 0]
"""What should be flagged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One flag, and the weeks in whose digests it stood."""

    unit: str
    teams: frozenset[str]
    driver: str
    raised_in: int  # week
    weeks: tuple[int, ...]

    def tells_of(self, effect: Effect) -> bool:
        """Whether it can come from this."""
        return effect.team in self.teams and self.driver == effect.driver and self.raised_in >= effect.from_week


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the managers of one history read."""

    seed: int
    flags: tuple[Flag, ...]
    quiet: int  # digests that flag nothing
    digests: int

    @property
    def by_chance(self) -> tuple[Flag, ...]:
        """Flags that nothing caused."""
        return tuple(flag for flag in self.flags if not any(flag.tells_of(effect) for effect in WORSE))

    def noticed(self, effect: Effect) -> int | None:
        """In which of its weeks a change was flagged, the first being 1; None when it was missed."""
        found = [flag.raised_in - effect.from_week + 1 for flag in self.flags if flag.tells_of(effect)]
        return min(found, default=None)


def main(seeds: Sequence[int] = ()) -> None:
    """Print them; with other `seeds`, also of the histories that these make."""
    with _played(SEED, ROOT) as play:
        _theft(play.ready)
        seen = [_seen(play, SEED)]
    _tell(seen[0])
    with TemporaryDirectory() as cache:
        for seed in seeds:
            with _played(seed, Path(cache)) as play:
                seen.append(_seen(play, seed))
            _tell(seen[-1])
    if seeds:
        _compare(seen)


@contextmanager
def _played(seed: int, cache: Path) -> Iterator[Play]:
    with TemporaryDirectory() as folder, playing(Path(folder), seed=seed, cache=cache) as play:
        yield play


def _theft(ready: Prepared) -> None:
    loot = rob(ready)
    print("A thief of the database file, with the server's secret and the source code, traces to who gave them:")
    for name in ("naive", "murmur"):
        print(f"  {loot[name]['name']}: {loot[name]['matched']} of {loot[name]['of']} sets of answers")


def _seen(play: Play, seed: int) -> Seen:
    """Read every digest."""
    stood: dict[tuple[int, str, date], list[int]] = {}
    quiet = digests = 0
    with play.stage.murmur.database.reading() as session:
        for pulse in session.exec(select(Pulse).order_by(col(Pulse.id))):
            for round_ in sorted(published_rounds(session, pulse.id), key=lambda one: one.id):
                for size in round_units(session, round_.id):
                    unit = session.get_one(Unit, size.unit_id)
                    notices = unit_digest(session, pulse, round_, unit, first=False).notices
                    digests, quiet = digests + 1, quiet + (not notices)
                    for notice in notices:
                        key = (unit.id, notice.driver.id, notice.raised_on)
                        stood.setdefault(key, []).append(_week(round_.closes_at.date()))
        flags = tuple(_flag(session, *key, weeks) for key, weeks in stood.items())
    return Seen(seed=seed, flags=flags, quiet=quiet, digests=digests)


def _flag(session: Session, unit_id: int, driver: str, raised_on: date, weeks: Sequence[int]) -> Flag:
    unit = session.get_one(Unit, unit_id)
    teams = frozenset(session.get_one(Team, team).name for team in team_ids_of(unit))
    return Flag(unit=unit.name, teams=teams, driver=driver, raised_in=_week(raised_on), weeks=tuple(weeks))


def _tell(seen: Seen) -> None:
    print(f"\nSixteen weeks of six units from {BEGINS:%B %Y} on, seed {seen.seed}. What happened to them:")
    for effect in EFFECTS:
        print(f"  {_words(effect)}, weeks {effect.from_week} to {effect.until_week}")
    print("What their managers read, at the close of each week:")
    for flag in seen.flags:
        weeks = ", ".join(map(str, flag.weeks))
        print(f"  {flag.unit}: {flag.driver} flagged in weeks {weeks}{' (by chance)' * (flag in seen.by_chance)}")
    print(f"  nothing in {seen.quiet} of {seen.digests} digests", flush=True)


def _compare(seen: Sequence[Seen]) -> None:
    print(
        f"\nAll {len(seen)} seeds: {', '.join(str(one.seed) for one in seen)}. In which of its weeks, the first being"
    )
    print("1, each change for the worse was flagged:")
    for effect in WORSE:
        told = [one.noticed(effect) for one in seen]
        found = sorted(week for week in told if week is not None)
        spread = f"in week {found[0]} to {found[-1]}, " if found else ""
        each = ", ".join("missed" if week is None else str(week) for week in told)
        print(f"  {_words(effect)}: {spread}missed by {told.count(None)} of {len(told)} ({each})")
    chance = [len(one.by_chance) for one in seen]
    print("Flags that nothing caused:")
    print(
        f"  {min(chance)} to {max(chance)} a seed ({', '.join(map(str, chance))}),"
        f" {sum(chance)} in all, beside {sum(one.digests for one in seen)} digests"
    )


def _words(effect: Effect) -> str:
    return f"{effect.team}: {effect.driver} {effect.points:+g}"


def _week(day: date) -> int:
    return (day - FIRST_WEEK).days // 7 + 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Count what the README claims of the demonstration.")
    parser.add_argument("--seeds", type=int, nargs="+", default=[], help="other seeds to compare with")
    main(parser.parse_args().seeds)
