"""Requests to leaders: each waits, or was ended on a day, with what that takes and nothing besides."""

from collections.abc import Iterator

from storage.tables import Promise, Request
from storage.verification.findings import Check, Finding, Group
from storage.verification.records import Records
from surveys.questions import drivers
from surveys.requests import Outcome

_REQUESTS = Check(
    group=Group.PEOPLE,
    name="requests",
    fine="every request to a leader waits, or was taken back, declined with a reason, or answered with a promise of"
    " that leader's, on a day that is kept.",
    remedy="Find out who changed it past Murmur; tell whoever asked, and the leader, what was really answered.",
)


def check_requests(records: Records) -> Iterator[Finding]:
    """What is wrong with requests, or that nothing is."""
    yield from _REQUESTS.judge(
        [f"request {one.id} {problem}" for one in records.requests.values() for problem in _wrong(records, one)]
    )


def _wrong(records: Records, request: Request) -> Iterator[str]:
    ended = request.ended_on is not None
    if ended != (request.state != Outcome.OPEN):
        yield "has ended and does not say when." if not ended else "waits, and has a day on which it ended."
    elif request.ended_on is not None and request.ended_on < request.made_on:
        yield "ended before it was made."
    if (request.reply is not None) != (request.state == Outcome.DECLINED):
        yield "has a reason and was not declined." if request.reply is not None else "was declined without a reason."
    promise = records.promises.get(request.promise_id or 0)
    if (request.promise_id is not None) != (request.state == Outcome.PROMISED):
        yield (
            "brought a promise that is not there."
            if request.promise_id is None
            else "was not answered with a promise, and has one."
        )
    elif request.promise_id is not None and not _answers(records, promise, request):
        yield "is answered with a promise of somebody else, or to others."
    if request.driver not in drivers():
        yield f"is about something that Murmur does not measure: {request.driver:.30}."
    if request.member_id == request.leader_id:
        yield "was asked by its own leader."


def _answers(records: Records, promise: Promise | None, request: Request) -> bool:
    """Whether a promise is one of the leader's to a team that asked."""
    if promise is None or promise.member_id != request.leader_id:
        return False
    teams, asking = (
        set(unit.team_key.split(",")) if (unit := records.units.get(unit_id)) is not None else set()
        for unit_id in (promise.unit_id, request.unit_id)
    )
    return bool(teams & asking)
