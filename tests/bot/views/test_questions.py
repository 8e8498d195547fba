"""The questions of a pulse as admins see, write and choose them."""

from bot.views import questions
from bot.views.wording import Wording
from surveys.cadence import Frequency
from surveys.questions import drivers, load_question_sets, problems_of
from tests.bot.views.contents import SETS, WEEKLY
from tests.bot.views.samples import elements, read_aloud

w = Wording(timezone="Europe/Berlin")


def test_the_list_of_a_blank_set_says_that_nobody_is_asked() -> None:
    blank = load_question_sets()["blank"]
    view = questions.question_list(
        w,
        pulse="Research",
        question_set=blank,
        drivers=drivers(),
        own=[],
        frequency=Frequency.WEEKLY,
        short_from=0,
    )
    assert "There are no questions yet." in read_aloud(view)


def test_the_question_list_holds_every_question_and_edits_only_own_ones() -> None:
    own = WEEKLY.items[0].id
    view = questions.question_list(
        w, pulse="Research", question_set=WEEKLY, drivers=drivers(), own={own}, frequency=Frequency.WEEKLY
    )
    said = read_aloud(view)
    for item in WEEKLY.items:
        assert item.text in said
    assert [e["value"] for e in elements(view) if e["action_id"] == questions.EDIT] == [own]
    assert said.count("(your own)") == 1
    assert "(only in units of 30 or more)" in said


def test_an_own_question_is_edited_as_it_stands_and_retired_after_a_question() -> None:
    item = next(item for item in WEEKLY.items if item.reverse)
    view = questions.question_form(w, drivers=drivers(), item=item)
    by_id = {element["action_id"]: element for element in elements(view)}
    assert by_id[questions.TEXT]["initial_value"] == item.text
    assert by_id[questions.DRIVER]["initial_option"]["value"] == item.driver
    assert by_id[questions.REVERSE]["initial_option"]["value"] == questions.BAD_NEWS
    assert by_id[questions.RETIRE]["value"] == item.id
    assert "confirm" in by_id[questions.RETIRE]
    assert questions.RETIRE not in {e["action_id"] for e in elements(questions.question_form(w, drivers=drivers()))}


def test_problems_with_a_question_stand_beside_their_fields() -> None:
    item = WEEKLY.items[0]
    problems = {
        "id": "belongs to another",
        "text": "has 20 words",
        "driver": "says no",
        "reverse": "must be false",
    }
    errors = questions.field_errors(w, problems)
    assert set(errors) == {questions.TEXT, questions.DRIVER, questions.REVERSE}
    assert errors[questions.DRIVER] == "This says no."
    assert questions.field_errors(w, problems_of(item, {})) == {}


def test_choosing_a_set_marks_the_one_in_use() -> None:
    menu = elements(questions.set_form(w, question_sets=SETS, current=WEEKLY.id))[0]
    assert menu["initial_option"]["value"] == WEEKLY.id
    for one in SETS:
        assert one.description.strip() in read_aloud(questions.set_form(w, question_sets=SETS, current=""))
