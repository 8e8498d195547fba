"""What a check found, in words that somebody who is no engineer can read."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_LINES = 5
"""A check that fails again and again says so this often, and how often besides."""


class Verdict(StrEnum):
    """How a line of the report begins."""

    OK = "ok"
    NOT = "NOT"  # a promise is not kept
    NOTE = "note"  # worth knowing; no promise is broken


class Group(StrEnum):
    """The headings of the report, in the order in which they stand there."""

    PEOPLE = "What is kept about people"
    BOX = "The ballot box"
    KEYS = "The keys of open rounds"
    TIMES = "Times"
    LEDGER = "The ledger: all that outlives a round"
    ROSTERS = "Rosters and units"
    FILES = "What the database leaves behind"
    SETTINGS = "Settings"
    UNSEEN = "Not looked at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of the report."""

    group: Group
    check: str  # its name, the same in every report
    verdict: Verdict
    words: str  # what was found
    remedy: str = ""  # what to do about it; empty unless the verdict is NOT


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What is checked, what to say when it holds, and what to do when it does not."""

    group: Group
    name: str
    fine: str
    remedy: str

    def judge(self, problems: Sequence[str]) -> list[Finding]:
        """One line that all is well, or a line for each problem, the first few of them."""
        if not problems:
            return [Finding(group=self.group, check=self.name, verdict=Verdict.OK, words=self.fine)]
        lines = list(problems[:MOST_LINES])
        if more := len(problems) - MOST_LINES:
            lines += [f"and {more} more of this kind."] if more > 0 else []
        return [
            Finding(group=self.group, check=self.name, verdict=Verdict.NOT, words=words, remedy=self.remedy)
            for words in lines
        ]

    def note(self, words: str) -> Finding:
        """A line that this is worth knowing."""
        return Finding(group=self.group, check=self.name, verdict=Verdict.NOTE, words=words)


def unseen(check: str, words: str) -> Finding:
    """A line that something could not be looked at."""
    return Finding(group=Group.UNSEEN, check=check, verdict=Verdict.NOTE, words=words)


def failed(findings: Sequence[Finding]) -> list[Finding]:
    """The findings that say NOT."""
    return [finding for finding in findings if finding.verdict is Verdict.NOT]


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 round", "2 rounds"."""
    return f"{number} {one if number == 1 else many or one + 's'}"
