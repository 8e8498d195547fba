"""The demonstration from the inside: take up the history or live through it, then do what the page orders.

Importing this imports all of Murmur, which takes seconds; the page is up before.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import select

from bot.demo.acting import Acting
from bot.demo.by_hand import ByHand, has_promised
from bot.demo.cache import ROOT, Cache
from bot.demo.company import CONTACT, FIRST_WEEK, PRIYA, RUTH, SECRET, STARTS
from bot.demo.guide import LATER, STEAL, Direction
from bot.demo.history import live_through
from bot.demo.moods import read_moods
from bot.demo.naive import NaiveBot, Sent
from bot.demo.orders import take_orders
from bot.demo.promised import relieved_in
from bot.demo.routes import Routes
from bot.demo.show import STEP, TWO_MONTHS, Order, Progress, Show
from bot.demo.stage import Folder, Stage, staged
from bot.demo.theft import steal
from bot.demo.told import Told
from bot.demo.travel import Travel
from bot.logs import class_and_place
from bot.sandbox.people_file import Organisation
from bot.sandbox.server import Sandbox
from storage.questions import known_items
from storage.tables import Pulse, Round
from surveys.questions import Item
from surveys.rounds import State

Json = dict[str, Any]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """The company as it is when the page starts."""

    stage: Stage
    folder: Folder
    told: Told
    by_hand: ByHand


@contextmanager
def prepared(
    show: Show, sandbox: Sandbox, path: Path, company: Organisation, *, seed: int, cache: Path = ROOT
) -> Iterator[Prepared]:
    """Sixteen weeks lived through, now or in an earlier start, and a Murmur that goes on from there; its clock
    stands still. `path` is an empty folder. Raises Stopped, or CannotRun.
    """
    folder, kept = Folder(path), Cache(seed, cache)
    saved = _take_up(kept, folder, sandbox)
    names = {person.id: person.real_name for person in company.workspace.people}

    def promised() -> bool:
        with stage.murmur.database.reading() as session:
            return has_promised(session)

    def taken(person: str, sent: Sent) -> None:
        told.notice(person, sent)
        by_hand.answered(person, sent)

    by_hand = ByHand(show, promised)
    with (
        Told(NaiveBot(folder.naive), names, sandbox.clock.now, saved and saved["truth"]) as told,
        staged(
            sandbox,
            folder,
            read_moods(seed),
            first_week=FIRST_WEEK,
            contact=CONTACT,
            relieved_in=relieved_in,
            hear=told.hear,
            by_hand=taken,
        ) as stage,
    ):
        if saved is None:
            live_through(stage, show, company)
            kept.keep(folder, {"slack": sandbox.save(), "truth": told.as_json()})
        sandbox.submissions(by_hand.sent)
        sandbox.readings(by_hand.read)
        yield Prepared(stage=stage, folder=folder, told=told, by_hand=by_hand)


def perform(
    show: Show, sandbox: Sandbox, routes: Routes, path: Path, company: Organisation, *, seed: int, cache: Path = ROOT
) -> None:
    """Everything between the page and Ctrl-C. Raises Stopped, or CannotRun."""
    show.tell(Progress(title="Murmur starts"))
    with prepared(show, sandbox, path, company, seed=seed, cache=cache) as ready:
        stage = ready.stage
        routes.thief = lambda keys: _rob(ready, show, keys=keys)
        sandbox.clock.run()
        show.ready()
        show.look(Direction(person=PRIYA, place=stage.slack.person(PRIYA).dms()[-1].channel))
        zones = {person.tz for person in company.workspace.people}
        travel = Travel(stage, show, home=company.workspace.find(RUTH).tz, timezones=zones)
        acting = Acting(stage, show, travel)
        take_orders(stage, show, lambda order: do(order, show, ready, acting, travel))


def rob(ready: Prepared, *, keys: bool = False) -> Json:
    """Steal both databases as they lie there now, and the folder with Murmur's `keys` as well."""
    return steal(
        ready.folder.naive,
        ready.folder.database,
        people=ready.told.names,
        person=PRIYA,
        truth=ready.told.truth(),
        questions=_questions(ready.stage),
        keys=ready.folder.keys if keys else None,
        still_open=ready.told.given_in(_open_rounds(ready.stage)),
        secret=SECRET,
        now=ready.stage.sandbox.clock.now(),
    )


def do(order: Order, show: Show, ready: Prepared, acting: Acting, travel: Travel) -> None:
    """Carry out what the page orders. A jump may do what a step shows: the guide ticks that, too."""
    clock, by_hand = ready.stage.sandbox.clock, ready.by_hand
    if order.kind == STEP:
        acting.steps[order.id](order)
        by_hand.guided(clock.now().timestamp())
        return
    travel.jump(order.id)
    by_hand.settle()
    if order.id == TWO_MONTHS:
        show.done_by_hand(LATER, acting.thief_again())


def _rob(ready: Prepared, show: Show, *, keys: bool) -> Json:
    loot = rob(ready, keys=keys)
    show.done_by_hand(STEAL)
    return loot


def _take_up(kept: Cache, folder: Folder, sandbox: Sandbox) -> Json | None:
    """Put a kept history into place, if there is one that can be used."""
    saved = kept.restore(folder)
    if saved is None:
        return None
    try:
        sandbox.restore(saved["slack"])
    except (LookupError, TypeError, ValueError) as error:
        log.info("the kept history is of no use", extra={"error": class_and_place(error)})
        folder.clear()
        return None
    sandbox.clock.move_to(STARTS)
    return saved


def _open_rounds(stage: Stage) -> set[int]:
    """Ids of the rounds that can be answered now."""
    with stage.murmur.database.reading() as session:
        return set(session.exec(select(Round.id).where(Round.state == State.OPEN)))


def _questions(stage: Stage) -> dict[str, Item]:
    """Everything that was ever asked, by id."""
    with stage.murmur.database.reading() as session:
        asked: dict[str, Item] = {}
        for pulse_id in session.exec(select(Pulse.id)):
            asked |= known_items(session, pulse_id)
        return asked
