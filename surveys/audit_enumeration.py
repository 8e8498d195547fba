"""Writes `audit_table.yaml`: every possible data set, coded as a round is coded, and what that leaves open.

    python -m surveys.audit_enumeration > surveys/audit_table.yaml

The order of answers plays no part, so a data set is a multiset of answers. The table ends at 20 answers to an
agreement question, 8 to a choice question and 10 comments, because from there on two insiders can rule nothing out any
more. With k answers known, somebody else's may be any, for n answers in all, when

- agreement: sums of m answers from 1 to 5 take every whole value from m to 5m, so in a band whose sums run from
  `lo` to `hi` it is enough that lo <= 5(n-k-1) + (k+1) and hi >= (n-k-1) + 5(k+1). With outermost edges of at least
  2.25 and at most 4.25, lo < 4.25n + 1 and hi >= 2.25n - 1: n >= (4k+5) / 0.75 suffices, 12 for k = 1, 18 for k = 2;
- an option is named: the n - (k+1) others may all have chosen it, and are 60 % when n >= 5 for k = 1, 8 for k = 2;
- none stands out: each option may have been chosen m = ceil(0.6n) - 1 times; whenever that makes room for n answers
  at all, any k + 1 <= m are among them, which is n >= 5 for k = 1, 6 for k = 2;
- a theme is told from m = max(3, ceil(n/3)) of n comments on: the n - (k+1) others may all speak of it, and are m, when
  n >= 5 for k = 1, 6 for k = 2;
- it is not told: all k may speak of it, and one more with them, when k + 1 <= m - 1, which is n >= 5 for k = 1, 10 for
  k = 2.

Whether a comment speaks of one theme says nothing about another: any of them can stand in one comment, in any tone. So
each is enumerated by itself, as a question with two answers.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import combinations_with_replacement, count

from surveys.audit_table import Left
from surveys.comments import COMMENTS_FLOOR
from surveys.release import FLOOR, PeopleClass, level_band, named_option, people_class, theme_told

LAST_LEVEL = 20
"""Answers to an agreement question from which on the last row of the table holds."""

LAST_CHOICE = 8
"""The same for a choice question."""

LAST_THEME = 10
"""The same for the comments behind a theme."""

SILENT, SPEAKS = 1, 2
"""What a comment can do about a theme."""

OPTIONS = range(2, 11)
"""Numbers of options a scale can have (surveys.questions.Scale)."""

_HEADER = """\
# What a published code leaves open at worst, over every possible data set; see surveys/audit_table.py.
# Each row: answers, possible answers left to an outsider, to one insider, to two insiders who put theirs together.
# The last row of each list holds for any larger number of answers.
# Written by python -m surveys.audit_enumeration; tests/surveys/test_audit_table.py compares.
"""


def fewest(people: PeopleClass) -> int:
    """The smallest number of answers that may stand behind a code of this class."""
    return next(n for n in count(FLOOR) if people_class(n) is people)


def enumerated(options: int, answers: int, code_of: Callable[[Sequence[int]], int]) -> Left:
    """What codes leave open, by going through all data sets of so many answers from 1 to `options`."""
    outsider: dict[int, int] = defaultdict(int)  # by code: the answers that somebody may have given, as bits
    insider: dict[tuple[int, int], int] = defaultdict(int)  # by code and own answer
    two: dict[tuple[int, int, int], int] = defaultdict(int)  # by code and two known answers
    for data in combinations_with_replacement(range(1, options + 1), answers):
        code, counts = code_of(data), Counter(data)
        given = sorted(counts)
        bits = sum(1 << answer for answer in given)
        outsider[code] |= bits
        for place, first in enumerate(given):
            others = bits if counts[first] > 1 else bits ^ (1 << first)
            insider[code, first] |= others
            if counts[first] > 1:
                two[code, first, first] |= others if counts[first] > 2 else others ^ (1 << first)
            for second in given[place + 1 :]:
                two[code, first, second] |= others if counts[second] > 1 else others ^ (1 << second)
    return Left(
        outsider=min(map(int.bit_count, outsider.values())),
        insider=min(map(int.bit_count, insider.values())),
        two_insiders=min(map(int.bit_count, two.values())),
    )


def theme_of(comments: Sequence[int]) -> int:
    """The code of a theme, from what each comment does about it."""
    return theme_told(comments.count(SPEAKS), len(comments))


def written() -> Iterator[str]:
    """The lines of the table's file."""
    yield _HEADER
    yield "levels:\n"
    for people in PeopleClass:
        yield f'  - of: "{people}"\n    rows:\n'
        for n in range(fewest(people), LAST_LEVEL + 1):
            yield _line(n, enumerated(5, n, partial(level_band, people=people)))
    yield "\nchoices:\n"
    for options in OPTIONS:
        yield f'  - of: "{options}"\n    rows:\n'
        for n in range(FLOOR, LAST_CHOICE + 1):
            yield _line(n, enumerated(options, n, named_option))
    yield '\nthemes:\n  - of: "theme"\n    rows:\n'
    for n in range(COMMENTS_FLOOR, LAST_THEME + 1):
        yield _line(n, enumerated(2, n, theme_of))


def _line(answers: int, left: Left) -> str:
    return f"      - [{answers}, {left.outsider}, {left.insider}, {left.two_insiders}]\n"


if __name__ == "__main__":
    sys.stdout.writelines(written())
