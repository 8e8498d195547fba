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
    "The thief has each file, the server's secret and the source code. Every value is tried as an answer; what is"
    " sealed is tried with keys made of the secret and of each value in the file; deleted answers are looked for among"
    " the bytes. What can be read is laid beside every list of people, in every order that the file keeps. The same for"
    " both. Counted are sets of answers: what one person answered in one round. The plain bot keeps answers without"
    " names, and a list of who took part, in the same order."
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


def loot(
    name: str,
    stolen: Stolen,
    result: Attacked,
    *,
    people: Mapping[str, str],
    person: str,
    questions: Mapping[str, Item],
) -> dict[str, Any]:
    """The loot of one file, all but how much there was to find."""
    verdict = result.verdict
    best = verdict.best
    rows = [row for who, row, _ in best.links if who == person and best.pile.sheets[row]] if best else []
    latest = best.pile.sheets[max(rows)] if best and rows else None
    return {
        "name": name,
        "file": f"{stolen.name}, {_size(len(stolen.raw))}",
        "how": _how(result),
        "matched": verdict.sets.told,
        "chance": verdict.sets.chance,
        "traced": best is not None,
        "person": people[person],
        "found": _in_words(latest, questions) if latest else [],
        "comment": latest.comment if latest else "",
        **_tables(stolen, best, person, max(rows, default=None)),
    }


def _how(result: Attacked) -> str:
    verdict = result.verdict
    if verdict.best:
        how = f"{verdict.best.how} This is the best of {_counted(result.tried, 'way')} tried."
        return f"{how} {_singly(verdict)}" if verdict.in_part or not verdict.sets.clear else how
    return f"{_sealed(result)} {_unlinked(result)}"


def _sealed(result: Attacked) -> str:
    sealed, known, tried = len(result.opening.sealed), result.owners_known, result.opening.tried
    if not sealed:
        return "Nothing sealed is left in the file."
    whose = "none tells" if not known else "1 tells" if known == 1 else f"{known:,} tell"
    opens = f"None of the {sealed:,} sealed ballots opens" if sealed > 1 else "The 1 sealed ballot does not open"
    return f"{opens} with any of {_counted(tried, 'key')}, and {whose} whose it is."


def _unlinked(result: Attacked) -> str:
    """What came of answers that can be read, when all ways of linking them are as good as chance."""
    verdict = result.verdict
    if not result.readable:
        return "Nothing in the file reads as anybody's answers."
    read = " and ".join(f"{_counted(count, 'row')} of {table}" for table, count in result.readable.items())
    sets = f"{_counted(verdict.sets.told, 'whole set')} (at random up to {verdict.sets.chance:,})"
    return (
        f"What reads as answers, {read}, was laid beside people in {_counted(result.tried, 'way')}. As by chance, the"
        f" best tells {sets if verdict.sets.told else 'no whole set'} and {verdict.singles.told:,} of"
        f" {verdict.of_singles:,} single answers (at random up to {verdict.singles.chance:,})."
    )


def _singly(verdict: Verdict) -> str:
    """What is counted where hardly any set is told in full."""
    singles = verdict.singles
    told = (
        f"{singles.told:,} of {verdict.of_singles:,} single answers stand beside the right name; dealt out at random,"
        f" up to {singles.chance:,} did."
    )
    return f"{told} A set counts here when at least half of its answers do." if verdict.in_part else told


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
