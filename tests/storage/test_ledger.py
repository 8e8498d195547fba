"""The ledger: written once, read in order."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.database import Database
from storage.keys import KeyDirectory
from storage.ledger import history, write_codes
from storage.rounds import freeze_limits, round_units
from surveys.release import Code, Kind, PeopleClass
from tests.support.organisation import TUESDAY, WEEK, Organisation

LEVEL = Code(kind=Kind.LEVEL, subject="burnout.drained", driver="burnout", people=PeopleClass.EIGHT, value=4)
WITHHELD = Code(kind=Kind.LEVEL, subject="autonomy.act", driver="autonomy", people=None, value=None)
PARTICIPATION = Code(kind=Kind.PARTICIPATION, subject="participation", driver="", people=None, value=2)
FRIDAY = date(2026, 3, 6)


@pytest.fixture
def acme(database: Database, keys: KeyDirectory) -> Organisation:
    acme = Organisation(database, keys)
    acme.team("Vision", 9)
    acme.team("Search", 9)
    return acme


def units(acme: Organisation, round_id: int) -> list[int]:
    with acme.database.reading() as session:
        return [unit.unit_id for unit in round_units(session, round_id)]


def test_a_code_comes_out_as_it_went_in(acme: Organisation) -> None:
    round_id = acme.open()
    unit, _ = units(acme, round_id)
    codes = [LEVEL, WITHHELD, PARTICIPATION]
    with acme.database.transaction() as session:
        write_codes(session, round_id=round_id, unit_id=unit, closed_on=FRIDAY, codes=codes)
    with acme.database.reading() as session:
        published = history(session, [unit])
    assert [p.code for p in published] == sorted(codes, key=lambda code: code.subject)
    assert {(p.unit_id, p.round_id, p.closed_on, p.roster, p.replaced) for p in published} == {
        (unit, round_id, FRIDAY, 9, 0)
    }


def test_each_code_comes_with_the_limit_of_flags_that_was_settled_for_its_round_and_unit(acme: Organisation) -> None:
    settled = acme.open()
    first, second = units(acme, settled)
    with acme.database.transaction() as session:
        freeze_limits(session, settled, {first: 130.0, second: 260.0})
    acme.close(settled)
    older = acme.open(TUESDAY + WEEK)  # as an older version opened it, without limits
    acme.close(older)
    with acme.database.reading() as session:
        told = {(p.round_id, p.unit_id, p.flag_limit) for p in history(session, [first, second])}
    assert told == {
        *((settled, first, 130.0), (settled, second, 260.0)),
        *((older, first, None), (older, second, None)),
    }


def test_writing_again_changes_nothing_not_even_with_other_figures(acme: Organisation) -> None:
    round_id = acme.open()
    unit, _ = units(acme, round_id)
    other = Code(kind=Kind.LEVEL, subject=LEVEL.subject, driver="burnout", people=PeopleClass.FIVE, value=0)
    for code in (LEVEL, LEVEL, other):
        with acme.database.transaction() as session:
            write_codes(session, round_id=round_id, unit_id=unit, closed_on=FRIDAY, codes=[code])
    with acme.database.reading() as session:
        assert [p.code for p in history(session, [unit])] == [LEVEL]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledgerentry SET value = 1",
        "DELETE FROM ledgerentry",
        (
            "INSERT INTO ledgerentry SELECT * FROM ledgerentry WHERE true ON CONFLICT (round_id, unit_id, subject)"
            " DO UPDATE SET value = 1"
        ),
    ],
)
def test_the_database_refuses_to_change_what_was_published(acme: Organisation, change: str) -> None:
    round_id = acme.open()
    for member in range(9):
        acme.answer(round_id, acme.admin_id + 1 + member, 3)
    acme.close(round_id)
    with acme.database.reading() as session:
        before = history(session, units(acme, round_id))
    with pytest.raises(DBAPIError, match="the ledger never changes"), acme.database.transaction() as session:
        session.execute(text(change))
    with acme.database.reading() as session:
        assert history(session, units(acme, round_id)) == before != []


def test_history_is_told_from_the_oldest_round_on_and_only_of_the_units_asked_for(acme: Organisation) -> None:
    rounds = []
    for week in range(3):
        round_id = acme.open(TUESDAY + week * WEEK)
        acme.close(round_id)
        rounds.append(round_id)
    one, two = units(acme, rounds[0])
    with acme.database.reading() as session:
        both = [(p.round_id, p.unit_id, p.code.subject) for p in history(session, [two, one])]
        alone = history(session, [one])
        nothing = history(session, [])
    assert both == sorted(both)
    assert {round_id for round_id, _, _ in both} == set(rounds)
    assert {p.unit_id for p in alone} == {one}
    assert [p.closed_on for p in alone] == sorted(p.closed_on for p in alone)
    assert nothing == []
