"""The auditor: can anybody be pinned down by what a round is going to publish, whatever they answer?

It decides on the plan, before the round opens, from rosters and rules alone; it never sees an answer. Codes of
disjoint units are independent of each other, parents are functions of them, and no question tells about another, so
each unit and question is decided by itself, exactly, from an enumeration of all data sets (`audit_table`). Whether a
question is reverse-keyed plays no part: turning a scale around renames its answers. What is told of comments is the
same in every plan, so no plan can be wrong about it: a test holds the table's rows of themes to their promise. It
speaks of one round; what many rounds tell together is beyond it. For what other rules publish, see `audit_solver`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from surveys.audit_plans import Cause, Reason, RoundPlan, UnitPlan, broken_rules, kind_of, options_of
from surveys.audit_table import Left, choice_left, level_left
from surveys.questions import Item, is_comment
from surveys.release import Code, Kind, PeopleClass, counted, people_class
from surveys.themes import subject_of, themes

LEAST = 3
"""Possible answers that anybody must be left with, if the question has as many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one question leaves open in units that are alike in it."""

    subject: str  # the item's id
    options: int  # answers it offers
    units: tuple[str, ...]  # names
    rosters: tuple[int, int]  # the smallest and the largest of them, in people
    left: Left | None  # at worst, over every possible data set; None: never shown there

    def __str__(self) -> str:
        people = "{} to {}".format(*self.rosters) if self.rosters[0] < self.rosters[1] else str(self.rosters[0])
        where = f"{self.subject}, {_units(len(self.units))} of {people} people"
        if self.left is None:
            return f"{where}: never shown."
        return (
            f"{where}: of {self.options} possible answers, each person keeps at least {self.left.outsider} before an"
            f" outsider and {self.left.insider} before one participant; two who put their answers together may leave"
            f" {self.left.two_insiders}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What the auditor says of a plan."""

    findings: tuple[Finding, ...]  # every question, in the plan's order; empty when there are reasons that prevent it
    reasons: tuple[Reason, ...]  # all of them; a plan without any may be opened

    @property
    def accepted(self) -> bool:
        """Whether the round may open."""
        return not self.reasons


def audit_plan(plan: RoundPlan) -> Audit:
    """Decide whether a round may open: what each question leaves open at worst, or why the plan is refused.

    A plan that breaks a rule is refused for that alone, without findings: they hold for the rules only.
    """
    reasons = tuple(broken_rules(plan))
    if reasons:
        return Audit(findings=(), reasons=reasons)
    findings = tuple(finding for item in _coded(plan.items) for finding in _findings(plan, item))
    return Audit(findings=findings, reasons=tuple(_too_little_left(findings)))


def unforeseen(plan: RoundPlan, unit_id: int, codes: Iterable[Code]) -> tuple[str, ...]:
    """The subjects among a unit's codes that an accepted plan did not foresee; empty as long as all is well.

    The assertion at close. It looks at codes, and never at what they were computed from. What is withheld is
    always foreseen.
    """
    unit = next((unit for unit in plan.units if unit.unit_id == unit_id), None)
    return tuple(
        code.subject for code in codes if code.value is not None and (unit is None or not _foreseen(plan, unit, code))
    )


def _foreseen(plan: RoundPlan, unit: UnitPlan, code: Code) -> bool:
    roster = len(unit.members)
    if code.kind is Kind.PARTICIPATION:
        return roster >= plan.participation_floor and code.people is None
    classes = {people for people, _ in _behind(roster, plan.threshold, True)}
    if code.people not in classes:
        return False
    if code.kind is Kind.TONE:
        return True
    if code.kind is Kind.THEME:
        return code.value in (0, 1) and code.driver in themes() and code.subject == subject_of(code.driver)
    item = next((item for item in _coded(plan.items) if item.id == code.subject), None)
    if item is None or roster < item.min_roster or kind_of(item) is not code.kind:
        return False
    bands = len(plan.edges[code.people]) if code.kind is Kind.LEVEL else options_of(item)
    return code.value is not None and 0 <= code.value <= bands


def _findings(plan: RoundPlan, item: Item) -> Iterator[Finding]:
    alike: dict[Left | None, list[UnitPlan]] = defaultdict(list)
    for unit in plan.units:
        alike[_left(plan, item, len(unit.members))].append(unit)
    for left, units in alike.items():
        rosters = [len(unit.members) for unit in units]
        yield Finding(
            subject=item.id,
            options=options_of(item),
            units=tuple(unit.name for unit in units),
            rosters=(min(rosters), max(rosters)),
            left=left,
        )


def _left(plan: RoundPlan, item: Item, roster: int) -> Left | None:
    """The least that `item` leaves open in a unit of `roster` people; None when it is never shown there."""
    if roster < item.min_roster:
        return None
    several = sum(roster >= other.min_roster for other in _coded(plan.items)) > 1
    return _worst(kind_of(item), options_of(item), roster, plan.threshold, several)


@cache
def _worst(kind: Kind, options: int, roster: int, threshold: int, several: bool) -> Left | None:
    possible = [
        level_left(people, n) if kind is Kind.LEVEL else choice_left(options, n)
        for people, n in _behind(roster, threshold, several)
    ]
    if not possible:
        return None
    return Left(
        outsider=min(left.outsider for left in possible),
        insider=min(left.insider for left in possible),
        two_insiders=min(left.two_insiders for left in possible),
    )


@cache
def _behind(roster: int, threshold: int, several: bool) -> Sequence[tuple[PeopleClass, int]]:
    """The people classes a question can be shown with, each with every number of answers that may be behind it.

    With `several` questions, all share the class of the one with the fewest answers.
    """
    pairs: list[tuple[PeopleClass, int]] = []
    up_to_here: dict[PeopleClass, None] = {}
    for n in range(roster + 1):
        people = people_class(counted(n, roster), threshold)
        if people is not None:
            up_to_here[people] = None
            pairs += [(one, n) for one in (up_to_here if several else (people,))]
    return tuple(pairs)


def _too_little_left(findings: Iterable[Finding]) -> Iterator[Reason]:
    for finding in findings:
        left = finding.left
        if left and (left.outsider < finding.options or left.insider < min(LEAST, finding.options)):
            words = f"leaves too few possible answers in {', '.join(finding.units)}"
            yield Reason(cause=Cause.TOO_LITTLE, names=finding.units, rule="R1", where=finding.subject, words=words)


def _coded(items: Iterable[Item]) -> list[Item]:
    """Those that get a code; what is written below a question is told by tone and themes of all comments alone."""
    return [item for item in items if not is_comment(item)]


def _units(count: int) -> str:
    return "1 unit" if count == 1 else f"{count} units"
