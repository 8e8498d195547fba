"""The outbox: a round's messages are alike for everybody eligible, and gone once it is over."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from storage.closing import PERSONAL_KINDS
from storage.outbox import Letter, request_of
from storage.tables import OutboxMessage, Round
from storage.verification.findings import Check, Finding, Group, counted
from storage.verification.records import HOLDING, Records
from surveys.cadence import FROM_HOUR, zone
from surveys.rounds import State

_ABOUT: Mapping[str, frozenset[str]] = {
    "welcome": frozenset({"pulse_id"}),
    "invitation": frozenset({"round_id"}),
    "reminder": frozenset({"round_id"}),
    "digest": frozenset({"round_id", "unit_id"}),
    "department-digest": frozenset({"round_id", "team_id"}),
    "called-off": frozenset({"round_id"}),
    "refused": frozenset({"round_id"}),
    "request": frozenset({"unit_id"}),
}
"""The kinds of messages, and what a message of each is about, beside the member who gets it."""

_TOLERATED = 2
"""So many people without messages may have ended a pause, or come back, after the round opened, and so many with
other ones may have moved to another time zone; nothing tells."""

_REQUEST = "request"

Shape = tuple[tuple[str, datetime, datetime | None], ...]
"""The messages that one person gets: kind, due, expires."""

_KINDS = Check(
    group=Group.PEOPLE,
    name="messages",
    fine="messages are welcomes, invitations, reminders, digests, requests to leaders, and word of rounds that were"
    " called off or not opened, with nothing added to them.",
    remedy="Find out what put these messages there: Murmur did not.",
)
_ALIKE = Check(
    group=Group.PEOPLE,
    name="messages alike",
    fine="in each open round, invitations and reminders are the same for everybody who is asked,"
    " whether they answered or not.",
    remedy="Find out what added or removed messages: who got none, or only one, may be who has answered.",
)
_GONE = Check(
    group=Group.PEOPLE,
    name="messages gone",
    fine="of rounds that are over, no invitation and no reminder is left.",
    remedy="Keep Murmur running, or run murmur tick; if they stay, delete them: they tell who was asked when.",
)


def check_outbox(records: Records) -> Iterator[Finding]:
    """What is wrong with the messages, or that nothing is."""
    yield from _KINDS.judge(list(_strange(records)))
    yield from _ALIKE.judge([problem for round_ in _asking(records) for problem in _unlike(records, round_)])
    for round_ in _asking(records):
        yield from _worth_knowing(records, round_)
    yield from _GONE.judge(list(_left(records)))


def _strange(records: Records) -> Iterator[str]:
    for message in records.outbox:
        about = {name for name in ("pulse_id", "round_id", "unit_id", "team_id") if getattr(message, name) is not None}
        if message.kind not in _ABOUT:
            yield f"a message is of a kind that Murmur does not send: {message.kind:.30}."
        elif about != _ABOUT[message.kind]:
            yield f"a message of the kind {message.kind} is about something that is none of its business."
        elif message.natural_key != _letter(message).natural_key:
            yield f"a message of the kind {message.kind} has something added to its name."
        elif message.kind == _REQUEST and not _is_asked(records, message):
            yield "a message to a leader is about no request to them."


def _is_asked(records: Records, message: OutboxMessage) -> bool:
    """Whether a message is about a request to its receiver."""
    request = records.requests.get(request_of(message) or 0)
    return request is not None and (request.leader_id, request.unit_id) == (message.member_id, message.unit_id)


def _letter(message: OutboxMessage) -> Letter:
    return Letter(
        kind=message.kind,
        member_id=message.member_id,
        due_at=message.due_at,
        round_id=message.round_id,
        unit_id=message.unit_id,
        team_id=message.team_id,
        pulse_id=message.pulse_id,
        request_id=request_of(message) if message.kind == _REQUEST else None,
    )


def _asking(records: Records) -> list[Round]:
    return records.in_state(HOLDING | {State.CLOSED})


def _of_round(records: Records, round_: Round) -> dict[int, list[OutboxMessage]]:
    """The invitations and reminders of a round by member."""
    found: dict[int, list[OutboxMessage]] = {}
    for message in records.outbox:
        if message.round_id == round_.id and message.kind in PERSONAL_KINDS:
            found.setdefault(message.member_id, []).append(message)
    return found


def _unlike(records: Records, round_: Round) -> Iterator[str]:
    found = _of_round(records, round_)
    if strangers := found.keys() - records.roster(round_):
        yield f"round {round_.id} has messages for {counted(len(strangers), 'person', 'people')} whom it does not ask."
    for messages in found.values():
        kinds = sorted(message.kind for message in messages)
        if kinds not in (["invitation"], ["invitation", "reminder"]):
            yield f"round {round_.id}: somebody has {', '.join(kinds)}, and not one invitation."
    for shapes in _shapes(records, found):
        numbers = " and ".join(str(number) for number in sorted(shapes.values(), reverse=True))
        reminded = {len(shape) for shape in shapes}
        if len(reminded) > 1:
            yield f"round {round_.id}: of people who were invited together, not all get a reminder ({numbers} of them)."
        elif _others(shapes) > _TOLERATED:
            yield f"round {round_.id}: people who were invited together are reminded at different times ({numbers})."
    kept = [message for messages in found.values() for message in messages if message.not_before is not None]
    if sum(not _at_nine(records, message) for message in kept) > _TOLERATED:
        yield f"round {round_.id}: messages are kept for other times than the morning of their receivers."
    missing = _without_messages(records, round_, found)
    if found and len(missing) > max(_TOLERATED, len(found) // 10):
        yield f"round {round_.id}: {counted(len(missing), 'person', 'people')} on its roster have no message at all."


def _at_nine(records: Records, message: OutboxMessage) -> bool:
    """Whether a late message is kept until its receiver begins to work."""
    member = records.members.get(message.member_id)
    if member is None or message.not_before is None:
        return False
    local = message.not_before.astimezone(zone(member.timezone))
    return (local.hour, local.minute) == (FROM_HOUR, 0)


def _shapes(records: Records, found: Mapping[int, Sequence[OutboxMessage]]) -> list[Counter[Shape]]:
    """How the messages of people look who live in one time zone and were invited together: how many look how.

    Where people live decides when they are invited, and so whether a reminder would come too soon after that.
    """
    shapes: dict[tuple[datetime, str], Counter[Shape]] = {}
    for member_id, messages in found.items():
        invited = min(messages, key=lambda message: message.kind)
        member = records.members.get(member_id)
        shape = tuple(sorted((message.kind, message.due_at, message.expires_at) for message in messages))
        shapes.setdefault((invited.due_at, member.timezone if member else ""), Counter())[shape] += 1
    return list(shapes.values())


def _others(shapes: Counter[Shape]) -> int:
    """How many people have other messages than most."""
    return sum(shapes.values()) - max(shapes.values())


def _without_messages(records: Records, round_: Round, found: Mapping[int, object]) -> list[int]:
    """Who is on the roster and has no message, although nothing in their preferences says why."""
    return [
        member_id
        for member_id in records.roster(round_)
        if member_id not in found
        and (member := records.members.get(member_id)) is not None
        and member.active
        and member.opted_out_on is None
        and (member.paused_until is None or member.paused_until < round_.opens_on)
    ]


def _worth_knowing(records: Records, round_: Round) -> Iterator[Finding]:
    found = _of_round(records, round_)
    missing = len(_without_messages(records, round_, found))
    if found and 0 < missing <= max(_TOLERATED, len(found) // 10):
        yield _ALIKE.note(
            f"round {round_.id}: {counted(missing, 'person has', 'people have')} no message. It is the same when"
            " somebody ends a pause, or joins again, after the round opened."
        )
    if any(0 < _others(shapes) <= _TOLERATED for shapes in _shapes(records, found)):
        yield _ALIKE.note(
            f"round {round_.id}: somebody is reminded at another time than people of the same time zone. It is the"
            " same when somebody moves to another time zone after the round opened."
        )
    if round_.state != State.OPEN:
        return
    if not found and records.roster(round_):
        yield _ALIKE.note(f"round {round_.id} has no invitations in the outbox at all, for nobody.")
    dropped = sum(
        message.state == "dropped" and not _unwanted(records, message)
        for messages in found.values()
        for message in messages
    )
    if dropped:
        yield _ALIKE.note(
            f"round {round_.id}: {counted(dropped, 'message was', 'messages were')} not sent although nobody's"
            " preferences say so; a reminder is not sent again when Slack did not say whether it had arrived."
        )


def _unwanted(records: Records, message: OutboxMessage) -> bool:
    """Whether its receiver does not want the message, by what the directory says now."""
    member = records.members.get(message.member_id)
    return (
        member is None
        or not member.active
        or member.opted_out_on is not None
        or member.paused_until is not None
        or (message.kind == "reminder" and member.no_reminders_since is not None)
    )


def _left(records: Records) -> Iterator[str]:
    asking = {round_.id for round_ in _asking(records)}
    left = Counter(
        message.round_id
        for message in records.outbox
        if message.kind in PERSONAL_KINDS and message.round_id not in asking
    )
    thrown_away = {round_.id for round_ in records.in_state(frozenset({State.DISCARDING, State.DISCARDED}))}
    left += Counter(
        message.round_id
        for message in records.outbox
        if message.kind == "called-off" and (message.round_id not in thrown_away or message.state != "waiting")
    )
    for round_id, count in left.items():
        yield f"{counted(count, 'message')} of round {round_id}, which is over, {'is' if count == 1 else 'are'} left."
