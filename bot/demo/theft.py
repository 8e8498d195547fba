"""Stealing a survey bot's database, and finding out who answered what: one attack, for any SQLite file.

The thief has the whole file, copied while it was in use, and what else lies in its folder; the server's secret; the
names and Slack ids of everybody; and this source code. Murmur's key directory lies elsewhere, and is only taken when
that is asked for: then the rounds that are open can be read.

1. Unseal (unsealing.py): every long value of bytes in a table is tried as AES-256-GCM, with keys made of the secret
   and each value in the file, or file beside it, in the ways listed there. The raw bytes, with what was deleted, are
   tried at every place with the keys that fitted and with those that need no value of the file.
2. Read (prying.py): every value of every table is tried as answers, by number or label: as JSON with any number of
   people in it, as a column for each question, as a row for each answer; and as a comment. Among the raw bytes JSON
   and comments are looked for, and names beside them.
3. Link (linking.py): what was read is laid beside every table that names a few people, in every order that the file
   keeps and by every value that both have in common; and its rows are searched for ids, names and hashes of them.

Which way of linking is right a thief could only guess. Here all of them are counted against the truth, which the
demonstration knows, and the best is taken: nobody does better with these means. It may hit by chance, too: counting.py
deals the same answers out to the same people at random, and tells how much guessing as often hits. Murmur's ledger of
published figures of groups is read and linked like everything else.

What this cannot tell: other ciphers, what is sealed and kept as text, and answers in another form than these. Of
tables with a row for each answer, columns that are called an id are not taken for the number pressed. And one
theft is one moment: what copies before and after each submission tell is tried in tests/attacks, with PostgreSQL and
crashes.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

from bot.demo.counting import Given, Truth
from bot.demo.linking import ways
from bot.demo.loot import AGAIN, ATTACK, BLANK, DETAILS, TAKEN_ALONG, Attacked, loot
from bot.demo.naive import comments_told, forms_told
from bot.demo.naming import names_in
from bot.demo.prying import read_bytes, read_tables
from bot.demo.recognising import Reader
from bot.demo.stolen import Stolen, take
from bot.demo.unsealing import open_sealed
from surveys.questions import Item

Json = dict[str, Any]


class Shared:
    """Does one thing at a time. Whoever asks for what is under way waits for it, and gets the same."""

    def __init__(self) -> None:
        self._one_at_a_time = Lock()
        self._lock = Lock()
        self._under_way: dict[object, Future[Json]] = {}

    def ask(self, key: object, do: Callable[[], Json]) -> Json:
        """What `do` returns or raises, or what another's does who asked for `key` before."""
        with self._lock:
            theirs = self._under_way.get(key)
            mine = self._under_way[key] = Future() if theirs is None else theirs
        if theirs is not None:
            return theirs.result()
        try:
            with self._one_at_a_time:
                mine.set_result(do())
        except BaseException as error:
            mine.set_exception(error)
            raise
        finally:
            with self._lock:
                del self._under_way[key]
        return mine.result()


_thefts = Shared()


def steal(
    naive: Path,
    murmur: Path,
    *,
    people: Mapping[str, str],
    person: str,
    truth: Sequence[tuple[str, Mapping[str, int]]],
    questions: Mapping[str, Item],
    secret: str,
    now: datetime,
    still_open: int = 0,
    keys: Path | None = None,
) -> Json:
    """Steal both databases and attack them alike: what the page shows, with an eye on one `person`.

    `people` are names by Slack id, `questions` all that were ever asked, by id. The truth says who answered what, with
    one entry for each person and round, `still_open` of them of rounds that are open; comments are known from what
    the plain bot was told. `keys` is the folder of Murmur's keys, where the thief takes that as well. Those who ask at
    once share one theft.
    """

    def theft() -> Json:
        files = {"naive": ("A plain bot", take(naive)), "murmur": ("Murmur", take(murmur, keys))}
        comments = comments_told(files["naive"][1])
        newest = _newest(forms_told(files["naive"][1], person))
        given = [
            Given(person=who, answers=found, comment=comments.get((who, found), ""))
            for who, answers in truth
            if (found := frozenset(answers.items()))  # there is nothing to trace in a blank form
        ]
        shown: Json = {"taken_at": now.isoformat(), "attack": ATTACK, "details": list(DETAILS)}
        for key, (name, stolen) in files.items():
            result = attack(stolen, people=people, questions=questions, secret=secret, given=given)
            lying = sum(file.endswith(".nonce") for file in stolen.beside)
            open_round_read = key == "naive" or (keys is not None and result.verdict.best is not None)
            told = loot(
                name,
                stolen,
                result,
                people=people,
                person=person,
                questions=questions,
                given=len(given),
                still_open=still_open if key == "murmur" else 0,
                newest=newest if open_round_read else "",
            )
            if key == "murmur" and keys is not None:
                told["how"] = f"{TAKEN_ALONG} {told['how']}"
            shown[key] = told | {"keys": lying if key == "murmur" and keys is None else None}
        return shown

    return _thefts.ask((naive, murmur, person, keys), theft)


def _newest(forms: Sequence[tuple[str, bool]]) -> str:
    """Whether the newest of somebody's forms is BLANK, or AGAIN takes back what an earlier one of its round said."""
    if not forms or not forms[-1][1]:
        return ""
    return AGAIN if any(label == forms[-1][0] and not blank for label, blank in forms) else BLANK


def attack(
    stolen: Stolen,
    *,
    people: Mapping[str, str],
    questions: Mapping[str, Item],
    secret: str,
    given: Sequence[Given],
) -> Attacked:
    """Try everything on a stolen file. `people` are names by Slack id; what was given is only counted against."""
    opening = open_sealed(stolen, secret)
    reader = Reader(questions, {one.comment for one in given})
    names = names_in(stolen, people, secret, opening.keys)
    spoken = re.compile(names.spoken.pattern.encode())
    piles = [
        *read_tables(stolen, reader, opening.plain),
        *read_bytes(stolen.raw, reader, opening.leftovers, spoken),
    ]
    readable: Counter[str] = Counter()
    for pile in piles:
        readable |= Counter({pile.table.name: sum(sheet is not None for sheet in pile.sheets)})
    attempts = list(ways(piles, stolen, names))
    return Attacked(
        opening=opening,
        owners_known=sum(any(value in names.marks for value in row) for row in opening.sealed),
        readable=readable,
        tried=len(attempts),
        verdict=Truth(given).judge(attempts),
    )
