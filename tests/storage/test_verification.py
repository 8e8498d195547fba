"""Verifying a database: a healthy one passes in every state, and every check says what it looked at."""

import os
from collections import Counter
from datetime import date, timedelta

from sqlmodel import SQLModel

from storage.ballots import _split
from storage.closing import begin_closing, code_round, discard, scrub
from storage.database import Database
from storage.keys import KeyDirectory
from storage.outbox import Letter, put
from storage.promises import make_promise
from storage.rounds import advance, schedule_next
from storage.tables import Member, Pulse, Unit
from storage.verification import verify
from storage.verification.allowed import TABLES
from storage.verification.box import SEALED_BYTES, group_sizes
from storage.verification.catalog import _KINDS
from storage.verification.findings import MOST_LINES, Check, Finding, Group, Verdict, failed
from storage.verification.pages import is_noise
from surveys.rounds import State
from surveys.sealing import BLANK, round_key, seal
from tests.support import vandal
from tests.support.organisation import MONDAY, SECRET, TUESDAY, WEEK, Organisation
from tests.support.vandal import Scene, address


def wrong(database: Database, keys: KeyDirectory, secret: str | None = SECRET) -> list[Finding]:
    """What is wrong with a database and its keys."""
    return failed(verify(address(database), key_dir=keys.path, secret=secret))


def test_a_new_database_is_as_promised(database: Database, apart: KeyDirectory) -> None:
    assert wrong(database, apart) == []


def test_a_healthy_database_is_as_promised_in_every_state(database: Database, apart: KeyDirectory) -> None:
    acme = Organisation(database, apart)
    (head,) = acme.people(1)
    vision = acme.team("Vision", 9, department="Research")
    acme.team("Small", 3, department="Research", readers=[head])
    large = acme.team("Large", 64)
    acme.team("Tiny", 4)
    seen = [wrong(database, apart)]
    for week in range(7):  # a second roster period begins on the way
        with database.transaction() as session:
            schedule_next(session, session.get_one(Pulse, acme.pulse_id), MONDAY + week * WEEK)
        seen.append(wrong(database, apart))
        round_id = acme.open(TUESDAY + week * WEEK)
        seen.append(wrong(database, apart))
        for place, member in enumerate([*vision.members[week:], *large.members[-2:]]):
            acme.cast(round_id, member, acme.ballot(round_id, place % 5 + 1, "a word"), TUESDAY + week * WEEK)
        seen.append(wrong(database, apart))
        begin_closing(database, round_id)
        seen.append(wrong(database, apart))
        code_round(database, apart, SECRET, round_id)
        seen.append(wrong(database, apart))
        assert scrub(database, apart, round_id)
        seen.append(wrong(database, apart))
        with database.transaction() as session:
            assert advance(session, round_id, State.SCRUBBED, State.PUBLISHED)
            session.get_one(Member, large.members[week]).opted_out_on = date(2026, 3, 8)
            make_promise(session, session.get_one(Unit, 1), head, f"{week}", form_key=f"{week}", on=date(2026, 3, 9))
        seen.append(wrong(database, apart))
    assert [finding for findings in seen for finding in findings] == []


def test_a_round_that_was_called_off_is_as_promised(database: Database, apart: KeyDirectory) -> None:
    acme = Organisation(database, apart)
    team = acme.team("Vision", 9)
    round_id = acme.open()
    acme.answer(round_id, team.members[0], 4)
    assert discard(database, apart, round_id)
    assert wrong(database, apart) == []
    acme.open(TUESDAY + timedelta(days=28))
    assert wrong(database, apart) == []


def test_every_check_has_something_to_say(scene: Scene) -> None:
    found = scene.findings()
    assert failed(found) == []
    fine = {finding.check for finding in found if finding.verdict is Verdict.OK}
    assert fine >= {
        "tables", "columns", "indexes", "values", "messages", "messages alike", "messages gone", "closed rounds",
        "one for everybody", "all alike", "sealed", "no order", "groups", "rounds", "place", "private",
        "of open rounds", "none left", "owners", "fine times", "triggers", "one code", "coarse", "enough people",
        "threshold", "rest", "closing days", "scatter", "imported", "frozen", "periods", "units apart", "large enough",
        "readers",
    }  # fmt: skip
    assert {finding.group for finding in found} >= set(Group) - {Group.SETTINGS, Group.UNSEEN}
    for finding in found:
        assert finding.words.endswith(".")
        assert "\n" not in finding.words


def test_nobody_is_named_and_no_secret_is_told(scene: Scene) -> None:
    scene.run("DELETE FROM outboxmessage WHERE kind = 'reminder' AND member_id = :id", id=scene.answered[0])
    told = repr(scene.findings())
    assert "not all get a reminder" in told
    assert "Person 0" not in told
    assert SECRET not in told


# What may be stored


def test_the_list_of_what_is_allowed_has_the_tables_and_columns_of_the_code_and_no_other() -> None:
    code = {
        name: {column.name: _KINDS[str(column.type).split("(")[0]] for column in table.columns}
        for name, table in SQLModel.metadata.tables.items()
    }
    listed = {name: dict(table.columns) for name, table in TABLES.items() if name != "alembic_version"}
    assert listed == code


def test_every_table_with_a_member_in_it_is_said_to_tell_of_people() -> None:
    # A pulse names the admin who asks; that is not a row about a person.
    assert {name for name, table in TABLES.items() if "member_id" in table.columns or name == "member"} == {
        name for name, table in TABLES.items() if table.of_people
    }


def test_groups_are_of_the_sizes_in_which_ballots_are_sealed() -> None:
    for roster in range(1, 400):
        assert Counter(group_sizes(roster)) == Counter(len(group) for group in _split(range(roster)))


def test_a_sealed_ballot_has_the_size_that_is_expected_and_looks_like_noise() -> None:
    sealed = seal(round_key(SECRET, bytes(32), 1), bytes(16), BLANK, os.urandom(12))
    assert len(sealed) == SEALED_BYTES == vandal.SEALED_BYTES
    assert all(is_noise(sealed[start : start + 1024]) for start in range(0, 4096, 1024))
    assert not is_noise(os.urandom(512).hex().encode())


# The report


def test_a_check_that_fails_again_and_again_stays_short() -> None:
    check = Check(group=Group.BOX, name="all alike", fine="Fine.", remedy="Mend it.")
    found = check.judge([f"problem {number}." for number in range(MOST_LINES + 7)])
    assert len(found) == MOST_LINES + 1
    assert found[-1].words == "and 7 more of this kind."
    assert len(check.judge([f"problem {number}." for number in range(MOST_LINES)])) == MOST_LINES


def test_welcomes_and_digests_of_rounds_that_are_over_stay(scene: Scene) -> None:
    letters = [
        Letter(kind="welcome", member_id=scene.guest, pulse_id=1, due_at=TUESDAY),
        Letter(kind="department-digest", member_id=scene.reader, round_id=scene.closed, team_id=1, due_at=TUESDAY),
    ]
    with scene.database.transaction() as session:
        put(session, scene.acme.workspace_id, letters)
    assert scene.failed() == {}
