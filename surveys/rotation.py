"""Which questions a round asks: a pure function of what was asked before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from surveys.cadence import Frequency
from surveys.questions import Item, is_averaged, is_comment

EVERY_ROUND = ("burnout", "autonomy")
"""Drivers that are asked in every round, so that trouble with them is seen early."""

_IN_TURN, _COMMENT = "in turn", "comment"
_ORDER = (*EVERY_ROUND, _IN_TURN, _COMMENT)
"""The places of a round, in the order in which they are shown."""

REST = timedelta(days=28)
"""An item is asked again after four weeks at the earliest. Anonymity rests on it too: answers to one question
that come too close together could be subtracted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An item that a round asked, whatever became of the answers."""

    item_id: str  # also of items that have been retired since
    on: date  # the day the round opened


def choose(items: Sequence[Item], *, asked: Iterable[Asked], on: date, count: int, roster: int) -> tuple[Item, ...]:
    """The items of the round that opens on `on`: burnout and autonomy first, then the others in turn.

    - Burnout and autonomy come every round, each with the one of its items that has rested longest. They stand
      first, so that what a round asks besides cannot colour their answers.
    - The other places go to the items of all other drivers: each is asked before any is repeated, and the
      items of a driver are spread evenly, so that a driver with many of them does not come in a row.
    - Places left over, as in a set of nothing but burnout and autonomy, go to further items of these two.
    - Choices about burnout or autonomy take turns with the others: only agreement shows a change.
    - A question above the comment comes besides, at the end, where there is one: every form has the comment.
    - No item comes twice within four weeks. Items for larger units than `roster` are never chosen.

    Fewer than `count` come back only when no other item may be asked; `first_short_round` tells beforehand. The
    order of `asked` means nothing, and entries about unknown items are passed over. With the same history the
    choice is the same, in any process at any time.
    """
    history = _History(items, asked, on, roster)
    steady = [name for name in EVERY_ROUND if history.allowed(name)]
    steady.sort(key=history.last_of)  # only matters where there is no room for both
    for name in steady[:count]:
        history.take(history.longest_rested(name))
    while len(history.chosen) < count and history.allowed(_IN_TURN):
        history.take(history.longest_rested(_IN_TURN))
    while len(history.chosen) < count and (left := [name for name in EVERY_ROUND if history.allowed(name)]):
        # From the driver with most to spare, so that the next rounds find something too.
        name = max(left, key=lambda name: (-history.chosen_of(name), len(history.allowed(name))))
        history.take(history.longest_rested(name))
    if history.chosen and history.allowed(_COMMENT):
        history.take(history.longest_rested(_COMMENT))
    return tuple(sorted(history.chosen, key=lambda item: _ORDER.index(_place_of(item))))


EVERY = {
    Frequency.WEEKLY: timedelta(days=7),
    Frequency.FORTNIGHTLY: timedelta(days=14),
    Frequency.MONTHLY: timedelta(days=28),
}
"""The least time between two rounds."""


def first_short_round(items: Sequence[Item], *, every: timedelta, count: int, roster: int) -> int | None:
    """The first round, from 1, in which a new pulse cannot fill its places, or None if it always can; 0 if there is
    nothing to ask at all.

    A round is also short if it has to leave out burnout or autonomy although the set has questions about it.
    `every` is the time between rounds. Two turns through all items show every pattern there is.
    """
    due = {_place_of(item) for item in items if item.min_roster <= roster} & set(EVERY_ROUND)
    if not any(item.min_roster <= roster for item in items):
        return 0
    asked: list[Asked] = []
    on = date(2024, 1, 1)  # any day will do
    for number in range(1, 2 * (len(items) + REST // every + 1)):
        chosen = choose(items, asked=asked, on=on, count=count, roster=roster)
        places = [place for place in map(_place_of, chosen) if place != _COMMENT]
        if len(places) < count or (count >= len(due) and not due <= set(places)):
            return number
        asked += [Asked(item_id=item.id, on=on) for item in chosen]
        on += every
    return None


def _place_of(item: Item) -> str:
    """The places of a round that an item competes for: those of burnout, of autonomy, of all others in turn, or the
    one above the comment.
    """
    if is_comment(item):
        return _COMMENT
    return item.driver if item.driver in EVERY_ROUND and is_averaged(item) else _IN_TURN


class _History:
    """What was asked of a set's items before a round, and what the round has taken so far."""

    def __init__(self, items: Sequence[Item], asked: Iterable[Asked], on: date, roster: int) -> None:
        self.chosen: list[Item] = []
        self._items = [item for item in items if item.min_roster <= roster]
        self._drivers = list(dict.fromkeys(item.driver for item in self._items))
        self._position = {item.id: place for place, item in enumerate(self._items)}
        self._dates: dict[str, set[date]] = {item.id: set() for item in self._items}
        for entry in asked:
            if entry.item_id in self._dates:
                self._dates[entry.item_id].add(entry.on)
        # A date after `on` belongs to a clock that was set back: such an item has not rested either.
        self._resting = {name for name, days in self._dates.items() if days and on - max(days) < REST}

    def allowed(self, place: str) -> list[Item]:
        """Items for this place that may still be asked in this round."""
        return [
            item
            for item in self._items
            if _place_of(item) == place and item.id not in self._resting and item not in self.chosen
        ]

    def longest_rested(self, place: str) -> Item:
        """Of the allowed items for this place, the one whose turn it is."""
        return min(self.allowed(place), key=self._turn)

    def take(self, item: Item) -> None:
        self.chosen.append(item)

    def chosen_of(self, place: str) -> int:
        return sum(1 for item in self.chosen if _place_of(item) == place)

    def last_of(self, place: str) -> date:
        """The day an item for this place was last asked."""
        days = (self._dates[item.id] for item in self._items if _place_of(item) == place)
        return max((day for each in days for day in each), default=date.min)

    def _turn(self, item: Item) -> tuple[date, int, float, int]:
        """Lowest comes first: longest rested; then, among those of one day, the one asked less often.

        That alone asks everything before anything repeats, for ever. The rest settles the first time round: each
        driver's items are laid out evenly over it, every driver beginning a little later than the one before.
        """
        days = self._dates[item.id]
        place = _place_of(item)
        mates = [other for other in self._items if other.driver == item.driver and _place_of(other) == place]
        heard = sum(1 for other in mates if self._dates[other.id] or other in self.chosen)
        start = self._drivers.index(item.driver) / len(self._drivers)
        return (
            max(days, default=date.min),
            len(days),
            (heard + start) / len(mates),
            self._position[item.id],
        )
