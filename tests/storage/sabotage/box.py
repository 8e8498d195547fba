"""Sabotage of the ballot box."""

import os

from tests.storage.sabotage.cases import POSTGRESQL, SQLITE, Cases
from tests.support.vandal import Scene, noise, plain_ballot

cases = Cases()


@cases.found_as("closed rounds")
def a_ballot_of_a_closed_round_kept(scene: Scene) -> None:
    scene.run(
        "INSERT INTO slot (round_id, id, group_number, sealed) VALUES (:round, :id, 0, :sealed)",
        round=scene.closed,
        id=os.urandom(16),
        sealed=noise(),
    )


@cases.found_as("one for everybody", "groups")
def only_those_who_answered_have_a_ballot(scene: Scene) -> None:
    scene.run("DELETE FROM slot WHERE id = :id", id=scene.slot().id)


@cases.found_as("all alike")
def a_ballot_that_is_longer(scene: Scene) -> None:
    scene.reseal(lambda slot: (slot.id, slot.sealed + b"!"))


@cases.found_as("all alike", "owners")
def an_id_that_is_no_hash(scene: Scene) -> None:
    scene.reseal(lambda slot: (b"member 0005", slot.sealed))


@cases.found_as("owners")
def a_ballot_of_nobody(scene: Scene) -> None:
    scene.reseal(lambda slot: (os.urandom(16), slot.sealed))


@cases.found_as("sealed", "plain ballots", on=SQLITE)
def a_ballot_in_plain_words(scene: Scene) -> None:
    scene.reseal(lambda slot: (slot.id, plain_ballot()))


@cases.found_as("sealed", on=POSTGRESQL)
def a_ballot_in_plain_words_on_a_server(scene: Scene) -> None:
    scene.reseal(lambda slot: (slot.id, plain_ballot()))


@cases.found_as("sealed")
def a_ballot_in_letters_and_digits_that_only_look_sealed(scene: Scene) -> None:
    scene.reseal(lambda slot: (slot.id, noise().hex().encode()[:4124]))


@cases.found_as("sealed")
def two_ballots_with_the_same_content(scene: Scene) -> None:
    other = scene.slot(1)
    scene.reseal(lambda slot: (slot.id, slot.sealed[:12] + other.sealed[12:]))


@cases.found_as("sealed")
def a_number_used_twice(scene: Scene) -> None:
    other = scene.slot(1)
    scene.reseal(lambda slot: (slot.id, other.sealed[:12] + slot.sealed[12:]))


@cases.found_as("groups")
def a_group_of_one(scene: Scene) -> None:
    scene.run("UPDATE slot SET group_number = 99 WHERE id = :id", id=scene.slot().id)


@cases.found_as("no order", on=POSTGRESQL)
def ones_own_ballot_written_alone(scene: Scene) -> None:
    scene.run("UPDATE slot SET sealed = :sealed WHERE id = :id", id=scene.slot().id, sealed=noise())


@cases.found_as("no order", on=SQLITE)
def a_box_with_row_numbers(scene: Scene) -> None:
    scene.run(
        "CREATE TABLE box (round_id INTEGER NOT NULL, id BLOB NOT NULL, group_number INTEGER NOT NULL,"
        " sealed BLOB NOT NULL, PRIMARY KEY (round_id, id))",
        "INSERT INTO box SELECT * FROM slot",
        "DROP TABLE slot",
        "ALTER TABLE box RENAME TO slot",
        "CREATE INDEX ix_slot_group ON slot (round_id, group_number)",
    )


@cases.found_as("rounds")
def something_else_in_place_of_a_fingerprint(scene: Scene) -> None:
    scene.run("UPDATE round SET key_fingerprint = 'U0005 answered 4' WHERE id = :id", id=scene.closed)
