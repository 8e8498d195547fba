"""Rounds of Murmur whose answers an attack has chosen, and what the ledger shows of them."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, select

from storage.ballots import cast
from storage.questions import known_items
from storage.rosters import present
from storage.tables import LedgerEntry, Round, RoundUnit, Unit
from surveys.questions import Item
from surveys.release import Kind, PeopleClass
from surveys.sealing import Ballot
from tests.support.organisation import TUESDAY, WEEK, Group, Organisation

Answers = Sequence[Sequence[int]]
"""Of one team, by question: what people answered, higher is better, in the order of those who are asked; 0 skips."""

Answering = Callable[[Sequence[str]], Mapping[int, Answers]]
"""What each team, by its id, answers to the questions with these ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the ledger says of one question in one team and round, beside the truth."""

    team_id: int
    item_id: str
    roster: int
    answers: tuple[int, ...]  # the truth, which a thief is not told, but for how many there are
    band: int
    people: PeopleClass
    participation: int | None  # the band that stands beside it


def hold(
    acme: Organisation, week: int, answering: Answering, meanwhile: Callable[[int], object] = lambda _round_id: None
) -> list[Told]:
    """Hold a round that is answered so, of which nobody takes part who skips everything. Returns what is shown.

    meanwhile: what happens besides before it closes.
    """
    now = TUESDAY + week * WEEK
    round_id = acme.open(now)
    with acme.database.reading() as session:
        known = known_items(session, acme.pulse_id)
        items = [known[item_id] for item_id in acme.round(round_id).item_ids]
        members = _asked(session, acme.round(round_id))
    answers = answering([item.id for item in items])
    ballots = [
        (member, _ballot(items, place, given))
        for team_id, given in answers.items()
        for place, member in enumerate(members[team_id])
    ]
    key = acme.key(round_id)
    with acme.database.transaction() as session:  # all at once, which is faster and here the same
        for member_id, ballot in ballots:
            if ballot.answers:
                cast(session, round_id=round_id, member_id=member_id, key=key, ballot=ballot, now=now)
    meanwhile(round_id)
    acme.close(round_id)
    given = {
        (team_id, item.id): tuple(answer for answer in one if answer)
        for team_id, questions in answers.items()
        for item, one in zip(items, questions, strict=True)
    }
    with acme.database.reading() as session:
        return list(_shown(session, round_id, given))


def _asked(session: Session, round_: Round) -> dict[int, list[int]]:
    """Who is asked in each unit, all of which are one team, by the team's id."""
    assert round_.period_id is not None
    units = session.exec(select(Unit).join(RoundUnit).where(RoundUnit.round_id == round_.id)).all()
    return {int(unit.team_key): present(session, round_.period_id, unit.id) for unit in units}


def _shown(session: Session, round_id: int, given: Mapping[tuple[int, str], tuple[int, ...]]) -> Iterator[Told]:
    """What the rows of the ledger show of a round."""
    rows = session.exec(select(LedgerEntry).where(LedgerEntry.round_id == round_id)).all()
    bands = {entry.unit_id: entry.value for entry in rows if entry.kind == Kind.PARTICIPATION}
    for entry in rows:
        if entry.kind == Kind.LEVEL and entry.value is not None:
            team_id = int(session.get_one(Unit, entry.unit_id).team_key)
            yield Told(
                team_id=team_id,
                item_id=entry.subject,
                roster=session.get_one(RoundUnit, (round_id, entry.unit_id)).roster,
                answers=given[team_id, entry.subject],
                band=entry.value,
                people=PeopleClass(str(entry.people)),
                participation=bands[entry.unit_id],
            )


def standalone(acme: Organisation, sizes: Sequence[int]) -> list[Group]:
    """Teams of so many people, each a unit of its own."""
    return [acme.team(f"Team {number}", size) for number, size in enumerate(sizes, start=1)]


def moods(chance: random.Random, people: int) -> list[int]:
    """Answers of a team that agrees, is torn, or anything between."""
    centre, spread = chance.choice([1.0, 2.2, 3.3, 4.2, 5.0]), chance.choice([0.0, 0.6, 1.2, 2.5])
    return [min(5, max(1, round(chance.gauss(centre, spread)))) for _ in range(people)]


def _ballot(items: Sequence[Item], place: int, given: Answers) -> Ballot:
    answers = {
        item.id: 6 - one[place] if item.reverse else one[place]
        for item, one in zip(items, given, strict=True)
        if place < len(one) and one[place]
    }
    return Ballot(answers=answers)
