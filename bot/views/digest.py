"""The weekly digest of one unit, as a message to its manager.

What matters comes first: flag, promise, then what to do, within a hundred words; then the rest. The
notification names no driver, flag or result, because it shows on locked screens.
"""

from collections.abc import Sequence

from bot.views import results
from bot.views.headline import headline
from bot.views.promises import Promises, first_line, foot, other_lines
from bot.views.vocabulary import Block, Post, clipped, context, divider, paragraphs, post, section
from bot.views.wording import Mrkdwn, Wording, joined
from surveys.digests import Digest
from surveys.levels import Level
from surveys.notices import Notice
from surveys.questions import Owner

_MOST_SHORT = 20  # characters of a label in a chart
_MOST_TITLE = 50
_MOST_AXIS = 50


def digest_post(
    w: Wording, digest: Digest, *, with_chart: bool, keys_apart: bool = True, promises: Promises | None = None
) -> Post:
    """The digest. `with_chart` adds Slack's own chart of the first flag, which some workspaces still refuse;
    the small picture in the text is always there. `keys_apart` False says that the weaker key mode is on.
    `promises`: what its reader follows; None leaves out the buttons as well.
    """
    blocks = [section(how_to_read(w))] if digest.first else []
    blocks += _quiet(w, digest, promises) if digest.quiet else _full(w, digest, promises, with_chart)
    blocks.append(context(*_small_print(w, digest, keys_apart)))
    blocks += [foot(w, promises)] if promises is not None else []
    return post(w.say("Your Murmur digest is ready"), blocks)


def how_to_read(w: Wording) -> Mrkdwn:
    """What the first digest of a manager begins with."""
    return w.say(
        "*How to read this.* Each word stands for the whole group, never for a person. Words move by"
        " chance; only a flag means that something has probably changed, and it says how sure it is. Please"
        " do not guess who said what."
    )


def title_line(w: Wording, digest: Digest) -> Mrkdwn:
    """Which unit, which day, and how it is; without results nothing else, and no cause: the refusal follows."""
    calm = digest.quiet and any(level.word is not None for level in digest.levels)
    how = w.say("no clear change") if calm else headline(w, digest)
    if how is None:
        return w.say("*{unit}, {day}.*", unit=digest.unit, day=w.date(digest.on))
    return w.say("*{unit}, {day}: {headline}.*", unit=digest.unit, day=w.date(digest.on), headline=how)


def _quiet(w: Wording, digest: Digest, promises: Promises | None) -> list[Block]:
    """A week without flags, in three lines, and one for each promise."""
    first = [title_line(w, digest)]
    if digest.participation is not None:
        first.append(results.participation(w, digest.participation))
    lines = [joined(first, " ")]
    facts = results.shown_lines(w, digest)
    if facts:
        lines.append(results.dot_joined(facts))
    blocks = paragraphs(lines)
    if digest.withheld:
        blocks.append(results.refusal_block(w, results.driver_names(digest.withheld)))
    blocks += paragraphs(first_line(w, promises, short=False))
    if digest.action is not None:
        blocks.append(section(w.say("*Ask this week:* “{question}”", question=digest.action.question)))
    blocks += paragraphs(other_lines(w, promises))
    if digest.tone is not None:
        blocks.append(section(results.tone_line(w, digest.tone)))
    return blocks


def _full(w: Wording, digest: Digest, promises: Promises | None, with_chart: bool) -> list[Block]:
    """A week with flags, or with the end of one."""
    blocks = [section(title_line(w, digest))]
    blocks += [
        section(results.notice_line(w, notice, digest.on, digest.false_flag_months)) for notice in digest.notices[:1]
    ]
    over = paragraphs(results.recovery_line(w, recovery) for recovery in digest.recoveries)
    blocks += [] if digest.notices else over
    blocks += paragraphs(first_line(w, promises, short=bool(digest.notices)))
    blocks += paragraphs(_action_lines(w, digest))
    for notice in digest.notices[:1]:
        blocks.append(context(results.story_line(w, notice)))
        blocks += _chart(w, notice) if with_chart else []
    for notice in digest.notices[1:]:
        blocks.append(section(results.notice_line(w, notice, digest.on, digest.false_flag_months)))
        blocks.append(context(results.story_line(w, notice)))
    blocks += over if digest.notices else []
    blocks += paragraphs(other_lines(w, promises))
    return [*blocks, divider(), *_this_round(w, digest)]


def _action_lines(w: Wording, digest: Digest) -> list[Mrkdwn]:
    """One thing to do and what to ask, and with whom to raise what this reader cannot change."""
    if digest.action is None:
        return []
    action = digest.action
    line = w.say("*Try:* {action} *Ask:* “{question}”", action=action.text, question=action.question)
    raised = _raise_with(w, action.raise_with)
    return [joined([line, raised], " ") if raised else line]


def _raise_with(w: Wording, owner: Owner | None) -> Mrkdwn | None:
    match owner:
        case None:
            return None
        case Owner.TEAM_LEAD:
            return w.say("The team lead can change the rest.")
        case Owner.LEADERSHIP:
            return w.say("Leadership can change the rest: raise it there.")
        case Owner.COMPANY:
            return w.say("Only the company can change the rest: raise it there.")


def _this_round(w: Wording, digest: Digest) -> list[Block]:
    heading = [w.say("*Asked this round.*")]
    if digest.participation is not None:
        heading.append(results.participation(w, digest.participation))
    lines = [joined(heading, " ")]
    shown = results.shown_lines(w, digest)
    if shown:
        lines.append(results.dot_joined(shown))
    blocks = paragraphs(lines)
    if digest.withheld:
        blocks.append(results.refusal_block(w, results.driver_names(digest.withheld)))
    if digest.tone is not None:
        blocks.append(section(results.tone_line(w, digest.tone)))
    return blocks


def _small_print(w: Wording, digest: Digest, keys_apart: bool) -> list[Mrkdwn]:
    small = [w.say("_Bands often move a step by chance; a flag means more._")]
    if digest.earlier:
        small.append(results.earlier_line(w, digest.earlier))
    small.append(w.say("_The team sees these words on {day}._", day=w.day(digest.team_sees_on)))
    if not keys_apart:
        small.append(key_warning(w))
    return small


def key_warning(w: Wording) -> Mrkdwn:
    """That the weaker key mode is on, said wherever results and standing are shown."""
    return w.say("_Protection is weaker here: the keys of open rounds lie beside the database._")


def _chart(w: Wording, notice: Notice) -> list[Block]:
    """Slack's own line chart of the band numbers of a flagged driver, higher is better.

    The SDK has no class for it. Fields and limits:
    https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
    """
    shown = [level for level in notice.story if level.band is not None]
    days = [clipped(w.date(level.on), _MOST_SHORT) for level in shown]
    if len(shown) < 2 or len(set(days)) < len(days):
        return []
    points = [{"label": day, "value": (level.band or 0) + 1} for day, level in zip(days, shown, strict=True)]
    return [
        {
            "type": "data_visualization",
            "title": clipped(w.plain("{driver}: down is worse", driver=notice.driver.name), _MOST_TITLE),
            "chart": {
                "type": "line",
                "series": [{"name": clipped(notice.driver.name, _MOST_SHORT), "data": points}],
                "axis_config": {
                    "categories": days,
                    "x_label": w.plain("Day the round closed"),
                    "y_label": _axis(w, shown),
                },
            },
        }
    ]


def _axis(w: Wording, shown: Sequence[Level]) -> str:
    """What the numbers of the chart stand for, the lowest and the highest in it by their words."""
    ordered = sorted(shown, key=lambda level: level.band or 0)
    low, high = ordered[0], ordered[-1]
    if low.band == high.band:
        return clipped(w.plain("{n} is {word}", n=(low.band or 0) + 1, word=low.word or ""), _MOST_AXIS)
    label = w.plain(
        "{low_number} is {low}, {high_number} is {high}",
        low_number=(low.band or 0) + 1,
        low=low.word or "",
        high_number=(high.band or 0) + 1,
        high=high.word or "",
    )
    return clipped(label, _MOST_AXIS)
