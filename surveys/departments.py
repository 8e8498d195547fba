"""What is told of a department, as a value: its units in this round, and their flags as their own managers have known
them for a while.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from surveys.digests import latest_day
from surveys.levels import Level, band_of, levels_of
from surveys.notices import Ending, Notice, endings, standing
from surveys.questions import Driver
from surveys.release import Kind, PeopleClass, Published, band_interval, parent_band
from surveys.trends import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamLedger:
    """What is known of one unit below a parent."""

    name: str
    depth: int  # 0 for units directly below the parent, 1 for those below one of these, ...
    history: Sequence[Published]  # oldest first, this round included
    readings: Mapping[str, Sequence[Reading]] = field(default_factory=dict)  # by driver id


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRow:
    """One unit in the digest of a manager of managers."""

    name: str
    depth: int
    levels: tuple[Level, ...]  # of this round, in the usual order of drivers; without what flags say of them
    notices: tuple[Notice, ...]  # as they stood on the digest's `flags_on`
    endings: tuple[Ending, ...] = ()  # the same, since the parent's digest before


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentDigest:
    """What a manager of managers is told after one round."""

    name: str  # of the parent: a department, say
    on: date  # the day the round closed
    round_id: int
    own: tuple[Level, ...]  # from the units' published codes only
    rows: tuple[TeamRow, ...]  # in the order of the tree, never by result
    first: bool  # whether this is the first digest of this reader
    false_flag_months: int  # the promise made to the units' own managers
    flags_on: date | None = None  # the latest day of which flags may be told here; None while there is none


def assemble_parent(
    *,
    name: str,
    on: date,
    round_id: int,
    teams: Sequence[TeamLedger],
    drivers: Mapping[str, Driver],
    visible_from: Callable[[date], date],
    today: date,
    first: bool,
    false_flag_months: int,
    before: date | None = None,
) -> ParentDigest:
    """The digest over `teams`, in the order given, after round `round_id`.

    `visible_from` says from which day what became of flags in a round that closed on a day may be seen above the
    unit's own manager: two working days after that manager. What may not be seen on `today` is left out without
    a trace: flags are those of the day `flags_on`, which follows from the calendar alone. `before` is the day of
    this reader's digest before, which told the ends that could be seen by then.
    """
    rows, children = [], []
    for team in teams:
        now = [one for one in team.history if one.round_id == round_id]
        children += now
        notices, ended = _seen_above(team, drivers, visible_from, today, before)
        levels = levels_of(now, drivers)
        rows.append(TeamRow(name=team.name, depth=team.depth, levels=levels, notices=notices, endings=ended))
    days = {one.closed_on for team in teams for one in team.history}
    return ParentDigest(
        name=name,
        on=on,
        round_id=round_id,
        own=_parent_levels(children, drivers, on),
        rows=tuple(rows),
        first=first,
        false_flag_months=false_flag_months,
        flags_on=max((day for day in days if visible_from(day) <= today), default=None),
    )


def _seen_above(
    team: TeamLedger,
    drivers: Mapping[str, Driver],
    visible_from: Callable[[date], date],
    today: date,
    before: date | None,
) -> tuple[tuple[Notice, ...], tuple[Ending, ...]]:
    """The unit's flags and their ends as its own manager has known them for a while."""
    history = [one for one in team.history if visible_from(one.closed_on) <= today]
    if not history:
        return (), ()
    on = latest_day(history)
    readings = {
        id_: tuple(reading for reading in of_driver if reading.on <= on) for id_, of_driver in team.readings.items()
    }
    told = [one for one in history if before is not None and visible_from(one.closed_on) <= before]
    ended = endings(history, readings, drivers, after=latest_day(told), on=on)
    # A flag that was raised and ended since was never heard of up here.
    heard_of = tuple(ending for ending in ended if ending.raised_on <= latest_day(told))
    return standing(history, readings, drivers, on), heard_of


def _parent_levels(children: Sequence[Published], drivers: Mapping[str, Driver], on: date) -> tuple[Level, ...]:
    by_driver: dict[str, dict[str, list[Published]]] = {}
    for one in children:
        if one.code.kind is Kind.LEVEL:
            by_driver.setdefault(one.code.driver, {}).setdefault(one.code.subject, []).append(one)
    levels = []
    for id_, driver in drivers.items():
        bands = [parent_band([(one, one.roster) for one in asked]) for asked in by_driver.get(id_, {}).values()]
        heights = [sum(band_interval(b, PeopleClass.FIVE)) / 2 for b in bands if b is not None]
        if bands:
            height = sum(heights) / len(heights) if heights else None
            band = None if height is None else band_of(height, PeopleClass.FIVE)
            levels.append(Level(driver=driver, on=on, band=band, height=height))
    return tuple(levels)
