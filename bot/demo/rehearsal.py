"""A rehearsal: an adopter's own people in a stand-in Slack, and a Murmur in it that nobody has set up yet.

Whenever the clock is taken on, everybody who was not played answers at random, so that digests have something to
say. Nobody real is asked anything.
"""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.demo.moods import Moods, read_moods
from bot.demo.orders import take_orders
from bot.demo.own_company import OwnCompany
from bot.demo.show import STEP, Progress, Show
from bot.demo.stage import Folder, staged
from bot.demo.travel import Travel
from bot.sandbox.people_file import Organisation
from bot.sandbox.server import Sandbox


def rehearse(show: Show, sandbox: Sandbox, path: Path, company: Organisation) -> None:
    """Everything between the page and Ctrl-C. `path` is an empty folder. Raises Stopped, or CannotRun."""
    show.tell(Progress(title="Murmur starts"))
    today = sandbox.clock.now().date()
    monday = today - timedelta(days=today.weekday())
    with staged(sandbox, Folder(path), _calm(), first_week=monday, contact="") as stage:
        people = company.workspace.people
        home = next(person.tz for person in people if person.is_admin)
        travel = Travel(stage, show, home=home, timezones={person.tz for person in people})
        own = OwnCompany(stage, show, travel, company)
        show.recount = own.count
        show.ready()
        show.look(own.begin())
        try:
            take_orders(
                stage, show, lambda order: own.steps[order.id](order) if order.kind == STEP else travel.jump(order.id)
            )
        finally:
            show.recount = lambda: None


def _calm() -> Moods:
    """People of whom nothing is known, to whom nothing happens, whatever they are promised."""
    return replace(read_moods(), effects=())
