"""What members get: who asks, who reads, what is protected; the same for everybody, and no trace of an answer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.views import asking
from bot.views import questionnaire as form
from bot.views.vocabulary import Post, View
from bot.views.wording import Wording
from surveys.cadence import Frequency
from surveys.questions import Item, bank, load_question_sets, scales
from tests.bot.views.samples import CLOSES, elements, read_aloud, texts

w = Wording(timezone="Europe/Berlin")
ITEMS = load_question_sets()["ai-team-weekly"].items[:4]
READERS = ["Dana Ito", "Sam Okoye"]


def hello(*, contact: str = "it@example.com", keys_apart: bool = True, merged: bool = False) -> str:
    return read_aloud(
        asking.welcome(
            w,
            name="Priya",
            asked_by="Ruth Meyer",
            unit="Vision",
            people=9,
            questions=4,
            frequency=Frequency.WEEKLY,
            first_at=CLOSES,
            readers=READERS,
            threshold=5,
            contact=contact,
            keys_apart=keys_apart,
            merged=merged,
        )
    )


def questionnaire(round_id: int = 10, items: Sequence[Item] = ITEMS) -> View:
    return form.questionnaire(
        w,
        round_id=round_id,
        items=items,
        scales=scales(),
        closes_at=CLOSES,
        readers=READERS,
        threshold=5,
    )


def invitation() -> Post:
    return asking.invitation(w, team="Vision", questions=4, closes_at=CLOSES, readers=READERS, round_id=10)


def test_the_first_message_says_who_asks_who_reads_and_what_is_and_is_not_protected() -> None:
    said = hello()
    assert "Hello Priya, I am Murmur. Ruth Meyer has me ask Vision" in said
    assert "4 questions a week, one tap each, half a minute. Skip any or all. First: Friday 13 March, 18:00." in said
    assert "Vision (9 people) is read as a group by Dana Ito and Sam Okoye, only if 5 or more answer." in said
    assert "You see the same two working days later, on Murmur's Home." in said
    assert "No list of who answered is kept." in said
    assert "Slack carries your answers." in said
    assert "Whoever controls our server (it@example.com) could read an open round." in said


def test_people_of_a_small_team_learn_why_somebody_elses_manager_reads() -> None:
    why = "A team under eight is read together with another, so that nobody can be picked out:"
    assert why in hello(merged=True)
    assert "picked out" not in hello()
    assert "by the readers of both" in read_aloud(asking.how_it_works(w, threshold=5, contact="", keys_apart=True))


def test_the_first_message_owns_up_to_what_is_weaker() -> None:
    assert "here the keys lie beside the database" in hello(keys_apart=False)
    assert "here the keys lie beside the database" not in hello()
    assert "Whoever controls our server could read an open round." in hello(contact="")


def test_leaving_asks_first_and_how_it_works_does_not() -> None:
    post = asking.welcome(
        w,
        name="Priya",
        asked_by="Ruth",
        unit="Vision",
        people=9,
        questions=1,
        frequency=Frequency.MONTHLY,
        first_at=CLOSES,
        readers=[],
        threshold=5,
        contact="",
        keys_apart=True,
    )
    how, leave = elements(post)
    assert (how["action_id"], leave["action_id"]) == (asking.HOW_IT_WORKS, asking.NOT_FOR_ME)
    assert "confirm" not in how
    assert leave["confirm"]["confirm"]["text"] == "Do not ask me"
    assert "1 question a month" in read_aloud(post)
    assert "is read as a group by your admins" in read_aloud(post)


def test_an_invitation_says_how_many_until_when_and_who_reads() -> None:
    said = read_aloud(invitation())
    assert "*Vision pulse: 4 questions, half a minute.* Until Friday 13 March, 18:00, your time." in said
    assert "Read as a group by Dana Ito and Sam Okoye." in said
    assert invitation().text == "Murmur: 4 short questions"


def test_closing_is_told_on_the_members_own_clock() -> None:
    tokyo = Wording(timezone="Asia/Tokyo")
    post = asking.invitation(tokyo, team="Vision", questions=1, closes_at=CLOSES, readers=[], round_id=1)
    assert "1 question, a quarter of a minute.* Until Saturday 14 March, 02:00" in read_aloud(post)
    assert post.text == "Murmur: 1 short question"


@pytest.mark.parametrize(("questions", "time"), [(5, "less than a minute"), (8, "a minute"), (10, "2 minutes")])
def test_longer_rounds_say_that_they_are_longer(questions: int, time: str) -> None:
    post = asking.invitation(w, team="V", questions=questions, closes_at=CLOSES, readers=[], round_id=1)
    assert time in read_aloud(post)


def test_a_reminder_knows_nothing_of_who_answered() -> None:
    first, second = (asking.reminder(w, team="Vision", closes_at=CLOSES, round_id=10) for _ in range(2))
    assert first == second
    said = read_aloud(first)
    assert "closes on Friday at 18:00, your time" in said
    assert "no list of who answered is kept" in said
    assert [e["action_id"] for e in elements(first)] == [asking.OPEN_FORM, asking.NO_REMINDERS]


def test_buttons_carry_the_round_and_nothing_else() -> None:
    for post in (invitation(), asking.reminder(w, team="Vision", closes_at=CLOSES, round_id=10)):
        assert {element.get("value") for element in elements(post)} == {"10"}


def test_the_form_opens_empty_and_every_question_can_be_skipped() -> None:
    view = questionnaire()
    questions = [block for block in view["blocks"] if block["type"] == "input"]
    assert [q["block_id"] for q in questions] == [*("question:" + item.id for item in ITEMS), form.COMMENT_BLOCK]
    assert all(question["optional"] for question in questions)
    for question in questions[:-1]:
        radio = question["element"]
        assert radio["type"] == "radio_buttons"
        assert radio["action_id"] == form.ANSWER
        assert [option["value"] for option in radio["options"]] == ["1", "2", "3", "4", "5", "skip"]
        assert [option["text"]["text"] for option in radio["options"]] == [*scales()["agreement"].labels, "Skip"]
        assert "initial_option" not in radio
    assert "initial_value" not in questions[-1]["element"]


def test_the_form_says_what_sending_again_does_and_what_becomes_of_a_comment() -> None:
    view = questionnaire()
    assert texts(view["blocks"])[0] == (
        "Sending again replaces everything you sent before in this round, questions left blank included."
    )
    comment = view["blocks"][-1]
    assert comment["element"]["max_length"] == 500
    assert comment["hint"]["text"].startswith("Only its tone and themes are counted, with everybody else's. ")
    assert "give a person away" in comment["hint"]["text"]


def test_the_form_remembers_the_round_only() -> None:
    view = questionnaire(round_id=77)
    assert view["callback_id"] == form.FORM
    assert view["private_metadata"] == "77"
    assert view == questionnaire(round_id=77)


def test_choices_have_their_own_answers() -> None:
    stay = next(i for i in load_question_sets()["ai-team-weekly"].items if i.scale == "intent")
    view = form.questionnaire(w, round_id=1, items=[stay], scales=scales(), closes_at=CLOSES, readers=[], threshold=5)
    options = view["blocks"][2]["element"]["options"]
    assert [option["value"] for option in options] == ["1", "2", "3", "4", "skip"]


def test_a_choice_shows_the_answers_of_its_own_question_and_when_one_is_told() -> None:
    item = bank()["growth.would-help"]
    view = questionnaire(items=[item])
    question = view["blocks"][2]
    assert [o["text"]["text"] for o in question["element"]["options"]] == [*item.options, "Skip"]
    assert question["hint"]["text"] == "An answer is only told if three fifths or more of the group give it."


def test_a_choice_with_two_answers_says_what_it_cannot_promise() -> None:
    item = replace(bank()["growth.would-help"], options=("Yes", "No"))
    hint = questionnaire(items=[item])["blocks"][2]["hint"]["text"]
    assert "Both answers stay possible for everybody; with two to choose from, more cannot be promised." in hint


def test_a_question_for_words_stands_above_the_comment_and_nowhere_else() -> None:
    item = bank()["meaningful-work.stop-doing"]
    view = questionnaire(items=[*ITEMS, item])
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    assert [block["block_id"] for block in inputs] == [*("question:" + i.id for i in ITEMS), form.COMMENT_BLOCK]
    assert inputs[-1]["label"]["text"] == "What should we stop doing?"
    assert "Only its tone and themes are counted" in inputs[-1]["hint"]["text"]


def test_a_form_of_fifteen_questions_fits_a_window() -> None:
    items = [item for item in load_question_sets()["full-quarterly"].items if item.scale != "comment"][:15]
    assert len(questionnaire(items=items)["blocks"]) == 18


def test_the_last_page_cannot_be_sent_and_does_not_say_what_was_answered() -> None:
    view = form.thanks(w, closes_at=CLOSES)
    assert "submit" not in view
    assert not elements(view)
    assert "What you sent is sealed;" in read_aloud(view)
    assert "two working days after your manager" in read_aloud(view)


def test_errors_stand_beside_the_last_field_and_keep_the_form() -> None:
    for errors in (form.busy(w), form.could_not_be_kept(w)):
        assert set(errors) == {form.COMMENT_BLOCK}
        assert "still in this window" in errors[form.COMMENT_BLOCK]
    assert "500 characters" in form.comment_too_long(w)[form.COMMENT_BLOCK]


def test_pages_without_a_form_say_why_and_cannot_be_sent() -> None:
    pages = {
        "has closed": form.round_closed(w),
        "called off": form.round_not_held(w),
        "not part of this round": form.not_in_this_round(w),
        "leave you out": form.you_opted_out(w),
        "in a minute": form.cannot_open(w),
    }
    for words, page in pages.items():
        assert words in read_aloud(page)
        assert "submit" not in page


def test_how_it_works_is_the_same_promise_as_the_first_message() -> None:
    page = read_aloud(asking.how_it_works(w, threshold=7, contact="it", keys_apart=True))
    assert "There is no result when fewer than 7 people answered." in page
    assert "How many stand behind a result is told only as 5, as 6 or 7, or as 8 or more." in page
    assert "flags, with since when and a picture of the last rounds" in page
    assert "never a number" not in page
    assert "No manager or leader who reads a group's results is counted in it." in page
    assert "your team sees the same words" in page
    assert "Nobody reads the words; they are deleted at the close." in page
    assert asking.not_protected(w, contact="it", keys_apart=True) in page


def test_private_confirmations_name_the_way_back() -> None:
    assert "Home" in asking.reminders_off(w)
    assert "Home" in asking.opted_out(w)


def test_a_reminder_on_another_clock_names_the_other_day() -> None:
    late = datetime(2026, 3, 13, 23, tzinfo=UTC)
    post = asking.reminder(Wording(timezone="Asia/Tokyo"), team="Vision", closes_at=late, round_id=1)
    assert "Saturday at 08:00" in read_aloud(post)


def test_the_form_asks_in_the_language_of_whoever_answers_and_counts_the_same_answers() -> None:
    items = [*ITEMS, bank()["growth.would-help"], bank()["intent-to-stay.here"], bank()["morale.keep"]]
    english, german = (
        form.questionnaire(
            Wording(locale), round_id=1, items=items, scales=scales(), closes_at=CLOSES, readers=READERS, threshold=5
        )
        for locale in ("en-US", "de-DE")
    )
    said = read_aloud(german)
    assert "In den letzten zwei Wochen hat mich die Arbeit an den meisten Tagen ausgelaugt." in said
    assert "Stimme überhaupt nicht zu" in said
    assert "Weniger als sechs Monate" in said
    assert "Was lief gut und sollte so bleiben?" in said
    assert not any(item.text in said for item in items)
    values = [
        [
            (element["action_id"], [option["value"] for option in element.get("options", [])])
            for element in elements(view)
        ]
        for view in (english, german)
    ]
    assert values[0] == values[1]
    assert [block.get("block_id") for block in german["blocks"]] == [
        block.get("block_id") for block in english["blocks"]
    ]
