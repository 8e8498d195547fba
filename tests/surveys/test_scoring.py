"""Coding a unit: what is released, what is withheld, and that only participation decides."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.comments import MIXED
from surveys.questions import Item, bank, load_question_sets
from surveys.release import Code, Kind, PeopleClass, participation_band
from surveys.scoring import code_unit, oriented
from surveys.sealing import BLANK, Ballot
from surveys.themes import lexicon, subject_of, themes

ITEMS = load_question_sets()["minimal"].items[:4]
CHOICE = next(item for item in load_question_sets()["ai-team-weekly"].items if item.scale == "intent")
SINGLE, WORDS = bank()["growth.would-help"], bank()["morale.keep"]
NICE, NASTY = "A great week, wonderful and excellent.", "A terrible week, awful and horrible."
TIRED, PAID = "We are exhausted.", "My salary is fair."

lexicon()  # read at once: it takes longer than Hypothesis has patience with a single example


def coded(
    ballots: Sequence[Ballot],
    *,
    items: Sequence[Item] = ITEMS,
    roster: int | None = None,
    threshold: int = 5,
) -> dict[str, Code]:
    """Codes by subject; whoever is not among the ballots left theirs blank."""
    size = roster if roster is not None else len(ballots) + 1
    everybody = [*ballots, *[BLANK] * (size - len(ballots))]
    codes = code_unit(items=items, ballots=everybody, roster=size, threshold=threshold)
    return {code.subject: code for code in codes}


def ballots(count: int, answer: int = 3, items: Sequence[Item] = ITEMS, comment: str = "") -> list[Ballot]:
    """Ballots that answer everything alike."""
    return [Ballot(answers={item.id: answer for item in items}, comment=comment) for _ in range(count)]


def pattern(codes: dict[str, Code]) -> dict[str, tuple[bool, PeopleClass | None]]:
    """What is shown and what is withheld, and the class of people beside it."""
    return {subject: (code.value is None, code.people) for subject, code in codes.items()}


taking_part = st.lists(
    st.tuples(st.sets(st.sampled_from([item.id for item in ITEMS])), st.booleans()), min_size=6, max_size=14
)


@given(taking_part, st.integers(0, 9), st.data())
def test_what_is_withheld_depends_on_participation_only(
    participation: list[tuple[set[str], bool]], threshold: int, data: st.DataObject
) -> None:
    def answered() -> list[Ballot]:
        return [
            Ballot(
                answers={item_id: data.draw(st.integers(1, 5)) for item_id in sorted(items)},
                comment=data.draw(st.sampled_from([NICE, NASTY, "So so.", TIRED, PAID])) if commented else "",
            )
            for items, commented in participation
        ]

    patterns = [pattern(coded(answered(), roster=len(participation), threshold=threshold)) for _ in range(2)]
    assert patterns[0] == patterns[1]


@given(taking_part, st.randoms(use_true_random=False))
def test_the_order_of_ballots_does_not_matter(participation: list[tuple[set[str], bool]], random: Random) -> None:
    cast = [
        Ballot(answers=dict.fromkeys(sorted(items), place % 5 + 1), comment=NICE if wrote else "")
        for place, (items, wrote) in enumerate(participation)
    ]
    in_order = coded(cast, roster=len(cast))
    random.shuffle(cast)
    assert coded(cast, roster=len(cast)) == in_order


@pytest.mark.parametrize("count", range(5))
def test_under_five_answers_nothing_is_shown(count: int) -> None:
    codes = coded(ballots(count, comment=NICE), roster=9)
    assert all(code.value is None and code.people is None for code in codes.values() if code.subject != "participation")


def test_full_turnout_looks_like_one_missing() -> None:
    assert coded(ballots(6), roster=6)[ITEMS[0].id].people is PeopleClass.FIVE
    assert coded(ballots(5), roster=6)[ITEMS[0].id].people is PeopleClass.FIVE
    assert coded(ballots(8), roster=8)[ITEMS[0].id].people is PeopleClass.SIX_SEVEN


def test_five_answers_of_a_roster_of_five_are_not_shown() -> None:
    assert coded(ballots(5), roster=5)[ITEMS[0].id].value is None


def test_all_released_items_share_the_class_of_the_one_with_the_fewest_answers() -> None:
    first, *others = ITEMS
    cast = ballots(6) + ballots(3, items=others)
    codes = coded(cast, roster=12)
    assert {code.people for code in codes.values() if code.kind is Kind.LEVEL} == {PeopleClass.SIX_SEVEN}
    assert codes[first.id].value is not None


def test_an_item_that_is_withheld_does_not_lower_the_class_of_the_others() -> None:
    first, *others = ITEMS
    codes = coded(ballots(2) + ballots(7, items=others), roster=12)
    assert codes[first.id] == Code(kind=Kind.LEVEL, subject=first.id, driver=first.driver, people=None, value=None)
    assert {codes[item.id].people for item in others} == {PeopleClass.EIGHT}


def test_a_threshold_that_an_admin_raised_withholds_more() -> None:
    assert coded(ballots(7), roster=9, threshold=8)[ITEMS[0].id].value is None
    assert coded(ballots(8), roster=9, threshold=8)[ITEMS[0].id].people is PeopleClass.EIGHT


def test_a_threshold_under_five_lets_nothing_more_out() -> None:
    assert coded(ballots(4, comment=NICE), roster=9, threshold=1) == coded(ballots(4, comment=NICE), roster=9)


def test_a_withheld_code_does_not_say_why() -> None:
    too_few, too_small = coded(ballots(4), roster=9), coded(ballots(5), roster=5)
    raised = coded(ballots(8), roster=9, threshold=9)
    assert too_few[ITEMS[0].id] == too_small[ITEMS[0].id] == raised[ITEMS[0].id]


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_higher_is_always_better(item: Item) -> None:
    best, worst = (1, 5) if item.reverse else (5, 1)
    assert oriented(item, best) == 5
    assert coded(ballots(9, best))[item.id].value == 5
    assert coded(ballots(9, worst))[item.id].value == 0


def test_a_choice_is_named_and_never_averaged() -> None:
    cast = ballots(6, 2, [CHOICE]) + ballots(4, 4, [CHOICE])
    code = coded(cast, items=[CHOICE], roster=40)[CHOICE.id]
    assert code.kind is Kind.CHOICE
    assert code.value == 2


@pytest.mark.parametrize(("most", "named"), [(6, 3), (5, 0)])
def test_an_answer_to_a_choice_is_named_from_six_in_ten_on(most: int, named: int) -> None:
    cast = ballots(most, 3, [SINGLE]) + ballots(10 - most, 6, [SINGLE])
    code = coded(cast, items=[SINGLE], roster=12)[SINGLE.id]
    assert (code.kind, code.people, code.value) == (Kind.CHOICE, PeopleClass.EIGHT, named)


def test_a_choice_is_named_of_five_people_and_withheld_of_four() -> None:
    assert coded(ballots(5, 2, [SINGLE]), items=[SINGLE], roster=8)[SINGLE.id].value == 2
    assert coded(ballots(4, 2, [SINGLE]), items=[SINGLE], roster=8)[SINGLE.id].value is None


def test_a_question_above_the_comment_has_no_code_and_changes_none() -> None:
    cast = ballots(6, comment=NICE) + ballots(2)
    without, beside = coded(cast, roster=12), coded(cast, items=[*ITEMS, WORDS], roster=12)
    assert beside == without
    assert WORDS.id not in beside


def test_a_round_of_a_comment_alone_shows_nothing_but_who_took_part() -> None:
    codes = coded([Ballot(answers={}, comment=TIRED)] * 9, items=[WORDS], roster=12)
    assert {subject for subject, code in codes.items() if code.value is not None} == {"participation"}
    assert codes.keys() == {"comments", "participation", *map(subject_of, themes())}


@pytest.mark.parametrize("roster", [29, 30])
def test_intent_to_stay_is_never_shown_of_a_unit_under_thirty(roster: int) -> None:
    items = [CHOICE, ITEMS[0]]
    codes = coded(ballots(20, items=items) + ballots(2, items=[ITEMS[0]]), items=items, roster=roster)
    assert (codes[CHOICE.id].value is not None) is (roster >= CHOICE.min_roster == 30)
    assert codes[ITEMS[0].id].value is not None


def test_an_item_meant_for_larger_units_does_not_lower_the_class_of_the_others() -> None:
    large = replace(CHOICE, min_roster=30)
    codes = coded(ballots(5, items=[large, ITEMS[0]]) + ballots(4, items=[ITEMS[0]]), items=[large, ITEMS[0]])
    assert codes[ITEMS[0].id].people is PeopleClass.EIGHT


def test_whoever_only_writes_a_comment_took_part() -> None:
    cast = [Ballot(answers={}, comment=NICE)] * 9
    assert coded(cast, roster=9)["participation"].value == participation_band(9, 9) == 2


def test_a_form_sent_blank_is_no_participation() -> None:
    assert coded([BLANK] * 9, roster=9)["participation"].value == 0


def test_participation_has_no_class_of_people_beside_it() -> None:
    assert coded(ballots(9), roster=9)["participation"].people is None


def test_the_tone_of_five_comments_is_told_and_of_four_is_not() -> None:
    assert coded(ballots(5, comment=NASTY) + ballots(4), roster=12)["comments"].value == 0
    assert coded(ballots(4, comment=NASTY) + ballots(5), roster=12)["comments"].value is None


def test_the_tone_of_comments_is_not_told_where_no_question_has_a_result() -> None:
    codes = coded([Ballot(answers={}, comment=NASTY)] * 9, roster=12)
    assert codes["comments"].value is None


def test_everything_that_was_asked_gets_exactly_one_code() -> None:
    codes = code_unit(items=ITEMS, ballots=ballots(9), roster=10)
    of_comments = ["comments", *(f"theme.{theme}" for theme in themes())]
    assert [code.subject for code in codes] == [*(item.id for item in ITEMS), *of_comments, "participation"]


def spoken(codes: dict[str, Code]) -> dict[str, int | None]:
    """Themes by driver."""
    return {code.driver: code.value for code in codes.values() if code.kind is Kind.THEME}


def test_what_a_third_of_the_comments_speak_of_and_three_at_least_is_a_theme() -> None:
    for comments, fewest in ((5, 3), (9, 3), (10, 4), (12, 4), (13, 5)):
        for speaking in (fewest - 1, fewest):
            cast = ballots(speaking, comment=TIRED) + ballots(comments - speaking, comment="So so.")
            told = spoken(coded(cast, roster=20))
            assert told == dict.fromkeys(themes(), 0) | {"burnout": int(speaking == fewest)}


def test_a_comment_that_speaks_of_two_things_counts_for_both_and_of_one_twice_once() -> None:
    both = spoken(coded(ballots(3, comment=f"{TIRED} {PAID} {PAID}") + ballots(4, comment=NICE), roster=9))
    assert {theme for theme, told in both.items() if told} == {"burnout", "reward"}
    twice = spoken(coded(ballots(2, comment=f"{PAID} {PAID}") + ballots(4, comment="So so."), roster=9))
    assert not any(twice.values())


def test_themes_are_told_or_withheld_with_the_tone_and_in_its_class() -> None:
    for count, roster, threshold in ((4, 9, 5), (5, 9, 5), (6, 6, 5), (6, 6, 6), (7, 9, 8), (8, 9, 8)):
        codes = coded(ballots(count, comment=TIRED), roster=roster, threshold=threshold)
        classes = {code.people for code in codes.values() if code.kind in (Kind.TONE, Kind.THEME)}
        assert classes == {codes["comments"].people}
        assert {value is None for value in spoken(codes).values()} == {codes["comments"].value is None}
    assert set(spoken(coded(ballots(4, comment=TIRED) + ballots(5), roster=12)).values()) == {None}


@pytest.mark.parametrize("nothing", ["Nothing.", "n/a", "all good", "-", "nichts", "nada"])
def test_a_comment_that_says_nothing_has_no_tone_and_stands_in_the_way_of_no_theme(nothing: str) -> None:
    some = [*ballots(3, comment=TIRED), *ballots(4, comment="So so.")]
    assert spoken(coded([*some, *ballots(5, comment=nothing)], roster=20)) == spoken(coded(some, roster=20))
    codes = coded(ballots(9, comment=nothing), roster=12)
    assert codes["comments"].value == MIXED
    assert set(spoken(codes).values()) == {0}
    assert coded([Ballot(answers={}, comment=nothing)] * 9, roster=9)["participation"].value == 2


@pytest.mark.parametrize("said", ["Nothing.", "n/a", "-", "awful", "I am exhausted"])
def test_whether_tone_and_themes_are_told_follows_from_how_many_commented_never_from_what(said: str) -> None:
    for others in (3, 4, 5):
        otherwise = [*ballots(others, comment=NICE), *ballots(1, comment=said)]
        assert pattern(coded(otherwise)) == pattern(coded(ballots(others + 1, comment=NICE)))


def test_one_comment_among_many_that_say_nothing_does_not_set_the_tone() -> None:
    assert coded([*ballots(1, comment=NASTY), *ballots(4, comment="n/a")])["comments"].value == MIXED


def test_intent_to_stay_is_no_theme_however_many_speak_of_leaving() -> None:
    assert "intent-to-stay" not in spoken(coded(ballots(9, comment="I want to quit and leave."), roster=40))


def test_a_code_holds_nothing_finer_than_a_band() -> None:
    cast = ballots(8, 4)
    nudged = [*ballots(7, 4), *ballots(1, 3)]
    assert coded(cast, roster=12)[ITEMS[1].id] == coded(nudged, roster=12)[ITEMS[1].id]
