"""A digest is a function of the ledger: what it says of levels and flags, and what it leaves out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.digests import Digest, assemble
from surveys.levels import Change, band_of, levels_of
from surveys.notices import STORY
from surveys.questions import Owner, bank, drivers
from surveys.release import EDGES, Code, Kind, PeopleClass, Published, band_interval
from surveys.streams import read_streams
from surveys.trends import RECENT, Reading
from tests.support.rounds import FIRST, WEEKS, a_flag, a_reading, a_round, level


def of(kind: Kind, value: int | None) -> Code:
    return Code(kind=kind, subject=kind.value, driver="", people=None, value=value)


def digest(
    history: Sequence[Published],
    readings: Mapping[str, Sequence[Reading]] | None = None,
    *,
    reader: Owner = Owner.TEAM_LEAD,
) -> Digest:
    last = history[-1]
    return assemble(
        unit="Vision",
        on=last.closed_on,
        history=history,
        readings=readings or {},
        items=bank(),
        drivers=drivers(),
        round_id=last.round_id,
        reader=reader,
        team_sees_on=last.closed_on + timedelta(days=2),
        first=False,
        false_flag_months=6,
    )


@given(st.sampled_from(PeopleClass), st.integers(min_value=0, max_value=5))
def test_a_band_keeps_its_word_when_it_is_told(people: PeopleClass, band: int) -> None:
    if band > len(EDGES[people]):
        return
    (told,) = levels_of(a_round(0, level("autonomy", band, people)), drivers())
    assert told.band == band
    assert told.word == drivers()["autonomy"].level_words[band]
    assert told.height == sum(band_interval(band, people)) / 2
    assert band_of(told.height, people) == band


def test_levels_come_in_their_usual_order_and_withheld_ones_have_no_word() -> None:
    value = digest(a_round(0, level("growth", None), level("autonomy", 3), level("burnout", 1)))
    assert [one.driver.id for one in value.levels] == ["burnout", "autonomy", "growth"]
    assert [one.word for one in value.levels] == ["high", "good", None]
    assert [driver.id for driver in value.withheld] == ["growth"]


def test_two_questions_of_a_driver_in_one_round_count_alike() -> None:
    value = digest(a_round(0, level("burnout", 1, item="a"), level("burnout", 3, item="b")))
    assert [one.word for one in value.levels] == ["some"]


def test_without_a_flag_nothing_is_called_better_or_worse() -> None:
    value = digest([*a_round(0, level("burnout", 5)), *a_round(1, level("burnout", 0))])
    assert value.quiet
    assert value.levels[0].change is Change.UNCLEAR


def test_a_flag_brings_its_evidence() -> None:
    history = [one for n in range(12) for one in a_round(n, level("burnout", 2 if n < 6 else 1))]
    readings = [a_reading(n, 3.1) for n in range(9)]
    readings += [a_reading(n, 2.4, a_flag(9, 6)) for n in range(9, 12)]
    (notice,) = digest(history, {"burnout": readings}).notices
    assert notice.raised_on == FIRST + timedelta(weeks=9)
    assert notice.since == FIRST + timedelta(weeks=6)
    assert (notice.now, notice.before) == ("high", "some")
    assert notice.rounds == 5
    assert notice.strength == "strong"
    assert [one.word for one in notice.story] == ["some", "some", "high", "high", "high", "high", "high", "high"]
    assert len(notice.story) == STORY


def test_a_flag_stands_between_the_rounds_that_ask_its_driver() -> None:
    history = [*a_round(0, level("growth", 1)), *a_round(1, level("burnout", 3))]
    value = digest(history, {"growth": [a_reading(0, 2.0, a_flag(0, 0))]})
    assert [notice.driver.id for notice in value.notices] == ["growth"]
    assert value.notices[0].before is None
    assert not value.quiet


def test_a_flag_nobody_asked_about_again_falls_after_twelve_weeks() -> None:
    for number, standing in ((WEEKS - 1, 1), (WEEKS, 0)):
        value = digest(a_round(number, level("burnout", 3)), {"growth": [a_reading(0, 2.0, a_flag(0, 0))]})
        assert len(value.notices) == standing


def test_flags_come_newest_first_then_strongest() -> None:
    readings = {
        "burnout": [a_reading(3, 2.0, a_flag(1, 0, 9.0))],
        "autonomy": [a_reading(3, 2.0, a_flag(3, 2, 0.5))],
        "growth": [a_reading(3, 2.0, a_flag(3, 2, 5.0))],
    }
    value = digest(a_round(3, level("burnout", 1), level("autonomy", 1)), readings)
    assert [notice.driver.id for notice in value.notices] == ["growth", "autonomy", "burnout"]
    changes = {one.driver.id: (one.change, one.flagged_on) for one in value.levels}
    assert changes == {
        "burnout": (Change.FLAGGED, FIRST + timedelta(weeks=1)),
        "autonomy": (Change.WORSE, FIRST + timedelta(weeks=3)),
    }


def test_the_end_of_a_flag_is_told_in_the_round_that_ended_it_only() -> None:
    readings = [a_reading(0, 2.0, a_flag(0, 0)), a_reading(1, 3.5, recovered=True)]
    history = [*a_round(0, level("burnout", 1)), *a_round(1, level("burnout", 3))]
    value = digest(history, {"burnout": readings})
    assert [(one.raised_on, one.recovered) for one in value.endings] == [(FIRST, True)]
    assert value.recoveries == value.endings
    assert value.put_down == ()
    assert value.levels[0].change is Change.BETTER
    assert value.levels[0].flagged_word == "very high"
    assert value.has_results
    assert not value.quiet
    later = digest([*history, *a_round(2, level("burnout", 3))], {"burnout": readings})
    assert later.endings == ()
    assert later.quiet


def test_a_flag_that_has_stood_its_time_is_told_once_whether_or_not_its_driver_was_asked() -> None:
    readings = {"growth": [a_reading(0, 2.0, a_flag(0, 0))]}
    history = a_round(0, level("growth", 1))
    told = {}
    for number in range(1, WEEKS + 4):
        history += a_round(number, level("burnout", 3))
        value = digest(history, readings)
        told[number] = (len(value.notices), [(one.driver.id, one.recovered) for one in value.endings])
    assert told[WEEKS - 1] == (1, [])
    assert told[WEEKS] == (0, [("growth", False)])
    assert {told[number] == (0, []) for number in range(WEEKS + 1, WEEKS + 4)} == {True}


def test_a_round_says_whether_it_can_be_compared_with_anything() -> None:
    first = a_round(0, level("burnout", 1), level("growth", None))
    assert not digest(first).compared
    assert not digest([*first, *a_round(1, level("growth", 2))]).compared
    assert digest([*first, *a_round(1, level("burnout", 2))]).compared
    assert not digest([*first, *a_round(1, level("burnout", None))]).compared


def test_the_level_over_the_last_rounds_stands_beside_a_round_once_there_are_enough() -> None:
    history = [one for number in range(RECENT) for one in a_round(number, level("burnout", 4))]
    readings = [a_reading(number, 2.4) for number in range(RECENT)]
    assert digest(history[:-1], {"burnout": readings[:-1]}).levels[0].recent_word is None
    (told,) = digest(history, {"burnout": readings}).levels
    assert (told.word, told.recent_word) == ("very low", "high")
    gap = [*history, *a_round(RECENT, level("autonomy", 3)), *a_round(RECENT + 1, level("burnout", 4))]
    late = [*readings, a_reading(RECENT + 1, 2.4)]
    assert digest(gap, {"burnout": late}).levels[0].recent_word is None  # one of the last rounds did not ask it
    hidden = [*history, *a_round(RECENT, level("burnout", None))]
    assert digest(hidden, {"burnout": readings}).levels[0].recent_word is None  # a round that is withheld shows none


def test_an_item_that_is_easier_than_others_moves_the_word_of_its_round_and_not_that_of_the_last_rounds() -> None:
    items = ("plain", "easy")  # answered alike every time, one of them higher than the other
    history = [
        one
        for number in range(20)
        for one in a_round(number, level("burnout", (2, 4)[number % 2], item=items[number % 2]))
    ]

    def words(rounds: int) -> tuple[str | None, str | None]:
        (told,) = digest(history[:rounds], read_streams(history[:rounds], 130)).levels
        return told.word, told.recent_word

    plain, easy = words(19), words(20)
    assert (plain[0], easy[0]) == ("some", "very low")
    assert plain[1] == easy[1] == "low"


@pytest.mark.parametrize("reader", Owner)
def test_the_action_is_about_the_flag_or_else_about_the_lowest_level(reader: Owner) -> None:
    history = a_round(3, level("burnout", 3), level("autonomy", 0), level("growth", None))
    calm = digest(history, reader=reader).action
    assert calm is not None
    assert (calm.driver, calm.reader) == ("autonomy", reader)
    flagged = digest(history, {"growth": [a_reading(3, 2.0, a_flag(3, 2))]}, reader=reader).action
    assert flagged is not None
    assert flagged.driver == "growth"
    later = a_round(3 + WEEKS, level("burnout", 3), level("autonomy", 0))
    put_down = digest(history + later, {"growth": [a_reading(3, 2.0, a_flag(3, 2))]}, reader=reader).action
    assert put_down is not None
    assert put_down.driver == "growth"


def test_a_withheld_round_still_has_something_to_do_and_an_empty_one_has_not() -> None:
    hidden = digest(a_round(0, level("autonomy", None))).action
    assert hidden is not None
    assert hidden.driver == "autonomy"
    assert digest(a_round(0, of(Kind.PARTICIPATION, 1))).action is None


def test_earlier_levels_are_the_latest_shown_of_what_was_not_asked_now() -> None:
    history = [
        *a_round(0, level("purpose", 1), level("growth", 2)),
        *a_round(1, level("purpose", 3), level("reward", None)),
        *a_round(2, level("purpose", None)),
        *a_round(3, level("burnout", 2)),
    ]
    earlier = digest(history).earlier
    assert [(one.driver.id, one.word) for one in earlier] == [("purpose", "good"), ("growth", "mixed")]
    assert earlier[0].on == FIRST + timedelta(weeks=1)


def test_participation_and_tone_are_those_of_this_round() -> None:
    history = [
        *a_round(0, of(Kind.PARTICIPATION, 2), of(Kind.TONE, 2)),
        *a_round(1, level("burnout", 2), of(Kind.PARTICIPATION, 0), of(Kind.TONE, None)),
    ]
    assert (digest(history).participation, digest(history).tone) == (0, None)


def test_themes_are_those_of_this_round_in_the_usual_order_of_drivers_and_change_nothing_else() -> None:
    def theme(driver: str, value: int | None) -> Code:
        people = None if value is None else PeopleClass.EIGHT
        return Code(kind=Kind.THEME, subject=f"theme.{driver}", driver=driver, people=people, value=value)

    without = [*a_round(0, level("burnout", 2)), *a_round(1, level("burnout", 2))]
    before = a_round(0, theme("growth", 1))
    now = a_round(1, theme("reward", 1), theme("autonomy", 0), theme("burnout", 1), theme("morale", None))
    told = digest([*without[:1], *before, *without[1:], *now])
    assert [driver.id for driver in told.themes] == ["burnout", "reward"]
    assert digest(without).themes == digest([*without, *a_round(1, theme("growth", None))]).themes == ()
    assert replace(told, themes=()) == digest(without)


def test_a_choice_is_named_by_its_label() -> None:
    item = next(item for item in bank().values() if item.driver == "intent-to-stay")

    def named(value: int | None) -> tuple[bool, str | None]:
        people = None if value is None else PeopleClass.EIGHT
        code = Code(kind=Kind.CHOICE, subject=item.id, driver=item.driver, people=people, value=value)
        (one,) = digest(a_round(0, code)).named
        return one.shown, one.option

    assert named(1) == (True, "Less than six months")
    assert named(0) == (True, None)
    assert named(None) == (False, None)


def test_a_choice_with_answers_of_its_own_is_named_by_the_answer() -> None:
    item = bank()["growth.would-help"]
    code = Code(kind=Kind.CHOICE, subject=item.id, driver=item.driver, people=PeopleClass.FIVE, value=2)
    (one,) = digest(a_round(0, code)).named
    assert (one.question, one.option) == (item.text, "Somebody to learn from")


@given(st.lists(st.integers(min_value=0, max_value=4), min_size=4, max_size=4))
def test_what_is_withheld_never_depends_on_the_answers(bands: list[int]) -> None:
    names = ["burnout", "autonomy", "growth", "reward"]
    shown = a_round(0, *(level(name, band) for name, band in zip(names, bands, strict=True)), level("purpose", None))
    value = digest(shown)
    assert [driver.id for driver in value.withheld] == ["purpose"]
    assert len(value.levels) == 5


def test_the_detectors_own_readings_make_a_digest() -> None:
    history = [one for n in range(30) for one in a_round(n, level("burnout", 4 if n < 20 else 0), level("autonomy", 3))]
    value = digest(history, read_streams(history, 130))
    (notice,) = value.notices
    assert notice.driver.id == "burnout"
    assert notice.since > FIRST + timedelta(weeks=17)
    assert value.levels[0].change is Change.FLAGGED
    assert value.levels[1].change is Change.UNCLEAR
