"""Stealing a survey bot's database, and finding out who answered what: one attack, for any SQLite file.

The thief has the whole file, copied while it was in use, and what else lies in its folder; the server's secret; the
names and Slack ids of everybody; and this source code. Murmur's key directory lies elsewhere, and was not taken.

1. Read (prying.py): every value of every table and all raw bytes, with what was deleted, are tried as answers:
   as JSON, as a column or a row for each question, and as something sealed, under every key that can be made of
   the secret and any value in the file.
2. Link (linking.py): what was read is laid beside every table that tells of people, in every order that the file
   keeps and by every value that both have in common; and its rows are searched for ids, names and hashes of them.

Which way of linking is right a thief could only guess. Here all of them are counted against the truth, which the
demonstration knows, and the best is taken: nobody does better with these means. It may hit by chance, too.

Two things are left aside. A table with one answer a row and far fewer rows than people gave answers is taken for
figures of groups, as Murmur's ledger is: these were published, and are nobody's own. And one theft is one moment:
what copies before and after each submission tell is tried in tests/attacks, with PostgreSQL and crashes.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.demo.linking import Attempt, names_in, ways
from bot.demo.loot import ATTACK, Attacked, loot
from bot.demo.prying import open_sealed, read_bytes, read_tables
from bot.demo.stolen import Stolen, take
from surveys.questions import Item

Truth = Sequence[tuple[str, Mapping[str, int]]]
"""Who answered what, by Slack id: one entry for each person and round, with what was sent last."""


def attack(
    stolen: Stolen,
    *,
    people: Mapping[str, str],
    questions: Collection[str],
    secret: str,
    truth: Truth,
) -> Attacked:
    """Try everything on a stolen file. `people` are names by Slack id; the truth is only counted against."""
    opening = open_sealed(stolen, secret)
    piles = [*read_tables(stolen, questions, opening.plain, len(truth)), *read_bytes(stolen.raw, questions)]
    names = names_in(stolen, people, secret, opening.keys)
    attempts = [attempt for pile in piles for attempt in ways(pile, stolen, names)]
    true = Counter((person, frozenset(answers.items())) for person, answers in truth)
    scores = [hits(attempt, true) for attempt in attempts]
    best = max(range(len(attempts)), key=scores.__getitem__, default=None)
    return Attacked(
        opening=opening,
        owners_known=sum(any(value in names.marks for value in row) for row in opening.sealed),
        readable=sum(sheet is not None for pile in piles for sheet in pile.sheets),
        tried=len(attempts),
        best=None if best is None else attempts[best],
        matched=max(scores, default=0),
    )


def hits(attempt: Attempt, true: Counter[tuple[str, frozenset[tuple[str, int]]]]) -> int:
    """How many answers an attempt tells: of one person in one round, all of them as they were given."""
    sheets = attempt.pile.sheets
    claimed = Counter((person, sheet.answers) for person, row, _ in attempt.links if (sheet := sheets[row]))
    return (claimed & true).total()


def steal(
    naive: Path,
    murmur: Path,
    *,
    people: Mapping[str, str],
    person: str,
    truth: Truth,
    questions: Mapping[str, Item],
    secret: str,
    now: datetime,
) -> dict[str, Any]:
    """Steal both databases and attack them alike: what the page shows, with an eye on one `person`.

    `people` are names by Slack id, `questions` all that were ever asked, by id.
    """
    given = [(who, answers) for who, answers in truth if answers]  # there is nothing to trace in a blank form
    found: dict[str, Any] = {"taken_at": now.isoformat(), "attack": ATTACK}
    for key, name, path in (("naive", "A naive bot", naive), ("murmur", "Murmur", murmur)):
        stolen = take(path)
        result = attack(stolen, people=people, questions=questions, secret=secret, truth=given)
        shown = loot(name, stolen, result, people=people, person=person, questions=questions)
        keys = sum(file.endswith(".nonce") for file in stolen.beside)
        found[key] = shown | {"of": len(given), "keys": keys if key == "murmur" else None}
    return found
