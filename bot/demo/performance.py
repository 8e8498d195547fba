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
from bot.demo.cache import ROOT, Cache
from bot.demo.company import CONTACT, FIRST_WEEK, PRIYA, RUTH, SECRET, STARTS
from bot.demo.guide import FIRST, Direction
from bot.demo.history import live_through
from bot.demo.moods import read_moods
from bot.demo.naive import NaiveBot, Sent
from bot.demo.orders import take_orders
from bot.demo.promised import relieved_in
from bot.demo.routes import Routes
from bot.demo.show import STEP, Order, Progress, Show
from bot.demo.stage import Folder, Stage, staged
from bot.demo.theft import steal
from bot.demo.told import Told
from bot.demo.travel import Travel
from bot.logs import class_and_place
from bot.sandbox.people_file import Organisation
from bot.sandbox.server import Sandbox
from storage.questions import known_items
from storage.tables import Pulse
from surveys.questions import Item

Json = dict[str, Any]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """The company as it is when the page starts."""

    stage: Stage
    folder: Folder
    told: Told


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

    def by_hand(person: str, sent: Sent) -> None:
        told.notice(person, sent)
        if person == PRIYA:
            show.done_by_hand(FIRST)

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
            by_hand=by_hand,
        ) as stage,
    ):
        if saved is None:
            live_through(stage, show, company)
            kept.keep(folder, {"slack": sandbox.save(), "truth": told.as_json()})
        yield Prepared(stage=stage, folder=folder, told=told)


def perform(
    show: Show, sandbox: Sandbox, routes: Routes, path: Path, company: Organisation, *, seed: int, cache: Path = ROOT
) -> None:
    """Everything between the page and Ctrl-C. Raises Stopped, or CannotRun."""
    show.tell(Progress(title="Murmur starts"))
    with prepared(show, sandbox, path, company, seed=seed, cache=cache) as ready:
        stage = ready.stage
        routes.thief = lambda: rob(ready)
        sandbox.clock.run()
        show.ready()
        show.look(Direction(person=PRIYA, place=stage.slack.person(PRIYA).dms()[-1].channel))
        zones = {person.tz for person in company.workspace.people}
        travel = Travel(stage, show, home=company.workspace.find(RUTH).tz, timezones=zones)
        acting = Acting(stage, show, travel)
        take_orders(stage, show, lambda order: _do(order, acting, travel))


def rob(ready: Prepared) -> Json:
    """Steal both databases as they lie there now."""
    return steal(
        ready.folder.naive,
        ready.folder.database,
        people=ready.told.names,
        person=PRIYA,
        truth=ready.told.truth(),
        questions=_questions(ready.stage),
        secret=SECRET,
        now=ready.stage.sandbox.clock.now(),
    )


def _do(order: Order, acting: Acting, travel: Travel) -> None:
    if order.kind == STEP:
        acting.steps[order.id](order)
    else:
        travel.jump(order.id)


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


def _questions(stage: Stage) -> dict[str, Item]:
    """Everything that was ever asked, by id."""
    with stage.murmur.database.reading() as session:
        asked: dict[str, Item] = {}
        for pulse_id in session.exec(select(Pulse.id)):
            asked |= known_items(session, pulse_id)
        return asked
