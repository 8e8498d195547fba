"""Which questions come when, over long runs and with sets of every shape."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.questions import Item, Owner, load_question_sets
from surveys.rotation import EVERY_ROUND, REST, Asked, choose, first_short_round

START = date(2026, 1, 6)
WEEK = timedelta(days=7)

Run = list[tuple[date, tuple[Item, ...]]]


def item(driver: str, number: int, min_roster: int = 0, scale: str = "agreement") -> Item:
    return Item(
        id=f"{driver}.{scale}.{number}",
        driver=driver,
        text=f"Question {number} on {driver}.",
        scale=scale,
        reverse=False,
        facet="",
        owner=Owner.TEAM_LEAD,
        construct="",
        informed_by="",
        min_roster=min_roster,
    )


def questions(**numbers: int) -> tuple[Item, ...]:
    return tuple(item(driver, number) for driver, count in numbers.items() for number in range(count))


def run(items: Sequence[Item], *, rounds: int, every: timedelta = WEEK, count: int = 4, roster: int = 9) -> Run:
    history: Run = []
    asked: list[Asked] = []
    for number in range(rounds):
        on = START + number * every
        chosen = choose(items, asked=asked, on=on, count=count, roster=roster)
        asked += [Asked(item_id=each.id, on=on) for each in chosen]
        history.append((on, chosen))
    return history


def asked_in(history: Run) -> list[Asked]:
    return [Asked(item_id=each.id, on=on) for on, chosen in history for each in chosen]


@st.composite
def sets(draw: st.DrawFn) -> tuple[Item, ...]:
    names = draw(st.lists(st.sampled_from([*EVERY_ROUND, "growth", "reward", "purpose", "own"]), unique=True))
    kinds = st.sampled_from(["agreement"] * 6 + ["choice", "comment"])
    items = [
        item(name, number, draw(st.sampled_from([0, 0, 0, 30])), draw(kinds))
        for name in names
        for number in range(draw(st.integers(1, 9)))
    ]
    return tuple(draw(st.permutations(items)))


def place_of(one: Item) -> str:
    """What an item competes for: a driver's own place in every round, a turn, or the place above the comment."""
    if one.scale == "comment":
        return "comment"
    return one.driver if one.driver in EVERY_ROUND and one.scale == "agreement" else "turn"


def answered(chosen: Sequence[Item]) -> list[Item]:
    """The questions of a round, without the one above the comment."""
    return [each for each in chosen if place_of(each) != "comment"]


steps = st.sampled_from([7, 14, 28, 35]).map(lambda days: timedelta(days=days))
counts = st.integers(1, 6)
rosters = st.sampled_from([8, 30])


class TestRules:
    @given(items=sets(), every=steps, count=counts, roster=rosters)
    def test_no_item_comes_twice_in_a_round_or_within_four_weeks(
        self, items: tuple[Item, ...], every: timedelta, count: int, roster: int
    ) -> None:
        last: dict[str, date] = {}
        for on, chosen in run(items, rounds=20, every=every, count=count, roster=roster):
            for each in chosen:
                assert on - last.get(each.id, date.min) >= REST
                last[each.id] = on

    @given(items=sets(), every=steps, count=counts, roster=rosters)
    def test_a_round_is_short_only_if_nothing_else_may_be_asked(
        self, items: tuple[Item, ...], every: timedelta, count: int, roster: int
    ) -> None:
        last: dict[str, date] = {}
        for on, chosen in run(items, rounds=20, every=every, count=count, roster=roster):
            allowed = [i for i in items if i.min_roster <= roster and on - last.get(i.id, date.min) >= REST]
            assert len(answered(chosen)) == min(count, len(answered(allowed)))
            assert set(chosen) <= set(allowed)
            last |= {each.id: on for each in chosen}

    @given(items=sets(), every=steps, count=counts, roster=rosters)
    def test_burnout_and_autonomy_are_asked_whenever_they_may_be(
        self, items: tuple[Item, ...], every: timedelta, count: int, roster: int
    ) -> None:
        last: dict[str, date] = {}
        for on, chosen in run(items, rounds=20, every=every, count=count, roster=roster):
            allowed = [i for i in items if i.min_roster <= roster and on - last.get(i.id, date.min) >= REST]
            due = {place_of(i) for i in allowed} & set(EVERY_ROUND)
            met = {place_of(i) for i in chosen} & set(EVERY_ROUND)
            assert met == due or (count == 1 and len(met) == 1)
            last |= {each.id: on for each in chosen}

    @given(items=sets(), every=steps, count=counts, roster=rosters)
    def test_one_question_stands_above_the_comment_at_the_end_whenever_one_may(
        self, items: tuple[Item, ...], every: timedelta, count: int, roster: int
    ) -> None:
        last: dict[str, date] = {}
        for on, chosen in run(items, rounds=20, every=every, count=count, roster=roster):
            allowed = [i for i in items if i.min_roster <= roster and on - last.get(i.id, date.min) >= REST]
            above = [i for i in chosen if place_of(i) == "comment"]
            expected = bool(answered(chosen)) and any(place_of(i) == "comment" for i in allowed)
            assert len(above) == expected
            assert not above or chosen[-1] == above[0]
            last |= {each.id: on for each in chosen}

    @given(items=sets(), every=steps, count=counts, roster=rosters)
    def test_everything_is_asked_before_anything_repeats(
        self, items: tuple[Item, ...], every: timedelta, count: int, roster: int
    ) -> None:
        """Within its place, a question is not asked a second time while another was not asked at all."""
        seen: Counter[str] = Counter()
        for _, chosen in run(items, rounds=30, every=every, count=count, roster=roster):
            for each in chosen:
                waiting = [i for i in items if i.min_roster <= roster and place_of(i) == place_of(each)]
                waiting = [i for i in waiting if i not in chosen and not seen[i.id]]
                assert not (seen[each.id] and waiting)
            seen.update(each.id for each in chosen)

    @given(items=sets(), every=steps, count=counts, roster=rosters)
    def test_nothing_is_repeated_while_something_rests_longer(
        self, items: tuple[Item, ...], every: timedelta, count: int, roster: int
    ) -> None:
        last: dict[str, date] = {}
        for on, chosen in run(items, rounds=20, every=every, count=count, roster=roster):
            passed_over = [i for i in items if i.min_roster <= roster and i not in chosen]
            for each in chosen:
                rivals = [i for i in passed_over if same_turn(i, each)]
                assert all(last.get(each.id, date.min) <= last.get(rival.id, date.min) for rival in rivals)
            last |= {each.id: on for each in chosen}

    @given(items=sets(), every=st.sampled_from([28, 35]).map(lambda days: timedelta(days=days)), count=counts)
    def test_everything_is_asked_as_often_as_everything_else(
        self, items: tuple[Item, ...], every: timedelta, count: int
    ) -> None:
        # Rounds four weeks apart, where no item is ever resting: turns alone decide.
        others = [i for i in items if place_of(i) == "turn"]
        seen: Counter[str] = Counter({i.id: 0 for i in others})
        for _, chosen in run(items, rounds=40, every=every, count=count, roster=30):
            seen.update(i.id for i in chosen if place_of(i) == "turn")
            assert not others or max(seen.values()) - min(seen.values()) <= 1

    @given(items=sets(), count=counts, roster=rosters, data=st.data())
    def test_the_choice_rests_on_what_was_asked_and_on_nothing_else(
        self, items: tuple[Item, ...], count: int, roster: int, data: st.DataObject
    ) -> None:
        history = run(items, rounds=12, count=count, roster=roster)
        cut = data.draw(st.integers(0, 11))
        asked = asked_in(history[:cut])
        retired = [Asked(item_id="retired.long-ago", on=START)]
        shuffled = data.draw(st.permutations([*asked, *asked, *retired]))
        on, chosen = history[cut]
        assert choose(items, asked=shuffled, on=on, count=count, roster=roster) == chosen

    def test_an_item_for_large_units_waits_until_the_unit_is_large(self) -> None:
        items = (*questions(burnout=4, autonomy=4, growth=8), item("intent-to-stay", 0, min_roster=30))
        small = run(items, rounds=12, roster=29)
        assert all(i.driver != "intent-to-stay" for _, chosen in small for i in chosen)
        now = START + 12 * WEEK
        grown = choose(items, asked=asked_in(small), on=now, count=4, roster=30)
        assert "intent-to-stay" in {i.driver for i in grown}

    def test_a_question_somebody_has_just_written_comes_next(self) -> None:
        items = questions(burnout=6, autonomy=6, growth=3, reward=3)
        history = run(items, rounds=9)
        with_own = (*items, item("own", 0))
        chosen = choose(with_own, asked=asked_in(history), on=START + 9 * WEEK, count=4, roster=9)
        assert "own.agreement.0" in {i.id for i in chosen}

    def test_a_driver_with_many_questions_is_spread_over_the_whole_turn(self) -> None:
        items = questions(burnout=6, autonomy=6, purpose=3, reward=3, growth=3, balance=3, own=12)
        history = run(items, rounds=12)
        own = [sum(i.driver == "own" for i in chosen) for _, chosen in history]
        assert all(2 <= sum(own[start : start + 3]) <= 4 for start in range(10))

    def test_an_item_asked_tomorrow_by_a_clock_that_was_set_back_is_not_asked_today(self) -> None:
        items = questions(burnout=2)
        asked = [Asked(item_id="burnout.agreement.0", on=START + WEEK)]
        assert [i.id for i in choose(items, asked=asked, on=START, count=4, roster=9)] == ["burnout.agreement.1"]

    def test_with_room_for_one_question_burnout_and_autonomy_alternate(self) -> None:
        history = run(questions(burnout=4, autonomy=4, growth=4), rounds=6, count=1)
        assert [chosen[0].driver for _, chosen in history] == ["burnout", "autonomy"] * 3

    def test_a_set_without_questions_and_a_round_without_places_ask_nothing(self) -> None:
        assert choose((), asked=[], on=START, count=4, roster=9) == ()
        assert choose(questions(burnout=2), asked=[], on=START, count=0, roster=9) == ()


class TestShippedSets:
    @pytest.mark.parametrize("every", [7, 14, 28])
    @pytest.mark.parametrize("roster", [8, 60])
    @pytest.mark.parametrize("name", ["ai-team-weekly", "minimal"])
    def test_a_shipped_set_fills_every_round(self, name: str, roster: int, every: int) -> None:
        shipped = load_question_sets()[name]
        step = timedelta(days=every)
        assert first_short_round(shipped.items, every=step, count=shipped.per_round, roster=roster) is None

    @pytest.mark.parametrize("every", [7, 14, 28])
    def test_the_weekly_set_opens_with_burnout_and_autonomy_and_then_two_others(self, every: int) -> None:
        items = load_question_sets()["ai-team-weekly"].items
        for _, chosen in run(items, rounds=60, every=timedelta(days=every)):
            first, second, third, fourth = (i.driver for i in chosen)
            assert (first, second) == EVERY_ROUND
            assert len({first, second, third, fourth}) == 4

    def test_a_question_on_burnout_comes_back_after_six_rounds(self) -> None:
        items = load_question_sets()["ai-team-weekly"].items
        history = [chosen[0].id for _, chosen in run(items, rounds=30)]
        assert len(set(history[:6])) == 6
        assert history == history[:6] * 5

    def test_every_other_driver_comes_every_six_weeks_and_each_of_its_questions_every_eighteen(self) -> None:
        items = load_question_sets()["ai-team-weekly"].items
        history = [chosen[2:] for _, chosen in run(items, rounds=54, roster=60)]
        drivers = [tuple(i.driver for i in chosen) for chosen in history]
        assert len({name for pair in drivers[:6] for name in pair}) == 12
        assert drivers == drivers[:6] * 9
        ids = [tuple(i.id for i in chosen) for chosen in history]
        assert len({name for pair in ids[:18] for name in pair}) == 36
        assert ids == ids[:18] * 3

    @pytest.mark.parametrize("every", [28, 35])
    @pytest.mark.parametrize("roster", [8, 60])
    def test_the_full_set_asks_everything_in_three_rounds_a_month_apart(self, roster: int, every: int) -> None:
        shipped = load_question_sets()["full-quarterly"]
        history = run(shipped.items, rounds=6, every=timedelta(days=every), count=shipped.per_round, roster=roster)
        asked = {i.id for _, chosen in history[:3] for i in chosen}
        assert asked == {i.id for i in shipped.items if i.min_roster <= roster}
        for _, chosen in history:
            assert [i.driver for i in chosen[:2]] == list(EVERY_ROUND)
            assert len(answered(chosen)) == 15
            assert chosen[-1].scale == "comment"

    @pytest.mark.parametrize("every", [14, 28])
    def test_the_full_set_fills_every_round_but_not_every_week(self, every: int) -> None:
        shipped = load_question_sets()["full-quarterly"]
        step = timedelta(days=every)
        assert first_short_round(shipped.items, every=step, count=shipped.per_round, roster=8) is None
        assert first_short_round(shipped.items, every=WEEK, count=shipped.per_round, roster=8) == 3

    def test_the_blank_set_asks_nothing_and_says_so(self) -> None:
        assert first_short_round(load_question_sets()["blank"].items, every=WEEK, count=4, roster=60) == 0

    def test_the_minimal_set_asks_two_of_each(self) -> None:
        items = load_question_sets()["minimal"].items
        for _, chosen in run(items, rounds=30):
            assert [i.driver for i in chosen] == ["burnout", "burnout", "autonomy", "autonomy"]


class TestFirstShortRound:
    @pytest.mark.parametrize(
        ("items", "every", "short"),
        [
            (questions(burnout=4, autonomy=4, growth=8), 7, None),
            (questions(burnout=3, autonomy=4, growth=9), 7, 4),  # places filled, but burnout left out
            (questions(burnout=6, autonomy=6), 7, 4),
            (questions(burnout=6, autonomy=6), 14, None),
            (questions(burnout=8, autonomy=8), 7, None),
            (questions(growth=15), 7, 4),
            (questions(growth=3), 28, 1),
            ((), 7, 0),
        ],
    )
    def test_a_set_that_is_too_small_is_told_when_it_runs_dry(
        self, items: tuple[Item, ...], every: int, short: int | None
    ) -> None:
        assert first_short_round(items, every=timedelta(days=every), count=4, roster=9) == short

    @given(items=sets(), every=steps, count=counts, roster=rosters)
    def test_no_round_is_short_before_the_one_it_names(
        self, items: tuple[Item, ...], every: timedelta, count: int, roster: int
    ) -> None:
        short = first_short_round(items, every=every, count=count, roster=roster)
        history = run(items, rounds=short if short is not None else 60, every=every, count=count, roster=roster)
        sizes = [len(answered(chosen)) for _, chosen in history]
        assert all(size == count for size in (sizes[:-1] if short is not None else sizes))


def same_turn(one: Item, other: Item) -> bool:
    """Whether two items compete for the same place."""
    return place_of(one) == place_of(other)
