"""The weekly digest of one unit, as a message to its manager.

What matters comes first: flag, promise, then what to do, within a hundred words; then the rest. The
notification names no driver, flag or result, because it shows on locked screens.
"""

from bot.views import flags, results
from bot.views.costs import replacing_line
from bot.views.headline import headline
from bot.views.promises import Promises, first_line, foot, other_lines
from bot.views.vocabulary import Block, Post, actions, clipped, context, divider, paragraphs, post, section
from bot.views.wording import Mrkdwn, Wording, joined
from surveys.actions import Action
from surveys.digests import Digest
from surveys.notices import Notice
from surveys.questions import Driver, Owner, drivers

_MOST_SHORT = 20  # characters of a label in a chart
_MOST_TITLE = 50
_MOST_AXIS = 50


def digest_post(
    w: Wording, digest: Digest, *, with_chart: bool, keys_apart: bool = True, promises: Promises | None = None
) -> Post:
    """The digest. `with_chart` shows the rounds of the first flag in Slack's own chart, which some workspaces still
    refuse, else as a small picture in the text. `keys_apart` False says that the weaker key mode is on.
    `promises`: what its reader follows; None leaves out the buttons as well.
    """
    blocks = [section(_first_words(w))] if digest.first else []
    blocks += _quiet(w, digest, promises) if digest.quiet else _full(w, digest, promises, with_chart)
    small = _small_print(w, digest, keys_apart)
    blocks += [context(*small)] if small else []
    # Beside a flag stands the same button, at what the flag rests on.
    more = [results.report_button(w, digest)] if digest.has_results and not digest.notices else []
    blocks += foot(w, promises, *more) if promises is not None else []
    return post(w.say("Your Murmur digest is ready"), blocks)


def how_to_read(w: Wording) -> Mrkdwn:
    """What the first digest of a reader begins with, and none that follows repeats."""
    return w.say(
        "*How to read this.* Each word stands for the whole group, never for a person. Words move by"
        " chance; only a flag means that something has probably changed. Please do not guess who said what."
    )


def _first_words(w: Wording) -> Mrkdwn:
    return joined([how_to_read(w), w.say("Earlier words are kept in Murmur's Home.")], " ")


def title_line(w: Wording, digest: Digest) -> Mrkdwn:
    """Which unit, which day, and how it is; without results nothing else, and no cause: the refusal follows."""
    how = _calm(w, digest) if digest.quiet else headline(w, digest)
    if how is None:
        return w.say("*{unit}, {day}.*", unit=digest.unit, day=w.date(digest.on))
    return w.say("*{unit}, {day}: {headline}.*", unit=digest.unit, day=w.date(digest.on), headline=how)


def _calm(w: Wording, digest: Digest) -> Mrkdwn | None:
    if not any(level.word is not None for level in digest.levels):
        return headline(w, digest)
    return w.say("no clear change") if digest.compared else w.say("first results")


def _quiet(w: Wording, digest: Digest, promises: Promises | None) -> list[Block]:
    """A week without flags, in three lines, and one for each promise."""
    first = [title_line(w, digest)]
    if digest.participation is not None:
        first.append(results.participation(w, digest.participation))
    blocks = paragraphs([joined(first, " "), *_regrouped(w, digest), *_words(w, digest)])
    if digest.withheld:
        blocks.append(results.refusal_block(w, results.driver_names(digest.withheld)))
    blocks += paragraphs(first_line(w, promises, short=False))
    if digest.action is not None:
        blocks.append(section(w.say("*Ask this week:* “{question}”", question=digest.action.question)))
    blocks += paragraphs(other_lines(w, promises))
    if digest.tone is not None:
        blocks.append(section(results.tone_line(w, digest)))
    return blocks


def _full(w: Wording, digest: Digest, promises: Promises | None, with_chart: bool) -> list[Block]:
    """A week with flags, or with the end of one."""
    over = paragraphs(results.ending_lines(w, digest))
    chance = flags.promise(w, digest.false_flag_months) if _is_new(digest) else None
    blocks = [section(title_line(w, digest)), *paragraphs(_regrouped(w, digest))]
    blocks += [section(flags.notice_line(w, notice, digest.on, chance)) for notice in digest.notices[:1]]
    blocks += [] if digest.notices else over
    blocks += paragraphs(first_line(w, promises, short=bool(digest.notices)))
    blocks += paragraphs(_action_lines(w, digest))
    for notice in digest.notices[:1]:
        chart = _chart(w, notice) if with_chart else []
        blocks += [*chart, context(flags.story_line(w, notice, with_picture=not chart))]
        blocks.append(_behind(w, digest, notice))
    blocks += paragraphs(flags.notice_line(w, notice, digest.on) for notice in digest.notices[1:])
    blocks += over if digest.notices else []
    blocks += paragraphs(other_lines(w, promises))
    return [*blocks, divider(), *_this_round(w, digest)]


def _regrouped(w: Wording, digest: Digest) -> list[Mrkdwn]:
    return [] if digest.regrouped is None else [flags.regrouped_line(w, digest.regrouped)]


def _behind(w: Wording, digest: Digest, notice: Notice) -> Block:
    """What a flag means and rests on, with the button to all there is to say about it."""
    lines, more = results.behind_lines(w, notice, digest.on), results.report_button(w, digest)
    return section(joined(lines), accessory=more) if lines else actions(more)


def _action_lines(w: Wording, digest: Digest) -> list[Mrkdwn]:
    """One thing to do and what to ask, and with whom to raise what this reader cannot change."""
    if digest.action is None:
        return []
    # What has just recovered leads a digest without flags, and the action is about something else.
    return [try_line(w, digest.action, named=not digest.notices and bool(digest.recoveries))]


def try_line(w: Wording, action: Action, *, named: bool = False) -> Mrkdwn:
    """One thing to do and what to ask; `named` says which driver it is about."""
    line = w.say("*Try:* {action} *Ask:* “{question}”", action=action.text, question=action.question)
    if named:
        line = w.say(
            "*Try, for {driver}:* {action} *Ask:* “{question}”",
            driver=drivers()[action.driver].name,
            action=action.text,
            question=action.question,
        )
    raised = _raise_with(w, action.raise_with)
    return joined([line, raised], " ") if raised else line


def _raise_with(w: Wording, owner: Owner | None) -> Mrkdwn | None:
    match owner:
        case None:
            return None
        case Owner.TEAM_LEAD:
            return w.say("What you cannot change yourself is in the team lead's hands: talk it over with them.")
        case Owner.LEADERSHIP:
            return w.say("What you cannot change yourself is in the leaders' hands: tell them what the team needs.")
        case Owner.COMPANY:
            return w.say("What you cannot change yourself is up to the company: say there what the team needs.")


def _words(w: Wording, digest: Digest) -> list[Mrkdwn]:
    """This round in words, and what it costs if people do what most of them said."""
    lines = results.words_lines(w, digest)
    return lines if digest.replacing is None else [*lines, replacing_line(w, digest.replacing)]


def _this_round(w: Wording, digest: Digest) -> list[Block]:
    lines = _words(w, digest)
    lines += [results.participation(w, digest.participation)] if digest.participation is not None else []
    blocks = paragraphs(lines)
    if digest.withheld:
        blocks.append(results.refusal_block(w, results.driver_names(digest.withheld)))
    if digest.tone is not None:
        blocks.append(section(results.tone_line(w, digest)))
    return blocks


def _small_print(w: Wording, digest: Digest, keys_apart: bool) -> list[Mrkdwn]:
    """Only what is needed this week: with a flag, its manager should speak before the team reads of it."""
    small = []
    if not digest.quiet:
        small.append(w.say("Words often move a step by chance; a flag means more."))
    if digest.notices and not _is_new(digest):
        small.append(flags.promise(w, digest.false_flag_months))
    if digest.first or not digest.quiet:
        small.append(w.say("The team sees these words on {day}.", day=w.day(digest.team_sees_on)))
    lines = [w.say("_{sentences}_", sentences=joined(small, " "))] if small else []
    return lines if keys_apart else [*lines, key_warning(w)]


def _is_new(digest: Digest) -> bool:
    """Whether this round raised the first flag: it is told with everything that goes with it."""
    return bool(digest.notices) and digest.notices[0].raised_on >= digest.on


def key_warning(w: Wording) -> Mrkdwn:
    """That the weaker key mode is on, said wherever results and standing are shown."""
    return w.say("_Protection is weaker here: the keys of open rounds lie beside the database._")


def _chart(w: Wording, notice: Notice) -> list[Block]:
    """Slack's own chart of a flagged driver: the rounds of the small picture, and as high as there. Bars, as there,
    because they begin at zero: a line would begin at the lowest word, and make a step look like a fall.

    The SDK has no class for it. Fields and limits:
    https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
    """
    shown = notice.story
    days = [clipped(w.date(level.on), _MOST_SHORT) for level in shown]
    if len(shown) < 2 or len(set(days)) < len(days):
        return []
    points = [{"label": day, "value": flags.height(level)} for day, level in zip(days, shown, strict=True)]
    return [
        {
            "type": "data_visualization",
            "title": clipped(flags.story_label(w, notice.driver), _MOST_TITLE),
            "chart": {
                "type": "bar",
                "series": [{"name": clipped(notice.driver.name, _MOST_SHORT), "data": points}],
                "axis_config": {
                    "categories": days,
                    "x_label": w.plain("Day the round closed"),
                    "y_label": _axis(w, notice.driver),
                },
            },
        }
    ]


def _axis(w: Wording, driver: Driver) -> str:
    """What the two ends of the scale are called, the same in every chart of a driver: Slack's chart cannot write
    words beside its numbers, and which of them it numbers is its own choice.
    """
    words = driver.level_words
    (least, low), (most, high) = sorted((flags.height_of(driver, band), words[band]) for band in (0, len(words) - 1))
    label = w.plain("{least} is {low}, {most} is {high}", least=least, low=low, most=most, high=high)
    return clipped(label, _MOST_AXIS)
