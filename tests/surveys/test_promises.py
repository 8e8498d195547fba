"""Promises: what is told of them, to whom and for how long, whatever managers make of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.promises import (
    LONGEST,
    MOST_ROUNDS,
    SHOWN_AFTER_ITS_END,
    Fate,
    Followed,
    News,
    Problem,
    Progress,
    Promised,
    followed,
    may_be_undone,
    news,
    progress,
    settle,
    shown_to_team,
)

MONDAY = date(2026, 3, 2)


def promised(number: int = 1, *, maker: int = 1, after: int = 0, on: date = MONDAY, text: str = "") -> Promised:
    return Promised(
        id=number,
        unit_id=1,
        maker_id=maker,
        maker=f"Manager {maker}",
        text=text or f"Promise {number}.",
        made_on=on,
        made_after=after,
        fate=Fate.OPEN,
        ended_on=None,
        ended_after=None,
    )


def ended(promise: Promised, fate: Fate, *, after: int, on: date = MONDAY) -> Promised:
    return replace(promise, fate=fate, ended_on=on, ended_after=after)


def test_words_of_ones_own_are_the_promise() -> None:
    assert settle("No deploys on Fridays.", suggested=False, suggestion="Drop an approval.") == "No deploys on Fridays."


def test_a_suggestion_is_promised_word_for_word() -> None:
    assert settle("", suggested=True, suggestion="Drop an approval.") == "Drop an approval."


def test_a_suggestion_and_other_words_are_never_guessed_between() -> None:
    assert settle("No deploys.", suggested=True, suggestion="Drop an approval.") is Problem.BOTH


@pytest.mark.parametrize("own", ["", "...", "\u200b\u2060", "?!"])
def test_what_says_nothing_is_no_promise(own: str) -> None:
    assert settle(own, suggested=False, suggestion="Drop an approval.") is Problem.NOTHING


def test_choosing_a_suggestion_that_is_not_there_promises_nothing() -> None:
    assert settle("", suggested=True) is Problem.NOTHING


@given(own=st.text(), suggested=st.booleans(), suggestion=st.text())
def test_a_promise_is_one_of_the_two_texts_and_short_enough(own: str, suggested: bool, suggestion: str) -> None:
    words = settle(own, suggested=suggested, suggestion=suggestion)
    if not isinstance(words, Problem):
        assert words == (suggestion if suggested else own)
        assert 0 < len(words) <= LONGEST
    assert settle("x" * (LONGEST + 1), suggested=False) is Problem.TOO_LONG


def test_an_invitation_tells_of_a_promise_once() -> None:
    promise = promised(after=5)
    assert news([promise], last=5, this=6) == (News(promise=promise, new=True, fate=Fate.OPEN),)
    assert news([promise], last=6, this=7) == ()


def test_a_promise_made_while_a_round_is_open_waits_for_the_next_invitation() -> None:
    promise = promised(after=6)
    assert news([promise], last=5, this=6) == ()
    assert len(news([promise], last=6, this=7)) == 1


def test_what_became_of_it_is_told_once_and_fades_after_one_round() -> None:
    for fate, said in ((Fate.KEPT, Fate.KEPT), (Fate.TAKEN_BACK, Fate.TAKEN_BACK), (Fate.REPLACED, Fate.TAKEN_BACK)):
        promise = ended(promised(after=5), fate, after=7)
        assert news([promise], last=7, this=8) == (News(promise=promise, new=False, fate=said),)
        assert news([promise], last=8, this=9) == ()


def test_an_invitation_that_went_out_before_a_promise_was_kept_still_reads_the_same() -> None:
    before = promised(after=5)
    after = ended(before, Fate.KEPT, after=6)
    (told,) = news([after], last=5, this=6)
    assert (told.new, told.fate) == (True, Fate.OPEN)


def test_a_promise_in_place_of_another_is_told_together_with_it() -> None:
    older, newer = ended(promised(1, after=5), Fate.REPLACED, after=7), promised(2, after=7)
    assert news([older, newer], last=7, this=8) == (News(promise=newer, new=True, fate=Fate.OPEN, instead_of=older),)


def test_a_promise_that_came_and_went_between_two_invitations_is_not_told_of() -> None:
    assert news([ended(promised(after=5), Fate.TAKEN_BACK, after=5)], last=5, this=6) == ()


@dataclass(kw_only=True)
class Story:
    """What managers did, round after round: as much as there is to know at each moment."""

    opened: list[int] = field(default_factory=lambda: [0])
    promises: list[Promised] = field(default_factory=list)
    moments: list[tuple[list[int], list[Promised]]] = field(default_factory=list)

    def live(self, acts: Sequence[tuple[str, int]]) -> None:
        for act, maker in acts:
            getattr(self, act)(maker)
            self.moments.append((list(self.opened), list(self.promises)))

    def a_round_opens(self, _maker: int) -> None:
        self.opened.append(self.opened[-1] + 1)

    def promise(self, maker: int) -> None:
        self._end(maker, Fate.REPLACED)
        self.promises.append(promised(len(self.promises) + 1, maker=maker, after=self.opened[-1]))

    def keep(self, maker: int) -> None:
        self._end(maker, Fate.KEPT)

    def take_back(self, maker: int) -> None:
        self._end(maker, Fate.TAKEN_BACK)

    def undo(self, maker: int) -> None:
        mine = [place for place, promise in enumerate(self.promises) if promise.maker_id == maker]
        if not mine or self.promises[mine[-1]].fate is Fate.OPEN:
            return
        if may_be_undone(self.promises[mine[-1]], self.opened[-1]):
            self.promises[mine[-1]] = replace(self.promises[mine[-1]], fate=Fate.OPEN, ended_on=None, ended_after=None)

    def _end(self, maker: int, fate: Fate) -> None:
        self.promises = [
            ended(promise, fate, after=self.opened[-1])
            if promise.maker_id == maker and promise.fate is Fate.OPEN
            else promise
            for promise in self.promises
        ]

    def told(self, round_id: int, promises: Sequence[Promised] | None = None) -> tuple[News, ...]:
        return news(self.promises if promises is None else promises, last=round_id - 1, this=round_id)


ACTS = st.tuples(st.sampled_from(["a_round_opens", "promise", "keep", "take_back", "undo"]), st.integers(1, 2))


@given(st.lists(ACTS, max_size=40))
def test_whoever_is_invited_later_reads_the_same(acts: list[tuple[str, int]]) -> None:
    story = Story()
    story.live(acts)

    def words(told: Sequence[News]) -> list[tuple[int, bool, Fate, int | None]]:
        return [(n.promise.id, n.new, n.fate, n.instead_of.id if n.instead_of else None) for n in told]

    for opened, promises in story.moments:
        for round_id in opened[1:]:
            assert words(story.told(round_id, promises)) == words(story.told(round_id))


@given(st.lists(ACTS, max_size=40))
def test_every_promise_that_was_told_is_followed_up_exactly_once(acts: list[tuple[str, int]]) -> None:
    story = Story()
    story.live([*acts, ("a_round_opens", 1)])
    told = [one for round_id in story.opened[1:] for one in story.told(round_id)]
    for promise in story.promises:
        as_new = [one for one in told if one.promise.id == promise.id and one.new]
        ends = [one for one in told if one.promise.id == promise.id and one.fate is not Fate.OPEN]
        ends += [one for one in told if one.instead_of is not None and one.instead_of.id == promise.id]
        assert len(as_new) <= 1
        assert len(ends) == (1 if as_new and promise.fate is not Fate.OPEN else 0)
        assert not [one for one in ends if one.fate is Fate.KEPT and one.promise.id == promise.id] or (
            promise.fate is Fate.KEPT
        )


def test_a_team_finds_what_stands_first_and_then_what_ended_lately() -> None:
    old = ended(promised(1), Fate.KEPT, after=1, on=MONDAY - SHOWN_AFTER_ITS_END - timedelta(days=1))
    late = ended(promised(2), Fate.KEPT, after=2, on=MONDAY - SHOWN_AFTER_ITS_END)
    standing, newest = promised(3), ended(promised(4), Fate.TAKEN_BACK, after=9)
    assert shown_to_team([old, late, standing, newest], MONDAY) == (standing, newest, late)


def test_a_slip_of_the_pen_is_shown_to_nobody() -> None:
    slip = ended(promised(1, after=5), Fate.REPLACED, after=5)
    assert slip.is_slip
    assert shown_to_team([slip], MONDAY) == ()
    for seen in (
        ended(promised(1, after=5), Fate.TAKEN_BACK, after=5, on=MONDAY + timedelta(days=1)),
        ended(promised(1, after=5), Fate.TAKEN_BACK, after=6),
        ended(promised(1, after=5), Fate.KEPT, after=5),
    ):
        assert not seen.is_slip
        assert shown_to_team([seen], MONDAY) == (seen,)


def test_a_reader_follows_their_own_promise_before_those_of_others() -> None:
    mine, theirs = promised(1, maker=1, after=4), promised(2, maker=2, after=5)
    found = followed([mine, theirs], reader_id=1, asked=[4, 5, 6, 7])
    assert [(one.promise, one.rounds) for one in found] == [(mine, 3), (theirs, 2)]


def test_rounds_are_counted_from_the_day_a_promise_was_kept() -> None:
    (one,) = followed([ended(promised(after=2), Fate.KEPT, after=5)], reader_id=1, asked=range(1, 9))
    assert one.rounds == 3


def test_a_promise_that_was_kept_is_followed_until_enough_rounds_have_gone_by() -> None:
    kept = ended(promised(after=2), Fate.KEPT, after=5)
    assert followed([kept], reader_id=1, asked=range(6, 6 + MOST_ROUNDS))
    assert not followed([kept], reader_id=1, asked=range(6, 7 + MOST_ROUNDS))
    assert followed([promised(after=2)], reader_id=1, asked=range(3, 50))  # what stands never fades


def test_a_new_promise_takes_the_place_of_what_was_kept_before() -> None:
    kept, standing = ended(promised(1), Fate.KEPT, after=1), promised(2, after=1)
    assert [one.promise for one in followed([kept, standing], reader_id=1, asked=[])] == [standing]


def test_what_was_taken_back_is_followed_no_more() -> None:
    assert followed([ended(promised(), Fate.TAKEN_BACK, after=1)], reader_id=1, asked=[]) == ()


@pytest.mark.parametrize(
    ("rounds", "expected"),
    [
        (0, Progress.NOTHING_YET),
        (1, Progress.TOO_EARLY),
        (3, Progress.TOO_EARLY),
        (4, Progress.COULD_SHOW),
        (8, Progress.COULD_SHOW),
        (9, Progress.OVERDUE),
    ],
)
def test_four_to_eight_rounds_are_usual(rounds: int, expected: Progress) -> None:
    assert progress(Followed(promise=promised(), rounds=rounds)) is expected


def test_what_was_kept_is_never_overdue() -> None:
    assert progress(Followed(promise=ended(promised(), Fate.KEPT, after=1), rounds=30)) is Progress.COULD_SHOW


def test_an_end_can_be_undone_until_the_next_round_opens() -> None:
    for fate in (Fate.KEPT, Fate.TAKEN_BACK):
        assert may_be_undone(ended(promised(), fate, after=5), 5)
        assert not may_be_undone(ended(promised(), fate, after=5), 6)
    assert not may_be_undone(ended(promised(), Fate.REPLACED, after=5), 5)
    assert not may_be_undone(promised(), 5)
