"""What an organisation's own rounds teach the detector: how widely answers scatter, how restless weeks are.

Nothing of it is kept but in memory: it follows from the ledger and from what rounds kept of their scatter, and only
from what was there before the day that is asked about.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from storage.ledger import history
from storage.tables import Pulse, Round, RoundUnit
from surveys.calibration import SETTLED, Gains, add_gains, foretell, weigh, within_of
from surveys.noise import Noise
from surveys.release import Published
from surveys.rounds import State
from surveys.streams import streams

TEACHERS = 12
"""Of each round, the units from which is learned. A dozen tells how restless weeks are nearly as well as a hundred, and
in a second or so rather than ten."""

_REMEMBERED = 64
"""Workspaces, or states of one, that are kept in mind."""

# By the database and the names of the rounds' keys, which are random: rounds that are counted never change.
_learned: dict[tuple[str, ...], Gains] = {}


def noise_of(session: Session, workspace_id: int) -> Callable[[date], Noise]:
    """What was known about the noise of a workspace's answers on any day: a function of what was counted before it,
    so that later rounds change nothing of what was said.
    """
    rounds = _coded(session, workspace_id)
    within = within_of((closed_on, round_.within / 100) for round_, closed_on in rounds if round_.within is not None)
    last = rounds[-1][1] if rounds else date.min
    settled = [round_ for round_, closed_on in rounds if last - closed_on > SETTLED]
    names = (str(session.get_bind().engine.url), *(round_.key_name for round_ in settled))
    gains = _learned.get(names)
    if gains is None:
        ledgers = _lessons(session, [round_.id for round_ in settled])
        gains = add_gains(foretell(stream, within) for ledger in ledgers for stream in streams(ledger).values())
        if len(_learned) >= _REMEMBERED:
            _learned.clear()
        _learned[names] = gains
    return cache(weigh([gains], within).noise)


def _coded(session: Session, workspace_id: int) -> list[tuple[Round, date]]:
    """The rounds of a workspace that stand in the ledger, with the days on which they closed, in order of these."""
    query = (
        select(Round, Pulse)
        .join(Pulse)
        .where(
            Pulse.workspace_id == workspace_id, col(Round.state).in_((State.CLOSED, State.SCRUBBED, State.PUBLISHED))
        )
    )
    rounds = [
        (round_, round_.closes_at.astimezone(ZoneInfo(pulse.timezone)).date()) for round_, pulse in session.exec(query)
    ]
    return sorted(rounds, key=lambda pair: (pair[1], pair[0].id))


def _lessons(session: Session, round_ids: Sequence[int]) -> Iterator[list[Published]]:
    """The ledgers, in these rounds, of the units from which is learned: in each round the first ones by id. Which they
    are must not depend on later rounds.
    """
    query = (
        select(col(RoundUnit.round_id), col(RoundUnit.unit_id))
        .where(col(RoundUnit.round_id).in_(round_ids))
        .order_by(col(RoundUnit.round_id), col(RoundUnit.unit_id))
    )
    asked: dict[int, list[int]] = {}
    for round_id, unit_id in session.execute(query):
        asked.setdefault(round_id, []).append(unit_id)
    teach = {(round_id, unit_id) for round_id, units in asked.items() for unit_id in islice(units, TEACHERS)}
    for unit_id in sorted({unit_id for _, unit_id in teach}):
        yield [one for one in history(session, [unit_id]) if (one.round_id, one.unit_id) in teach]
