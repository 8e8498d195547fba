"""The ballot box: a sealed ballot for everybody asked, while a round is open; all alike, and none in an order."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from storage.ballots import LARGEST_UNSPLIT
from storage.tables import Round
from storage.verification.catalog import Catalog
from storage.verification.findings import Check, Finding, Group, counted
from storage.verification.pages import is_noise
from storage.verification.records import HOLDING, Place, Records
from surveys.audit_plans import Cause
from surveys.rounds import State
from surveys.sealing import BALLOT_BYTES, SLOT_ID_BYTES

SEALED_BYTES = 12 + BALLOT_BYTES + 16
"""Size of every sealed ballot: the nonce of AES-GCM, the padded ballot, and the tag that tells of tampering."""

_BLOCK = 16  # bytes that AES seals at a time
_FINGERPRINT, _KEY_NAME = re.compile(r"[0-9a-f]{16}"), re.compile(r"[0-9a-f]{32}")

_GONE = Check(
    group=Group.BOX,
    name="closed rounds",
    fine="the box holds ballots of rounds that are open or being closed, and of no other; else it is empty.",
    remedy="Keep Murmur running, or run murmur tick, so that it finishes closing; if it stays, delete these slots.",
)
_COUNT = Check(
    group=Group.BOX,
    name="one for everybody",
    fine="there are exactly as many ballots as people who were asked, so none tells who took part.",
    remedy="Call the round off in Slack: it can no longer be counted, and its box may show who took part.",
)
_SHAPE = Check(
    group=Group.BOX,
    name="all alike",
    fine=f"every ballot has an id of {SLOT_ID_BYTES} bytes and is {SEALED_BYTES} bytes long, whatever is in it.",
    remedy="Call the round off in Slack, and find out what wrote this ballot: Murmur did not.",
)
_SEALED = Check(
    group=Group.BOX,
    name="sealed",
    fine="every ballot looks like noise; no two share even a part, and none can be read without the key.",
    remedy="Call the round off in Slack at once, and find out what wrote this ballot: Murmur did not.",
)
_ORDER = Check(
    group=Group.BOX,
    name="no order",
    fine="ballots lie in the order of their random ids; nothing tells which came first, or which came last.",
    remedy="Stop Murmur and find out what changed the box: who answered last could be told from it.",
)
_GROUPS = Check(
    group=Group.BOX,
    name="groups",
    fine=f"ballots are sealed together by unit, or by 15 to {LARGEST_UNSPLIT} where a unit is larger.",
    remedy="Call the round off in Slack: in a smaller group a single ballot that changes can be seen.",
)
_FROZEN = Check(
    group=Group.BOX,
    name="rounds",
    fine="every round that opened keeps what was frozen then, and of its key only a name and a fingerprint.",
    remedy="Find out who changed these rows; Murmur writes them once, when the round opens.",
)


def check_box(records: Records, catalog: Catalog) -> Iterator[Finding]:
    """What is wrong with the ballot box, or that nothing is."""
    holding = records.in_state(HOLDING)
    yield from _GONE.judge(list(_leftover(records)))
    yield from _COUNT.judge(list(_miscounted(records, holding)))
    yield from _SHAPE.judge(list(_misshapen(records.box)))
    yield from _SEALED.judge(list(_readable(records.box)))
    yield from _ORDER.judge(list(_ordered(records.box, catalog)))
    yield from _GROUPS.judge(list(_misgrouped(records, holding)))
    yield from _FROZEN.judge(list(_unfrozen(records)))


def _leftover(records: Records) -> Iterator[str]:
    for round_id, count in Counter(place.round_id for place in records.box).items():
        round_ = records.rounds.get(round_id)
        if round_ is None or round_.state not in HOLDING:
            state = round_.state if round_ else "not known"
            yield f"{counted(count, 'ballot')} of round {round_id} {'is' if count == 1 else 'are'} left; it is {state}."


def _miscounted(records: Records, holding: Sequence[Round]) -> Iterator[str]:
    there = Counter(place.round_id for place in records.box)
    for round_ in holding:
        asked = sum(unit.roster for unit in records.round_units.get(round_.id, {}).values())
        if there[round_.id] != asked:
            yield f"round {round_.id} asked {counted(asked, 'person', 'people')} and has {there[round_.id]} ballots."


def _misshapen(box: Sequence[Place]) -> Iterator[str]:
    for place in box:
        if len(place.id) != SLOT_ID_BYTES:
            yield f"a ballot of round {place.round_id} has an id of {len(place.id)} bytes."
        if len(place.sealed) != SEALED_BYTES:
            yield f"a ballot of round {place.round_id} is {len(place.sealed)} bytes long."


def _readable(box: Sequence[Place]) -> Iterator[str]:
    blocks: Counter[bytes] = Counter()
    for place in box:
        noisy = all(is_noise(place.sealed[start : start + 1024]) for start in range(0, len(place.sealed) - 1023, 1024))
        if not noisy:
            yield f"a ballot of round {place.round_id} does not look sealed."
        blocks.update({place.sealed[start : start + _BLOCK] for start in range(12, len(place.sealed), _BLOCK)})
        blocks.update([place.sealed[:12]])
    if repeated := sum(count > 1 for block, count in blocks.items() if len(block) in (12, _BLOCK)):
        yield f"{counted(repeated, 'part')} of sealed ballots stand in more than one of them, as if not sealed afresh."


def _ordered(box: Sequence[Place], catalog: Catalog) -> Iterator[str]:
    if not catalog.by_id:
        yield "the box keeps the order in which ballots were written (its table has row numbers)."
    for (round_id, group), places in _by_group(box).items():
        if len({place.sealed_by for place in places}) > 1:
            yield f"group {group} of round {round_id} was not sealed again as a whole: single ballots stand out."
        turns = [place.written_as for place in sorted(places, key=lambda p: p.id) if place.written_as is not None]
        if any(later < earlier for earlier, later in pairwise(turns)):
            yield f"group {group} of round {round_id} was not written in the order of its ids."


def _misgrouped(records: Records, holding: Sequence[Round]) -> Iterator[str]:
    groups = _by_group(records.box)
    for round_ in holding:
        found = Counter(len(places) for (round_id, _), places in groups.items() if round_id == round_.id)
        legal = Counter(
            size for unit in records.round_units.get(round_.id, {}).values() for size in group_sizes(unit.roster)
        )
        for size in (found - legal).elements():
            yield f"round {round_.id} seals a group of {counted(size, 'ballot')} that fits none of its units."
        for size in (legal - found).elements():
            yield f"round {round_.id} lacks a group of {counted(size, 'ballot')} that one of its units needs."


def group_sizes(roster: int) -> list[int]:
    """The sizes of the groups in which the ballots of a unit are sealed together."""
    count = -(-roster // LARGEST_UNSPLIT)
    return [len(range(start, roster, count)) for start in range(count)]


def _by_group(box: Sequence[Place]) -> dict[tuple[int, int], list[Place]]:
    found: dict[tuple[int, int], list[Place]] = {}
    for place in box:
        found.setdefault((place.round_id, place.group), []).append(place)
    return found


def _unfrozen(records: Records) -> Iterator[str]:
    for round_ in records.rounds.values():
        if round_.state not in set(State):
            yield f"round {round_.id} is in a state that is none of Murmur's."
        if any(not refusal or refusal[0] not in set(Cause) for refusal in round_.refused or ()):
            yield f"round {round_.id}: what the auditor refused of it is not in the auditor's words."
        if not _KEY_NAME.fullmatch(round_.key_name):
            yield f"round {round_.id}: the name of its key is not random letters and digits."
        if round_.state in (State.SCHEDULED, State.DISCARDING, State.DISCARDED) and round_.key_fingerprint is None:
            continue  # it never opened
        for unit in records.round_units.get(round_.id, {}).values():
            if unit.flag_limit is not None and unit.flag_limit < 2:
                yield f"round {round_.id}: the limit of flags of {records.unit_name(unit.unit_id)} is none."
        if round_.period_id not in records.periods or not round_.item_ids or not records.round_units.get(round_.id):
            yield f"round {round_.id} opened without a roster, without questions or without units."
        if not _FINGERPRINT.fullmatch(round_.key_fingerprint or ""):
            yield f"round {round_.id}: the fingerprint of its key is missing, or something else stands there."
        known = records.items.get(round_.pulse_id, {})
        if unknown := [item for item in round_.item_ids if item not in known]:
            yield f"round {round_.id} asks something that is no question: {unknown[0]!s:.40}."
