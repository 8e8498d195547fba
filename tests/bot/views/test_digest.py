"""The digest: flag and action first, words only where they may be said, nothing in the notification."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.views.digest import digest_post
from bot.views.results import WHY, why_page
from bot.views.wording import Wording
from surveys.actions import action_for
from surveys.questions import Owner, bank
from surveys.release import Code, Kind, PeopleClass, Published
from tests.bot.views.samples import (
    MONDAY,
    codes,
    digest,
    elements,
    flag,
    flagged_digest,
    flagged_history,
    flagged_readings,
    quiet_digest,
    read_aloud,
    reading,
    texts,
)

w = Wording(timezone="Europe/Berlin")


def said(**changes: object) -> str:
    return read_aloud(digest_post(w, flagged_digest(**changes), with_chart=False).blocks)


def test_flag_promise_and_action_stand_within_a_hundred_words() -> None:
    words = said().split()
    first = " ".join(words[:100])
    assert "Burnout: worse than before." in first
    assert "Evidence when flagged: strong." in first
    assert "Try:" in first
    assert "Ask:" in first


def test_a_flag_comes_with_its_evidence() -> None:
    text = said()
    assert "Flagged 3 weeks ago, still standing; began probably around 26 January." in text
    assert "The last 5 times asked: high; before the change: some." in text
    assert "Evidence when flagged: strong." in text
    assert "Evidence: " not in text


def test_a_flag_raised_by_this_round_is_called_new() -> None:
    readings = {"burnout": (reading(9, 3.0), reading(10, 2.4, flag=flag(raised=10, since=10)))}
    text = read_aloud(digest_post(w, digest(flagged_history(), readings), with_chart=False).blocks)
    assert "*Burnout is getting worse.* Flagged now; began probably around 9 March." in text
    assert "Evidence: strong. Chance alone raises at most one flag for you in half a year, on average.\n" in text
    assert "The last 2 times asked: high; before the change: some." in text
    assert "*This round:* Burnout: high, worse than before\n" in text


def test_a_flag_of_weeks_ago_is_not_told_as_this_weeks_news() -> None:
    text = said()
    assert "*Burnout: worse than before.* Flagged 3 weeks ago, still standing; " in text
    assert "Burnout: high (last five: high), flagged 3 weeks ago" in text
    assert "getting worse" not in text
    assert text.count("worse") == 2  # the flag, and the label of its picture
    chance = "Chance alone raises at most one flag for you in half a year, on average."
    assert text.count(chance) == 1
    assert text.index(chance) > text.index("This round:")  # by now small print


def eased(level: float) -> str:
    """A digest three weeks after a flag, when the level over the last rounds is this."""
    readings = flagged_readings()
    readings["burnout"] = (*readings["burnout"][:-1], reading(10, level, flag=flag(raised=7, since=4)))
    return read_aloud(digest_post(w, digest(flagged_history(), readings), with_chart=False).blocks)


@pytest.mark.parametrize(
    ("level", "words"),
    [(2.5, "high; before the change: some"), (2.9, "some; when flagged: high; before the change: some")],
)
def test_while_things_ease_a_flag_stands_and_nothing_is_called_worse(level: float, words: str) -> None:
    text = eased(level)
    assert "*Burnout: still flagged.* The flag is 3 weeks old; the change began probably around 26 January." in text
    assert f"The last 5 times asked: {words}. It looks better by now; the flag stands until" in text
    assert "Evidence" not in text  # it was that of the day of the flag
    assert "flagged 3 weeks ago" in text
    assert "worse" not in text.replace("higher is worse", "")


def test_a_change_smaller_than_a_word_is_told_as_one() -> None:
    readings = {"burnout": (reading(9, 2.7), reading(10, 2.4, flag=flag(raised=10, since=10)))}
    text = read_aloud(digest_post(w, digest(flagged_history(), readings), with_chart=False).blocks)
    assert "The last 2 times asked: high, as before: the change is smaller than one word." in text
    assert "Then and now" not in text


def test_the_picture_is_told_in_words_too() -> None:
    words = "8 rounds one by one, 19 January to 9 March: some for 3 rounds, high for 5 rounds"
    assert f"`▅▅▅▇▇▇▇▇` Burnout, higher is worse. {words}" in said()


def test_only_a_flag_brings_a_direction() -> None:
    assert "*No clear change:* Autonomy: good (last five: good) · Growth: mixed" in said()
    quiet = read_aloud(digest_post(w, quiet_digest(), with_chart=True))
    assert "worse" not in quiet
    assert "better" not in quiet


def test_words_that_moved_without_a_flag_are_no_clear_change() -> None:
    history = codes(9, {"burnout": 4, "autonomy": 4}) + codes(10, {"burnout": 0, "autonomy": 0})
    text = read_aloud(digest_post(w, digest(history), with_chart=True))
    assert "*Vision, 9 March: no clear change.*" in text
    assert "worse" not in text


def test_the_word_of_a_round_stands_beside_that_of_the_last_five() -> None:
    history = [one for number in range(6, 11) for one in codes(number, {"burnout": 3, "autonomy": 3})]
    readings = {
        "burnout": tuple(reading(number, 2.9) for number in range(6, 11)),
        "autonomy": tuple(reading(number, 2.9) for number in range(6, 11) if number != 8),
    }
    text = read_aloud(digest_post(w, digest(history, readings), with_chart=True))
    assert "*This round:* Burnout: low (last five: some) · Autonomy: good" in text
    assert text.count("last five") == 1  # one round of the five did not ask the other


def test_a_quiet_week_is_three_lines() -> None:
    history = codes(9, {"burnout": 2, "purpose": 3}) + codes(10, {"burnout": 2, "autonomy": 3, "growth": 2})
    blocks = digest_post(w, digest(history), with_chart=True).blocks
    body = read_aloud(blocks).split("\n")
    assert len(body) == 3
    assert body[0] == "*Vision, 9 March: no clear change.* More than four fifths answered."
    assert body[1] == "*This round:* Burnout: some · Autonomy: good · Growth: mixed"
    assert body[2].startswith("*Ask this week:*")
    assert not any(block["type"] == "data_visualization" for block in blocks)


def test_the_notification_names_no_driver_flag_or_result() -> None:
    for value in (flagged_digest(), quiet_digest(), digest(codes(10, {"burnout": None}))):
        assert digest_post(w, value, with_chart=True).text == "Your Murmur digest is ready"


def test_a_refusal_has_one_wording_and_a_button_that_tells_why() -> None:
    post = digest_post(w, flagged_digest(), with_chart=False)
    assert "Experimentation: Not shown, to protect people. This says nothing about the answers." in texts(post)
    why = [element for element in elements(post) if element["action_id"] == WHY]
    assert len(why) == 1
    assert "value" not in why[0]
    assert "never depends on what was answered" in read_aloud(why_page(w))


def test_refusals_do_not_depend_on_the_answers() -> None:
    def pattern(band: int) -> list[str]:
        bands = {"burnout": band, "autonomy": 5 - band, "growth": None}
        blocks = digest_post(w, digest(codes(10, bands)), with_chart=True).blocks
        return [text for text in texts(blocks) if "Not shown" in text]

    assert pattern(0) == pattern(5) != []


def test_a_round_without_results_claims_no_calm_and_names_no_cause() -> None:
    text = read_aloud(digest_post(w, digest(codes(10, {"burnout": None, "autonomy": None})), with_chart=True))
    assert "*Vision, 9 March.*" in text
    assert "no clear change" not in text
    assert "Burnout and Autonomy: Not shown" in text


@pytest.mark.parametrize(("now", "recent", "said"), [(2, 3.4, "some (last five: low)"), (1, 3.4, ""), (2, 2.6, "")])
def test_an_ended_flag_says_than_what_it_is_better_and_only_if_both_words_are(
    now: int, recent: float, said: str
) -> None:
    readings = flagged_readings()
    readings["burnout"] = (*readings["burnout"][:-1], reading(10, recent, recovered=True))
    history = [one for one in flagged_history() if one.round_id < 10] + codes(10, {"burnout": now})
    text = read_aloud(digest_post(w, digest(history, readings), with_chart=True).blocks)
    assert "The flag of 16 February no longer stands." in text
    if said:
        assert f"Burnout: {said}, better than when flagged (high)" in text
    else:
        assert "better" not in text


def test_a_flag_that_has_ended_is_told_once() -> None:
    readings = flagged_readings()
    readings["burnout"] = (*readings["burnout"][:-1], reading(10, 3.4, recovered=True))
    text = read_aloud(digest_post(w, digest(flagged_history(), readings), with_chart=True).blocks)
    low = "The last 5 times asked: low."
    assert f"*Vision, 9 March: Burnout is easing.*\n:seedling: The flag of 16 February no longer stands. {low}" in text
    assert text.count("Burnout is easing") == 1
    assert "Burnout: high (last five: low)\n" in text
    assert "better" not in text  # this round's word is that of the flag
    assert "worse" not in text
    later = [*flagged_history(), *codes(11, {"burnout": 2})]
    readings["burnout"] = (*readings["burnout"], reading(11, 3.4))
    assert "The flag of" not in read_aloud(digest_post(w, digest(later, readings), with_chart=True).blocks)


def recovered(growth: int) -> str:
    """A digest in which the flag for burnout ends, while the team is this well off for growth."""
    readings = flagged_readings()
    readings["burnout"] = (*readings["burnout"][:-1], reading(10, 3.4, recovered=True))
    history = [one for one in flagged_history() if one.round_id < 10]
    history += codes(10, {"burnout": 2, "growth": growth, "experimentation": 5})
    return read_aloud(digest_post(w, digest(history, {"burnout": readings["burnout"]}), with_chart=True).blocks)


def test_the_digest_in_which_a_flag_ends_leads_with_what_has_recovered() -> None:
    text = recovered(growth=3)
    assert text.startswith("*Vision, 9 March: Burnout is easing.*\n:seedling: The flag of 16 February ")
    assert "free to try things" not in text
    assert "*Vision, 9 March: Burnout is easing, but the team is short of room to grow.*" in recovered(growth=0)


def test_an_action_beside_a_recovery_says_what_it_is_about() -> None:
    assert "*Try, for Growth:* " in recovered(growth=0)
    assert "*Try:*" not in recovered(growth=0)
    assert "*Try, for" not in said()


def put_down(level: float, *, weeks: int = 0) -> str:
    """A digest so many weeks after the one that puts a flag of twelve weeks ago down."""
    raised = flag(raised=-2, since=-4)
    readings = [reading(-3, 3.3), *(reading(number, 2.4, flag=raised) for number in range(-2, 10)), reading(10, level)]
    history = [one for number in range(-3, 11 + weeks) for one in codes(number, {"burnout": 1, "autonomy": 5})]
    return read_aloud(digest_post(w, digest(history, {"burnout": readings}), with_chart=True).blocks)


def test_a_flag_that_has_stood_its_time_is_put_down_in_plain_words_and_once() -> None:
    text = put_down(2.4)
    assert (
        "*Burnout: the flag is put down.* Flagged 12 weeks ago and no longer shown: by now acted on, or the new"
        " normal. The last 5 times asked: still high."
    ) in text
    assert "*Vision, 9 March: tired.*" in text  # and nothing is praised
    week = (action_for("burnout", Owner.TEAM_LEAD, MONDAY + timedelta(weeks=n)).question for n in range(4))
    assert any(question in text for question in week)  # and it still has an action
    assert "The last 5 times asked: some." in put_down(2.9)
    assert "*Vision, 9 March: no clear change.*" in put_down(2.9)
    assert "worse" not in text
    assert ":triangular_flag_on_post:" not in text
    assert "flag" not in put_down(2.4, weeks=1)


def test_a_reader_learns_with_whom_to_raise_what_they_cannot_change() -> None:
    rest = "What you cannot change yourself"
    assert f"{rest} is in the team lead's hands: talk it over with them." in said(reader=Owner.COMPANY)
    assert rest not in said(reader=Owner.TEAM_LEAD)


def test_participation_and_tone_are_bands() -> None:
    text = said()
    assert "More than four fifths answered." in text
    assert "*Comments:* more negative than positive in tone, all taken together. Nobody reads them." in text
    small = read_aloud(digest_post(w, digest(codes(10, {"burnout": 2}, participation=None)), with_chart=True))
    assert "answered." not in small
    assert "Comments" not in small


def commented(tone: int | None, *themes: str, locale: str = "en") -> str:
    history = codes(10, {"burnout": 2}, tone=tone, themes=themes)
    return read_aloud(digest_post(replace(w, locale=locale), digest(history), with_chart=True))


def test_what_several_comments_speak_of_stands_beside_their_tone() -> None:
    line = "*Comments:* mixed in tone, all taken together. Several speak of {}. Nobody reads them."
    assert line.format("burnout, AI leadership and reward") in commented(1, "reward", "ai-leadership", "burnout")
    assert line.format("open dialogue") in commented(1, "open-dialogue")
    assert "Open dialogue" in commented(1, "open-dialogue", locale="de")  # German writes nouns large
    assert "Several" not in commented(1)
    assert "*Comments:* mixed in tone, all taken together. Nobody reads them." in commented(1)


def test_nothing_is_said_of_comments_that_are_withheld_not_even_that_they_are() -> None:
    assert commented(None, "burnout") == commented(None)
    assert "omments" not in commented(None, "burnout")


def stay(value: int | None) -> str:
    item = next(item for item in bank().values() if item.driver == "intent-to-stay")
    people = None if value is None else PeopleClass.EIGHT
    code = Code(kind=Kind.CHOICE, subject=item.id, driver=item.driver, people=people, value=value)
    one = Published(unit_id=1, round_id=10, closed_on=MONDAY, roster=40, replaced=0, code=code)
    return read_aloud(digest_post(w, digest([*codes(10, {"burnout": 2}), one]), with_chart=True))


def test_a_choice_is_named_only_when_most_people_made_it() -> None:
    assert "Intent to stay: six in ten or more answered “More than two years”" in stay(4)
    assert "Intent to stay: no answer stands out" in stay(0)
    assert "Intent to stay: Not shown" in stay(None)


def test_the_first_digest_begins_with_how_to_read_it() -> None:
    first = texts(digest_post(w, flagged_digest(first=True), with_chart=False).blocks)[0]
    assert first.startswith("*How to read this.*")
    assert 30 <= len(first.split()) <= 45
    assert "How to read" not in said()


def test_it_says_when_the_team_sees_it_where_that_matters() -> None:
    seen = "The team sees these words on Wednesday._"
    assert seen in said()
    assert seen in read_aloud(digest_post(w, quiet_digest(first=True), with_chart=False))
    assert seen not in read_aloud(digest_post(w, quiet_digest(), with_chart=False))


def test_the_weaker_key_mode_is_said() -> None:
    weaker = read_aloud(digest_post(w, quiet_digest(), with_chart=False, keys_apart=False))
    assert "Protection is weaker here" in weaker
    assert "Protection is weaker" not in said()


def test_earlier_levels_are_left_to_home() -> None:
    assert "Earlier" not in said()
    assert "Purpose" not in said()
