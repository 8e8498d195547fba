"""Sabotage of the ledger, and of what was imported of another tool."""

import json
import sqlite3

from surveys.questions import bank
from tests.storage.sabotage.cases import POSTGRESQL, SQLITE, Cases
from tests.support.vandal import Scene

cases = Cases()


@cases.found_as("coarse")
def a_figure_that_is_finer_than_a_band(scene: Scene) -> None:
    scene.in_ledger("UPDATE ledgerentry SET value = 37 WHERE unit_id = 1 AND kind = 'level'")


@cases.found_as("coarse")
def a_value_that_should_be_withheld(scene: Scene) -> None:
    scene.in_ledger("UPDATE ledgerentry SET people = NULL WHERE unit_id = 1 AND subject = 'comments'")


@cases.found_as("coarse")
def an_exact_number_of_people(scene: Scene) -> None:
    scene.in_ledger("UPDATE ledgerentry SET people = '9' WHERE unit_id = 1 AND subject = 'comments'")


@cases.found_as("coarse")
def a_code_of_another_kind(scene: Scene) -> None:
    scene.in_ledger("UPDATE ledgerentry SET kind = 'tone', driver = '' WHERE unit_id = 1 AND kind = 'level'")


@cases.found_as("coarse")
def a_count_of_the_comments_that_speak_of_a_theme(scene: Scene) -> None:
    scene.in_ledger("UPDATE ledgerentry SET value = 3 WHERE unit_id = 1 AND subject = 'theme.burnout'")


@cases.found_as("coarse")
def a_theme_filed_under_another_driver(scene: Scene) -> None:
    scene.in_ledger("UPDATE ledgerentry SET driver = 'reward' WHERE unit_id = 1 AND subject = 'theme.burnout'")


@cases.found_as("enough people")
def a_theme_told_where_the_others_are_withheld(scene: Scene) -> None:
    scene.in_ledger(
        "UPDATE ledgerentry SET people = NULL, value = NULL WHERE unit_id = 1 AND kind IN ('theme', 'tone')"
        " AND subject <> 'theme.burnout'"
    )


@cases.found_as("enough people")
def a_code_for_more_people_than_a_unit_may_show(scene: Scene) -> None:
    scene.in_ledger("UPDATE ledgerentry SET people = '8+' WHERE unit_id = 3 AND people IS NOT NULL")


@cases.found_as("enough people")
def a_code_under_the_threshold_of_its_round(scene: Scene) -> None:
    scene.run("UPDATE round SET threshold = 8 WHERE id = :id", id=scene.closed)


@cases.found_as("enough people")
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


@cases.found_as("enough people")
def a_roster_made_smaller_after_the_round(scene: Scene) -> None:
    scene.run("UPDATE roundunit SET roster = 8 WHERE unit_id = 1 AND round_id = :id", id=scene.closed)


@cases.found_as("enough people")
def participation_that_belies_the_codes(scene: Scene) -> None:
    scene.in_ledger("UPDATE ledgerentry SET value = 0 WHERE unit_id = 1 AND kind = 'participation'")


@cases.found_as("one code")
def two_codes_for_one_question(scene: Scene) -> None:
    scene.run(
        "INSERT INTO ledgerentry (round_id, unit_id, subject, kind, driver, people, value, closed_on)"
        " SELECT round_id, unit_id, subject || '.2', kind, driver, people, value, closed_on FROM ledgerentry"
        " WHERE unit_id = 1 AND kind = 'level'"
    )


@cases.found_as("one code", "indexes", on=POSTGRESQL)
def two_codes_under_one_name(scene: Scene) -> None:
    scene.run("ALTER TABLE ledgerentry DROP CONSTRAINT ledgerentry_pkey")
    scene.run("INSERT INTO ledgerentry SELECT * FROM ledgerentry WHERE unit_id = 1 AND subject = 'comments'")


@cases.found_as("one code")
def a_code_that_was_deleted(scene: Scene) -> None:
    scene.in_ledger("DELETE FROM ledgerentry WHERE unit_id = 1 AND subject = 'comments'")


@cases.found_as("one code")
def one_theme_that_was_deleted(scene: Scene) -> None:
    scene.in_ledger("DELETE FROM ledgerentry WHERE unit_id = 1 AND subject = 'theme.burnout'")


@cases.found_as("one code")
def all_themes_deleted_but_one(scene: Scene) -> None:
    scene.in_ledger("DELETE FROM ledgerentry WHERE unit_id = 1 AND kind = 'theme' AND subject <> 'theme.burnout'")


@cases.found_as("one code")
def a_theme_that_nobody_has_heard_of(scene: Scene) -> None:
    scene.run(
        "INSERT INTO ledgerentry (round_id, unit_id, subject, kind, driver, people, value, closed_on)"
        " SELECT round_id, unit_id, 'theme.intent-to-stay', kind, 'intent-to-stay', people, value, closed_on"
        " FROM ledgerentry WHERE unit_id = 1 AND subject = 'theme.burnout'"
    )


@cases.found_as("one code")
def a_code_of_a_round_that_is_open(scene: Scene) -> None:
    scene.run(
        "INSERT INTO ledgerentry (round_id, unit_id, subject, kind, driver, closed_on)"
        " VALUES (:round, 1, 'comments', 'tone', '', '2026-03-13')",
        round=scene.open,
    )


@cases.found_as("one code")
def a_code_of_a_unit_that_was_not_asked(scene: Scene) -> None:
    scene.run(
        "INSERT INTO unit (id, pulse_id, team_key, name) VALUES (50, 1, '7', 'Shadow')",
        "INSERT INTO ledgerentry (round_id, unit_id, subject, kind, driver, closed_on)"
        " VALUES (:round, 50, 'comments', 'tone', '', '2026-03-06')",
        round=scene.closed,
    )


@cases.found_as("triggers")
def a_dropped_trigger(scene: Scene) -> None:
    scene.run({
        "sqlite": "DROP TRIGGER ledger_stands_UPDATE",
        "postgresql": "DROP TRIGGER ledger_stands ON ledgerentry",
    })  # fmt: skip


@cases.found_as("triggers")
def all_triggers_dropped(scene: Scene) -> None:
    scene.run(
        {"sqlite": "DROP TRIGGER ledger_stands_UPDATE", "postgresql": "DROP FUNCTION ledger_stands CASCADE"},
        {"sqlite": "DROP TRIGGER ledger_stands_DELETE"},
    )


@cases.found_as("triggers")
def a_trigger_that_does_nothing(scene: Scene) -> None:
    body = "CREATE OR REPLACE FUNCTION ledger_stands() RETURNS trigger LANGUAGE plpgsql AS"
    scene.run(
        {
            "sqlite": "DROP TRIGGER ledger_stands_UPDATE",
            "postgresql": f"{body} $$ BEGIN RETURN NEW; END $$",
        },
        {"sqlite": "CREATE TRIGGER ledger_stands_UPDATE BEFORE UPDATE ON ledgerentry WHEN 0 BEGIN SELECT 1; END"},
    )


@cases.found_as("triggers", on=POSTGRESQL)
def a_trigger_that_is_switched_off(scene: Scene) -> None:
    scene.run("ALTER TABLE ledgerentry DISABLE TRIGGER ledger_stands")


@cases.found_as("triggers")
def a_trigger_that_watches_the_box(scene: Scene) -> None:
    scene.run(
        {
            "postgresql": "CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
            "sqlite": "CREATE TRIGGER watch AFTER UPDATE ON slot BEGIN SELECT 1; END",
        },
        {"postgresql": "CREATE TRIGGER watch AFTER UPDATE ON slot FOR EACH ROW EXECUTE FUNCTION watch()"},
    )


@cases.found_as("threshold")
def a_threshold_lowered_for_a_round(scene: Scene) -> None:
    scene.run("UPDATE round SET threshold = 3 WHERE id = :id", id=scene.open)


@cases.found_as("threshold")
def a_threshold_lowered_for_all_rounds_to_come(scene: Scene) -> None:
    scene.threshold(2)


@cases.found_as("rest")
def a_question_asked_again_after_a_week(scene: Scene) -> None:
    scene.run(
        "UPDATE round SET item_ids = (SELECT item_ids FROM round WHERE id = :closed) WHERE id = :open",
        closed=scene.closed,
        open=scene.open,
    )


@cases.found_as("closing days")
def codes_with_a_day_of_their_own(scene: Scene) -> None:
    scene.in_ledger("UPDATE ledgerentry SET closed_on = '2026-03-04' WHERE unit_id = 1 AND subject = 'comments'")


@cases.found_as("scatter")
def a_scatter_of_answers_from_three_units(scene: Scene) -> None:
    scene.run("UPDATE round SET within = 100 WHERE id = :closed", closed=scene.closed)


@cases.found_as("scatter")
def a_scatter_of_answers_that_nobody_has_coded(scene: Scene) -> None:
    scene.run("UPDATE round SET within = 100 WHERE id = :open", open=scene.open)


@cases.found_as("imported", on=SQLITE)
def an_imported_code_of_no_unit(scene: Scene) -> None:
    raw = sqlite3.connect(str(scene.database.url.database))
    raw.execute("INSERT INTO importedcode VALUES (99, 'burnout', '2026-02-01', '8+', 2, 9)")
    raw.commit()
    raw.close()
