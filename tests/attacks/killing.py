"""A18: kill the process that closes a round at every step, read what it leaves behind, and start another one.

Whatever the moment, the files and the secret must give nothing; and the next process must complete the round.
"""

from storage.keys import KeyLost
from surveys.rounds import State
from tests.attacks import naive
from tests.attacks.attack import Attack, Figure, Figures
from tests.attacks.ground import Ground
from tests.attacks.raw_bytes import read_after_the_close
from tests.attacks.victim import PEOPLE, Victim, victim
from tests.support.processes import KILLED, MOMENTS, close, run_together
from tests.support.thief import slots


def at_every_step(ground: Ground) -> Figures:
    """Murmur, killed at every step of closing, one after the other; each process begins where the last one died."""
    one = victim(ground)
    url = one.acme.database.url.render_as_string(hide_password=False)
    one.everybody_answers()
    sealed = slots(one.acme.database)
    read, torn = 0, 0
    for moment in MOMENTS:
        assert _another_process(one, url, moment) == KILLED
        left = slots(one.acme.database)
        torn += left not in ([], sealed)
        read = max(read, read_after_the_close(one, [*sealed, *left]))
    assert _another_process(one, url) == 0
    complete = one.acme.state(one.round_id) is State.SCRUBBED and not slots(one.acme.database) and _key_is_gone(one)
    read = max(read, read_after_the_close(one, sealed))
    return [
        Figure(hits=read, of=PEOPLE, what="read"),
        Figure(hits=torn + (not complete), of=len(MOMENTS) + 1, what="left half done"),
    ]


def _another_process(one: Victim, url: str, killed_after: str | None = None) -> int | None:
    """Let another process close the round. Returns its exit code."""
    # Reading a file and closing it takes SQLite's locks on it away from this process (sqlite.org/howtocorrupt, 2.2),
    # so none of its connections may be open while another process writes.
    one.acme.database.dispose()
    (code,) = run_together(close, [(url, one.acme.keys.path, one.round_id, killed_after)])
    return code


def _key_is_gone(one: Victim) -> bool:
    try:
        one.acme.key(one.round_id)
    except KeyLost:
        return True
    return False


def by_way_of_a_table(ground: Ground) -> Figures:
    """A bot that opens its ballots into a table to count them, killed before it has deleted them."""
    one = victim(ground)
    one.everybody_answers()
    url = one.acme.database.url.render_as_string(hide_password=False)
    assert run_together(naive.close_in_the_open, [(url, one.key)]) == [KILLED]
    return [Figure(hits=read_after_the_close(one, []), of=PEOPLE, what="read")]


A18 = Attack(
    number=18,
    what="kill -9 at each step of closing, then start again",
    passes_when="completes or sealed, 0 read",
    naive=by_way_of_a_table,
    murmur=at_every_step,
)
