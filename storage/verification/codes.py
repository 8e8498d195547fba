"""The ledger: one coarse code for each unit, question and round, and nothing that the rules would have withheld."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from storage.tables import Round, RoundUnit
from storage.verification.findings import Check, Finding, Group, counted
from storage.verification.records import CODED, Records
from surveys.comments import POSITIVE
from surveys.questions import Item, answers_of, is_comment
from surveys.release import EDGES, FLOOR, PARTICIPATION_FLOOR, Code, Kind, PeopleClass, participation_band
from surveys.rotation import REST
from surveys.scatter import LARGEST, SMALLEST, STEP, may_be_kept
from surveys.scoring import code_kind
from surveys.themes import subject_of, themes

_MOST = {PeopleClass.FIVE: 5, PeopleClass.SIX_SEVEN: 7}
_FEWEST = {PeopleClass.FIVE: FLOOR, PeopleClass.SIX_SEVEN: 6, PeopleClass.EIGHT: 8}
_BESIDES = {"comments": Kind.TONE, "participation": Kind.PARTICIPATION}
_HIGHEST_SHARE = 2  # the band of "more than four fifths"

_ONE = Check(
    group=Group.LEDGER,
    name="one code",
    fine="each unit has exactly one code for each question of each round that was counted, and nothing else is there.",
    remedy="Compare with the digests that people have, and find out who wrote to the ledger: two figures for one"
    " question can be subtracted.",
)
_BOUNDS = Check(
    group=Group.LEDGER,
    name="coarse",
    fine="every code is one of the few bands of its kind; what is withheld has no value.",
    remedy="Find out who wrote to the ledger: a finer figure tells more about single people than was promised.",
)
_FLOOR = Check(
    group=Group.LEDGER,
    name="enough people",
    fine=f"nothing is shown for fewer than {FLOOR} answers, nor for more answers than a unit's roster allows.",
    remedy="Find out who wrote to the ledger or to the rosters, and tell the people of that unit.",
)
_THRESHOLDS = Check(
    group=Group.LEDGER,
    name="threshold",
    fine=f"no pulse and no round was ever set to fewer than {FLOOR} answers.",
    remedy=f"Find out who changed it past Murmur, which refuses that; Murmur itself still counts with {FLOOR}.",
)
_REST = Check(
    group=Group.LEDGER,
    name="rest",
    fine=f"no question was asked twice within {REST.days} days, so that no two results can be subtracted.",
    remedy="Find out how the round came to ask it; do not compare the two results.",
)
_SCATTER = Check(
    group=Group.LEDGER,
    name="scatter",
    fine="of how widely answers scattered, one coarse figure a round is kept at most, over five units and 30 answers"
    " or more, and none where the codes do not allow it.",
    remedy="Find out who wrote to the rounds: a finer figure, or one about fewer people, would tell about single ones.",
)
_DATES = Check(
    group=Group.LEDGER,
    name="closing days",
    fine="each code carries the day its round closed, and no other date.",
    remedy="Find out who wrote to the ledger: Murmur dates all codes of a round alike.",
)


def check_codes(records: Records) -> Iterator[Finding]:
    """What is wrong with the ledger, or that nothing is."""
    coded = records.in_state(CODED)
    by_place: dict[tuple[int, int], list[Any]] = {}
    for entry in records.ledger:
        by_place.setdefault((entry.round_id, entry.unit_id), []).append(entry)
    known = {
        (round_.id, unit_id): (round_, unit)
        for round_ in coded
        for unit_id, unit in records.round_units.get(round_.id, {}).items()
    }
    yield from _ONE.judge([*_misplaced(records, by_place, known), *_uneven(records, by_place, known)])
    judged = [
        (f"round {round_.id}, {records.unit_name(unit.unit_id)}", round_, unit, by_place.get(place, []))
        for place, (round_, unit) in known.items()
    ]
    items = records.items
    yield from _BOUNDS.judge(
        [
            f"{where}, {entry.subject}: {problem}"
            for where, round_, _, entries in judged
            for entry in entries
            for problem in _out_of_bounds(entry, items.get(round_.pulse_id, {}).get(entry.subject))
        ]
    )
    yield from _FLOOR.judge(
        [
            f"{where}{problem}"
            for where, round_, unit, entries in judged
            for problem in _too_few(entries, round_, unit, items.get(round_.pulse_id, {}))
        ]
    )
    yield from _THRESHOLDS.judge(list(_lowered(records)))
    yield from _REST.judge(list(_asked_again(records)))
    yield from _DATES.judge(list(_misdated(records)))
    yield from _SCATTER.judge(list(_told_of_too_few(records)))


def _misplaced(
    records: Records,
    by_place: Mapping[tuple[int, int], Sequence[Any]],
    known: Mapping[tuple[int, int], object],
) -> Iterator[str]:
    for round_id, unit_id in by_place:
        if (round_id, unit_id) in known:
            continue
        round_ = records.rounds.get(round_id)
        where = f"round {round_id}, {records.unit_name(unit_id)}"
        if round_ is None or round_.state not in CODED:
            yield f"{where} has codes, although the round is {round_.state if round_ else 'not known'}."
        else:
            yield f"{where} has codes, although the round did not ask this unit."


def _uneven(
    records: Records,
    by_place: Mapping[tuple[int, int], Sequence[Any]],
    known: Mapping[tuple[int, int], tuple[Round, RoundUnit]],
) -> Iterator[str]:
    for place, (round_, unit) in known.items():
        where = f"round {round_.id}, {records.unit_name(unit.unit_id)}"
        there = Counter(entry.subject for entry in by_place.get(place, []))
        asked = records.items.get(round_.pulse_id, {})
        expected = {id_ for id_ in round_.item_ids if id_ not in asked or not is_comment(asked[id_])} | set(_BESIDES)
        if there.keys() & _themes().keys():  # what an older version coded has none of them, else all are there
            expected |= _themes().keys()
        for subject, count in there.items():
            if subject not in expected:
                yield f"{where} has a code for something that the round did not ask: {subject:.40}."
            elif count > 1:
                yield f"{where}, {subject}: {count} codes instead of one."
        if missing := sorted(expected - there.keys()):
            yield f"{where} has no code for {', '.join(missing)}."


def _out_of_bounds(entry: Any, item: Item | None) -> Iterator[str]:
    """What is wrong with one code by itself."""
    kind = _BESIDES.get(entry.subject, Kind.THEME if entry.subject in _themes() else None)
    if kind is None and item is None:
        return  # for something that was not asked; a finding of its own
    if kind is None and item is not None:
        kind = code_kind(item)
        if entry.driver != item.driver:
            yield "it is filed under another driver than its question."
    elif kind is Kind.THEME and entry.driver != _themes()[entry.subject]:
        yield "it is filed under another driver than its theme."
    elif kind is not Kind.THEME and entry.driver:
        yield "it is filed under a driver, and should not be."
    if kind is None or entry.kind != kind:
        yield f"it is of the kind {entry.kind:.20}, and should not be."
        return
    counted_people = entry.people is not None
    if counted_people and (kind is Kind.PARTICIPATION or entry.people not in set(PeopleClass)):
        yield f"it tells of {entry.people:.20} people; only 5, 6-7 and 8+ are ever told, and of participation none."
    elif kind is not Kind.PARTICIPATION and counted_people != (entry.value is not None):
        yield "it is withheld only in part: its value and its people must be there together, or neither."
    elif entry.value is not None and entry.value not in _values(kind, entry, item):
        yield f"its value is {entry.value}, finer than its bands allow."


@cache
def _themes() -> dict[str, str]:
    """The drivers that are themes, by the subject of their codes."""
    return {subject_of(driver): driver for driver in themes()}


def _values(kind: Kind, entry: Any, item: Item | None) -> range:
    """The values that a code of this kind may have."""
    if kind is Kind.LEVEL:
        return range(len(EDGES[PeopleClass(entry.people)]) + 1)
    if kind is Kind.CHOICE:
        return range(len(answers_of(item)) + 1 if item else 0)
    return range({Kind.TONE: POSITIVE, Kind.THEME: 1}.get(kind, _HIGHEST_SHARE) + 1)


def _too_few(entries: Sequence[Any], round_: Round, unit: RoundUnit, items: Mapping[str, Item]) -> Iterator[str]:
    """What was shown of a unit's round although the rules withhold it."""
    threshold = max(round_.threshold or FLOOR, FLOOR)
    shown = [entry for entry in entries if entry.value is not None and entry.people in set(PeopleClass)]
    for entry in shown:
        people = PeopleClass(entry.people)
        if _FEWEST[people] > unit.roster - 1:
            yield f", {entry.subject}: shown for {people} people in a unit of {unit.roster}; one of them must not show."
        elif _MOST.get(people, threshold) < threshold:
            yield f", {entry.subject}: shown for {people} people; the round needed {threshold}."
        elif entry.subject in items and items[entry.subject].min_roster > unit.roster:
            yield f", {entry.subject}: shown for a unit of {unit.roster}; this question needs a larger one."
    if len({entry.value is None for entry in entries if entry.kind in (Kind.TONE, Kind.THEME)}) > 1:
        yield " tells some of tone and themes of its comments and withholds the others."
    if len({entry.people for entry in shown}) > 1:
        yield " tells different numbers of people for its questions, and so who left some out."
    for entry in entries:
        if entry.subject != "participation":
            continue
        withheld = entry.value is None
        excused = withheld and bool(round_.refused)  # kept back by the auditor
        if withheld != (unit.roster < PARTICIPATION_FLOOR) and not excused:
            yield f": participation is {'not ' if withheld else ''}told for a unit of {unit.roster}."
        for people in {PeopleClass(one.people) for one in shown}:
            least = participation_band(min(_FEWEST[people], unit.roster), unit.roster)
            if entry.value is not None and least is not None and entry.value < least:
                yield ": participation is lower than the people behind its codes."


def _lowered(records: Records) -> Iterator[str]:
    for pulse in records.pulses.values():
        if pulse.threshold < FLOOR:
            yield f"the pulse {pulse.name} is set to show results from {counted(pulse.threshold, 'answer')} on."
    for round_ in records.rounds.values():
        if round_.period_id is not None and (round_.threshold is None or round_.threshold < FLOOR):
            yield f"round {round_.id} shows results from {round_.threshold or 'no'} answers on."


def _asked_again(records: Records) -> Iterator[str]:
    asked: dict[tuple[int, str], list[Round]] = {}
    for round_ in records.rounds.values():
        known = records.items.get(round_.pulse_id, {})
        for words in {_words(known[item_id].text) if item_id in known else item_id for item_id in round_.item_ids}:
            asked.setdefault((round_.pulse_id, words), []).append(round_)
    for rounds in asked.values():
        for before, after in pairwise(sorted(rounds, key=lambda round_: (round_.opens_on, round_.id))):
            if after.opens_on - before.opens_on < REST:
                days = (after.opens_on - before.opens_on).days
                yield f"rounds {before.id} and {after.id} ask the same, {counted(days, 'day')} apart."


def _words(text: str) -> str:
    """A question by its words: written again with another id, it is the same question."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _told_of_too_few(records: Records) -> Iterator[str]:
    coded = {round_.id for round_ in records.in_state(CODED)}
    codes: dict[int, dict[int, list[Code]]] = {}
    for entry in records.ledger:
        if entry.kind == Kind.LEVEL and entry.people in set(PeopleClass):
            people = PeopleClass(entry.people)
            code = Code(kind=Kind.LEVEL, subject="", driver="", people=people, value=entry.value)
            codes.setdefault(entry.round_id, {}).setdefault(entry.unit_id, []).append(code)
    for round_ in records.rounds.values():
        if round_.within is None:
            continue
        if round_.within not in range(SMALLEST, LARGEST + 1, STEP):
            yield f"round {round_.id} tells finer than it should how widely answers scattered: {round_.within}."
        if round_.id not in coded or not may_be_kept(codes.get(round_.id, {}).values()):
            yield f"round {round_.id} tells how widely answers scattered, of fewer people than it may."


def _misdated(records: Records) -> Iterator[str]:
    days: dict[int, set[Any]] = {}
    for entry in records.ledger:
        days.setdefault(entry.round_id, set()).add(entry.closed_on)
    for round_id, closed_on in days.items():
        round_ = records.rounds.get(round_id)
        # By the clock of the pulse a round may close a day earlier or later than by that of Greenwich.
        if round_ and any(abs((day - round_.closes_at.date()).days) > 1 for day in closed_on):
            yield f"round {round_id} closed on {round_.closes_at.date()}, and its codes say something else."
        elif len(closed_on) > 1:
            yield f"the codes of round {round_id} carry different days."
