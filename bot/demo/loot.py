"""What came of a theft, as the page shows it: the figure, how it was done, one person's answers, the tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.demo.counting import Verdict
from bot.demo.linking import Attempt
from bot.demo.recognising import Sheet
from bot.demo.stolen import Stolen, Table, Value
from bot.demo.unsealing import Opening
from surveys.questions import Item, answers_of

ATTACK = (
    "Both bots were told the same answers; a thief has both files, the server's secret and the source code. One program"
    " then tries on both files, in the same ways, to find out who answered what."
)

DETAILS = (
    (
        "It reads every value as an answer, tries to open what is sealed with keys made of the secret and of each value"
        " in the file, looks for deleted answers among the bytes, and lays what can be read beside every list of"
        " people, in every order that the file keeps."
    ),
    (
        "Counted are sets of answers: what one person answered in one round. Among so many tries some hit by luck, so"
        " below the figure stands how many sets as many blind guesses would get right."
    ),
    (
        "The plain bot is built as such bots usually are: it keeps answers without names, and a list of who took part"
        " that serves to remind the others, and rows lie in the order in which they came."
    ),
)

TAKEN_ALONG = (
    "The key folder was taken as well, and Murmur cannot help that: every round that is open now can be read, and none"
    " that has closed."
)

_NOTES = {
    "completions": "Who has taken part, so that only the others are reminded.",
    "responses": "No name and no time stands beside an answer.",
    "members": "Everybody's name.",
    "slot": "One for everybody asked, whether they answered or not; each sealed, all of one size.",
    "rosterentry": "Who is asked in which group. It says nothing about who answered.",
    "outboxmessage": "Messages that wait or were sent: the same for everybody asked, deleted when the round closes.",
    "ledgerentry": "One coarse figure of a whole group for each question of a round: what its managers were shown.",
    "member": "The directory, as Slack has it.",
}
_IN_WORDS = {"ledgerentry": "results that managers were shown"}  # what the rows of a table are
_EMPTY = {"slot": "Empty: every ballot was deleted when its round closed.", "outboxmessage": ""}
_AROUND = 2  # rows shown before and after the one that matters


@dataclass(frozen=True, slots=True, kw_only=True)
class Attacked:
    """What came of the attack on one file."""

    opening: Opening
    owners_known: int  # sealed rows that name their person, by id or by hash
    readable: Mapping[str, int]  # tables, or the raw bytes, and how often something in them reads as answers
    tried: int  # ways of linking them to people
    verdict: Verdict  # what the best of them told


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where all sets of answers are that were ever given, and what became of them, where none is traced."""

    given: int  # sets of answers
    still_open: int  # those of them that were given in rounds which are open
    places: int  # sealed values in the file
    owners_known: int  # those of them that name their person
    keys: int  # keys that were tried on them
    readable: Mapping[str, int]  # tables, or the raw bytes, and how often something in them reads as answers
    ways: int  # in which that was laid beside people
    traced: int  # sets, by the best of these ways
    guessing: int  # what guessing as often traces, at most

    def kept(self) -> str:
        """What lies there of all that was given."""
        lying = min(self.still_open, self.places)  # a round may close between the count and the copy
        gone = self.given - lying
        told = []
        if gone:
            some = f"{gone:,} of {self.given:,}" if lying else f"All {gone:,}" if gone > 1 else "The 1"
            when = f"when {'their' if gone > 1 else 'its'} round closed"
            told.append(f"{some} {_sets(self.given)} {_were(gone)} deleted {when}.")
        if not self.places:
            return " ".join([*told, "Nothing sealed lies in the file."])
        room = "1 sealed place lies" if self.places == 1 else f"{self.places:,} sealed places lie"
        held = "1 of them holds" if lying == 1 else f"{lying:,} of them hold" if lying else "none of them holds"
        whose = f"{self.owners_known:,}" if self.owners_known else "none"
        told.append(
            f"{room} there now, one for everybody asked, and {held} a set of answers; the file does not tell that."
        )
        told.append(f"None opens with any of {_counted(self.keys, 'key')}, and {whose} {_tell(whose)} whose it is.")
        return " ".join(told)

    def told(self) -> str:
        """What came of everything that can be read, when no way of linking it is better than guessing."""
        if not self.readable:
            return "Nothing in the file reads as anybody's answers."
        read = " and ".join(
            f"{_counted(count, 'row')} of {_IN_WORDS.get(table, table)}" for table, count in self.readable.items()
        )
        traced = f"{_counted(self.traced, 'set')} of answers" if self.traced else "no set of answers"
        return (
            f"All that can be read as answers is {read}. The thief laid it beside people in"
            f" {_counted(self.ways, 'way')}: the best traces {traced}. Trying as many ways at random would seem to"
            f" trace up to {self.guessing:,} by luck."
        )


BLANK, AGAIN = "blank", "again"
"""What somebody's newest form was: a blank one, or one with which the answers of the same round were taken back."""


def loot(
    name: str,
    stolen: Stolen,
    result: Attacked,
    *,
    people: Mapping[str, str],
    person: str,
    questions: Mapping[str, Item],
    given: int,
    still_open: int,
    newest: str = "",
) -> dict[str, Any]:
    """The loot of one file. So many sets of answers were given, and so many of them in rounds that are open.

    `newest` tells how the person's newest form was blank, if it was, and the file could tell it: BLANK or AGAIN.
    """
    verdict = result.verdict
    best = verdict.best
    rows = [row for who, row, _ in best.links if who == person and best.pile.sheets[row]] if best else []
    latest = best.pile.sheets[max(rows)] if best and rows else None
    account = Account(
        given=given,
        still_open=still_open,
        places=len(result.opening.sealed),
        owners_known=result.owners_known,
        keys=result.opening.tried,
        readable=result.readable,
        ways=result.tried,
        traced=verdict.sets.told,
        guessing=verdict.sets.guessing,
    )
    return {
        "name": name,
        "file": f"{stolen.path}, {_size(len(stolen.raw))}",
        "how": _how(result, account),
        "matched": verdict.sets.told,
        "of": given,
        "chance": verdict.sets.guessing,
        "traced": best is not None,
        "person": people[person],
        "found": _in_words(latest, questions) if latest else [],
        "comment": latest.comment if latest else "",
        "remark": _remark(people[person].split()[0], newest, found=latest is not None) if best else "",
        **_tables(stolen, best, person, max(rows, default=None)),
    }


def _remark(name: str, newest: str, *, found: bool) -> str:
    """Where answers are traced: why what is read of somebody is nothing, or not their newest form."""
    if newest == AGAIN:
        then = "these answers, which that took back, are still in the file" if found else "what that took back is gone"
        return f"{name} sent the form again, left blank; {then}."
    if found:
        return ""
    return f"{name} sent the form blank." if newest == BLANK else f"None of the sets that were traced is {name}'s."


def _how(result: Attacked, account: Account) -> str:
    verdict = result.verdict
    if verdict.best:
        how = f"{verdict.best.how} This is the best of {_counted(result.tried, 'way')} tried."
        return f"{how} {_singly(verdict)}" if verdict.in_part or not verdict.sets.clear else how
    return f"{account.kept()} {account.told()}"


def _singly(verdict: Verdict) -> str:
    """What is counted where hardly any set is told in full."""
    singles = verdict.singles
    told = (
        f"{singles.told:,} of {verdict.of_singles:,} single answers stand beside the right name; as many tries at"
        f" random would get up to {singles.guessing:,} right by luck."
    )
    return f"{told} A set counts here when at least half of its answers do." if verdict.in_part else told


def _sets(number: int) -> str:
    return "set of answers" if number == 1 else "sets of answers"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _tell(number: str) -> str:
    return "tells" if number in {"none", "1"} else "tell"


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _in_words(sheet: Sheet, questions: Mapping[str, Item]) -> list[dict[str, str]]:
    answers = dict(sheet.answers)
    return [
        {"question": item.text, "answer": answers_of(item)[answers[item.id] - 1]}
        for item in questions.values()
        if item.id in answers
    ]


def _tables(stolen: Stolen, best: Attempt | None, person: str, row: int | None) -> dict[str, Any]:
    """Some rows of the tables that tell most; where two were put together, which of these rows belong together."""
    linked = [table for table in (best.people, best.pile.table) if table] if best else []
    known = [stolen.tables[name] for name in _NOTES if name in stolen.tables]
    rest = [table for table in known if table.name not in {one.name for one in linked} and _note(table)]
    if not best or best.people is None:
        middle = {table.name: row for table in linked}
        return {"tables": [_shown(table, _window(table, middle.get(table.name))) for table in (*linked, *rest)]}
    ends = [(other, mine, who) for who, mine, other in best.links if other is not None]
    witness = next((other for other, mine, who in ends if mine == row and who == person), None)
    left, right = _window(linked[0], witness), _window(linked[1], row)
    pairs = [
        (other - left.start, mine - right.start, who) for other, mine, who in ends if other in left and mine in right
    ]
    own = [place for place, (_, _, who) in enumerate(pairs) if who == person]
    return {
        "tables": [
            _shown(linked[0], left),
            _shown(linked[1], right),
            *(_shown(table, _window(table, None)) for table in rest),
        ],
        "pairs": [[other, mine] for other, mine, _ in pairs],
    } | ({"own": own[-1]} if own else {})


def _window(table: Table, row: int | None) -> range:
    """Rows to show: those around the one that matters, or the last ones."""
    middle = len(table.rows) - 1 - _AROUND if row is None else row
    start = max(min(middle - _AROUND, len(table.rows) - 2 * _AROUND - 1), 0)
    return range(start, min(start + 2 * _AROUND + 1, len(table.rows)))


def _shown(table: Table, rows: range) -> dict[str, Any]:
    return {
        "name": table.name,
        "columns": list(table.columns),
        "rows": [[_cell(value) for value in table.rows[row]] for row in rows],
        "total": len(table.rows),
        "note": _note(table),
    }


def _note(table: Table) -> str:
    return _NOTES.get(table.name, "") if table.rows else _EMPTY.get(table.name, "")


def _cell(value: Value) -> str:
    return value.hex() if isinstance(value, bytes) else "" if value is None else str(value)


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{max(round(count / 1000), 1)} kB"
