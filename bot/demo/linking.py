"""Laying answers beside people: every way in which tables of one file can give away what belongs together."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.demo.naming import Names, witnesses
from bot.demo.prying import Pile
from bot.demo.stolen import Stolen, Table, Value, sortable

_KINDS = 8  # values of a column, at most, that may tell what kind of entry a row of a log is

Link = tuple[str, int, int | None]
"""A claim: this person, by Slack id, wrote this row of the pile; and the row of the other table that says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One way of laying answers beside people."""

    how: str  # in words
    pile: Pile
    people: Table | None  # which tells of people; None where a row of answers gives its own person away
    links: Sequence[Link]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Witness:
    """Rows of a table that tell of people, in one order."""

    how: str
    table: Table
    who: Sequence[str | None]  # for every row of the table
    order: tuple[int, ...]  # rows, or those of one kind


def ways(piles: Sequence[Pile], stolen: Stolen, names: Names) -> Iterator[Attempt]:
    """Every attempt at telling whose the answers of the piles are."""
    told = [(table, who) for table in stolen.tables.values() for _, who in witnesses(table, names)]
    logs = [witness for table, who in told for witness in _logs(table, who)]
    for pile in piles:
        name = pile.table.name
        for column, who in witnesses(pile.table, names, few=1):
            links = [(person, row, None) for row, person in enumerate(who) if person]
            how = f"In the table {name}, the column {column} tells whose row it is."
            yield Attempt(how=how, pile=pile, people=None, links=links)
        yield from _by_order(pile, [witness for witness in logs if witness.table.name != name])
        for table, who in told:
            if table.name != name:
                yield from _by_equality(pile, table, who)


def _logs(table: Table, who: Sequence[str | None]) -> Iterator[_Witness]:
    """The people of a table in every order, each once: in all rows, in those that name one, in those of one kind."""
    seen = set()
    chosen = {"": range(len(who)), " where somebody is named": [row for row, person in enumerate(who) if person]}
    for place, column in enumerate(table.columns):
        kinds = {row[place] for row in table.rows}
        if 1 < len(kinds) <= _KINDS and all(isinstance(kind, str) for kind in kinds):
            for kind in sorted(map(str, kinds)):
                chosen[f" where {column} is {kind}"] = [row for row in chosen[""] if table.rows[row][place] == kind]
    for which, rows in chosen.items():
        allowed = set(rows)
        for how, order in _orders(table, backwards=True).items():
            kept = tuple(row for row in order if row in allowed)
            if kept and kept not in seen:
                seen.add(kept)
                yield _Witness(how=f"{table.name}{which} ({how})", table=table, who=who, order=kept)


def _by_order(pile: Pile, logs: Sequence[_Witness]) -> Iterator[Attempt]:
    """The first answers are the first person's: in every order of both tables, over all and round by round."""
    answers = pile.table
    orders = {
        how: (order, {column: _groups(answers, order, column) for column in (None, *answers.columns)})
        for how, order in _orders(answers, backwards=True).items()
    }
    for witness in logs:
        for column in (None, *(name for name in answers.columns if name in witness.table.columns)):
            theirs = _groups(witness.table, witness.order, column)
            for how, (order, mine) in orders.items():
                if how.endswith("backwards") and len(order) == len(witness.order):
                    continue  # turning one of them round is as good as turning both
                both = [(rows, theirs[group]) for group, rows in mine[column].items() if group in theirs]
                pairs = [pair for one, other in both for pair in zip(one, other, strict=False)]
                yield Attempt(
                    how=f"Row by row, {answers.name} ({how}) and {witness.how} belong together.",
                    pile=pile,
                    people=witness.table,
                    links=[(person, row, other) for row, other in pairs if (person := witness.who[other])],
                )


def _by_equality(pile: Pile, table: Table, who: Sequence[str | None]) -> Iterator[Attempt]:
    """A value that stands once beside people joins rows: a number, a token, a pseudonym, a time."""
    answers = pile.table
    for other_place, other_column in enumerate(table.columns):
        theirs = _once(table, other_place)
        for place, column in enumerate(answers.columns):
            both = [(row, theirs[values[place]]) for row, values in enumerate(answers.rows) if values[place] in theirs]
            links = [(person, row, other) for row, other in both if (person := who[other])]
            if links:
                how = f"{answers.name}.{column} equals {table.name}.{other_column}."
                yield Attempt(how=how, pile=pile, people=table, links=links)


def _orders(table: Table, *, backwards: bool) -> dict[str, tuple[int, ...]]:
    """The rows in every order that the file keeps, each once: as they lie there, by any column, and from the end."""
    stored = tuple(range(len(table.rows)))
    found = {stored: "as stored"}
    for place, column in enumerate(table.columns):
        values = [sortable(row[place]) for row in table.rows]
        found.setdefault(tuple(sorted(stored, key=values.__getitem__)), f"by {column}")
    for order, how in list(found.items()) if backwards else ():
        found.setdefault(order[::-1], f"{how}, backwards")
    return {how: order for order, how in found.items()}


def _groups(table: Table, order: Sequence[int], column: str | None) -> dict[Value, list[int]]:
    """Rows in order, apart for each value of a column that both tables have, such as the round."""
    if column is None:
        return {None: list(order)}
    place = table.columns.index(column)
    groups: dict[Value, list[int]] = defaultdict(list)
    for row in order:
        groups[table.rows[row][place]].append(row)
    return groups


def _once(table: Table, place: int) -> dict[Value, int]:
    """Values that stand in one row only, and in which."""
    times = Counter(row[place] for row in table.rows)
    rows = enumerate(table.rows)
    return {row[place]: number for number, row in rows if times[row[place]] == 1 and row[place] is not None}
