"""Sabotage of what is kept about people: tables, columns, indexes and messages."""

from storage.tables import Round
from tests.storage.sabotage.cases import POSTGRESQL, SQLITE, Cases
from tests.support.organisation import TUESDAY, WEEK
from tests.support.vandal import Scene

cases = Cases()


@cases.found_as("tables")
def a_table_of_answers_beside_members(scene: Scene) -> None:
    scene.run("CREATE TABLE answers (member_id INTEGER, content TEXT)")


@cases.found_as("tables")
def a_table_outside_of_murmurs_own_schema(scene: Scene) -> None:
    scene.run(
        {"postgresql": "CREATE SCHEMA attic"},
        {"postgresql": "CREATE TABLE attic.member (id INTEGER)", "sqlite": "CREATE TABLE attic (id INTEGER)"},
    )


@cases.found_as("tables", "fine times")
def a_log_of_who_did_what_when(scene: Scene) -> None:
    scene.run("CREATE TABLE log (member_id INTEGER, what TEXT, at TIMESTAMP)")


@cases.found_as("tables")
def a_view(scene: Scene) -> None:
    scene.run("CREATE VIEW late AS SELECT member_id FROM outboxmessage WHERE state = 'waiting'")


@cases.found_as("tables", on=POSTGRESQL)
def a_counter(scene: Scene) -> None:
    scene.run("CREATE SEQUENCE ballots_cast")


@cases.found_as("tables", on=POSTGRESQL)
def a_rule(scene: Scene) -> None:
    scene.run("CREATE RULE quiet AS ON DELETE TO slot DO ALSO NOTHING")


@cases.found_as("columns")
def a_column_that_says_who_took_part(scene: Scene) -> None:
    scene.run("ALTER TABLE rosterentry ADD COLUMN answered BOOLEAN")


@cases.found_as("columns", "fine times")
def a_time_at_which_somebody_was_seen(scene: Scene) -> None:
    scene.run("ALTER TABLE member ADD COLUMN seen_at TIMESTAMP")


@cases.found_as("columns", "fine times", on=POSTGRESQL)
def a_date_that_became_a_time(scene: Scene) -> None:
    scene.run("ALTER TABLE member ALTER COLUMN paused_until TYPE TIMESTAMPTZ")


@cases.found_as("values", "fine times", "rows", on=SQLITE)
def a_time_in_a_column_of_dates(scene: Scene) -> None:
    scene.run("UPDATE member SET paused_until = '2026-03-10 10:11:12.5' WHERE id = 5")


@cases.found_as("values", "rows", on=SQLITE)
def words_in_a_column_of_numbers(scene: Scene) -> None:
    scene.run("UPDATE round SET item_ids = 7")


@cases.found_as("indexes")
def an_index_that_keeps_another_order(scene: Scene) -> None:
    scene.run("CREATE INDEX ix_latest ON slot (round_id, group_number, id)")


@cases.found_as("indexes")
def the_same_index_twice(scene: Scene) -> None:
    scene.run("CREATE INDEX ix_again ON slot (round_id, group_number)")


@cases.found_as("indexes")
def an_index_by_an_expression(scene: Scene) -> None:
    scene.run("CREATE INDEX ix_half ON slot (length(sealed))")


@cases.found_as("indexes")
def an_index_that_was_dropped(scene: Scene) -> None:
    scene.run("DROP INDEX ix_promise_open")


@cases.found_as("messages")
def a_message_that_thanks_for_answering(scene: Scene) -> None:
    scene.run(
        "INSERT INTO outboxmessage (workspace_id, kind, natural_key, member_id, round_id, due_at, state, attempts)"
        " VALUES (1, 'thanks', 'thanks:5', 5, :round, '2026-03-10 10:00:00.000000', 'sent', 1)",
        round=scene.open,
    )


@cases.found_as("messages")
def a_mark_in_the_name_of_a_message(scene: Scene) -> None:
    scene.run("UPDATE outboxmessage SET natural_key = natural_key || :mark WHERE member_id = 5", mark=":answered")


@cases.found_as("messages")
def a_message_to_a_leader_about_no_request_to_them(scene: Scene) -> None:
    scene.run(
        "INSERT INTO outboxmessage (workspace_id, kind, natural_key, member_id, unit_id, due_at, state, attempts)"
        " VALUES (1, 'request', :key, 5, 1, '2026-03-10 10:00:00.000000', 'sent', 1)",
        key="request:5:::1::99",
    )


@cases.found_as("requests")
def a_request_that_was_declined_without_a_reason(scene: Scene) -> None:
    scene.run(
        "INSERT INTO request (unit_id, driver, member_id, leader_id, form_key, text, state, made_on, ended_on)"
        f" VALUES (1, 'purpose', {scene.reader}, {scene.guest}, 'x', 'y', 'declined', '2026-03-09', '2026-03-10')"
    )


@cases.found_as("messages alike")
def reminders_only_for_those_who_did_not_answer(scene: Scene) -> None:
    forget(scene, scene.answered, "reminder")


@cases.found_as("messages alike")
def no_reminder_for_one_who_answered(scene: Scene) -> None:
    forget(scene, scene.answered[:1], "reminder")


@cases.found_as("messages alike")
def messages_only_for_those_who_did_not_answer(scene: Scene) -> None:
    forget(scene, scene.answered, "reminder")
    forget(scene, scene.answered, "invitation")


@cases.found_as("messages alike")
def another_hour_for_those_who_did_not_answer(scene: Scene) -> None:
    listed = ", ".join(map(str, scene.answered))
    scene.run(
        f"UPDATE outboxmessage SET due_at = :due WHERE kind = 'reminder' AND member_id NOT IN ({listed})",
        due="2026-03-12 08:00:00.000000",
    )


@cases.found_as("messages alike")
def reminders_of_those_who_answered_kept_until_it_is_too_late(scene: Scene) -> None:
    listed = ", ".join(map(str, scene.answered))
    scene.run(
        f"UPDATE outboxmessage SET not_before = :moment WHERE kind = 'reminder' AND member_id IN ({listed})",
        moment="2026-03-14 03:00:00.000000",
    )


@cases.found_as("messages alike")
def a_message_to_somebody_who_is_not_asked(scene: Scene) -> None:
    scene.run(
        "INSERT INTO outboxmessage (workspace_id, kind, natural_key, member_id, round_id, due_at, state, attempts)"
        f" VALUES (1, 'invitation', 'invitation:{scene.guest}::{scene.open}::', :guest, :round,"
        " '2026-03-10 10:00:00.000000', 'sent', 1)",
        round=scene.open,
        guest=scene.guest,
    )


@cases.found_as("messages gone")
def invitations_of_a_closed_round_kept(scene: Scene) -> None:
    scene.run(
        "INSERT INTO outboxmessage (workspace_id, kind, natural_key, member_id, round_id, due_at, state, attempts)"
        f" VALUES (1, 'invitation', 'invitation:5::{scene.closed}::', 5, :round,"
        " '2026-03-03 10:00:00.000000', 'sent', 1)",
        round=scene.closed,
    )


@cases.found_as("messages gone")
def word_that_a_round_was_called_off_which_was_not(scene: Scene) -> None:
    tell_that_it_was_called_off(scene, scene.closed, "waiting")


@cases.found_as("messages gone")
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
