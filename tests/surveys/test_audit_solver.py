"""The solver on what Murmur publishes, where the table is known, and on what others do."""

from collections.abc import Sequence
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys import audit_search
from surveys.audit_enumeration import fewest
from surveys.audit_facts import ChoiceFact, CodeFact, Fact, HistogramFact, MeanFact, SumFact
from surveys.audit_releases import Question, Release, Releases, cells_of
from surveys.audit_search import Floats, Undecided
from surveys.audit_solver import Exposure, Insider, solve
from surveys.audit_table import level_left
from surveys.release import EDGES, PeopleClass, level_band, named_option


def team(n: int, facts: Sequence[Fact], answered: int | None = None, options: int = 5) -> tuple[Exposure, ...]:
    """What the solver says of one team of `n`."""
    question = Question(id="q", options=options)
    release = Release(unit="team", question="q", answered=answered, facts=tuple(facts))
    return solve(Releases(questions=(question,), cells=cells_of({"team": range(n)}), releases=(release,)))


@pytest.mark.parametrize(("people", "n"), [(people, n) for people in PeopleClass for n in range(fewest(people), 12)])
def test_the_solver_and_the_table_agree_on_every_code(people: PeopleClass, n: int) -> None:
    codes = [CodeFact(kind="code", people=people, value=value) for value in range(len(EDGES[people]) + 1)]
    exposures = [team(n, [code], answered=n)[0] for code in codes]
    left = level_left(people, n)
    assert min(len(one.outsider) for one in exposures) == left.outsider
    assert min(len(one.fewest) for one in exposures) == left.insider


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(1, 5), min_size=6, max_size=14), min_size=1, max_size=6), st.data())
def test_all_codes_of_a_round_together_leave_what_the_table_promises(
    company: list[list[int]], data: st.DataObject
) -> None:
    units = {f"team {number}": [(number, n) for n in range(len(answers))] for number, answers in enumerate(company)}
    releases, promised = [], []
    for unit, answers in zip(units, company, strict=True):
        behind = data.draw(st.sampled_from([people for people in PeopleClass if fewest(people) <= len(answers)]))
        code = CodeFact(kind="code", people=behind, value=level_band(answers, behind))
        releases.append(Release(unit=unit, question="q", answered=len(answers), facts=(code,)))
        promised.append(level_left(behind, len(answers)))
    exposures = solve(Releases(questions=(Question(id="q"),), cells=cells_of(units), releases=tuple(releases)))
    for exposure, left in zip(exposures, promised, strict=True):
        assert exposure.safe
        assert len(exposure.outsider) >= left.outsider
        assert len(exposure.fewest) >= left.insider


def test_a_code_whose_number_of_answers_is_not_known_leaves_as_much_or_more() -> None:
    code = CodeFact(kind="code", people=PeopleClass.FIVE, value=4)
    known, unknown = team(8, [code], answered=5)[0], team(8, [code])[0]
    assert set(known.fewest) <= set(unknown.fewest)


def test_choices_coded_as_murmur_does_leave_every_option_open() -> None:
    for answers in ([1, 1, 1, 2, 3], [1, 1, 2, 2, 3]):
        named = named_option(answers) or None
        (exposure,) = team(5, [ChoiceFact(kind="choice", value=named)], answered=5, options=4)
        assert exposure.fewest == (1, 2, 3, 4)


def test_means_to_a_decimal_of_a_team_and_the_team_less_one_pin_that_one_down() -> None:
    units = {"team": range(6), "less one": range(5)}
    means = {"team": MeanFact(kind="mean", value=3.3, decimals=1, rounding="half up")}
    means["less one"] = MeanFact(kind="mean", value=3.0, decimals=1, rounding="half up")
    releases = tuple(Release(unit=u, question="q", answered=len(units[u]), facts=(means[u],)) for u in units)
    exposures = solve(Releases(questions=(Question(id="q"),), cells=cells_of(units), releases=releases))
    assert [(one.cell, one.outsider, one.safe) for one in exposures] == [
        ("less one", (1, 2, 3, 4, 5), True),
        ("team only", (5,), False),
    ]


def test_whoever_gave_the_odd_answer_of_a_told_count_knows_all_others() -> None:
    (exposure,) = team(6, [HistogramFact(kind="histogram", counts=(None, None, None, None, 5))], answered=6)
    assert exposure.outsider == (1, 2, 3, 4, 5)
    assert exposure.insider == Insider(cell="team", own=1, values=(5,))
    assert not exposure.safe


def test_whoever_did_not_answer_is_an_insider_too() -> None:
    """A sum of 6 is 3 and 3, or three people's answers; who knows that they gave none knows which."""
    (exposure,) = team(3, [SumFact(kind="sum", value=6)], options=3)
    assert exposure.outsider == (1, 2, 3)
    assert exposure.insider == Insider(cell="team", own=None, values=(3,))


def test_nobody_is_guessed_about_where_nobody_answered() -> None:
    (exposure,) = team(4, [], answered=0)
    assert exposure.outsider == ()
    assert exposure.safe


def test_a_question_with_two_options_can_leave_no_more_than_two() -> None:
    (exposure,) = team(8, [ChoiceFact(kind="choice", value=1)], answered=8, options=2)
    assert exposure.fewest == (1, 2)
    assert exposure.safe


def test_what_is_published_of_one_unit_says_nothing_about_another() -> None:
    units = {"told": range(3), "untold": range(3, 6)}
    release = Release(unit="told", question="q", answered=3, facts=(SumFact(kind="sum", value=15),))
    told, untold = solve(Releases(questions=(Question(id="q"),), cells=cells_of(units), releases=(release,)))
    assert told.fewest == (5,)
    assert untold.fewest == (1, 2, 3, 4, 5)


def test_a_system_on_which_presolve_fails_is_solved_without_a_word(capfd: pytest.CaptureFixture[str]) -> None:
    """HiGHS 1.12 with presolve ends on this one with "Solve error" and prints a line of its own."""
    (exposure,) = team(4, [CodeFact(kind="code", value=1, edges=(2.5,)), SumFact(kind="sum", value=14)])
    assert exposure.outsider == (1, 2, 3, 4, 5)
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("found", [None, np.full(100, 0.5)], ids=["nothing", "half a person"])
def test_what_the_solver_leaves_undecided_is_never_taken_for_an_answer(
    found: Floats | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_search, "milp", lambda *_, **__: SimpleNamespace(x=found, status=4, message="gave up"))
    with pytest.raises(Undecided, match="gave up"):
        team(13, [SumFact(kind="sum", value=41)])


def test_forty_teams_in_eight_departments_with_means_to_a_decimal_are_solved() -> None:
    teams = {f"team {number}": range(10 * number, 10 * number + 6 + number % 5) for number in range(40)}
    units: dict[str, list[int]] = {name: list(people) for name, people in teams.items()}
    for department in range(8):
        inside = [people for number, people in enumerate(teams.values()) if number // 5 == department]
        units[f"department {department}"] = [person for people in inside for person in people]
    releases = []
    for unit, people in units.items():
        mean = sum(1 + person * 7 % 5 for person in people) / len(people)
        fact = MeanFact(kind="mean", value=round(mean, 1), decimals=1, rounding="either way")
        releases.append(Release(unit=unit, question="q", answered=len(people), facts=(fact,)))
    exposures = solve(Releases(questions=(Question(id="q"),), cells=cells_of(units), releases=tuple(releases)))
    assert len(exposures) == 40
    assert all(one.outsider for one in exposures)
