"""The auditor on plans of rounds: what it accepts, what it says, and why it refuses."""

import time
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys import audit as auditor
from surveys.audit import audit_plan, unforeseen
from surveys.audit_plans import Cause, ParentPlan, RoundPlan, Source, UnitPlan
from surveys.audit_table import Left
from surveys.questions import Item, bank
from surveys.release import EDGES, Code, Kind, PeopleClass
from surveys.scoring import code_unit
from surveys.sealing import BLANK, Ballot
from surveys.themes import lexicon

DRAINED, ACT = bank()["burnout.drained"], bank()["autonomy.act"]  # reverse-keyed, and not
STAY = bank()["intent-to-stay.here"]

lexicon()  # read at once: it takes longer than Hypothesis has patience with a single example


def plan(*rosters: int, items: tuple[Item, ...] = (DRAINED, ACT), **changes: object) -> RoundPlan:
    """A round of units with these rosters, numbered from 1, in which nobody is twice."""
    units = tuple(
        UnitPlan(unit_id=number, name=f"Team {number}", members=frozenset(range(100 * number, 100 * number + roster)))
        for number, roster in enumerate(rosters, 1)
    )
    return replace(RoundPlan(units=units, items=items), **changes)  # type: ignore[arg-type]


def reasons(refused: RoundPlan) -> list[str]:
    """Why a plan is refused, in words; it has no findings then."""
    audit = audit_plan(refused)
    assert not audit.accepted
    assert audit.findings == ()
    return [str(reason) for reason in audit.reasons]


@pytest.mark.parametrize("roster", [*range(6, 40), 99])
def test_a_plan_by_the_rules_leaves_five_answers_to_outsiders_and_three_to_insiders(roster: int) -> None:
    audit = audit_plan(plan(roster))
    assert audit.accepted
    assert [finding.subject for finding in audit.findings] == [DRAINED.id, ACT.id]
    for finding in audit.findings:
        assert finding.left is not None
        assert finding.left.outsider == 5
        assert finding.left.insider == 3


def test_a_finding_reads_as_a_sentence() -> None:
    (finding,) = audit_plan(plan(6, 9, items=(DRAINED,))).findings
    assert str(finding) == (
        "burnout.drained, 2 units of 6 to 9 people: of 5 possible answers, each person keeps at least 5 before an"
        " outsider and 3 before one participant; two who put their answers together may leave 1."
    )


def test_units_in_which_a_question_leaves_the_same_are_told_together() -> None:
    audit = audit_plan(plan(*[6] * 10, 40, items=(DRAINED, STAY)))
    told = [(finding.subject, len(finding.units), finding.left is None) for finding in audit.findings]
    assert told == [(DRAINED.id, 11, False), (STAY.id, 10, True), (STAY.id, 1, False)]
    assert str(audit.findings[1]) == "intent-to-stay.here, 10 units of 6 people: never shown."


def test_whether_a_question_is_reverse_keyed_changes_nothing() -> None:
    assert DRAINED.reverse
    there, back = (audit_plan(plan(7, items=(replace(DRAINED, reverse=way),))) for way in (True, False))
    assert there == back


def test_a_choice_leaves_every_option_open() -> None:
    (finding,) = audit_plan(plan(30, items=(STAY,))).findings
    assert finding.left is not None
    assert finding.options == finding.left.outsider == finding.left.insider == 4


def test_a_threshold_that_only_full_turnout_would_reach_shows_nothing() -> None:
    (finding,) = audit_plan(plan(8, items=(DRAINED,), threshold=8)).findings
    assert finding.left is None


def test_a_higher_threshold_leaves_as_much_or_more() -> None:
    left = [audit_plan(plan(20, items=(DRAINED,), threshold=threshold)).findings[0].left for threshold in (5, 8, 11)]
    assert [one and one.insider for one in left] == [3, 3, 5]


def test_several_questions_share_a_class_so_more_answers_stand_behind_it() -> None:
    """With a threshold of 11 only "8+" is ever told, of 11 answers or more, however many questions there are."""
    one, two = (audit_plan(plan(12, items=items, threshold=11)).findings[0].left for items in ((ACT,), (ACT, DRAINED)))
    assert one == two == Left(outsider=5, insider=5, two_insiders=1)


@pytest.mark.parametrize("threshold", [4, 1, 0, -5])
def test_a_threshold_under_five_is_refused(threshold: int) -> None:
    (words,) = reasons(plan(9, threshold=threshold))
    assert words == f"The round has a threshold of {threshold}; 5 answers are the fewest behind any result (R1)."


def test_a_roster_below_the_floor_is_refused() -> None:
    (words,) = reasons(plan(9, 5))
    assert words == "Team 2 has 5 people; a unit under 6 is not scored: merge it with a sibling (R3)."


def test_overlapping_units_are_refused() -> None:
    units = (
        UnitPlan(unit_id=1, name="Vision", members=frozenset(range(8))),
        UnitPlan(unit_id=2, name="Speech", members=frozenset(range(7, 15))),
    )
    assert reasons(plan(units=units)) == ["Vision and Speech overlap: 1 person is in both (R3)."]


def test_a_unit_planned_twice_is_refused() -> None:
    unit = UnitPlan(unit_id=1, name="Vision", members=frozenset(range(8)))
    assert reasons(plan(units=(unit, unit))) == ["Unit 1 is planned more than once (R3)."]


def test_a_parent_computed_from_codes_is_fine_and_one_from_answers_is_refused() -> None:
    parent = ParentPlan(name="Research", unit_ids=(1, 2))
    assert audit_plan(plan(8, 9, parents=(parent,))).accepted
    assert reasons(plan(8, 9, parents=(replace(parent, source=Source.ANSWERS),))) == [
        "Research is computed from answers; a parent is computed from its units' released codes (R2)."
    ]


def test_a_parent_of_what_is_no_leaf_unit_is_refused() -> None:
    (words,) = reasons(plan(8, 9, parents=(ParentPlan(name="Research", unit_ids=(1, 7)),)))
    assert words == "Research counts what is no leaf unit of this round: 7 (R2)."


def test_finer_edges_than_the_rules_are_refused() -> None:
    (words,) = reasons(plan(9, edges={**EDGES, PeopleClass.FIVE: (2.25, 2.75, 3.0, 3.25, 3.75)}))
    assert words == "The round has finer edges (3.0) than the rules for 5 people: 2.25, 2.75, 3.25, 3.75 (R1)."


def test_any_other_edges_than_the_rules_are_refused() -> None:
    (words,) = reasons(plan(9, edges={**EDGES, PeopleClass.EIGHT: ()}))
    assert "other edges" in words


def test_a_smaller_share_to_name_an_option_is_refused() -> None:
    (words,) = reasons(plan(30, items=(STAY,), named_share=Fraction(1, 2)))
    assert words == "The round names an option from 50% of the answers; the rules do from 60% (R1)."


def test_participation_of_fewer_than_six_is_refused() -> None:
    (words,) = reasons(plan(9, participation_floor=5))
    assert words == "The round tells participation of 5 people; 6 are the fewest (R8)."


def test_intent_to_stay_of_small_units_is_refused() -> None:
    (words,) = reasons(plan(29, items=(replace(STAY, min_roster=0),)))
    assert words == "intent-to-stay.here may be told of units under 30 people; intent to stay never is (R1)."


def test_a_question_asked_twice_is_refused() -> None:
    assert reasons(plan(9, items=(ACT, ACT))) == ["autonomy.act is asked more than once (R5)."]


def test_every_reason_is_told_at_once() -> None:
    assert len(reasons(plan(5, 4, threshold=3))) == 3


def test_a_code_that_left_too_little_would_be_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The enumeration is what decides: were it to find less, no roster or rule could make up for it."""
    auditor._worst.cache_clear()
    monkeypatch.setattr(auditor, "level_left", lambda *_: Left(outsider=5, insider=2, two_insiders=1))
    audit = audit_plan(plan(9, items=(ACT,)))
    auditor._worst.cache_clear()
    assert [str(reason) for reason in audit.reasons] == ["autonomy.act leaves too few possible answers in Team 1 (R1)."]
    assert audit.findings


def test_a_thousand_teams_take_well_under_a_second() -> None:
    items = tuple(bank().values())[:10]
    large = plan(*[6 + number % 30 for number in range(1_000)], items=items)
    audit_plan(plan(6))  # reads the table
    began = time.perf_counter()
    assert audit_plan(large).accepted
    assert time.perf_counter() - began < 0.5


ballots = st.builds(
    Ballot,
    answers=st.dictionaries(st.sampled_from([DRAINED.id, ACT.id]), st.integers(1, 5)),
    comment=st.sampled_from(["", "A great week.", "Terrible.", "We are exhausted."]),
)


@given(st.lists(ballots, min_size=6, max_size=14), st.integers(5, 8))
def test_whatever_a_round_codes_was_foreseen(cast: list[Ballot], threshold: int) -> None:
    opened = plan(len(cast), threshold=threshold)
    codes = code_unit(items=opened.items, ballots=cast, roster=len(cast), threshold=threshold)
    assert unforeseen(opened, 1, codes) == ()


def test_what_was_not_planned_is_noticed_at_close() -> None:
    opened = plan(7)
    full = [Ballot(answers={DRAINED.id: 3, ACT.id: 3})] * 7
    codes = code_unit(items=opened.items, ballots=[*full, *[BLANK] * 5], roster=12)
    assert {code.people for code in codes if code.kind is Kind.LEVEL} == {PeopleClass.SIX_SEVEN}
    assert unforeseen(opened, 2, codes) == (DRAINED.id, ACT.id, "participation"), "of a unit not in the plan"
    eight = [replace(code, people=PeopleClass.EIGHT) for code in codes if code.kind is Kind.LEVEL]
    assert unforeseen(opened, 1, eight) == (DRAINED.id, ACT.id), "of more people than there are"


@pytest.mark.parametrize(
    "code",
    [
        Code(kind=Kind.LEVEL, subject="burnout.pace", driver="burnout", people=PeopleClass.FIVE, value=1),
        Code(kind=Kind.CHOICE, subject=ACT.id, driver="autonomy", people=PeopleClass.FIVE, value=1),
        Code(kind=Kind.LEVEL, subject=ACT.id, driver="autonomy", people=PeopleClass.FIVE, value=5),
        Code(kind=Kind.LEVEL, subject=ACT.id, driver="autonomy", people=None, value=1),
        Code(kind=Kind.LEVEL, subject=STAY.id, driver="intent-to-stay", people=PeopleClass.FIVE, value=1),
        Code(kind=Kind.CHOICE, subject=STAY.id, driver="intent-to-stay", people=PeopleClass.FIVE, value=1),
        Code(kind=Kind.PARTICIPATION, subject="participation", driver="", people=PeopleClass.FIVE, value=1),
        Code(kind=Kind.THEME, subject="theme.burnout", driver="burnout", people=PeopleClass.FIVE, value=2),
        Code(kind=Kind.THEME, subject="theme.burnout", driver="reward", people=PeopleClass.FIVE, value=1),
        Code(kind=Kind.THEME, subject="theme.burnout", driver="burnout", people=None, value=1),
        Code(
            kind=Kind.THEME, subject="theme.intent-to-stay", driver="intent-to-stay", people=PeopleClass.FIVE, value=0
        ),
    ],
    ids=[
        *("not asked", "another kind", "no such band", "no class", "averaged", "too small", "a count"),
        *("a count of comments", "another theme", "a theme without a class", "a theme that is none"),
    ],
)
def test_a_code_of_another_shape_is_noticed_at_close(code: Code) -> None:
    opened = plan(9, items=(ACT, STAY))
    assert unforeseen(opened, 1, [code]) == (code.subject,)
    assert unforeseen(opened, 1, [replace(code, value=None)]) == (), "what is withheld tells nothing"


@pytest.mark.parametrize("told", [0, 1])
def test_a_theme_that_is_told_or_not_is_foreseen(told: int) -> None:
    code = Code(kind=Kind.THEME, subject="theme.reward", driver="reward", people=PeopleClass.EIGHT, value=told)
    assert unforeseen(plan(9), 1, [code]) == ()
    assert unforeseen(plan(7), 1, [code]) == ("theme.reward",), "of more people than there are"


def test_a_choice_with_two_answers_promises_two_and_is_accepted() -> None:
    two = replace(bank()["growth.would-help"], id="own.two", options=("Yes", "No"))
    (finding,) = audit_plan(plan(9, items=(two,))).findings
    assert finding.options == 2
    assert finding.left is not None
    assert (finding.left.outsider, finding.left.insider) == (2, 2)


@pytest.mark.parametrize("options", range(3, 10))
def test_a_choice_leaves_all_its_answers_to_outsiders_and_three_to_insiders(options: int) -> None:
    item = replace(bank()["growth.would-help"], id="own.many", options=tuple(map(str, range(options))))
    for roster in (6, 7, 8, 9, 14, 40):
        (finding,) = audit_plan(plan(roster, items=(item,))).findings
        assert finding.left is not None
        assert finding.left.outsider == options
        assert finding.left.insider >= 3


def test_a_question_above_the_comment_is_nothing_to_audit_and_no_code_of_it_is_foreseen() -> None:
    words = bank()["morale.keep"]
    alone, beside = plan(9, items=(DRAINED,)), plan(9, items=(DRAINED, words))
    assert audit_plan(beside) == audit_plan(alone)
    code = Code(kind=Kind.CHOICE, subject=words.id, driver=words.driver, people=PeopleClass.EIGHT, value=0)
    assert unforeseen(beside, 1, [code]) == (words.id,)


def test_every_reason_names_its_cause_and_the_units_that_have_to_be_mended() -> None:
    vision = UnitPlan(unit_id=1, name="Vision", members=frozenset(range(8)))
    search = UnitPlan(unit_id=2, name="Search", members=frozenset(range(7, 15)))
    small = UnitPlan(unit_id=3, name="Speech", members=frozenset(range(20, 25)))
    refused = {
        Cause.OVERLAP: (plan(units=(vision, search)), ("Vision", "Search")),
        Cause.TOO_SMALL: (plan(units=(vision, small)), ("Speech",)),
        Cause.TWICE: (plan(units=(vision, vision)), ("Vision",)),
        Cause.RULES: (plan(9, threshold=4), ()),
        Cause.PARENT: (plan(9, parents=(ParentPlan(name="All", unit_ids=(1,), source=Source.ANSWERS),)), ()),
        Cause.QUESTION: (plan(9, items=(replace(STAY, min_roster=6),)), ()),
    }
    for cause, (one, names) in refused.items():
        assert [(reason.cause, reason.names) for reason in audit_plan(one).reasons] == [(cause, names)]
