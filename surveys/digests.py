"""What a digest says, as a value: everything in it is a function of the ledger and of what the detector read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from surveys.actions import Action, action_for
from surveys.costs import Replacement, Salary, replacing_one, speaks_of_leaving
from surveys.levels import Change, Level, levels_of, with_recent
from surveys.notices import Ending, Notice, endings, standing
from surveys.questions import Driver, Item, Owner, answers_of
from surveys.regrouping import Regrouping
from surveys.release import Kind, Published
from surveys.trends import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a question with choices came to in one round."""

    driver: Driver
    question: str  # as it was asked
    shown: bool  # False when it is withheld
    option: str | None  # the answer that most people chose, None when none stands out


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What one manager is told about one unit after one round."""

    unit: str  # the unit's name
    on: date  # the day the round closed
    round_id: int
    levels: tuple[Level, ...]  # of the drivers asked about in this round, in their usual order
    named: tuple[Named, ...]  # of the questions with choices in this round
    notices: tuple[Notice, ...]  # newest first, then strongest
    endings: tuple[Ending, ...]  # since the unit's round before, in the usual order of drivers
    compared: bool  # whether anything shown of this round was shown before
    earlier: tuple[Level, ...]  # the latest shown level of every other driver, newest first
    participation: int | None  # band: 0 under half, 1 half to four fifths, 2 more; None when it is not told
    tone: int | None  # band of the comments' tone, worst first; None when it is not told
    themes: tuple[Driver, ...]  # what many comments speak of, in the usual order
    action: Action | None  # one thing that this reader can do
    team_sees_on: date  # when the team itself sees its words
    first: bool  # whether this is the first digest of this reader
    false_flag_months: int  # on average, chance alone raises at most one flag in so many months
    unit_id: int = 0
    regrouped: Regrouping | None = None  # in a unit's first round, if its teams were counted otherwise before
    replacing: Replacement | None = None  # what it costs to replace somebody; only where most mean to leave

    @property
    def quiet(self) -> bool:
        """Whether nothing has changed that could be told."""
        return not self.notices and not self.endings

    @property
    def has_results(self) -> bool:
        """Whether anything of the round, or of a flag, is shown: then there is a full report."""
        shown = any(level.word is not None for level in self.levels) or any(named.shown for named in self.named)
        return shown or not self.quiet

    @property
    def recoveries(self) -> tuple[Ending, ...]:
        """The flags that ended because the level has risen again."""
        return tuple(ending for ending in self.endings if ending.recovered)

    @property
    def put_down(self) -> tuple[Ending, ...]:
        """The flags that stood their time."""
        return tuple(ending for ending in self.endings if not ending.recovered)

    @property
    def withheld(self) -> tuple[Driver, ...]:
        """Drivers that were asked about and may not be shown."""
        silent = [level.driver for level in self.levels if level.band is None]
        return tuple(silent + [named.driver for named in self.named if not named.shown])


def assemble(
    *,
    unit: str,
    on: date,
    history: Sequence[Published],
    readings: Mapping[str, Sequence[Reading]],
    items: Mapping[str, Item],
    drivers: Mapping[str, Driver],
    round_id: int,
    reader: Owner,
    team_sees_on: date,
    first: bool,
    false_flag_months: int,
    every_weeks: int = 1,
    salary: Salary | None = None,
) -> Digest:
    """The digest of `unit` after round `round_id`, which closed on `on`.

    `history` is the unit's ledger, oldest first, this round included; `readings` are those of the detector by
    driver id, one for each observation. `items` must hold every item of this round that is a choice; of others,
    flags quote those it holds.
    `every_weeks` is how far apart digests are, so that actions take turns. `salary`: a typical one, for readers who may
    hear what it costs to lose people.
    """
    now = [published for published in history if published.round_id == round_id]
    before = [published for published in history if published.closed_on < on]
    notices = standing(history, readings, drivers, on, items)
    ended = endings(history, readings, drivers, after=latest_day(before), on=on)
    levels = with_changes(levels_of(now, drivers), notices, ended)
    return Digest(
        unit=unit,
        on=on,
        round_id=round_id,
        levels=with_recent(levels, readings, history, round_id),
        named=_named(now, items, drivers),
        notices=notices,
        endings=ended,
        compared=bool(_drivers_shown(now) & _drivers_shown(before)),
        earlier=_earlier(history, {level.driver.id for level in levels}, drivers),
        participation=_value(now, Kind.PARTICIPATION),
        tone=_value(now, Kind.TONE),
        themes=_themes(now, drivers),
        action=_action(notices, ended, levels, reader, on, every_weeks),
        team_sees_on=team_sees_on,
        first=first,
        false_flag_months=false_flag_months,
        unit_id=now[0].unit_id if now else 0,
        replacing=replacing_one(salary) if salary and speaks_of_leaving(one.code for one in now) else None,
    )


def latest_day(published: Iterable[Published]) -> date:
    """The day of the latest round in it, or a day before all rounds."""
    return max((one.closed_on for one in published), default=date.min)


def _drivers_shown(published: Iterable[Published]) -> set[str]:
    return {one.code.driver for one in published if one.code.kind is Kind.LEVEL and one.code.value is not None}


def with_changes(levels: Iterable[Level], notices: Sequence[Notice], ended: Sequence[Ending]) -> tuple[Level, ...]:
    """The levels, each with what flags that stand and flags that ended say of it."""
    raised = {notice.driver.id: notice.raised_on for notice in notices}
    easing = {ending.driver.id: ending.then for ending in ended if ending.recovered}

    def changed(level: Level) -> Level:
        flagged_on = raised.get(level.driver.id)
        if flagged_on is not None:
            change = Change.WORSE if flagged_on >= level.on else Change.FLAGGED
            return replace(level, change=change, flagged_on=flagged_on)
        if level.driver.id in easing:
            return replace(level, change=Change.BETTER, flagged_at=easing[level.driver.id])
        return replace(level, change=Change.UNCLEAR)

    return tuple(changed(level) for level in levels)


def _named(now: Sequence[Published], items: Mapping[str, Item], drivers: Mapping[str, Driver]) -> tuple[Named, ...]:
    found = []
    for code in (one.code for one in now if one.code.kind is Kind.CHOICE):
        item = items[code.subject]
        labels = answers_of(item)
        found.append(
            Named(
                driver=drivers[code.driver],
                question=item.text,
                shown=code.value is not None,
                option=labels[code.value - 1] if code.value else None,
            )
        )
    return tuple(found)


def _earlier(history: Sequence[Published], asked: set[str], drivers: Mapping[str, Driver]) -> tuple[Level, ...]:
    others = {id_: driver for id_, driver in drivers.items() if id_ not in asked}
    latest: dict[str, Level] = {}
    rounds: dict[int, list[Published]] = {}
    for one in history:
        rounds.setdefault(one.round_id, []).append(one)
    for published in rounds.values():
        shown = (level for level in levels_of(published, others) if level.band is not None)
        latest |= {level.driver.id: level for level in shown}
    return tuple(sorted(latest.values(), key=lambda level: -level.on.toordinal()))


def _themes(now: Sequence[Published], drivers: Mapping[str, Driver]) -> tuple[Driver, ...]:
    """The drivers that many comments speak of, in the usual order; none also where comments are not told of."""
    told = {one.code.driver for one in now if one.code.kind is Kind.THEME and one.code.value}
    return tuple(driver for id_, driver in drivers.items() if id_ in told)


def _value(now: Sequence[Published], kind: Kind) -> int | None:
    return next((one.code.value for one in now if one.code.kind is kind), None)


def _action(
    notices: Sequence[Notice],
    ended: Sequence[Ending],
    levels: Sequence[Level],
    reader: Owner,
    on: date,
    every_weeks: int,
) -> Action | None:
    """An action for the first flag, else for one that is put down now, else for the lowest level of the round; None
    when none of them is there.
    """
    put_down = [ending.driver for ending in ended if not ending.recovered]
    shown = sorted((level for level in levels if level.height is not None), key=lambda n: n.height or 0)
    candidates = [notice.driver for notice in notices] + put_down + [level.driver for level in (*shown, *levels)]
    return action_for(candidates[0].id, reader, on, every_weeks=every_weeks) if candidates else None
