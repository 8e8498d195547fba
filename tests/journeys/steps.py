"""What people do in the journeys, a line each."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy
from sqlmodel import Session, SQLModel, col, select

from bot.sandbox.client import View
from bot.sandbox.person import Person
from bot.sandbox.workspace import Person as Colleague
from bot.sandbox.workspace import Workspace
from storage.ballots import cast, open_box
from storage.questions import known_items
from storage.tables import Member, OutboxMessage, RosterEntry, Round
from surveys.rounds import State
from surveys.sealing import Ballot, round_key
from tests.support.running_murmur import FRIDAY, NEXT_MONDAY, OPENING, TUESDAY, Stage, in_english

WEEK = timedelta(weeks=1)

Json = dict[str, Any]


def said(person: Person, line: str) -> str:
    """Type a command; what Murmur answers, to this person alone."""
    before = len(person.ephemerals())
    person.command(line)
    return person.wait_until(lambda: [m.text for m in person.ephemerals()[before:]], "an answer")[-1]


def close_by_hand(person: Person, line: str = "/pulse close") -> str:
    """Type the command, agree to the question, and close the window; what it says at last."""
    person.command(line)
    person.wait_for_view("This cannot be undone.")
    done = page_after(person).text
    person.close_view(everything=True)
    return done


def fill_in_set_up(
    person: Person,
    team: str,
    *,
    channel: str = "",
    people: Sequence[str] = (),
    managers: Sequence[str] = ("Dana Ito",),
    part_of: str = "",
    leaders: Sequence[str] = (),
    together_with: str = "",
) -> None:
    """Open the set-up form and fill it in."""
    person.command("/pulse setup", effect=False)
    person.wait_for_view("Team name")
    person.fill("Team name", team)
    if channel:
        person.pick("everybody in a channel", channel)
    for label, names in (("Or: these people", people), ("Managers", managers), ("Who leads", leaders)):
        if names:
            person.check(label, *names)
    if part_of:
        person.fill("Part of", part_of)
    if together_with:
        person.pick("Ask together with", together_with)


def page_after(person: Person) -> View:
    """Send the window in front, and wait for the page that takes its place."""
    waiting = {"One moment", person.view.title}
    outcome = person.submit()
    assert outcome.acked, outcome
    assert not outcome.errors, outcome
    return person.wait_until(lambda: next((v for v in person.views[-1:] if v.title not in waiting), None), "a page")


def set_up(person: Person, team: str, **form: Any) -> tuple[str, str]:
    """Fill the form in, look at the preview and carry it out; both pages, as they read."""
    fill_in_set_up(person, team, **form)
    preview = page_after(person).text
    done = page_after(person).text
    person.close_view(everything=True)
    return preview, done


def with_newcomers(count: int) -> Workspace:
    """Lantern Labs after it has hired: "Extra 1", "Extra 2", ..."""
    workspace = in_english()
    hired = [
        Colleague(id=f"U0EXTRA{number}", name=f"extra.{number}", real_name=f"Extra {number}", tz="Europe/Berlin")
        for number in range(1, count + 1)
    ]
    return replace(workspace, people=(*workspace.people, *hired))


def week(number: int, instant: datetime) -> datetime:
    """The same moment of a later week; the first is week 0."""
    return instant + number * WEEK


def invite(stage: Stage, number: int = 0) -> None:
    """Let a round open, and everybody be invited."""
    stage.at(week(number, OPENING) + timedelta(hours=1))  # from April on it is ten in Auckland an hour later
    stage.at(week(number, TUESDAY))


def close(stage: Stage, number: int = 0) -> None:
    """Let a round close, and every manager have the digest."""
    stage.at(week(number, FRIDAY))
    stage.at(week(number, NEXT_MONDAY))


def answer_all(
    stage: Stage, people: Iterable[str], choice: str | Mapping[str, str] = "Agree", comment: str = ""
) -> None:
    """Let people answer, one after the other."""
    for who in people:
        outcome = stage.answer(who, choice, comment)
        assert outcome.acked, outcome
        assert not outcome.errors, outcome


def at_once(work: Any, people: Sequence[str]) -> list[Any]:
    """Let everybody do the same at once; what became of each."""
    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(work, people))


def cast_quietly(stage: Stage, levels: Mapping[str, int]) -> None:
    """Put ballots into the open round without Slack, for weeks that only make history: by Slack id, how good
    everything is for that person, 1 to 5.
    """
    murmur = stage.murmur
    with murmur.database.transaction() as session:
        round_ = session.exec(select(Round).where(Round.state == State.OPEN)).one()
        assert round_.key_name is not None
        key = round_key(murmur.settings.app_secret, murmur.keys.read(round_.key_name), round_.id)
        items = known_items(session, round_.pulse_id)
        for slack_id, level in levels.items():
            member = session.exec(select(Member).where(Member.slack_id == slack_id)).one()
            answers = {name: 6 - level if items[name].reverse else level for name in round_.item_ids}
            ballot = Ballot(answers=answers)
            cast(session, round_id=round_.id, member_id=member.id, key=key, ballot=ballot, now=murmur.clock())


def replay(stage: Stage, envelope: Json, **changes: Any) -> Json | None:
    """Send an envelope again as Slack would, with other contents; what Murmur answers."""
    payload = {**envelope["payload"], **changes}
    delivering = stage.sandbox._socket.deliver(envelope["type"], payload, accepts_response=True)
    delivery = asyncio.run_coroutine_threadsafe(delivering, stage.sandbox._loop).result(10)
    assert delivery.acked
    return delivery.payload


def rows_about(session: Session, member: Member) -> dict[str, int]:
    """How many rows of each table hold the id of a member."""
    found = {}
    for table in SQLModel.metadata.sorted_tables:
        columns = [c for c in table.columns if any(key.column.table.name == "member" for key in c.foreign_keys)]
        rows = sum(
            len(session.execute(sqlalchemy.select(table).where(column == member.id)).all()) for column in columns
        )
        if rows:
            found[table.name] = rows
    return found


def ballots_in_the_box(stage: Stage) -> list[Ballot]:
    """The ballots of the latest round that are not blank, read with its key while it has one."""
    murmur = stage.murmur
    with murmur.database.reading() as session:
        round_ = session.exec(
            select(Round).order_by(col(Round.id).desc()).where(col(Round.key_name).is_not(None))
        ).first()
        assert round_ is not None
        assert round_.key_name is not None
        key = round_key(murmur.settings.app_secret, murmur.keys.read(round_.key_name), round_.id)
        roster = session.exec(select(RosterEntry.member_id).where(RosterEntry.period_id == round_.period_id))
        return [ballot for ballot in open_box(session, round_.id, key, roster.all()) if ballot.answers]


def let_leases_run_out(stage: Stage) -> None:
    """Let the time pass that messages wait for another attempt, which goes by the clock of the database."""
    with stage.murmur.database.transaction() as session:
        session.execute(sqlalchemy.update(OutboxMessage).values(leased_until=None))
