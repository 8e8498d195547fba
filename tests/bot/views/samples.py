"""Values that views are tested with: a usual team, an empty one, and names chosen to do harm."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.sandbox.blockkit import check_message, check_view
from bot.views.promises import Promises
from bot.views.vocabulary import Post, View
from surveys.costs import Salary
from surveys.digests import Digest, assemble
from surveys.promises import Fate, Followed, Promised
from surveys.questions import Item, Owner, bank, drivers
from surveys.release import Code, Kind, PeopleClass, Published
from surveys.requests import Outcome, Requested
from surveys.trends import Flag, Reading

HOSTILE = "<!channel> & *bold* <@U1> https://evil.example `x` _y_"
LONG = "Department of Applied Perception, Planning and Control " * 40
CLOSES = datetime(2026, 3, 13, 17, tzinfo=UTC)
MONDAY = date(2026, 3, 9)


def refused(what: Post | View) -> list[str]:
    """Why Slack would refuse a message or view, empty when it would not."""
    problems = check_message(list(what.blocks), what.text) if isinstance(what, Post) else check_view(what)
    return [str(problem) for problem in problems]


def texts(value: Any) -> list[str]:
    """Every text that people read in a message or view, in order."""
    if isinstance(value, Post):
        return [value.text, *texts(value.blocks)]
    if isinstance(value, dict):
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        return own + [text for part in value.values() for text in texts(part)]
    return [text for part in value for text in texts(part)] if isinstance(value, (list, tuple)) else []


def mrkdwn(value: Any) -> list[str]:
    """Every text that Slack would interpret."""
    if isinstance(value, Post):
        return [value.text, *mrkdwn(value.blocks)]
    if isinstance(value, dict):
        own = [value["text"]] if value.get("type") == "mrkdwn" else []
        return own + [text for part in value.values() for text in mrkdwn(part)]
    return [text for part in value for text in mrkdwn(part)] if isinstance(value, (list, tuple)) else []


def read_aloud(value: Any) -> str:
    """Everything people read, as one text."""
    return "\n".join(texts(value))


def elements(value: Any) -> list[dict[str, Any]]:
    """Every button, field and menu of a message or view."""
    if isinstance(value, Post):
        return elements(value.blocks)
    if isinstance(value, dict):
        own = [value] if "action_id" in value else []
        return own + [found for part in value.values() for found in elements(part)]
    return [found for part in value for found in elements(part)] if isinstance(value, (list, tuple)) else []


def codes(
    round_id: int,
    bands: dict[str, int | None],
    *,
    people: PeopleClass = PeopleClass.EIGHT,
    participation: int | None = 2,
    tone: int | None = None,
    themes: Sequence[str] = (),
    roster: int = 9,
) -> list[Published]:
    """The ledger of one round, a band of None withheld. Rounds are a week apart; round 10 closed on 9 March."""
    closed = MONDAY + timedelta(weeks=round_id - 10)
    found = [
        Code(
            kind=Kind.LEVEL,
            subject=f"{driver}.asked",
            driver=driver,
            people=None if band is None else people,
            value=band,
        )
        for driver, band in bands.items()
    ]
    found.append(Code(kind=Kind.TONE, subject="comments", driver="", people=None, value=tone))
    found += [Code(kind=Kind.THEME, subject=f"theme.{one}", driver=one, people=people, value=1) for one in themes]
    found.append(Code(kind=Kind.PARTICIPATION, subject="participation", driver="", people=None, value=participation))
    return [
        Published(unit_id=1, round_id=round_id, closed_on=closed, roster=roster, replaced=0, code=code)
        for code in found
    ]


def reading(round_id: int, level: float, *, flag: Flag | None = None, recovered: bool = False) -> Reading:
    """What the detector said after a round."""
    on = MONDAY + timedelta(weeks=round_id - 10)
    return Reading(on=on, level=level, lo90=1.0, hi90=5.0, flag=flag, recovered=recovered)


def flag(*, raised: int, since: int, evidence: float = 1.0) -> Flag:
    """A flag, by the rounds that raised it and at which the change began."""
    return Flag(
        raised_on=MONDAY + timedelta(weeks=raised - 10),
        since=MONDAY + timedelta(weeks=since - 10),
        evidence=evidence,
    )


TIRED: Sequence[int] = (2, 2, 2, 1, 1, 1, 1, 1)
"""Bands of burnout in rounds 3 to 10: some, then high."""


def flagged_history() -> list[Published]:
    """Eight rounds: burnout from some to high, autonomy good; the last also asked growth and experimentation."""
    history = [one for number, band in zip(range(3, 10), TIRED, strict=False) for one in _usual(number, band)]
    last = {"burnout": TIRED[-1], "autonomy": 3, "experimentation": None, "growth": 2}
    return history + codes(10, last, tone=0)


def _usual(number: int, burnout: int) -> list[Published]:
    others: dict[int, str] = {8: "purpose", 9: "collaboration"}
    extra = {others[number]: 3} if number in others else {}
    return codes(number, {"burnout": burnout, "autonomy": 3, **extra})


def flagged_readings() -> dict[str, tuple[Reading, ...]]:
    """What goes with it: flagged three weeks ago, since round 4."""
    raised = flag(raised=7, since=4)
    burnout = [reading(number, 3.0) for number in range(3, 7)]
    burnout += [reading(number, 2.4, flag=raised) for number in range(7, 11)]
    return {"burnout": tuple(burnout), "autonomy": tuple(reading(number, 3.5) for number in range(3, 11))}


def digest(
    history: Sequence[Published],
    readings: Mapping[str, Sequence[Reading]] | None = None,
    *,
    unit: str = "Vision",
    first: bool = False,
    reader: Owner = Owner.TEAM_LEAD,
    team_sees_on: date = date(2026, 3, 18),
    items: Mapping[str, Item] | None = None,
    salary: Salary | None = None,
) -> Digest:
    """The digest of the latest round of a history."""
    return assemble(
        unit=unit,
        on=history[-1].closed_on,
        history=history,
        readings=readings or {},
        items=items or bank(),
        drivers=drivers(),
        round_id=history[-1].round_id,
        reader=reader,
        team_sees_on=team_sees_on,
        first=first,
        false_flag_months=6,
        salary=salary,
    )


def staying(answer: int | None, *, round_id: int = 10, roster: int = 31) -> Published:
    """What most answered to "How much longer do you expect to work here?": the number of the answer from 1, 0 where
    none stands out, None where it is withheld.
    """
    people = None if answer is None else PeopleClass.EIGHT
    code = Code(kind=Kind.CHOICE, subject="intent-to-stay.here", driver="intent-to-stay", people=people, value=answer)
    closed = MONDAY + timedelta(weeks=round_id - 10)
    return Published(unit_id=1, round_id=round_id, closed_on=closed, roster=roster, replaced=0, code=code)


def leaving_digest(
    answer: int | None = 1, *, entered_by: str = "Ruth Meyer", flagged: bool = False, **changes: Any
) -> Digest:
    """A digest of a large unit, in which most mean to leave within half a year."""
    salary = Salary(amount=85_000, currency="EUR", entered_by=entered_by)
    history = flagged_history() if flagged else codes(10, {"burnout": 2, "autonomy": 3}, roster=31)
    readings = flagged_readings() if flagged else {}
    return digest([*history, staying(answer)], readings, **({"salary": salary} | changes))


def flagged_digest(**changes: Any) -> Digest:
    """A digest with a flag on burnout."""
    return digest(flagged_history(), flagged_readings(), **changes)


def quiet_digest(**changes: Any) -> Digest:
    """A digest without one."""
    return digest([*codes(9, {"purpose": 3}), *codes(10, {"burnout": 2, "autonomy": 3, "growth": 2})], **changes)


DANA, SAM = 1, 2
"""Member ids of two managers of Vision."""


def promised(text: str = "No deploys after Thursday noon.", *, number: int = 1, **changes: Any) -> Promised:
    """A promise of Dana's that stands, made on 23 February."""
    facts: dict[str, Any] = {
        "id": number,
        "unit_id": 1,
        "maker_id": DANA,
        "maker": "Dana Ito",
        "text": text,
        "made_on": date(2026, 2, 23),
        "made_after": 8,
        "fate": Fate.OPEN,
        "ended_on": None,
        "ended_after": None,
    }
    return Promised(**(facts | changes))


def kept(text: str = "No deploys after Thursday noon.", **changes: Any) -> Promised:
    """The same, kept on 27 February, after the next round had opened."""
    ended: dict[str, Any] = {"fate": Fate.KEPT, "ended_on": date(2026, 2, 27), "ended_after": 9}
    return promised(text, **(ended | changes))


def promises(
    *followed: Promised, unit: str = "Vision", rounds: int = 1, reader: int = DANA, **changes: Any
) -> Promises:
    """What a manager of a unit follows; every promise may be ended by its maker alone."""
    return Promises(
        unit=unit,
        place="10:1",
        reader_id=reader,
        followed=tuple(Followed(promise=promise, rounds=rounds) for promise in followed),
        theirs_to_end=frozenset(one.id for one in followed if one.maker_id == reader and one.fate is Fate.OPEN),
        **changes,
    )


RUTH = 3
"""The member id of the leader above Vision."""


def requested(text: str = "Please come by.", *, number: int = 1, **changes: Any) -> Requested:
    """A request of Dana's to Ruth about purpose that waits, made on 2 March."""
    facts: dict[str, Any] = {
        "id": number,
        "unit_id": 1,
        "unit": "Vision",
        "driver": "purpose",
        "asker_id": DANA,
        "asker": "Dana Ito",
        "leader_id": RUTH,
        "leader": "Ruth Meyer",
        "text": text,
        "made_on": date(2026, 3, 2),
        "outcome": Outcome.OPEN,
        "reply": None,
        "promise": None,
        "ended_on": None,
    }
    return Requested(**(facts | changes))


def declined(answer: str = "The date is fixed until June.", **changes: Any) -> Requested:
    """The same, declined on 5 March."""
    ended: dict[str, Any] = {"outcome": Outcome.DECLINED, "ended_on": date(2026, 3, 5), "reply": answer}
    return requested(**(ended | changes))


def answered(promise: Promised, **changes: Any) -> Requested:
    """The same, answered on 5 March with a promise."""
    ended: dict[str, Any] = {"outcome": Outcome.PROMISED, "ended_on": date(2026, 3, 5), "promise": promise}
    return requested(**(ended | changes))
