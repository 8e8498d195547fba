"""The set-up of a pulse: one form, a preview of what it would mean, and only then the start."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.views.commands import typed
from bot.views.inputs import OPTIONS, Choice, channel, field, menu, people, text_input
from bot.views.schedule import schedule_words, when_fields
from bot.views.vocabulary import Block, Element, View, context, modal, section
from bot.views.wording import Mrkdwn, Wording, joined
from surveys.cadence import Frequency
from surveys.questions import QuestionSet

SET_UP = "setup.begin"
"""Button that begins the set-up, in `/pulse` and in Home."""

SET_UP_FORM = "setup.form"
"""callback_id of the form."""

LOADING = "setup.loading"
"""callback_id of the page that is shown while Murmur looks people up."""

PREVIEW = "setup.preview"
"""callback_id of the preview; sending it starts the pulse."""

DONE = "setup.done"
"""callback_id of the last page."""

# Every field's block_id, under which an error is shown beside it, and its element's action_id, are the same. Those of
# the schedule are in schedule.py.
TEAM = "team"
CHANNEL = "channel"
PEOPLE = "people"
MANAGERS = "managers"
PART_OF = "part_of"
LEADERS = "leaders"
TOGETHER = "together"
QUESTIONS = "questions"

ALONE = "alone"
"""Value of TOGETHER that means: with no other pulse."""

NAME_LENGTH = 80

MOST_READERS = 20
"""Managers, and leaders, who can be picked: a preview carries them all in what Slack lets a window carry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongs:
    """The pulse that a team which is there already is asked with, whose schedule and questions hold for it."""

    pulse: str
    called: str  # what to type after a command that means it; "" where there is only one pulse
    question_set: str  # its name


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the form is filled with when it opens."""

    team: str = ""
    belongs: Belongs | None = None  # None for a team that is not there yet
    near: tuple[str, ...] = ()  # names that may have been meant by one that nothing has
    channel: str | None = None  # Slack id
    people: tuple[str, ...] = ()  # Slack ids
    managers: tuple[str, ...] = ()  # Slack ids
    part_of: str = ""
    leaders: tuple[str, ...] = ()  # Slack ids
    together: str = ALONE  # ALONE or a value of `pulses`
    frequency: Frequency = Frequency.WEEKLY
    weekday: int = 1  # Monday is 0
    hour: int = 10
    questions: str | None = None  # id of a question set; the first one if None


def set_up_form(
    w: Wording,
    *,
    question_sets: Sequence[QuestionSet],
    pulses: Sequence[Choice] = (),
    draft: Draft | None = None,
    private_metadata: str = "",
) -> View:
    """The form. `pulses` are existing ones that the team may be asked together with (value: theirs to choose)."""
    filled = draft or Draft()
    blocks = [*_new(w, filled), *_who(w, filled), *(_together(w, pulses, filled) if pulses else [])]
    blocks += _as_it_is(w, filled, filled.belongs) if filled.belongs else _alone(w, question_sets, pulses, filled)
    return modal(
        w.plain("Set up a pulse"),
        blocks,
        callback_id=SET_UP_FORM,
        submit=w.plain("Preview"),
        close=w.plain("Cancel"),
        private_metadata=private_metadata,
    )


def _new(w: Wording, draft: Draft) -> list[Block]:
    """What to say of a name that was typed and that nothing has: it is new, or a slip."""
    if draft.belongs is not None or not draft.team:
        return []
    text = w.say("There is no team “{team}” yet: this form makes a new one.", team=draft.team[:NAME_LENGTH])
    if draft.near:
        commands = [typed(w, "setup", name) for name in draft.near]
        text = joined([text, w.say("Did you mean {commands}?", commands=joined(commands, ", "))], " ")
    return [section(text)]


def _as_it_is(w: Wording, draft: Draft, belongs: Belongs) -> list[Block]:
    """The schedule and the questions of a team that is there already: shown, and where to change them."""
    text = w.say(
        "*Asked with {pulse}:* {schedule}, from “{questions}”.",
        pulse=belongs.pulse,
        schedule=schedule_words(w, draft.frequency, draft.weekday, draft.hour),
        questions=belongs.question_set,
    )
    change = w.say(
        "To change that for everybody in it: {schedule} and {questions}.",
        schedule=typed(w, "schedule", belongs.called),
        questions=typed(w, "questions", belongs.called),
    )
    return [section(text), context(change)]


def _alone(w: Wording, question_sets: Sequence[QuestionSet], pulses: Sequence[Choice], draft: Draft) -> list[Block]:
    """The schedule and the questions of a pulse of its own."""
    blocks = []
    if pulses:
        only = "*Only if the team is on its own:* with another pulse, or in its department, that one's schedule holds."
        blocks.append(section(w.say(only)))
    blocks += when_fields(w, draft.frequency, draft.weekday, draft.hour)
    sets = [Choice(text=s.name, value=s.id) for s in question_sets][:OPTIONS]
    blocks.append(
        field(
            w.plain("Questions"),
            menu(QUESTIONS, sets, initial=draft.questions or sets[0].value),
            block_id=QUESTIONS,
            hint=w.plain("You can add your own, and retire them again, with /pulse questions."),
        )
    )
    return blocks


def _who(w: Wording, draft: Draft) -> list[Block]:
    return [
        field(
            w.plain("Team name"),
            text_input(TEAM, max_length=NAME_LENGTH, initial=draft.team, placeholder=w.plain("Vision")),
            block_id=TEAM,
        ),
        field(
            w.plain("Who is on the team: everybody in a channel"),
            channel(CHANNEL, placeholder=w.plain("Choose a channel"), initial=draft.channel),
            block_id=CHANNEL,
            hint=w.plain("Murmur must be in a private channel to see who is in it."),
            optional=True,
        ),
        field(
            w.plain("Or: these people"),
            people(PEOPLE, placeholder=w.plain("Choose people"), initial=draft.people),
            block_id=PEOPLE,
            hint=w.plain("Choose either a channel or people. A result needs six on the team; eight is better."),
            optional=True,
        ),
        field(
            w.plain("Managers: who reads the results"),
            _readers(MANAGERS, w.plain("Choose managers"), draft.managers),
            block_id=MANAGERS,
            hint=w.plain("Whoever reads a team's results is not counted in them."),
        ),
        field(
            w.plain("Part of"),
            text_input(PART_OF, max_length=NAME_LENGTH, initial=draft.part_of, placeholder=w.plain("Research")),
            block_id=PART_OF,
            hint=w.plain("A department, say. Its teams with fewer than eight people may be shown together."),
            optional=True,
        ),
        field(
            w.plain("Who leads that department"),
            _readers(LEADERS, w.plain("Choose people"), draft.leaders),
            block_id=LEADERS,
            hint=w.plain("They read its teams side by side, and are not counted in any of them."),
            optional=True,
        ),
    ]


def _readers(action_id: str, placeholder: str, initial: Sequence[str]) -> Element:
    # Slack opens no window whose picker is filled with more than may be picked; sending it says that they are too many.
    return people(action_id, placeholder=placeholder, initial=initial, most=max(MOST_READERS, len(initial)))


def _together(w: Wording, pulses: Sequence[Choice], draft: Draft) -> list[Block]:
    # A team that is there stays in a pulse; it is on its own there, or moves to another one.
    stays = draft.belongs is not None and draft.together != ALONE
    alone = Choice(text=w.plain("No, on its own"), value=ALONE)
    own_first = sorted(pulses, key=lambda choice: choice.value != draft.together)  # a menu holds only so many
    choices = [*([] if stays else [alone]), *own_first][:OPTIONS]
    known = {choice.value for choice in choices}
    initial = draft.together if draft.together in known else choices[0].value
    return [
        field(
            w.plain("Ask together with"),
            menu(TOGETHER, choices, initial=initial),
            block_id=TOGETHER,
            hint=w.plain("A team follows the schedule, and is asked the questions, of the pulse that it is in."),
        )
    ]


def odds_sentence(w: Wording, number: int, odds: float) -> Mrkdwn:
    """How often `number` people can expect results, given the chance of one round (0: never)."""
    if odds <= 0:
        return w.say_many(
            "No results from {n} person: too few to protect anybody.",
            "No results from {n} people: too few to protect anybody.",
            number,
        )
    return w.say_many(
        "With {n} person, results in {share}.",
        "With {n} people, results in {share}.",
        number,
        share=_share(w, odds),
    )


def _share(w: Wording, odds: float) -> str:
    shares = [
        (0.97, w.plain("nearly every round")),
        (0.85, w.plain("about nine of ten rounds")),
        (0.72, w.plain("about three of four rounds")),
        (0.60, w.plain("about two of three rounds")),
        (0.42, w.plain("about half of the rounds")),
        (0.28, w.plain("about one of three rounds")),
        (0.15, w.plain("about one of five rounds")),
    ]
    return next((words for least, words in shares if odds >= least), w.plain("very few rounds"))


def loading(w: Wording) -> View:
    """Shown at once, while Murmur asks Slack who is in a channel."""
    return modal(
        w.plain("One moment"),
        [section(w.say("Looking up who is on the team. Nobody is told anything yet."))],
        callback_id=LOADING,
        close=w.plain("Cancel"),
    )


def done(w: Wording, *, pulse: str, first_at: datetime | None, changed: bool = False, called: str = "") -> View:
    """The last page; closing it closes the form under it as well.

    `first_at` is None for a team that is too small to be asked; `changed` says that it was there before; `called` is
    the name to type for its pulse, "" where there is only one.
    """
    what = w.say("*{pulse} is changed.*", pulse=pulse) if changed else w.say("*{pulse} is set up.*", pulse=pulse)
    if first_at is None:
        after = w.say(
            "It is too small to have results, so nobody is asked or told anything yet. Add people with"
            " `/pulse setup {team}`.",
            team=pulse,
        )
        small = w.say("Whatever was set up can be changed in the same way.")
    else:
        first = w.long_moment(first_at)
        after = (
            w.say("Whoever is new gets a hello first. The next round opens on {first}.", first=first)
            if changed
            else w.say(
                "Everybody in it gets a hello first, which says who reads and what is protected. The first"
                " round opens on {first}.",
                first=first,
            )
        )
        small = w.say("To stop before anybody is asked: {command}.", command=typed(w, "pause", called))
    page = modal(
        w.plain("All set up"),
        [section(joined([what, after], " ")), context(small)],
        callback_id=DONE,
        close=w.plain("Close"),
    )
    return {**page, "clear_on_close": True}
