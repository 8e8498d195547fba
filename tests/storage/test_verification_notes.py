"""What is worth knowing about a database is noted, and fails nothing."""

import os
import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database import Database
from storage.keys import KeyDirectory
from storage.rounds import schedule_next
from storage.tables import Pulse
from storage.verification import CannotLook, verify
from storage.verification.findings import failed
from tests.support.organisation import SECRET, TUESDAY, WEEK, Organisation
from tests.support.vandal import Scene, address


def test_rounds_that_were_coded_before_there_were_themes_are_as_promised(scene: Scene) -> None:
    scene.in_ledger("DELETE FROM ledgerentry WHERE kind = 'theme'")
    assert scene.failed() == {}


def test_people_on_a_pause_or_gone_explain_missing_messages(scene: Scene) -> None:
    first, second, third = scene.platform.members[:3]
    scene.run(
        f"DELETE FROM outboxmessage WHERE member_id IN ({first}, {second}, {third})",
        f"UPDATE member SET paused_until = '2026-03-20' WHERE id = {first}",
        f"UPDATE member SET opted_out_on = '2026-03-11' WHERE id = {second}",
        f"UPDATE member SET active = false WHERE id = {third}",
    )
    assert scene.failed() == {}
    assert "messages alike" not in scene.noted()


def test_one_person_without_messages_is_noted(scene: Scene) -> None:
    scene.run("DELETE FROM outboxmessage WHERE member_id = :id", id=scene.platform.members[0])
    assert scene.failed() == {}
    assert "1 person has no message" in scene.noted()["messages alike"]


def test_somebody_who_moved_to_another_time_zone_is_noted(scene: Scene) -> None:
    scene.run(
        "UPDATE outboxmessage SET due_at = '2026-03-12 08:00:00.000000' WHERE kind = 'reminder' AND member_id = :id",
        id=scene.platform.members[0],
    )
    assert scene.failed() == {}
    assert "reminded at another time" in scene.noted()["messages alike"]


def test_a_reminder_that_was_not_sent_for_no_visible_reason_is_noted(scene: Scene) -> None:
    first, second = scene.platform.members[:2]
    scene.run(
        f"UPDATE outboxmessage SET state = 'dropped' WHERE kind = 'reminder' AND member_id IN ({first}, {second})",
        f"UPDATE member SET no_reminders_since = '2026-03-10' WHERE id = {second}",
    )
    assert scene.failed() == {}
    assert "1 message was not sent" in scene.noted()["messages alike"]


def test_somebody_who_became_a_reader_of_their_own_unit_is_noted(scene: Scene) -> None:
    scene.acme.manage(scene.vision, [scene.reader, scene.vision.members[0]])
    assert scene.failed() == {}
    assert "1 person on the roster of Vision became a reader" in scene.noted()["readers"]


def test_teams_that_were_rearranged_since_are_noted(database: Database, apart: KeyDirectory) -> None:
    acme = Organisation(database, apart)
    acme.team("Vision", 9, department="Research")
    acme.open()
    late = acme.team("Late", 6, department="Research")
    with database.transaction() as session:
        period = session.execute(text("SELECT id FROM rosterperiod")).scalar_one()
        session.execute(
            text(f"INSERT INTO unit (id, pulse_id, team_key, name) VALUES (9, 1, '{late.team_id}', 'Late')")
        )
        session.execute(text(f"INSERT INTO periodunit VALUES ({period}, 9, 6, 0, TRUE)"))
        for member in late.members:
            session.execute(text(f"INSERT INTO rosterentry VALUES ({period}, {member}, 9)"))
    found = verify(address(database), key_dir=apart.path, secret=SECRET)
    assert failed(found) == []
    assert any("Late (6 people) stands alone" in finding.words for finding in found)


def test_keys_of_another_murmur_in_the_same_directory_are_noted(scene: Scene) -> None:
    scene.keys.create("ab" * 16)
    assert scene.failed() == {}
    assert "1 key belongs to no round of this database" in scene.noted()["none left"]


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_the_weaker_place_for_keys_is_noted_where_it_was_accepted_by_name(scene: Scene, tmp_path: Path) -> None:
    scene.keys.path = Path(shutil.copytree(scene.keys.path, tmp_path / "database/keys"))
    assert scene.failed().keys() == {"place"}
    assert scene.failed(weaker=True) == {}


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_keys_in_the_very_folder_of_the_database_are_told_from_other_files(scene: Scene, tmp_path: Path) -> None:
    for file in scene.keys.path.iterdir():
        shutil.copy(file, tmp_path / "database")
    scene.keys.path = tmp_path / "database"
    assert scene.failed(weaker=True) == {}


def test_a_key_of_a_round_that_is_just_being_opened_is_no_trouble(scene: Scene) -> None:
    scene.acme.close(scene.open)
    with scene.database.transaction() as session:
        schedule_next(session, session.get_one(Pulse, 1), TUESDAY + 2 * WEEK)
        name = session.execute(text("SELECT key_name FROM round WHERE state = 'scheduled'")).scalar_one()
    scene.keys.create(name)
    assert scene.failed() == {}


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_roles_that_were_given_tables_are_noted(scene: Scene) -> None:
    role = f"reporting_{os.urandom(4).hex()}"
    scene.run(f"CREATE ROLE {role}", f"GRANT SELECT ON ledgerentry TO {role}")
    assert scene.failed() == {}
    assert any(role in finding.words for finding in scene.findings())
    scene.run(f"DROP OWNED BY {role}", f"DROP ROLE {role}")


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_an_account_that_may_only_read_is_all_it_takes(scene: Scene) -> None:
    role = f"council_{os.urandom(4).hex()}"
    scene.run(f"CREATE ROLE {role} LOGIN")
    theirs = scene.database.url.set(username=role).render_as_string(hide_password=False)
    with pytest.raises(CannotLook, match="InsufficientPrivilege"):
        verify(theirs)
    scene.run(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")
    assert failed(verify(theirs)) == []
    scene.run(f"DROP OWNED BY {role}", f"DROP ROLE {role}")
