"""Every way of breaking the promise that can be seen in a database is seen, and called by its name."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.tables import Round
from surveys.questions import bank
from tests.support.organisation import TUESDAY, WEEK
from tests.support.vandal import Scene, noise

Sabotage = Callable[[Scene], object]

BOTH, SQLITE, POSTGRESQL = ("sqlite", "postgresql"), ("sqlite",), ("postgresql",)

CASES: list[tuple[Sabotage, frozenset[str], tuple[str, ...]]] = []


def found_as(*checks: str, on: tuple[str, ...] = BOTH) -> Callable[[Sabotage], Sabotage]:
    """Say by which checks a sabotage is found, all of them and no other."""

    def remember(sabotage: Sabotage) -> Sabotage:
        CASES.append((sabotage, frozenset(checks), on))
        return sabotage

    return remember


# What is kept about people


@found_as("tables")
def a_table_of_answers_beside_members(scene: Scene) -> None:
    scene.run("CREATE TABLE answers (member_id INTEGER, content TEXT)")


@found_as("tables")
def a_table_outside_of_murmurs_own_schema(scene: Scene) -> None:
    scene.run(
        {"postgresql": "CREATE SCHEMA attic"},
        {"postgresql": "CREATE TABLE attic.member (id INTEGER)", "sqlite": "CREATE TABLE attic (id INTEGER)"},
    )


@found_as("tables", "fine times")
def a_log_of_who_did_what_when(scene: Scene) -> None:
    scene.run("CREATE TABLE log (member_id INTEGER, what TEXT, at TIMESTAMP)")


@found_as("tables")
def a_view(scene: Scene) -> None:
    scene.run("CREATE VIEW late AS SELECT member_id FROM outboxmessage WHERE state = 'waiting'")


@found_as("tables", on=POSTGRESQL)
def a_counter(scene: Scene) -> None:
    scene.run("CREATE SEQUENCE ballots_cast")


@found_as("tables", on=POSTGRESQL)
def a_rule(scene: Scene) -> None:
    scene.run("CREATE RULE quiet AS ON DELETE TO slot DO ALSO NOTHING")


@found_as("columns")
def a_column_that_says_who_took_part(scene: Scene) -> None:
    scene.run("ALTER TABLE rosterentry ADD COLUMN answered BOOLEAN")


@found_as("columns", "fine times")
def a_time_at_which_somebody_was_seen(scene: Scene) -> None:
    scene.run("ALTER TABLE member ADD COLUMN seen_at TIMESTAMP")


@found_as("columns", "fine times", on=POSTGRESQL)
def a_date_that_became_a_time(scene: Scene) -> None:
    scene.run("ALTER TABLE member ALTER COLUMN paused_until TYPE TIMESTAMPTZ")


@found_as("values", "fine times", "rows", on=SQLITE)
def a_time_in_a_column_of_dates(scene: Scene) -> None:
    scene.run("UPDATE member SET paused_until = '2026-03-10 10:11:12.5' WHERE id = 5")


@found_as("values", "rows", on=SQLITE)
def words_in_a_column_of_numbers(scene: Scene) -> None:
    scene.run("UPDATE round SET item_ids = 7")


@found_as("indexes")
def an_index_that_keeps_another_order(scene: Scene) -> None:
    scene.run("CREATE INDEX ix_latest ON slot (round_id, group_number, id)")


@found_as("indexes")
def the_same_index_twice(scene: Scene) -> None:
    scene.run("CREATE INDEX ix_again ON slot (round_id, group_number)")


@found_as("indexes")
def an_index_by_an_expression(scene: Scene) -> None:
    scene.run("CREATE INDEX ix_half ON slot (length(sealed))")


@found_as("indexes")
def an_index_that_was_dropped(scene: Scene) -> None:
    scene.run("DROP INDEX ix_promise_open")


@found_as("messages")
def a_message_that_thanks_for_answering(scene: Scene) -> None:
    scene.run(
        "INSERT INTO outboxmessage (workspace_id, kind, natural_key, member_id, round_id, due_at, state, attempts)"
        " VALUES (1, 'thanks', 'thanks:5', 5, :round, '2026-03-10 10:00:00.000000', 'sent', 1)",
        round=scene.open,
    )


@found_as("messages")
def a_mark_in_the_name_of_a_message(scene: Scene) -> None:
    scene.run("UPDATE outboxmessage SET natural_key = natural_key || :mark WHERE member_id = 5", mark=":answered")


@found_as("messages")
def a_message_to_a_leader_about_no_request_to_them(scene: Scene) -> None:
    scene.run(
        "INSERT INTO outboxmessage (workspace_id, kind, natural_key, member_id, unit_id, due_at, state, attempts)"
        " VALUES (1, 'request', :key, 5, 1, '2026-03-10 10:00:00.000000', 'sent', 1)",
        key="request:5:::1::99",
    )


@found_as("requests")
def a_request_that_was_declined_without_a_reason(scene: Scene) -> None:
    scene.run(
        "INSERT INTO request (unit_id, driver, member_id, leader_id, form_key, text, state, made_on, ended_on)"
        f" VALUES (1, 'purpose', {scene.reader}, {scene.guest}, 'x', 'y', 'declined', '2026-03-09', '2026-03-10')"
    )


@found_as("messages alike")
def reminders_only_for_those_who_did_not_answer(scene: Scene) -> None:
    forget(scene, scene.answered, "reminder")


@found_as("messages alike")
def no_reminder_for_one_who_answered(scene: Scene) -> None:
    forget(scene, scene.answered[:1], "reminder")


@found_as("messages alike")
def messages_only_for_those_who_did_not_answer(scene: Scene) -> None:
    forget(scene, scene.answered, "reminder")
    forget(scene, scene.answered, "invitation")


@found_as("messages alike")
def another_hour_for_those_who_did_not_answer(scene: Scene) -> None:
    listed = ", ".join(map(str, scene.answered))
    scene.run(
        f"UPDATE outboxmessage SET due_at = :due WHERE kind = 'reminder' AND member_id NOT IN ({listed})",
        due="2026-03-12 08:00:00.000000",
    )


@found_as("messages alike")
def reminders_of_those_who_answered_kept_until_it_is_too_late(scene: Scene) -> None:
    listed = ", ".join(map(str, scene.answered))
    scene.run(
        f"UPDATE outboxmessage SET not_before = :moment WHERE kind = 'reminder' AND member_id IN ({listed})",
        moment="2026-03-14 03:00:00.000000",
    )


@found_as("messages alike")
def a_message_to_somebody_who_is_not_asked(scene: Scene) -> None:
    scene.run(
        "INSERT INTO outboxmessage (workspace_id, kind, natural_key, member_id, round_id, due_at, state, attempts)"
        f" VALUES (1, 'invitation', 'invitation:{scene.guest}::{scene.open}::', :guest, :round,"
        " '2026-03-10 10:00:00.000000', 'sent', 1)",
        round=scene.open,
        guest=scene.guest,
    )


@found_as("messages gone")
def invitations_of_a_closed_round_kept(scene: Scene) -> None:
    scene.run(
        "INSERT INTO outboxmessage (workspace_id, kind, natural_key, member_id, round_id, due_at, state, attempts)"
        f" VALUES (1, 'invitation', 'invitation:5::{scene.closed}::', 5, :round,"
        " '2026-03-03 10:00:00.000000', 'sent', 1)",
        round=scene.closed,
    )


@found_as("messages gone")
def word_that_a_round_was_called_off_which_was_not(scene: Scene) -> None:
    tell_that_it_was_called_off(scene, scene.closed, "waiting")


@found_as("messages gone")
def who_was_told_that_a_round_was_called_off_kept(scene: Scene) -> None:
    with scene.database.transaction() as session:
        round_ = session.get_one(Round, scene.closed)
        never_opened: dict[str, object] = {
            "item_ids": [],
            "key_fingerprint": None,
            "period_id": None,
            "threshold": None,
        }
        changed = {"id": None, "state": "discarded", "opens_at": TUESDAY + WEEK / 2, "key_name": "0" * 32}
        other = Round(**(round_.model_dump() | never_opened | changed))
        session.add(other)
        session.flush()
        thrown_away = other.id
    tell_that_it_was_called_off(scene, thrown_away, "sent")


def tell_that_it_was_called_off(scene: Scene, round_id: int, state: str) -> None:
    """A message to one of the people whom it asked."""
    scene.run(
        "INSERT INTO outboxmessage (workspace_id, kind, natural_key, member_id, round_id, due_at, state, attempts)"
        f" VALUES (1, 'called-off', 'called-off:5::{round_id}::', 5, :round, '2026-03-03 10:00:00.000000', :state, 1)",
        round=round_id,
        state=state,
    )


def forget(scene: Scene, members: list[int], kind: str) -> None:
    """Delete messages of these members."""
    listed = ", ".join(map(str, members))
    scene.run(f"DELETE FROM outboxmessage WHERE kind = :kind AND member_id IN ({listed})", kind=kind)


# The ballot box


@found_as("closed rounds")
def a_ballot_of_a_closed_round_kept(scene: Scene) -> None:
    scene.run(
        "INSERT INTO slot (round_id, id, group_number, sealed) VALUES (:round, :id, 0, :sealed)",
        round=scene.closed,
        id=os.urandom(16),
        sealed=noise(),
    )


@found_as("one for everybody", "groups")
def only_those_who_answered_have_a_ballot(scene: Scene) -> None:
    scene.run("DELETE FROM slot WHERE id = :id", id=scene.slot().id)


@found_as("all alike")
def a_ballot_that_is_longer(scene: Scene) -> None:
    scene.reseal(lambda slot: (slot.id, slot.sealed + b"!"))


@found_as("all alike", "owners")
def an_id_that_is_no_hash(scene: Scene) -> None:
    scene.reseal(lambda slot: (b"member 0005", slot.sealed))


@found_as("owners")
def a_ballot_of_nobody(scene: Scene) -> None:
    scene.reseal(lambda slot: (os.urandom(16), slot.sealed))


@found_as("sealed", "plain ballots", on=SQLITE)
def a_ballot_in_plain_words(scene: Scene) -> None:
    scene.reseal(lambda slot: (slot.id, plain_ballot()))


@found_as("sealed", on=POSTGRESQL)
def a_ballot_in_plain_words_on_a_server(scene: Scene) -> None:
    scene.reseal(lambda slot: (slot.id, plain_ballot()))


@found_as("sealed")
def a_ballot_in_letters_and_digits_that_only_look_sealed(scene: Scene) -> None:
    scene.reseal(lambda slot: (slot.id, noise().hex().encode()[:4124]))


@found_as("sealed")
def two_ballots_with_the_same_content(scene: Scene) -> None:
    other = scene.slot(1)
    scene.reseal(lambda slot: (slot.id, slot.sealed[:12] + other.sealed[12:]))


@found_as("sealed")
def a_number_used_twice(scene: Scene) -> None:
    other = scene.slot(1)
    scene.reseal(lambda slot: (slot.id, other.sealed[:12] + slot.sealed[12:]))


@found_as("groups")
def a_group_of_one(scene: Scene) -> None:
    scene.run("UPDATE slot SET group_number = 99 WHERE id = :id", id=scene.slot().id)


@found_as("no order", on=POSTGRESQL)
def ones_own_ballot_written_alone(scene: Scene) -> None:
    scene.run("UPDATE slot SET sealed = :sealed WHERE id = :id", id=scene.slot().id, sealed=noise())


@found_as("no order", on=SQLITE)
def a_box_with_row_numbers(scene: Scene) -> None:
    scene.run(
        "CREATE TABLE box (round_id INTEGER NOT NULL, id BLOB NOT NULL, group_number INTEGER NOT NULL,"
        " sealed BLOB NOT NULL, PRIMARY KEY (round_id, id))",
        "INSERT INTO box SELECT * FROM slot",
        "DROP TABLE slot",
        "ALTER TABLE box RENAME TO slot",
        "CREATE INDEX ix_slot_group ON slot (round_id, group_number)",
    )


@found_as("rounds")
def something_else_in_place_of_a_fingerprint(scene: Scene) -> None:
    scene.run("UPDATE round SET key_fingerprint = 'U0005 answered 4' WHERE id = :id", id=scene.closed)


def plain_ballot() -> bytes:
    """A ballot that somebody forgot to seal."""
    return b'{"answers": {"burnout.drained": 4}, "comment": "It is too much."}'.ljust(4124)


# Keys


@found_as("none left")
def a_key_of_a_closed_round_left(scene: Scene) -> None:
    put_key(scene, f"{scene.acme.round(scene.closed).key_name}.nonce", scene.kept)


@found_as("none left")
def a_key_of_a_closed_round_kept_under_another_name(scene: Scene) -> None:
    put_key(scene, f"{'0' * 32}.nonce", scene.kept)


@found_as("none left")
def a_copy_of_the_key_of_an_open_round(scene: Scene) -> None:
    put_key(scene, "backup.bin", scene.keys.read(scene.acme.round(scene.open).key_name))


@found_as("none left")
def a_file_that_is_no_key(scene: Scene) -> None:
    put_key(scene, "notes.txt", b"see the other folder")


@found_as("private")
def a_key_that_everybody_can_read(scene: Scene) -> None:
    (scene.keys.path / f"{scene.acme.round(scene.open).key_name}.nonce").chmod(0o644)


@found_as("private")
def a_key_directory_that_everybody_can_write_to(scene: Scene) -> None:
    scene.keys.path.chmod(0o777)


@found_as("of open rounds")
def a_wrong_fingerprint(scene: Scene) -> None:
    scene.run("UPDATE round SET key_fingerprint = '0123456789abcdef' WHERE id = :id", id=scene.open)


@found_as("of open rounds")
def a_lost_key(scene: Scene) -> None:
    scene.keys.destroy(scene.acme.round(scene.open).key_name)


@found_as("of open rounds")
def a_damaged_key(scene: Scene) -> None:
    (scene.keys.path / f"{scene.acme.round(scene.open).key_name}.nonce").write_bytes(b"short")


@found_as("place", on=SQLITE)
def keys_beside_the_database(scene: Scene) -> None:
    beside = Path(str(scene.database.url.database)).parent / "keys"
    shutil.copytree(scene.keys.path, beside)
    scene.keys.path = beside


@found_as("place", "none left", "private", on=SQLITE)  # what else lies there is no key
def keys_in_a_folder_that_holds_the_database_further_down(scene: Scene) -> None:
    above = Path(str(scene.database.url.database)).parent.parent
    for key in scene.keys.path.iterdir():
        shutil.copy(key, above / key.name)
    above.chmod(0o700)
    scene.keys.path = above


def put_key(scene: Scene, name: str, content: bytes) -> None:
    """A file in the key directory with the rights of a key."""
    file = scene.keys.path / name
    file.write_bytes(content)
    file.chmod(0o600)


# The ledger


@found_as("coarse")
def a_figure_that_is_finer_than_a_band(scene: Scene) -> None:
    scene.in_ledger("UPDATE ledgerentry SET value = 37 WHERE unit_id = 1 AND kind = 'level'")


@found_as("coarse")
def a_value_that_should_be_withheld(scene: Scene) -> None:
    scene.in_ledger("UPDATE ledgerentry SET people = NULL WHERE unit_id = 1 AND subject = 'comments'")


@found_as("coarse")
def an_exact_number_of_people(scene: Scene) -> None:
    scene.in_ledger("UPDATE ledgerentry SET people = '9' WHERE unit_id = 1 AND subject = 'comments'")


@found_as("coarse")
def a_code_of_another_kind(scene: Scene) -> None:
    scene.in_ledger("UPDATE ledgerentry SET kind = 'tone', driver = '' WHERE unit_id = 1 AND kind = 'level'")


@found_as("coarse")
def a_count_of_the_comments_that_speak_of_a_theme(scene: Scene) -> None:
    scene.in_ledger("UPDATE ledgerentry SET value = 3 WHERE unit_id = 1 AND subject = 'theme.burnout'")


@found_as("coarse")
def a_theme_filed_under_another_driver(scene: Scene) -> None:
    scene.in_ledger("UPDATE ledgerentry SET driver = 'reward' WHERE unit_id = 1 AND subject = 'theme.burnout'")


@found_as("enough people")
def a_theme_told_where_the_others_are_withheld(scene: Scene) -> None:
    scene.in_ledger(
        "UPDATE ledgerentry SET people = NULL, value = NULL WHERE unit_id = 1 AND kind IN ('theme', 'tone')"
        " AND subject <> 'theme.burnout'"
    )


@found_as("enough people")
def a_code_for_more_people_than_a_unit_may_show(scene: Scene) -> None:
    scene.in_ledger("UPDATE ledgerentry SET people = '8+' WHERE unit_id = 3 AND people IS NOT NULL")


@found_as("enough people")
def a_code_under_the_threshold_of_its_round(scene: Scene) -> None:
    scene.run("UPDATE round SET threshold = 8 WHERE id = :id", id=scene.closed)


@found_as("enough people")
def a_code_of_a_unit_that_is_too_small_for_the_question(scene: Scene) -> None:
    rare = next(item for item in bank().values() if item.min_roster > 9)
    asked = scene.acme.round(scene.closed).item_ids
    scene.run(
        "UPDATE round SET item_ids = :items WHERE id = :id", items=json.dumps([rare.id, *asked[1:]]), id=scene.closed
    )
    scene.in_ledger(
        "UPDATE ledgerentry SET subject = :rare, driver = :driver, kind = 'choice', value = 1 WHERE subject = :usual",
        rare=rare.id,
        driver=rare.driver,
        usual=asked[0],
    )


@found_as("enough people")
def a_roster_made_smaller_after_the_round(scene: Scene) -> None:
    scene.run("UPDATE roundunit SET roster = 8 WHERE unit_id = 1 AND round_id = :id", id=scene.closed)


@found_as("enough people")
def participation_that_belies_the_codes(scene: Scene) -> None:
    scene.in_ledger("UPDATE ledgerentry SET value = 0 WHERE unit_id = 1 AND kind = 'participation'")


@found_as("one code")
def two_codes_for_one_question(scene: Scene) -> None:
    scene.run(
        "INSERT INTO ledgerentry (round_id, unit_id, subject, kind, driver, people, value, closed_on)"
        " SELECT round_id, unit_id, subject || '.2', kind, driver, people, value, closed_on FROM ledgerentry"
        " WHERE unit_id = 1 AND kind = 'level'"
    )


@found_as("one code", "indexes", on=POSTGRESQL)
def two_codes_under_one_name(scene: Scene) -> None:
    scene.run("ALTER TABLE ledgerentry DROP CONSTRAINT ledgerentry_pkey")
    scene.run("INSERT INTO ledgerentry SELECT * FROM ledgerentry WHERE unit_id = 1 AND subject = 'comments'")


@found_as("one code")
def a_code_that_was_deleted(scene: Scene) -> None:
    scene.in_ledger("DELETE FROM ledgerentry WHERE unit_id = 1 AND subject = 'comments'")


@found_as("one code")
def one_theme_that_was_deleted(scene: Scene) -> None:
    scene.in_ledger("DELETE FROM ledgerentry WHERE unit_id = 1 AND subject = 'theme.burnout'")


@found_as("one code")
def all_themes_deleted_but_one(scene: Scene) -> None:
    scene.in_ledger("DELETE FROM ledgerentry WHERE unit_id = 1 AND kind = 'theme' AND subject <> 'theme.burnout'")


@found_as("one code")
def a_theme_that_nobody_has_heard_of(scene: Scene) -> None:
    scene.run(
        "INSERT INTO ledgerentry (round_id, unit_id, subject, kind, driver, people, value, closed_on)"
        " SELECT round_id, unit_id, 'theme.intent-to-stay', kind, 'intent-to-stay', people, value, closed_on"
        " FROM ledgerentry WHERE unit_id = 1 AND subject = 'theme.burnout'"
    )


@found_as("one code")
def a_code_of_a_round_that_is_open(scene: Scene) -> None:
    scene.run(
        "INSERT INTO ledgerentry (round_id, unit_id, subject, kind, driver, closed_on)"
        " VALUES (:round, 1, 'comments', 'tone', '', '2026-03-13')",
        round=scene.open,
    )


@found_as("one code")
def a_code_of_a_unit_that_was_not_asked(scene: Scene) -> None:
    scene.run(
        "INSERT INTO unit (id, pulse_id, team_key, name) VALUES (50, 1, '7', 'Shadow')",
        "INSERT INTO ledgerentry (round_id, unit_id, subject, kind, driver, closed_on)"
        " VALUES (:round, 50, 'comments', 'tone', '', '2026-03-06')",
        round=scene.closed,
    )


@found_as("triggers")
def a_dropped_trigger(scene: Scene) -> None:
    scene.run({
        "sqlite": "DROP TRIGGER ledger_stands_UPDATE",
        "postgresql": "DROP TRIGGER ledger_stands ON ledgerentry",
    })  # fmt: skip


@found_as("triggers")
def all_triggers_dropped(scene: Scene) -> None:
    scene.run(
        {"sqlite": "DROP TRIGGER ledger_stands_UPDATE", "postgresql": "DROP FUNCTION ledger_stands CASCADE"},
        {"sqlite": "DROP TRIGGER ledger_stands_DELETE"},
    )


@found_as("triggers")
def a_trigger_that_does_nothing(scene: Scene) -> None:
    body = "CREATE OR REPLACE FUNCTION ledger_stands() RETURNS trigger LANGUAGE plpgsql AS"
    scene.run(
        {
            "sqlite": "DROP TRIGGER ledger_stands_UPDATE",
            "postgresql": f"{body} $$ BEGIN RETURN NEW; END $$",
        },
        {"sqlite": "CREATE TRIGGER ledger_stands_UPDATE BEFORE UPDATE ON ledgerentry WHEN 0 BEGIN SELECT 1; END"},
    )


@found_as("triggers", on=POSTGRESQL)
def a_trigger_that_is_switched_off(scene: Scene) -> None:
    scene.run("ALTER TABLE ledgerentry DISABLE TRIGGER ledger_stands")


@found_as("triggers")
def a_trigger_that_watches_the_box(scene: Scene) -> None:
    scene.run(
        {
            "postgresql": "CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
            "sqlite": "CREATE TRIGGER watch AFTER UPDATE ON slot BEGIN SELECT 1; END",
        },
        {"postgresql": "CREATE TRIGGER watch AFTER UPDATE ON slot FOR EACH ROW EXECUTE FUNCTION watch()"},
    )


@found_as("threshold")
def a_threshold_lowered_for_a_round(scene: Scene) -> None:
    scene.run("UPDATE round SET threshold = 3 WHERE id = :id", id=scene.open)


@found_as("threshold")
def a_threshold_lowered_for_all_rounds_to_come(scene: Scene) -> None:
    scene.threshold(2)


@found_as("rest")
def a_question_asked_again_after_a_week(scene: Scene) -> None:
    scene.run(
        "UPDATE round SET item_ids = (SELECT item_ids FROM round WHERE id = :closed) WHERE id = :open",
        closed=scene.closed,
        open=scene.open,
    )


@found_as("closing days")
def codes_with_a_day_of_their_own(scene: Scene) -> None:
    scene.in_ledger("UPDATE ledgerentry SET closed_on = '2026-03-04' WHERE unit_id = 1 AND subject = 'comments'")


@found_as("scatter")
def a_scatter_of_answers_from_three_units(scene: Scene) -> None:
    scene.run("UPDATE round SET within = 100 WHERE id = :closed", closed=scene.closed)


@found_as("scatter")
def a_scatter_of_answers_that_nobody_has_coded(scene: Scene) -> None:
    scene.run("UPDATE round SET within = 100 WHERE id = :open", open=scene.open)


# What was imported of another tool


@pytest.mark.parametrize(
    "row",
    [
        "1, 'burnout', '2026-02-01', '8+', 6, 9",
        "1, 'burnout', '2026-02-01', '5', 5, 9",
        "1, 'burnout', '2026-02-01', '4', 2, 9",
        "1, 'burnout', '2026-02-01', '8+', 2, 8",
        "1, 'salary', '2026-02-01', '8+', 2, 9",
        "1, 'burnout', '2026-02-03', '8+', 2, 9",
        "1, 'burnout', '2026-03-08', '8+', 2, 9",
    ],
    ids=["a band too many", "too many for five", "four", "everybody", "a driver", "a day", "too late"],
)
def test_an_imported_code_that_murmur_would_not_have_made_is_found(scene: Scene, row: str) -> None:
    imported = "INSERT INTO importedcode (unit_id, driver, closed_on, people, value, roster) VALUES"
    scene.run(f"{imported} (1, 'burnout', '2026-02-22', '8+', 5, 9), (1, 'burnout', '2026-03-01', '5', 4, 6)")
    assert scene.failed() == {}
    scene.run(f"{imported} ({row})")
    assert scene.failed().keys() == {"imported"}


@found_as("imported", on=SQLITE)
def an_imported_code_of_no_unit(scene: Scene) -> None:
    raw = sqlite3.connect(str(scene.database.url.database))
    raw.execute("INSERT INTO importedcode VALUES (99, 'burnout', '2026-02-01', '8+', 2, 9)")
    raw.commit()
    raw.close()


# Rosters


@found_as("frozen")
def somebody_put_on_a_frozen_roster(scene: Scene) -> None:
    scene.run("INSERT INTO rosterentry (period_id, member_id, unit_id) VALUES (1, :guest, 1)", guest=scene.guest)


@found_as("frozen", "messages alike", "owners")
def somebody_taken_off_a_frozen_roster(scene: Scene) -> None:
    scene.run("DELETE FROM rosterentry WHERE member_id = :member", member=scene.vision.members[0])


@found_as("messages alike", "owners")
def somebody_put_in_another_ones_place(scene: Scene) -> None:
    scene.run(
        "UPDATE rosterentry SET member_id = :guest WHERE member_id = :member",
        guest=scene.guest,
        member=scene.vision.members[0],
    )


@found_as("periods")
def rosters_worked_out_again_after_a_week(scene: Scene) -> None:
    scene.run("INSERT INTO rosterperiod (id, pulse_id, starts_on) VALUES (9, 1, '2026-03-10')")


@found_as("units apart", "frozen")
def a_second_unit_of_the_same_team(scene: Scene) -> None:
    scene.run(
        "INSERT INTO unit (id, pulse_id, team_key, name) VALUES (9, 1, '1,2', 'Vision and Platform')",
        "INSERT INTO periodunit (period_id, unit_id, roster, replaced, scored) VALUES (1, 9, 43, 0, TRUE)",
    )


@found_as("large enough")
def a_unit_of_four_that_is_counted(scene: Scene) -> None:
    scene.run(
        "INSERT INTO unit (id, pulse_id, team_key, name) VALUES (9, 1, '9', 'Four')",
        "INSERT INTO periodunit (period_id, unit_id, roster, replaced, scored) VALUES (1, 9, 0, 0, TRUE)",
    )


@found_as("readers")
def a_digest_for_somebody_who_is_counted_in_it(scene: Scene) -> None:
    member = scene.vision.members[0]
    scene.run(
        "INSERT INTO outboxmessage (workspace_id, kind, natural_key, member_id, round_id, unit_id, due_at, state,"
        f" attempts) VALUES (1, 'digest', 'digest:{member}::{scene.closed}:1:', :member, :round, 1,"
        " '2026-03-09 10:00:00.000000', 'sent', 1)",
        member=member,
        round=scene.closed,
    )


@found_as("units apart", "owners")
def somebody_asked_in_two_surveys_at_once(scene: Scene) -> None:
    other = scene.acme.pulse("Another pulse")
    team = scene.acme.team("Elsewhere", 9, pulse_id=other)
    scene.acme.open(TUESDAY + WEEK, other)
    scene.run(
        "UPDATE rosterentry SET member_id = :twice WHERE member_id = :theirs",
        twice=scene.vision.members[0],
        theirs=team.members[0],
    )


# Files and servers


@found_as("wiped", on=SQLITE)
def rows_deleted_and_not_overwritten(scene: Scene) -> None:
    scene.leave_behind(b"nothing in particular " * 200)


@found_as("wiped", "plain ballots", on=SQLITE)
def ballots_deleted_and_not_overwritten(scene: Scene) -> None:
    scene.leave_behind(plain_ballot())


@found_as("rights", on=POSTGRESQL)
def tables_that_everybody_may_read(scene: Scene) -> None:
    scene.run("GRANT SELECT ON slot TO PUBLIC")


@found_as("server settings", on=POSTGRESQL)
def a_server_that_writes_every_change_down(scene: Scene) -> None:
    set_for_database(scene, "log_statement = 'mod'")


@found_as("server settings", on=POSTGRESQL)
def a_server_that_passes_over_triggers(scene: Scene) -> None:
    set_for_database(scene, "session_replication_role = 'replica'")


def set_for_database(scene: Scene, setting: str) -> None:
    """A setting of the database, for connections to come."""
    scene.run(f'ALTER DATABASE "{scene.database.url.database}" SET {setting}')


@pytest.mark.parametrize(
    ("sabotage", "checks", "dialect"),
    [
        pytest.param(sabotage, checks, dialect, id=f"{sabotage.__name__}-{dialect}")
        for sabotage, checks, dialects in CASES
        for dialect in dialects
    ],
)
def test_sabotage_is_found_and_called_by_its_name(scene: Scene, sabotage: Sabotage, checks: frozenset[str]) -> None:
    sabotage(scene)
    assert scene.failed().keys() == checks
