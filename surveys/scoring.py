"""From the opened ballots of one unit to the codes that are published, in memory and at close only."""

from collections.abc import Sequence

from surveys.comments import COMMENTS_FLOOR, tone_band
from surveys.questions import Item, is_averaged, is_comment
from surveys.release import (
    FLOOR,
    Code,
    Kind,
    PeopleClass,
    counted,
    level_band,
    named_option,
    participation_band,
    people_class,
    theme_told,
)
from surveys.sealing import Ballot
from surveys.themes import says_something, subject_of, themes, themes_of

_HIGHEST = 5  # of the agreement scale


def oriented(item: Item, answer: int) -> int:
    """The answer with higher meaning better: agreeing with a reverse-keyed item is turned around."""
    return _HIGHEST + 1 - answer if item.reverse else answer


def code_kind(item: Item) -> Kind:
    """What the code of an item tells: the band of a mean, or the option that most people chose. Choices, ordered
    ones too, are never averaged.
    """
    return Kind.LEVEL if is_averaged(item) else Kind.CHOICE


def code_unit(
    *, items: Sequence[Item], ballots: Sequence[Ballot], roster: int, threshold: int = FLOOR
) -> tuple[Code, ...]:
    """The codes of one unit in one round: one an item, the tone of its comments and each theme, its participation.

    `ballots` are those of the whole roster, blank ones included, in any order. A question above the comment has no
    code of its own: what it brought is in tone and themes. Items with too few answers, and items meant for larger
    units, are withheld; all others share the people class of the one with the fewest answers, so that no class tells
    who skipped which question.
    """
    items = [item for item in items if not is_comment(item)]
    answers = {item.id: [b.answers[item.id] for b in ballots if item.id in b.answers] for item in items}
    took_part = sum(1 for ballot in ballots if ballot.answers or ballot.comment)
    enough = {
        item.id: n_star
        for item in items
        if roster >= item.min_roster
        and people_class(n_star := counted(len(answers[item.id]), roster), threshold) is not None
    }
    people = people_class(min(enough.values()), threshold) if enough else None
    codes = [_code_item(item, answers[item.id], people if item.id in enough else None) for item in items]
    codes += _code_comments([b.comment for b in ballots if b.comment], people, roster, threshold)
    participation = participation_band(took_part, roster)
    codes.append(Code(kind=Kind.PARTICIPATION, subject="participation", driver="", people=None, value=participation))
    return tuple(codes)


def _code_comments(comments: Sequence[str], people: PeopleClass | None, roster: int, threshold: int) -> list[Code]:
    """Tone and themes, told together or not at all: where enough have commented, and some question is shown, whose
    class they share.

    A comment that says nothing ("none", "n/a") has no tone, speaks of no theme and stands in the way of none. But it is
    one of those that have to be there: else it would follow from what people wrote whether anything is told, and not
    only from how many did.
    """
    enough = len(comments) >= COMMENTS_FLOOR and people_class(counted(len(comments), roster), threshold) is not None
    shared = people if enough else None
    saying = [comment for comment in comments if says_something(comment)]
    tone = tone_band([*saying, *[""] * (len(comments) - len(saying))]) if shared else None
    spoken = [themes_of(comment) for comment in saying] if shared else []
    codes = [Code(kind=Kind.TONE, subject="comments", driver="", people=shared, value=tone)]
    for theme in themes():
        told = theme_told(sum(theme in of_one for of_one in spoken), len(spoken)) if shared else None
        codes.append(Code(kind=Kind.THEME, subject=subject_of(theme), driver=theme, people=shared, value=told))
    return codes


def _code_item(item: Item, given: Sequence[int], people: PeopleClass | None) -> Code:
    kind = code_kind(item)
    if people is None:
        return Code(kind=kind, subject=item.id, driver=item.driver, people=None, value=None)
    if kind is Kind.LEVEL:
        value = level_band([oriented(item, answer) for answer in given], people)
    else:
        value = named_option(given)
    return Code(kind=kind, subject=item.id, driver=item.driver, people=people, value=value)
