"""The messages that ask: the first one ever, a round's invitation, its one reminder; and how it works."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from slack_sdk.models.blocks import ConfirmObject

from bot.views.promises import news_line
from bot.views.vocabulary import (
    Block,
    Post,
    View,
    actions,
    button,
    confirm,
    context,
    divider,
    modal,
    post,
    section,
)
from bot.views.wording import Mrkdwn, Wording, joined
from surveys.cadence import Frequency
from surveys.promises import News
from surveys.questions import seconds_to_answer

OPEN_FORM = "asking.open_form"
"""Button "Answer or change"; its value is the round's id."""

NO_REMINDERS = "asking.no_reminders"
"""Button of the reminder; its value is the round's id."""

HOW_IT_WORKS = "asking.how_it_works"
"""Button that opens the page of the same name."""

NOT_FOR_ME = "asking.not_for_me"
"""Button that opts out, after a question."""

HOW_IT_WORKS_PAGE = "asking.how_it_works_page"
"""callback_id of the page that tells how it works."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Where somebody is asked who has been moved to another team."""

    old: str  # the unit on whose roster they are
    until: date  # when that roster ends


def welcome(
    w: Wording,
    *,
    name: str,
    asked_by: str,
    unit: str,
    people: int,
    questions: int,
    frequency: Frequency,
    first_at: datetime,
    readers: Sequence[str],
    threshold: int,
    contact: str,
    keys_apart: bool,
    merged: bool = False,
    moved: Moved | None = None,
) -> Post:
    """The first message a member gets: who asks, who reads, what is protected, and what is not.

    `people` is the size of the unit; `contact` reaches whoever runs the server ("" if unknown); `keys_apart`
    is False when round keys lie beside the database, which is then said; `merged` is True when the unit consists
    of several teams, which explains why another team's manager reads; `moved` tells whoever knows Murmur already where
    they were.
    """
    who_reads = w.say(
        "*Readers:* {unit} ({people} people) is read as a group by {readers}, only if {threshold} or more answer.",
        readers=reader_names(w, readers),
        unit=unit,
        people=people,
        threshold=threshold,
    )
    seen = w.say("You see the same two working days later, on Murmur's Home.")
    facts = [
        w.say(
            "*You:* {questions}, one tap each, {time}. Skip any or all. First: {first}.",
            time=time_words(w, questions),
            questions=every_words(w, questions, frequency),
            first=w.long_moment(first_at),
        ),
        joined([who_reads, *([read_together(w)] if merged else []), seen], " "),
        w.say(
            "*Protected:* answers are sealed until the close, then added up and the key destroyed. No list"
            " of who answered is kept."
        ),
        not_protected(w, contact=contact, keys_apart=keys_apart),
    ]
    hello = w.say(
        "Hello {name}, I am Murmur. {asked_by} has me ask {unit} a few short questions, so that trouble is seen early.",
        name=name,
        asked_by=asked_by,
        unit=unit,
    )
    return post(
        w.say("Hello from Murmur: who asks, who reads, and what is protected"),
        [
            section(_moved(w, name, unit, moved) if moved else hello),
            section(joined(facts)),
            actions(
                button(w.plain("How it works"), HOW_IT_WORKS),
                button(w.plain("Not for me"), NOT_FOR_ME, confirm=leave_question(w)),
            ),
        ],
    )


def _moved(w: Wording, name: str, unit: str, moved: Moved) -> Mrkdwn:
    return w.say(
        "Hello {name}, you have been moved from {old} to {unit}. Until {day} you are still asked with {old}, and then"
        " with {unit}, as follows.",
        name=name,
        old=moved.old,
        unit=unit,
        day=w.date(moved.until),
    )


def read_together(w: Wording) -> Mrkdwn:
    """Why somebody else's manager reads."""
    return w.say(
        "A team under eight is read together with another, so that nobody can be picked out: that is why the"
        " readers of both are named."
    )


def every_words(w: Wording, questions: int, every: Frequency) -> str:
    """How much is asked, as a sentence begins: "4 questions a week"."""
    match every:
        case Frequency.WEEKLY:
            return w.plain_many("{n} question a week", "{n} questions a week", questions)
        case Frequency.FORTNIGHTLY:
            return w.plain_many("{n} question every two weeks", "{n} questions every two weeks", questions)
        case Frequency.MONTHLY:
            return w.plain_many("{n} question a month", "{n} questions a month", questions)


def time_words(w: Wording, questions: int) -> str:
    """How long so many questions take: "half a minute"."""
    match seconds_to_answer(questions):
        case 15:
            return w.plain("a quarter of a minute")
        case 30:
            return w.plain("half a minute")
        case 45:
            return w.plain("less than a minute")
        case seconds:
            return w.plain_many("about a minute", "about {n} minutes", -(-seconds // 60))


def reader_names(w: Wording, readers: Sequence[str]) -> str:
    """Who reads, by name; the admins when no manager is named."""
    return w.names(readers) if readers else w.plain("your admins")


def not_protected(w: Wording, *, contact: str, keys_apart: bool) -> Mrkdwn:
    """What Murmur cannot protect, said wherever protection is spoken of."""
    server = (
        w.say("Whoever controls our server ({contact}) could read an open round.", contact=contact)
        if contact
        else w.say("Whoever controls our server could read an open round.")
    )
    parts = [w.say("*Not protected:* Slack carries your answers."), server]
    if not keys_apart:
        parts.append(w.say("So could whoever gets hold of its disk: here the keys lie beside the database."))
    parts.append(w.say("Style can betray a comment's author."))
    return joined(parts, " ")


def leave_question(w: Wording) -> ConfirmObject:
    """What Slack asks before somebody opts out."""
    return confirm(
        title=w.plain("Leave the questions to others?"),
        text=w.plain("Murmur will not ask you again. You can come back at any time, from Murmur's Home."),
        yes=w.plain("Do not ask me"),
        no=w.plain("Keep asking"),
    )


def invitation(
    w: Wording,
    *,
    team: str,
    questions: int,
    closes_at: datetime,
    readers: Sequence[str],
    round_id: int,
    news: Sequence[News] = (),
) -> Post:
    """The message that asks for a round, the same for everybody in `team`. `news`: what became of promises to it."""
    what = w.say_many(
        "*{team} pulse: {n} question, {time}.* Until {closes}, your time.",
        "*{team} pulse: {n} questions, {time}.* Until {closes}, your time.",
        questions,
        team=team,
        time=time_words(w, questions),
        closes=w.long_moment(closes_at),
    )
    told = news_line(w, news)
    return post(
        w.say_many("Murmur: {n} short question", "Murmur: {n} short questions", questions),
        [
            section(what),
            *([section(told)] if told else []),
            actions(open_form_button(w, round_id, team=team)),
            context(w.say("Read as a group by {readers}.", readers=reader_names(w, readers))),
        ],
    )


def open_form_button(w: Wording, round_id: int, *, team: str) -> Block:
    """The button that opens the form. It never says whether its owner has answered."""
    return button(
        w.plain("Answer or change"),
        OPEN_FORM,
        value=str(round_id),
        style="primary",
        label=w.plain("Answer or change your answers: {team}", team=team),
    )


def reminder(w: Wording, *, team: str, closes_at: datetime, round_id: int) -> Post:
    """The one reminder of a round: word for word the same for everybody, whether they answered or not."""
    text = w.say(
        "The {team} pulse closes on {day} at {time}, your time. Everybody who wants reminders gets this,"
        " because no list of who answered is kept. If you have answered, thank you.",
        team=team,
        day=w.day_of(closes_at),
        time=w.time(closes_at),
    )
    return post(
        w.say("Murmur: the pulse closes on {day}", day=w.day_of(closes_at)),
        [
            section(text),
            actions(
                open_form_button(w, round_id, team=team),
                button(w.plain("No reminders"), NO_REMINDERS, value=str(round_id)),
            ),
        ],
    )


def how_it_works(w: Wording, *, threshold: int, contact: str, keys_apart: bool) -> View:
    """The page behind "How it works": what becomes of an answer, from the tap to the manager's screen."""
    reading = w.say(
        '*Reading.* Your manager sees a word for the whole group, such as "mixed" or "good"; flags, with since when'
        " and a picture of the last rounds; and whether under half, half to four fifths, or more took part. How many"
        " stand behind a result is told only as 5, as 6 or 7, or as 8 or more. There is no result when fewer than"
        " {threshold} people answered. A team under eight is read together with another, by the readers"
        " of both, so that nobody can be picked out. No manager or leader who reads a group's results is counted in"
        " it.",
        threshold=threshold,
    )
    seen = w.say("Two working days after your manager, your team sees the same words.")
    blocks = [
        section(
            w.say(
                "*Answering.* You tap, in a window that leaves no message behind. Every question can be"
                " skipped. Until the round closes you can send the form again; that replaces everything,"
                " blanks included."
            )
        ),
        section(
            w.say(
                "*Keeping.* Your answers are encrypted at once and lie among everybody else's, rewritten"
                " each time somebody sends, so the database does not show who answered, or when. At the"
                " close they are opened, added up and deleted, and the key is destroyed."
            )
        ),
        section(joined([reading, seen], " ")),
        section(
            w.say(
                "*Comments.* Only their tone and themes are counted, and only when five or more people wrote one."
                " Nobody reads the words; they are deleted at the close."
            )
        ),
        section(
            w.say(
                "*Following up.* What a manager promises your team stands in the next invitation and on Murmur's"
                " Home, word for word and with their name, and so does what became of it."
            )
        ),
        section(not_protected(w, contact=contact, keys_apart=keys_apart)),
        divider(),
        context(
            w.say(
                "Reminders, a pause, leaving, and everything Murmur stores about you: open Murmur's Home,"
                " under Apps in Slack."
            )
        ),
    ]
    return modal(w.plain("How Murmur works"), blocks, callback_id=HOW_IT_WORKS_PAGE, close=w.plain("Close"))


def reminders_off(w: Wording) -> Mrkdwn:
    """Said only to the person who pressed "No reminders"."""
    return w.say("No more reminders. You can switch them on again in Murmur's Home.")


def opted_out(w: Wording) -> Mrkdwn:
    """Said only to the person who pressed "Not for me"."""
    return w.say("Murmur will not ask you again. To come back, press Ask me again in Murmur's Home.")
