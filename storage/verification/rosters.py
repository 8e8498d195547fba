"""Rosters and units: frozen for four weeks, disjoint, large enough; nobody reads what they are counted in."""

from collections.abc import Iterator
from itertools import combinations, pairwise

from storage.rosters import PERIOD
from storage.tables import RosterPeriod, Round, Unit
from storage.verification.findings import Check, Finding, Group, counted
from storage.verification.records import Records
from storage.verification.retention import gone
from surveys.rounds import State
from surveys.units import ALONE, SMALLEST

_FROZEN = Check(
    group=Group.ROSTERS,
    name="frozen",
    fine="every roster has as many people as when it was frozen, and rounds asked nobody besides.",
    remedy="Find out who changed it: whoever moves people in and out of a roster can single one of them out.",
)
_PERIODS = Check(
    group=Group.ROSTERS,
    name="periods",
    fine=f"rosters stood still for at least {PERIOD.days} days each time, and every round kept to its own.",
    remedy="Find out who changed the periods; Murmur does not begin one earlier.",
)
_APART = Check(
    group=Group.ROSTERS,
    name="units apart",
    fine="no team and nobody is counted in two units at once, nor in two surveys at once.",
    remedy="Find out who changed units or rosters: figures that overlap can be subtracted.",
)
_LARGE = Check(
    group=Group.ROSTERS,
    name="large enough",
    fine=f"no round asked a unit of fewer than {SMALLEST} people.",
    remedy="Find out who changed the sizes; do not use the results of that unit.",
)
_READERS = Check(
    group=Group.ROSTERS,
    name="readers",
    fine="nobody was sent a digest of a unit in which they are counted themselves.",
    remedy="Find out who put these messages there: whoever knows their own answer learns more of the others'.",
)


def check_rosters(records: Records) -> Iterator[Finding]:
    """What is wrong with rosters and units, or that nothing is."""
    yield from _FROZEN.judge(list(_changed(records)))
    yield from _PERIODS.judge(list(_moved(records)))
    yield from _APART.judge([*_overlapping(records), *_in_two_surveys(records)])
    yield from _LARGE.judge(list(_too_small(records)))
    yield from _READERS.judge(list(_reading_themselves(records)))
    yield from _worth_knowing(records)


def _changed(records: Records) -> Iterator[str]:
    deleted = gone(records)
    for period_id, sizes in records.period_units.items():
        if period_id in deleted:
            continue
        rosters = records.rosters.get(period_id, {})
        for unit_id, size in sizes.items():
            there = len(rosters.get(unit_id, ()))
            if there != size.roster:
                yield (
                    f"{records.unit_name(unit_id)} was frozen with {counted(size.roster, 'person', 'people')} on"
                    f" {_starts(records, period_id)}, and has {there} now."
                )
        for unit_id in rosters.keys() - sizes.keys():
            yield f"{records.unit_name(unit_id)} has a roster of {_starts(records, period_id)} that was never frozen."
    for round_id, asked in records.round_units.items():
        round_ = records.rounds.get(round_id)
        sizes = records.period_units.get(round_.period_id or 0, {}) if round_ else {}
        for unit_id, unit in asked.items():
            if unit_id not in sizes:
                yield f"round {round_id} asked {records.unit_name(unit_id)}, which has no roster in its period."
            elif unit.roster > sizes[unit_id].roster:
                yield f"round {round_id} asked more people of {records.unit_name(unit_id)} than its roster holds."


def _starts(records: Records, period_id: int) -> str:
    return str(records.periods[period_id].starts_on) if period_id in records.periods else f"period {period_id}"


def _moved(records: Records) -> Iterator[str]:
    by_pulse: dict[int, list[RosterPeriod]] = {}
    for period in sorted(records.periods.values(), key=lambda period: period.starts_on):
        by_pulse.setdefault(period.pulse_id, []).append(period)
    for periods in by_pulse.values():
        for before, after in pairwise(periods):
            if after.starts_on - before.starts_on < PERIOD:
                yield f"the rosters of {before.starts_on} were worked out again on {after.starts_on} already."
    for round_ in records.rounds.values():
        if round_.period_id is None:
            continue
        begun = [period for period in by_pulse.get(round_.pulse_id, ()) if period.starts_on <= round_.opens_on]
        if not begun or begun[-1].id != round_.period_id or round_.opens_on - begun[-1].starts_on >= PERIOD:
            yield f"round {round_.id} counts by rosters of another time than its own."


def _teams(unit: Unit) -> set[int]:
    return {int(team_id) for team_id in unit.team_key.split(",") if team_id.isdecimal()}


def _overlapping(records: Records) -> Iterator[str]:
    for unit in records.units.values():
        if unit.team_key != ",".join(map(str, sorted(_teams(unit)))):
            yield f"{unit.name} is not made of teams, or of something besides."
    for period_id, sizes in records.period_units.items():
        units = [records.units[unit_id] for unit_id in sizes if unit_id in records.units]
        for one, other in combinations(units, 2):
            if _teams(one) & _teams(other):
                yield f"{one.name} and {other.name} share a team in the period of {_starts(records, period_id)}."
        rosters = records.rosters.get(period_id, {})
        everybody = [member_id for members in rosters.values() for member_id in members]
        if twice := len(everybody) - len(set(everybody)):
            yield f"{counted(twice, 'person is', 'people are')} on two rosters of {_starts(records, period_id)}."


def _in_two_surveys(records: Records) -> Iterator[str]:
    """Rounds of different pulses that ask the same people at the same time."""
    running: list[Round] = []
    for round_ in records.rounds.values():
        if round_.period_id is None or round_.state in (State.DISCARDING, State.DISCARDED):
            continue
        running = [other for other in running if other.closes_at > round_.opens_at]
        for other in running:
            if other.pulse_id == round_.pulse_id:
                yield f"rounds {other.id} and {round_.id} of one survey were open at the same time."
            elif both := records.roster(other) & records.roster(round_):
                people = counted(len(both), "person", "people")
                yield f"rounds {other.id} and {round_.id} of different surveys ask the same {people} at the same time."
        running.append(round_)


def _too_small(records: Records) -> Iterator[str]:
    for round_id, units in records.round_units.items():
        for unit_id, unit in units.items():
            if unit.roster < SMALLEST:
                people = counted(unit.roster, "person", "people")
                yield f"round {round_id} asked {records.unit_name(unit_id)}, which has {people}."
    for period_id, sizes in records.period_units.items():
        for unit_id, size in sizes.items():
            if size.scored != (size.roster >= SMALLEST):
                verb = "counts" if size.scored else "does not count"
                period = _starts(records, period_id)
                yield f"the period of {period} {verb} {records.unit_name(unit_id)}, which has {size.roster} people."


def _reading_themselves(records: Records) -> Iterator[str]:
    for message in records.outbox:
        round_ = records.rounds.get(message.round_id or 0)
        if message.kind != "digest" or round_ is None:
            continue
        roster = records.rosters.get(round_.period_id or 0, {}).get(message.unit_id or 0, frozenset())
        if message.member_id in roster:
            unit = records.unit_name(message.unit_id or 0)
            yield f"somebody on the roster of {unit} gets the digest of round {round_.id} about it."


def _worth_knowing(records: Records) -> Iterator[Finding]:
    """What is as it should be only if teams were rearranged since rosters were frozen, of which no trace is kept."""
    if deleted := gone(records):
        rosters = counted(len(deleted), "period", "periods")
        yield _FROZEN.note(
            f"of {rosters} only the sizes are left to be checked: who was on these rosters is deleted after its time."
        )
    for period in _latest(records):
        units = [records.units[unit_id] for unit_id in records.period_units.get(period.id, {})]
        parents = {
            unit.id: {records.teams[team_id].parent_id for team_id in _teams(unit) if team_id in records.teams}
            for unit in units
        }
        for unit in units:
            if len(parents[unit.id]) > 1:
                yield _APART.note(f"{unit.name} are counted together, and belong to different departments by now.")
        sizes = records.period_units[period.id] if units else {}
        for unit in units:
            department = next(iter(parents[unit.id]), None)
            siblings = [other for other in units if other.id != unit.id and department in parents[other.id]]
            if department is not None and siblings and sizes[unit.id].roster < ALONE:
                yield _LARGE.note(
                    f"{unit.name} ({sizes[unit.id].roster} people) stands alone although its department has another"
                    " team; that is so only if it came to the department after the rosters were frozen."
                )
        for unit in units:
            counted_readers = _readers(records, _teams(unit)) & records.rosters.get(period.id, {}).get(
                unit.id, frozenset()
            )
            if counted_readers:
                yield _READERS.note(
                    f"{counted(len(counted_readers), 'person', 'people')} on the roster of {unit.name}"
                    " became a reader of it since; they get no digest of it until the next period."
                )


def _latest(records: Records) -> list[RosterPeriod]:
    latest: dict[int, RosterPeriod] = {}
    for period in records.periods.values():
        if period.pulse_id not in latest or latest[period.pulse_id].starts_on < period.starts_on:
            latest[period.pulse_id] = period
    return list(latest.values())


def _readers(records: Records, team_ids: set[int]) -> frozenset[int]:
    """Who reads the results of these teams today: their managers and those of the departments above."""
    above: set[int] = set()
    waiting = list(team_ids)
    while waiting:
        team = records.teams.get(waiting.pop())
        if team is not None and team.id not in above:
            above.add(team.id)
            waiting += [team.parent_id] if team.parent_id is not None else []
    return frozenset(management.member_id for management in records.managers if management.team_id in above)
