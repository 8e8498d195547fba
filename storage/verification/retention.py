"""What retention has deleted, which nobody can check any more, and what it has left behind.

The check is told no time, and a database may be looked at long after Murmur ran: it counts from the latest round.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from storage.retention import DIGESTS, MESSAGES, RECORDS, ROSTERS, WORDS, periods_needed
from storage.rosters import PERIOD
from storage.tables import Request
from storage.verification.findings import Check, Finding, Group, counted
from storage.verification.records import Records

_GRACE = timedelta(weeks=1)
"""Rows are deleted once a day, and no round tells whether that day is over."""

_KEPT = Check(
    group=Group.PEOPLE,
    name="kept for its time",
    fine=f"rosters are deleted {ROSTERS.days // 7} weeks after they ended, messages after {MESSAGES.days // 7} weeks,"
    " and promises and requests 24 months after they ended.",
    remedy="Keep Murmur running, or run murmur tick.",
)


def check_retention(records: Records) -> Iterator[Finding]:
    """What is older than it should be: worth knowing, and no promise about answers is broken."""
    overdue = list(_overdue(records))
    if not overdue:
        yield from _KEPT.judge([])
    for words in overdue:
        yield _KEPT.note(f"longer than it should be: {words}. Murmur deletes them once a day, or with murmur tick.")


def gone(records: Records) -> set[int]:
    """Ids of the periods whose rosters are deleted, and may be: not one row of them is left, and nothing needs them.

    Where some people of a roster are left, or one is gone that should be there, somebody else deleted it.
    """
    needed = periods_needed(list(records.periods.values()), list(records.rounds.values()))
    return {id_ for id_ in records.period_units if id_ not in needed and not records.rosters.get(id_)}


def _overdue(records: Records) -> Iterator[str]:
    today = max((one.opens_on for one in records.rounds.values() if one.period_id is not None), default=date.min)
    needed = periods_needed(list(records.periods.values()), list(records.rounds.values()))
    ended = [
        period
        for id_, period in records.periods.items()
        if records.rosters.get(id_) and id_ not in needed and _is_older(period.starts_on + PERIOD, ROSTERS, today)
    ]
    if ended:
        yield counted(len(ended), "roster")
    if messages := _old_messages(records, today):
        yield counted(messages, "message")
    over = [promise.ended_on for promise in records.promises.values()]
    over += [_over_on(records, request) for request in records.requests.values()]
    if count := sum(on is not None and _is_older(on, RECORDS, today) for on in over):
        yield counted(count, "promise or request", "promises and requests")


def _over_on(records: Records, request: Request) -> date | None:
    """The day from which on a request is kept for its time; it stays for as long as the promise that answers it."""
    promise = records.promises.get(request.promise_id or 0)
    if promise is None or request.ended_on is None:
        return request.ended_on
    return None if promise.ended_on is None else max(request.ended_on, promise.ended_on)


def _old_messages(records: Records, today: date) -> int:
    """How many messages are older than they are kept; of digests, those that are not the latest of their kind."""
    latest: dict[tuple[object, ...], int] = {}
    over = [one for one in records.outbox if one.state != "waiting" and one.kind in (*DIGESTS, *WORDS)]
    for one in over:
        if one.kind in DIGESTS and one.state == "sent":
            about = (one.kind, one.member_id, one.unit_id, one.team_id)
            latest[about] = max(latest.get(about, 0), one.id)
    kept = set(latest.values())
    return sum(_is_older((one.not_before or one.due_at).date(), MESSAGES, today) and one.id not in kept for one in over)


def _is_older(on: date, kept: timedelta, today: date) -> bool:
    return today > date.min and on + kept + _GRACE < today
