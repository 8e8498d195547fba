"""A16: send twice, correct, correct after the close, send together with the close, and see what is counted.

Of everybody exactly one answer must be counted, the last that was taken; what comes too late must be refused.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from threading import Barrier
from typing import Protocol

from storage.ballots import RoundNotOpen, cast, open_box
from storage.closing import begin_closing
from storage.database import Busy
from tests.attacks import naive
from tests.attacks.attack import Attack, Figure, Figures
from tests.attacks.ground import Ground
from tests.attacks.victim import PEOPLE, Victim, victim
from tests.support.organisation import TUESDAY
from tests.support.thief import slots

EACH = PEOPLE // 4
"""People who try each of the four."""


class Bot(Protocol):
    """What takes answers."""

    def send(self, member: int, answer: int) -> bool:
        """Whether the answer was taken."""
        ...

    def close(self) -> None:
        """Take no more."""
        ...

    def counted(self, member: int) -> list[int]:
        """The answers of somebody that are counted."""
        ...


class Murmur:
    """The ballot box."""

    def __init__(self, one: Victim) -> None:
        self._one = one
        self._first_item = one.acme.round(one.round_id).item_ids[0]

    def send(self, member: int, answer: int) -> bool:
        try:
            self._one.acme.answer(self._one.round_id, member, answer)
        except (RoundNotOpen, Busy):
            return False
        return True

    def close(self) -> None:
        begin_closing(self._one.acme.database, self._one.round_id)

    def counted(self, member: int) -> list[int]:
        with self._one.acme.database.reading() as session:
            ballots = open_box(session, self._one.round_id, self._one.key, [member])
        return [ballot.answers[self._first_item] for ballot in ballots if ballot.answers]


def miscounted(bot: Bot, members: Sequence[int]) -> int:
    """A16: of how many people something else is counted than the last answer that was taken from them."""
    groups = [members[start : start + EACH] for start in range(0, PEOPLE, EACH)]
    twice, correcting, late, closing_time = groups
    last: dict[int, list[int]] = {member: [] for member in members}

    def send(member: int, answer: int) -> bool:
        taken = bot.send(member, answer)
        if taken:
            last[member] = [answer]
        return taken

    _together([partial(send, member, 2) for member in twice for _ in range(2)])
    for member in (*correcting, *late):
        send(member, 1)
    for member in correcting:
        send(member, 5)
    _together([*(partial(send, member, 4) for member in closing_time), bot.close])
    accepted_late = {member for member in (*late, *members[:3]) if bot.send(member, 3)}
    return len(accepted_late | {member for member in members if bot.counted(member) != last[member]})


def _together(acts: Sequence[Callable[[], object]]) -> None:
    """Let all of this happen at once."""
    at_once = Barrier(len(acts))

    def act(one: Callable[[], object]) -> None:
        at_once.wait(60)
        one()

    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(act, acts))


def rows_of_submissions(ground: Ground) -> Figures:
    """A bot with a row for every submission."""
    bot = naive.Submissions(ground.database())
    return [Figure(hits=miscounted(bot, range(PEOPLE)), of=PEOPLE, what="miscounted")]


def ballot_box(ground: Ground) -> Figures:
    """Murmur; and, with a key that a process has kept in memory, whatever is taken of a round that is published."""
    one = victim(ground)
    figure = Figure(hits=miscounted(Murmur(one), one.arrivals), of=PEOPLE, what="miscounted")
    one.acme.close(one.round_id)
    taken = 0
    for member in one.arrivals:
        with suppress(RoundNotOpen), one.acme.database.transaction() as session:
            ballot = one.acme.ballot(one.round_id, 1)
            cast(session, round_id=one.round_id, member_id=member, key=one.key, ballot=ballot, now=TUESDAY)
            taken += 1
    return [figure, Figure(hits=taken + len(slots(one.acme.database)), what="after the close")]


A16 = Attack(
    number=16,
    what="sent twice, corrected, too late, together with the close",
    passes_when="one answer, the last",
    naive=rows_of_submissions,
    murmur=ballot_box,
)
