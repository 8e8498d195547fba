"""The full report of a digest: everything there is to say about it and its flags, in a window of its own.

Its manager and, two working days later, the team read the same; only the manager gets something to do.
"""

from bot.views import flags, results
from bot.views.digest import title_line, try_line
from bot.views.promises import quoted
from bot.views.vocabulary import VIEW_BLOCKS, Block, View, context, divider, fitting, modal, paragraphs, section
from bot.views.wording import Mrkdwn, Wording, joined
from surveys.actions import action_for
from surveys.digests import Digest
from surveys.grounds import Grounds
from surveys.notices import Notice
from surveys.questions import Driver, Owner

REPORT_PAGE = "results.report_page"
"""callback_id of the window; nothing can be sent from it."""

_MOST_TEXT = 60_000  # characters; a view holds 250,000 bytes


def report_page(w: Wording, digest: Digest, *, reader: Owner | None) -> View:
    """The window, for a digest with flags or without. `reader` is who could act upon a flag; None for the team, which
    gets no action.
    """
    told = flags.promise_to_managers if reader is None else flags.promise
    chance = told(w, digest.false_flag_months)
    blocks = [section(title_line(w, digest))]
    if digest.regrouped is not None:
        blocks.append(section(flags.regrouped_line(w, digest.regrouped)))
    for number, notice in enumerate(digest.notices):
        blocks += [divider(), *_flag(w, digest, notice, reader, None if number else chance)]
    blocks += paragraphs(results.ending_lines(w, digest))
    blocks += [divider(), *paragraphs(results.round_lines(w, digest))]
    if ladders := _ladders(w, digest):
        blocks.append(context(joined(ladders)))
    return modal(
        w.plain("Full report"),
        fitting(blocks, VIEW_BLOCKS, _MOST_TEXT),
        callback_id=REPORT_PAGE,
        close=w.plain("Close"),
    )


def not_yours(w: Wording) -> Mrkdwn:
    """For whoever does not read a team's results, or not yet."""
    return w.say("Only those who read a team's results find more about them here, and only once they have them.")


def _flag(w: Wording, digest: Digest, notice: Notice, reader: Owner | None, chance: Mrkdwn | None) -> list[Block]:
    meaning = flags.meaning_line(w, notice, digest.on)
    lines = [flags.notice_line(w, notice, digest.on, chance), *([] if meaning is None else [meaning])]
    lines += _grounds(w, notice.grounds) if notice.grounds.asked else []
    if reader is None:
        return paragraphs(lines)
    suggested = digest.action if digest.action and digest.action.driver == notice.driver.id else None
    lines.append(try_line(w, suggested or action_for(notice.driver.id, reader, digest.on)))
    return [*paragraphs(lines), context(flags.story_line(w, notice, with_picture=True))]


def _ladders(w: Wording, digest: Digest) -> list[Mrkdwn]:
    """The words of every driver told of, in their order: nobody guesses whether "low" or "hardly any" is less."""
    told = [level.driver for level in (*digest.levels, *digest.earlier) if level.word is not None]
    told += [notice.driver for notice in digest.notices] + [ending.driver for ending in digest.endings]
    ladders: dict[tuple[str, ...], list[Driver]] = {}
    for driver in told:
        ladders.setdefault(driver.level_words, []).append(driver)
    return [
        w.say(
            "{drivers}, worst word first: {words}; where eight or more answered also {best}.",
            drivers=w.names(results.driver_names(drivers)),
            words=", ".join(words[:-1]),
            best=words[-1],
        )
        for words, drivers in ladders.items()
    ]


def _grounds(w: Wording, grounds: Grounds) -> list[Mrkdwn]:
    """All that a flag rests on: rounds, people, what changed meanwhile, and every question."""
    asked = _asked(w, grounds)
    people = flags.people_sentence(w, grounds)
    lines = [joined([asked, people], " ") if people is not None else asked]
    if grounds.withheld:
        lines.append(results.refusal(w, [w.plain_many("One of these", "{n} of these", grounds.withheld)]))
    lines.append(w.say("If people have joined since then, the detector allows for that."))
    if grounds.other_questions is not None:
        day = w.date(grounds.other_questions)
        lines.append(w.say("Asked with other questions since {day}; the detector allows for that.", day=day))
    questions = [w.say("• “{question}”", question=quoted(question)) for question in grounds.questions]
    return [*lines, *([w.say("*Asked since then:*")] if questions else []), *questions]


def _asked(w: Wording, grounds: Grounds) -> Mrkdwn:
    since, rounds = w.date(grounds.since), grounds.rounds
    if grounds.asked == rounds:
        return w.say_many(
            "*Since {day}:* asked in this round.", "*Since {day}:* asked in each of {n} rounds.", rounds, day=since
        )
    return w.say_many(
        "*Since {day}:* asked in one of {rounds} rounds.",
        "*Since {day}:* asked in {n} of {rounds} rounds.",
        grounds.asked,
        day=since,
        rounds=rounds,
    )
