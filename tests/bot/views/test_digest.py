"""The digest: flag and action first, words only where they may be said, nothing in the notification."""

import pytest

from bot.views.digest import digest_post
from bot.views.results import WHY, why_page
from bot.views.wording import Wording
from surveys.questions import Driver, Owner, bank, drivers
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
    refused,
    texts,
)

w = Wording(timezone="Europe/Berlin")


def said(**changes: object) -> str:
    return read_aloud(digest_post(w, flagged_digest(**changes), with_chart=False).blocks)


def test_flag_promise_and_action_stand_within_a_hundred_words() -> None:
    words = said().split()
    first = " ".join(words[:100])
    assert "Burnout is getting worse." in first
    assert "Chance alone raises at most one flag in half a year, on average." in first
    assert "Try:" in first
    assert "Ask:" in first


def test_a_flag_comes_with_its_evidence() -> None:
    text = said()
    assert "Flagged 3 weeks ago, still standing; began probably around 26 January." in text
    assert "Last 5 times asked: high; before: some." in text
    assert "Evidence: strong." in text


def test_a_flag_raised_by_this_round_is_called_new() -> None:
    readings = {"burnout": (reading(9, 3.0), reading(10, 2.4, flag=flag(raised=10, since=10)))}
    text = read_aloud(digest_post(w, digest(flagged_history(), readings), with_chart=False).blocks)
    assert "Flagged now; began probably around 9 March." in text
    assert "Last 2 times asked: high; before: some." in text


def test_the_headline_tells_how_the_team_is() -> None:
    assert texts(digest_post(w, flagged_digest(), with_chart=False).blocks)[0] == (
        "*Vision, 9 March: tired, but in charge of its work.*"
    )


def test_the_picture_is_told_in_words_too() -> None:
    assert "`▅▅▅▇▇▇▇▇` 8 rounds, oldest first, taller is more: some 3 times, high 5 times" in said()


def test_a_round_that_was_withheld_is_a_gap_in_the_picture() -> None:
    history = [one for one in flagged_history() if one.round_id != 8] + codes(8, {"burnout": None})
    history.sort(key=lambda one: one.round_id)
    text = read_aloud(digest_post(w, digest(history, flagged_readings()), with_chart=False).blocks)
    assert "`▅▅▅▇▇·▇▇`" in text
    assert "high twice" not in text
    assert "high 2 times, not shown, high 2 times" in text


def test_only_a_flag_brings_a_direction() -> None:
    text = said()
    assert "Burnout: high, worse" in text
    assert "Autonomy: good, no clear change" in text
    assert text.count("worse") == 2  # the flag, and its driver's line
    quiet = read_aloud(digest_post(w, quiet_digest(), with_chart=True))
    assert "worse" not in quiet
    assert "better" not in quiet


def test_words_that_moved_without_a_flag_are_no_clear_change() -> None:
    history = codes(9, {"burnout": 4, "autonomy": 4}) + codes(10, {"burnout": 0, "autonomy": 0})
    text = read_aloud(digest_post(w, digest(history), with_chart=True))
    assert "*Vision, 9 March: no clear change.*" in text
    assert "worse" not in text


def test_a_quiet_week_is_three_lines() -> None:
    blocks = digest_post(w, quiet_digest(), with_chart=True).blocks
    body = [line for block in blocks if block["type"] == "section" for line in texts(block)[0].split("\n")]
    assert len(body) == 3
    assert body[0] == "*Vision, 9 March: no clear change.* More than four fifths answered."
    assert body[1] == "Burnout: some · Autonomy: good · Growth: mixed"
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


def test_the_chart_is_sent_only_on_demand_and_beside_the_picture() -> None:
    with_chart = digest_post(w, flagged_digest(), with_chart=True)
    charts = [block for block in with_chart.blocks if block["type"] == "data_visualization"]
    assert len(charts) == 1
    assert refused(with_chart) == []
    line = charts[0]["chart"]
    assert [point["value"] for point in line["series"][0]["data"]] == [3, 3, 3, 2, 2, 2, 2, 2]
    assert line["axis_config"]["y_label"] == "2 is high, 3 is some"
    assert "8 rounds, oldest first" in read_aloud(with_chart)
    without = digest_post(w, flagged_digest(), with_chart=False).blocks
    assert list(without) == [block for block in with_chart.blocks if block["type"] != "data_visualization"]


def test_a_single_point_makes_no_chart() -> None:
    readings = {"burnout": (reading(10, 2.4, flag=flag(raised=10, since=10)),)}
    post = digest_post(w, digest(codes(10, {"burnout": 1}), readings), with_chart=True)
    assert not any(block["type"] == "data_visualization" for block in post.blocks)
    assert "the last round: high" in read_aloud(post)
    assert refused(post) == []


def test_two_flags_are_told_and_the_newest_comes_first() -> None:
    readings = flagged_readings()
    readings["autonomy"] = (reading(9, 3.6), reading(10, 2.6, flag=flag(raised=10, since=9, evidence=3.0)))
    post = digest_post(w, digest(flagged_history(), readings), with_chart=True)
    text = read_aloud(post.blocks)
    assert text.index("Autonomy is getting worse") < text.index("Try:") < text.index("Burnout is getting worse")
    assert len([block for block in post.blocks if block["type"] == "data_visualization"]) == 1
    assert refused(post) == []


def test_a_flag_that_has_ended_is_told_once() -> None:
    readings = flagged_readings()
    readings["burnout"] = (*readings["burnout"][:-1], reading(10, 3.4, recovered=True))
    text = read_aloud(digest_post(w, digest(flagged_history(), readings), with_chart=True).blocks)
    assert "*Burnout is easing.* The flag of 16 February no longer stands." in text
    assert "Burnout: high, better" in text
    assert "worse" not in text


def test_a_reader_learns_with_whom_to_raise_what_they_cannot_change() -> None:
    assert "The team lead can change the rest." in said(reader=Owner.COMPANY)
    assert "change the rest" not in said(reader=Owner.TEAM_LEAD)


def test_participation_and_tone_are_bands() -> None:
    text = said()
    assert "More than four fifths answered." in text
    assert "more negative than positive in tone. Only the tone is counted; nobody reads them." in text
    small = read_aloud(digest_post(w, digest(codes(10, {"burnout": 2}, participation=None)), with_chart=True))
    assert "answered." not in small
    assert "Comments" not in small


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


def test_it_says_when_the_team_sees_it() -> None:
    assert "_The team sees these words on Wednesday._" in said()


def test_the_weaker_key_mode_is_said() -> None:
    weaker = read_aloud(digest_post(w, quiet_digest(), with_chart=False, keys_apart=False))
    assert "Protection is weaker here" in weaker
    assert "Protection is weaker" not in said()


def test_earlier_levels_have_their_day() -> None:
    assert "*Earlier:* Collaboration: good (2 March), Purpose: good (23 February)." in said()


@pytest.mark.parametrize("driver", [driver for driver in drivers().values() if driver.id != "intent-to-stay"])
def test_every_driver_has_a_sentence_for_the_headline(driver: Driver) -> None:
    def headline(band: int) -> str:
        readings = {driver.id: (reading(9, 4.0, flag=flag(raised=9, since=9)), reading(10, 4.0, recovered=True))}
        return texts(digest_post(w, digest(codes(10, {driver.id: band}), readings), with_chart=True).blocks)[0]

    assert driver.name not in headline(0)
    assert driver.name not in headline(5)
    assert headline(0) != headline(5)
    assert "nothing stands out" in headline(2)
