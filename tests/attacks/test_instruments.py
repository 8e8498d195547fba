"""What the attacks look with does see what it looks for, and the places where it looks are those that matter."""

from collections.abc import Sequence

import numpy as np
import pytest
from sqlalchemy import inspect, text

from surveys.audit_facts import CodeFact, HistogramFact
from surveys.release import FLOOR, PeopleClass, people_class
from tests.attacks import dumps, figures, logs, naive, orders, raw_bytes, schema, sequences, tricks
from tests.attacks.company import alike, company, live
from tests.attacks.figures import A11_ANSWERS, Left
from tests.attacks.ground import Ground
from tests.attacks.publishing import hold
from tests.attacks.sequences import Sum, band, pinned
from tests.attacks.shown import exported
from tests.attacks.victim import PEOPLE, victim
from tests.journeys.steps import invite
from tests.support.running_murmur import VISION, running_murmur
from tests.support.thief import found_in_files, slots, table_contents

postgresql_only = pytest.mark.parametrize("ground", ["postgresql"], indirect=True)
sqlite_only = pytest.mark.parametrize("ground", ["sqlite"], indirect=True)

EVERYBODY = np.ones(sequences.PEOPLE, dtype=bool)


@postgresql_only
@pytest.mark.parametrize("in_one_transaction", [True, False])
def test_a2_transactions_alone_give_everybody_away_in_naive_tables(ground: Ground, in_one_transaction: bool) -> None:
    one = victim(ground)
    naive.store_answers_apart(one.acme.database, one.arrivals, one.answers, in_one_transaction=in_one_transaction)
    whose = {answer.encode(): member for member, answer in one.answers.items()}
    assert max(orders.hits_by_transaction(one.acme.database, "naive_answer", "content", whose)) == PEOPLE


@postgresql_only
def test_a2_all_slots_of_a_group_were_written_by_the_same_transaction(ground: Ground) -> None:
    one = victim(ground)
    one.everybody_answers()
    with one.acme.database.reading() as session:
        rows = session.execute(text("SELECT group_number, count(DISTINCT xmin::text) FROM slot GROUP BY 1")).all()
    assert {writers for _, writers in rows} == {1}
    assert len(rows) == 2


@sqlite_only
def test_a3_slots_are_in_the_bytes_of_a_sqlite_file_until_the_close_and_not_after(ground: Ground) -> None:
    one = victim(ground)
    one.everybody_answers()
    stolen = [part for slot in slots(one.acme.database) for part in (slot.id, slot.sealed[:32])]
    assert len(found_in_files(one.acme.database, stolen)) == len(stolen)
    one.acme.close(one.round_id)
    assert found_in_files(one.acme.database, stolen) == set()


def test_a3_the_files_that_are_searched_hold_what_is_in_the_tables(ground: Ground) -> None:
    one = victim(ground)
    naive.keep_comments(one.acme.database, one.comments.values())
    marks = {member: [words.encode()] for member, words in one.comments.items()}
    assert raw_bytes.pairs_in_files(one.acme.database, marks, one.comments) == PEOPLE


def test_a4_with_the_key_directory_everything_can_be_opened(ground: Ground) -> None:
    one = victim(ground)
    one.everybody_answers()
    assert raw_bytes.opened_with([one.key], slots(one.acme.database), one.members) == PEOPLE


def test_a6_people_who_are_seen_in_the_same_hours_as_a_row_are_matched_to_it() -> None:
    changes: dict[object, list[tuple[int, int]]] = {"x": [(1, 0)], "y": [(1, 1), (5, 0)], "z": [(2, 0)]}
    seen = {10: [(1, 1), (5, 0)], 11: [(2, 0)], 12: [(1, 0)]}
    assert dumps.laid_beside(changes, seen) == {"x": 12, "y": 10, "z": 11}


def test_a7_every_revealing_table_of_a_naive_bot_is_suspicious(ground: Ground) -> None:
    one = victim(ground)
    naive.create_revealing_tables(one.acme.database)
    found = schema.suspicious(one.acme.database)
    assert found == {"naive_result", "naive_mean", "naive_seen", "naive_pseudonym"}


def test_a7_a_table_of_those_who_took_part_is_noticed_by_its_rows(ground: Ground) -> None:
    one = victim(ground)
    naive.store_answers_apart(one.acme.database, one.arrivals, one.answers)
    assert "naive_taken_part" in schema.per_person(one.acme.database) - schema.PER_PERSON


def test_a7_slots_are_found_by_round_and_group_alone(ground: Ground) -> None:
    indices = inspect(ground.database().engine).get_indexes("slot")
    assert {tuple(index["column_names"]) for index in indices} == {("round_id", "group_number")}


def test_a7_after_the_close_people_stand_in_directory_roster_and_teams_only(ground: Ground) -> None:
    one = victim(ground)
    one.invite()
    assert schema.per_person(one.acme.database) == {*schema.PER_PERSON, "slot", "outboxmessage"}
    one.everybody_answers()
    one.acme.close(one.round_id)
    assert schema.per_person(one.acme.database) == schema.PER_PERSON
    rows = {name: len(content) for name, content in table_contents(one.acme.database).items()}
    assert rows["slot"] == rows["outboxmessage"] == 0
    assert rows["rosterentry"] == PEOPLE


def test_a8_everything_that_is_made_to_fail_does_fail_and_is_logged_without_words(ground: Ground) -> None:
    with logs.everything_logged() as logged, running_murmur(ground.url(), ground.folder()) as stage:
        stage.put_team()
        invite(stage)
        failed = []
        for number, fault in enumerate(logs.FAULTS):
            before = len(logged())
            logs.submit(stage, VISION[number], fault)
            lines = [line for line in logged()[before:].splitlines() if " bot." in line]
            failed.append(lines)
    assert failed[0] == []  # no line of Murmur's own when somebody simply answers
    assert all(len(lines) == 1 and " error " in lines[0] for lines in failed[1:])


def test_a10_a_histogram_leaves_an_outsider_the_answers_that_were_given() -> None:
    fact = HistogramFact(kind="histogram", counts=(0, 0, 0, 2, 5))
    assert figures.solved(fact, answered=7, roster=9) == Left(outsider=2, insider=2)


@pytest.mark.parametrize("data", [(1,) * 5, (5,) * 14 + (1,), (1, 2, 3, 4, 5, 5), (4,) * 7 + (2,)])
def test_a10_a11_the_solver_and_going_through_everything_agree(data: Sequence[int]) -> None:
    people = people_class(len(data))
    assert people is not None
    band = sum(4 * sum(data) >= edge * len(data) for edge in figures.EDGES[people])
    fact = CodeFact(kind="code", value=band, people=people)
    by_solver = figures.solved(fact, answered=len(data), roster=len(data))
    assert by_solver == figures.left_by_bands(len(data), people)[band]


@pytest.mark.parametrize("answers", A11_ANSWERS)
def test_a11_whatever_is_answered_five_values_are_left_to_an_outsider_and_three_to_an_insider(answers: int) -> None:
    for people in {people_class(behind) for behind in range(FLOOR, answers + 1)} - {None}:
        assert not any(left.too_little for left in figures.left_by_bands(answers, people).values())


def test_a11_a_mean_of_five_to_one_decimal_leaves_nothing_open() -> None:
    assert all(figures.left_by_means(people)[5.0] == Left(outsider=1, insider=1) for people in A11_ANSWERS)


def test_a11_more_bands_than_the_rules_allow_would_be_noticed() -> None:
    halves = figures.by_going_through(5, lambda data: 2 * sum(data) // len(data))
    assert any(left.too_little for left in halves.values())
    assert not any(left.too_little for left in figures.left_by_bands(5, PeopleClass.FIVE).values())


def test_a12_a_sum_with_and_without_somebody_pins_them() -> None:
    others = EVERYBODY.copy()
    others[0] = False
    known = pinned([Sum(who=EVERYBODY, low=22, high=22), Sum(who=others, low=20, high=20)])
    assert known.tolist() == [True] + [False] * 6


def test_a12_a_band_holds_the_sums_whose_mean_is_in_it_and_no_other() -> None:
    assert band(EVERYBODY, PeopleClass.SIX_SEVEN, 0) == Sum(who=EVERYBODY, low=7, high=15)  # under 2.25
    assert band(EVERYBODY, PeopleClass.SIX_SEVEN, 4) == Sum(who=EVERYBODY, low=28, high=35)  # from 4 on
    assert not pinned([band(EVERYBODY, PeopleClass.SIX_SEVEN, number) for number in (4, 4)]).any()


def test_a15_what_an_admin_changes_counts_from_the_next_roster_period_on(ground: Ground) -> None:
    sizes = []
    for trick in (None, tricks.shrink_a_team, tricks.fill_a_team_up):
        acme, teams = tricks.set_up(ground)
        answering = tricks.as_ever(teams)
        hold(acme, 0, answering, lambda round_id: trick(acme, teams, round_id) if trick else None)  # noqa: B023
        shown = hold(acme, 4, answering)
        names = {group.team_id: name for name, group in teams.items()}
        sizes.append({names[one.team_id]: one.roster for one in shown})
    assert sizes[0] == {"Many": 14, "More": 20, "Most": 30}
    assert sizes[1] == {"Many": 6, "More": 20, "Most": 30}
    assert sizes[2] == {"Many": 14, "More": 20, "Most": 28}


@sqlite_only
def test_a17_of_four_comments_neither_tone_nor_themes_are_told_and_of_six_both_but_no_word(ground: Ground) -> None:
    comments = {"red": 6, "tiny": 4}
    said = {
        team: [(alike(3), "We are micromanaged, wonderful." if number < wrote else "") for number in range(6)]
        for team, wrote in comments.items()
    }
    with company(ground) as stage:
        calls = live(stage, [said])
    (red,) = (call for call in calls if "chat.postMessage" in call and "*Red, 6 March" in call)
    (tiny,) = (call for call in calls if "chat.postMessage" in call and "*Tiny, 6 March" in call)
    assert "more positive than negative in tone, all taken together. Several speak of autonomy. " in red
    assert "omments" not in tiny
    assert "utonomy: " in tiny  # its questions are told
    assert not any("micromanaged" in call for call in calls)


@sqlite_only
def test_a14_looks_at_every_code_of_the_ledger_as_it_is_exported(ground: Ground) -> None:
    said = {"red": [(alike(2), "")] * 7, "blue": [(alike(4), "")] * 3}
    with company(ground) as stage:
        live(stage, [said])
        lines = exported(stage)
        codes = table_contents(stage.murmur.database)["ledgerentry"]
    rows = [line for line in lines if line.startswith("2026-03-06,")]
    assert len(rows) == len(codes) > 0
    assert {"withheld" in row for row in rows} == {True, False}
    assert "2026-03-06-round-1.json" in lines
