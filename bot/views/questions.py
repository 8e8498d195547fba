"""The questions of a pulse: the list, another set, and questions of one's own."""

from collections.abc import Collection, Mapping, Sequence

from bot.views.asking import every_words, time_words
from bot.views.inputs import Choice, field, menu, radio, text_input
from bot.views.vocabulary import (
    Block,
    Element,
    View,
    actions,
    button,
    confirm,
    context,
    divider,
    listed,
    modal,
    paragraphs,
    section,
)
from bot.views.wording import Mrkdwn, Wording
from surveys.cadence import Frequency
from surveys.questions import MOST_WORDS, Driver, Item, QuestionSet

LIST = "questions.list"
"""callback_id of the list."""

ADD = "questions.add"
"""Button that opens the form for a new question."""

EDIT = "questions.edit"
"""Button beside an own question; its value is the item id."""

RETIRE = "questions.retire"
"""Button in the form of an own question, after a question; its value is the item id."""

CHOOSE_SET = "questions.choose_set"
"""Button that opens the choice of another set."""

QUESTION_FORM = "questions.question_form"
"""callback_id of the form for an own question."""

SET_FORM = "questions.set_form"
"""callback_id of the choice of a set."""

# Every field's block_id and its element's action_id are the same.
TEXT = "text"
DRIVER = "driver"
REVERSE = "reverse"
QUESTION_SET = "question_set"

GOOD_NEWS, BAD_NEWS = "good", "bad"
"""Values of REVERSE: what agreeing with the question means."""

_TEXT_LENGTH = 300
_MOST_OWN = 60  # own questions that are listed with a button each; a window holds 100 blocks


def question_list(
    w: Wording,
    *,
    pulse: str,
    question_set: QuestionSet,
    drivers: Mapping[str, Driver],
    own: Collection[str],
    frequency: Frequency,
    short_from: int | None = None,
    private_metadata: str = "",
) -> View:
    """The questions in use, by driver. `own` holds the ids of those the organisation wrote itself; `short_from` is the
    first round with too few questions: 0 where there are none at all, None where there are enough for ever.
    """
    short = short_line(w, short_from)
    blocks = [
        section(
            w.say(
                "*{pulse}* uses “{name}”: {often}, {time} a round, out of {total}.",
                pulse=pulse,
                name=question_set.name,
                often=every_words(w, question_set.per_round, frequency),
                time=time_words(w, question_set.per_round),
                total=len(question_set.items),
            )
        ),
        *([section(short)] if short else []),
        actions(
            button(w.plain("Add a question"), ADD),
            button(w.plain("Choose another set"), CHOOSE_SET),
        ),
        divider(),
    ]
    shown_own = [item.id for item in question_set.items if item.id in own][:_MOST_OWN]
    for id_, driver in drivers.items():
        items = [item for item in question_set.items if item.driver == id_]
        if items:
            blocks += _of_driver(w, driver, items, own, shown_own)
    blocks.append(context(w.say("Whatever you change counts from the next round on.")))
    return modal(
        w.plain("Questions"),
        blocks,
        callback_id=LIST,
        close=w.plain("Close"),
        private_metadata=private_metadata,
    )


def short_line(w: Wording, short_from: int | None) -> Mrkdwn | None:
    """That there are not enough questions for every round, and from which on (0: none at all); None when there are."""
    if short_from == 0:
        return w.say("There are no questions yet. Nobody is asked until you add one with `/pulse questions`.")
    if short_from is None:
        return None
    return w.say(
        "There are too few questions to ask so often, because none is asked twice within four weeks: round {n} would be"
        " the first to ask fewer, or to leave out burnout or autonomy.",
        n=short_from,
    )


def _of_driver(
    w: Wording, driver: Driver, items: Sequence[Item], own: Collection[str], with_button: Collection[str]
) -> list[Block]:
    lines = [w.say("*{driver}*", driver=driver.name)]
    lines += [_line(w, item, own) for item in items if item.id not in with_button]
    edit = w.plain("Edit")
    return paragraphs(lines) + [
        section(
            _line(w, item, own),
            accessory=button(edit, EDIT, value=item.id, label=w.plain("Edit: {text}", text=item.text)),
        )
        for item in items
        if item.id in with_button
    ]


def _line(w: Wording, item: Item, own: Collection[str]) -> Mrkdwn:
    if item.id in own:
        return w.say("• {text} _(your own)_", text=item.text)
    if item.min_roster:
        return w.say("• {text} _(only in units of {n} or more)_", text=item.text, n=item.min_roster)
    return w.say("• {text}", text=item.text)


def set_form(w: Wording, *, question_sets: Sequence[QuestionSet], current: str, private_metadata: str = "") -> View:
    """The choice of another set; `current` is the id of the one in use."""
    choices = [Choice(text=s.name, value=s.id) for s in question_sets]
    known = {choice.value for choice in choices}
    shown, _ = listed(question_sets, 10)
    return modal(
        w.plain("Choose another set"),
        [
            field(
                w.plain("Question set"),
                menu(
                    QUESTION_SET,
                    choices,
                    initial=current if current in known else None,
                    placeholder=w.plain("Choose a set"),
                ),
                block_id=QUESTION_SET,
                hint=w.plain("From the next round on. Your own questions stay. History is kept."),
            ),
            *paragraphs(w.say("*{name}.* {description}", name=s.name, description=s.description) for s in shown),
        ],
        callback_id=SET_FORM,
        submit=w.plain("Use this set"),
        close=w.plain("Cancel"),
        private_metadata=private_metadata,
    )


def question_form(
    w: Wording, *, drivers: Mapping[str, Driver], item: Item | None = None, private_metadata: str = ""
) -> View:
    """The form for a question of one's own; `item` is the one to change, None for a new one."""
    topics = [Choice(text=driver.name, value=id_) for id_, driver in drivers.items() if id_ != "intent-to-stay"]
    agreeing = [
        Choice(text=w.plain("Agreeing is good news"), value=GOOD_NEWS),
        Choice(text=w.plain("Agreeing is bad news"), value=BAD_NEWS),
    ]
    meaning = None if item is None else BAD_NEWS if item.reverse else GOOD_NEWS
    known = item is not None and item.driver in {topic.value for topic in topics}
    blocks = [
        field(
            w.plain("A statement that people agree or disagree with"),
            text_input(
                TEXT,
                max_length=_TEXT_LENGTH,
                initial="" if item is None else item.text,
                placeholder=w.plain("I can try an idea without asking for leave."),
            ),
            block_id=TEXT,
            hint=w.plain("One idea, at most {n} words. It must not single anybody out.", n=MOST_WORDS),
        ),
        field(
            w.plain("What it is about"),
            menu(
                DRIVER,
                topics,
                initial=item.driver if item is not None and known else None,
                placeholder=w.plain("Choose a topic"),
            ),
            block_id=DRIVER,
        ),
        field(w.plain("What agreeing means"), radio(REVERSE, agreeing, initial=meaning), block_id=REVERSE),
    ]
    if item is not None:
        blocks.append(context(w.say("Other words make another question: its history begins anew.")))
        blocks.append(actions(_retire_button(w, item)))
    return modal(
        w.plain("Your own question"),
        blocks,
        callback_id=QUESTION_FORM,
        submit=w.plain("Save"),
        close=w.plain("Cancel"),
        private_metadata=private_metadata,
    )


def _retire_button(w: Wording, item: Item) -> Element:
    return button(
        w.plain("Retire this question"),
        RETIRE,
        value=item.id,
        style="danger",
        confirm=confirm(
            title=w.plain("Retire this question?"),
            text=w.plain("It is not asked again. What it has shown so far is kept; adding it again undoes it."),
            yes=w.plain("Retire"),
            no=w.plain("Keep"),
        ),
    )


def field_errors(w: Wording, problems: Mapping[str, str]) -> dict[str, str]:
    """Errors for the form from `surveys.questions.problems_of`, beside the field each belongs to."""
    beside = {"driver": DRIVER, "reverse": REVERSE}
    errors: dict[str, str] = {}
    for name, problem in problems.items():
        errors.setdefault(beside.get(name, TEXT), w.plain("This {problem}.", problem=problem))
    return errors
