"""Leaks of many kinds, put into Murmur's database: the theft of the demonstration finds them all."""

import hmac
import json
import random
import re
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from surveys.questions import scales
from tests.support.heist import PEOPLE, WORDS, Scene
from tests.support.organisation import SECRET


def test_plain_answers_in_order_of_arrival_would_give_murmur_away(scene: Scene) -> None:
    contents = [(json.dumps({"answers": answers}),) for _, answers in scene.truth]
    scene.sabotage("CREATE TABLE answer (content TEXT)", "INSERT INTO answer VALUES (?)", contents)
    scene.sabotage("CREATE TABLE taken_part (member_id INTEGER)", "INSERT INTO taken_part VALUES (?)", scene.members())
    assert scene.steal()["murmur"]["matched"] == len(scene.truth)


def test_one_answer_a_row_would_give_murmur_away(scene: Scene) -> None:
    rows = [
        (place // (PEOPLE - 3), question, number)
        for place, (_, answers) in enumerate(scene.truth)
        for question, number in answers.items()
    ]
    schema = "CREATE TABLE answer (id INTEGER PRIMARY KEY, round_id INTEGER, question TEXT, number INTEGER)"
    scene.sabotage(schema, "INSERT INTO answer (round_id, question, number) VALUES (?, ?, ?)", rows)
    scene.sabotage("CREATE TABLE taken_part (member_id INTEGER)", "INSERT INTO taken_part VALUES (?)", scene.members())
    assert scene.steal()["murmur"]["matched"] == len(scene.truth)


def test_a_keyed_hash_of_the_person_would_give_murmur_away(scene: Scene) -> None:
    rows = [
        (hmac.new(SECRET.encode(), who.encode(), sha256).hexdigest(), json.dumps(answers))
        for who, answers in random.Random(1).sample(scene.truth, len(scene.truth))
    ]
    scene.sabotage("CREATE TABLE answer (who TEXT, content TEXT)", "INSERT INTO answer VALUES (?, ?)", rows)
    assert scene.steal()["murmur"]["matched"] == len(scene.truth)


def test_a_token_that_stands_in_two_tables_would_give_murmur_away(scene: Scene) -> None:
    invited = [(who, f"token {number}") for number, (who, _) in enumerate(scene.truth)]
    answers = [(f"token {number}", json.dumps(answers)) for number, (_, answers) in enumerate(scene.truth)]
    random.Random(1).shuffle(answers)
    scene.sabotage("CREATE TABLE invited (slack_id TEXT, token TEXT)", "INSERT INTO invited VALUES (?, ?)", invited)
    scene.sabotage("CREATE TABLE answer (token TEXT, content TEXT)", "INSERT INTO answer VALUES (?, ?)", answers)
    assert scene.steal()["murmur"]["matched"] == len(scene.truth)


def leak(scene: Scene, schema: str, rows: Iterable[Sequence[object]]) -> dict[str, Any]:
    """What the attack finds in a Murmur that has one more table."""
    kept = list(rows)
    marks = ", ".join("?" * len(kept[0]))
    scene.sabotage(f"CREATE TABLE leak ({schema})", f"INSERT INTO leak VALUES ({marks})", kept)
    murmur: dict[str, Any] = scene.steal()["murmur"]
    return murmur


def shuffled(scene: Scene) -> list[tuple[str, dict[str, int]]]:
    """Who answered what, in no order that tells anything."""
    return random.Random(1).sample(scene.truth, len(scene.truth))


def label(scene: Scene, question: str, number: int) -> str:
    return scales()[scene.company.questions[question].scale].labels[number - 1]


def test_one_round_of_plain_answers_beside_names_is_found(scene: Scene) -> None:
    latest = scene.truth[-(PEOPLE - 3) :]
    rows = [(who, question, number) for who, answers in latest for question, number in answers.items()]
    murmur = leak(scene, "who TEXT, question TEXT, number INTEGER", rows)
    assert (murmur["matched"], murmur["traced"]) == (len(latest), True)


def test_answers_as_numeric_strings_beside_names_are_found(scene: Scene) -> None:
    rows = [
        (scene.company.people[who], json.dumps({question: str(number) for question, number in answers.items()}))
        for who, answers in shuffled(scene)
    ]
    assert leak(scene, "name TEXT, content TEXT", rows)["matched"] == len(scene.truth)


def test_answers_as_labels_beside_names_are_found(scene: Scene) -> None:
    rows = [
        (scene.company.people[who], json.dumps({one: label(scene, one, number) for one, number in answers.items()}))
        for who, answers in shuffled(scene)
    ]
    assert leak(scene, "name TEXT, content TEXT", rows)["matched"] == len(scene.truth)


def test_a_column_of_labels_for_each_question_is_found(scene: Scene) -> None:
    questions = sorted({question for _, answers in scene.truth for question in answers})
    rows = [
        (who, *(label(scene, one, answers[one]) if one in answers else None for one in questions))
        for who, answers in shuffled(scene)
    ]
    columns = ", ".join(f'"{question}" TEXT' for question in questions)
    assert leak(scene, f"name TEXT, {columns}", rows)["matched"] == len(scene.truth)


def test_a_plain_comment_beside_a_name_is_found(scene: Scene) -> None:
    company = scene.company
    rows = [(company.people[who], words) for who, words in random.Random(1).sample(company.written, 20)]
    own = (company.people[company.victim], WORDS)
    murmur = leak(scene, "name TEXT, text TEXT", [*(row for row in rows if row != own), own])
    assert (murmur["matched"], murmur["traced"]) == (len({*rows, own}), True)
    assert (murmur["comment"], murmur["found"]) == (WORDS, [])


def test_a_single_comment_beside_its_authors_name_counts_too(scene: Scene) -> None:
    murmur = leak(scene, "name TEXT, text TEXT", [(scene.company.people[scene.company.victim], WORDS)])
    assert murmur["matched"] == 1
    assert "the best traces 1 set of answers. Trying as many ways at random would seem to trace up to" in murmur["how"]


def test_an_id_in_the_same_json_as_the_answers_is_found(scene: Scene) -> None:
    rows = [(json.dumps({"user": who, **answers}),) for who, answers in shuffled(scene)]
    assert leak(scene, "content TEXT", rows)["matched"] == len(scene.truth)


@pytest.mark.parametrize("nested", [False, True])
def test_one_value_with_everybodys_ids_and_answers_is_found(scene: Scene, nested: bool) -> None:
    everybody = [
        {"user": who, "answers": answers} if nested else {"user": who, **answers} for who, answers in shuffled(scene)
    ]
    assert leak(scene, "content TEXT", [(json.dumps(everybody),)])["matched"] == len(scene.truth)


def test_answers_by_id_in_one_json_object_are_found(scene: Scene) -> None:
    latest = dict(shuffled(scene))
    assert leak(scene, "content TEXT", [(json.dumps(latest),)])["matched"] == len(latest)


@pytest.mark.parametrize("kind", ["INTEGER", "TEXT"])
def test_a_log_that_names_people_in_a_third_of_its_rows_gives_the_order_away(scene: Scene, kind: str) -> None:
    contents = [(json.dumps(answers),) for _, answers in scene.truth]
    numbers = {slack_id: str(member) for member, slack_id in scene.company.slack_id.items()}
    log: list[tuple[str, str | None]] = []
    for who, _ in scene.truth:
        log += [("sealed again", None), ("answered", numbers[who] if kind == "INTEGER" else who), ("wiped", None)]
    scene.sabotage(f"CREATE TABLE log (event TEXT, member {kind})", "INSERT INTO log VALUES (?, ?)", log)
    assert leak(scene, "content TEXT", contents)["matched"] == len(scene.truth)


def test_rows_of_one_kind_in_a_log_give_the_order_away(scene: Scene) -> None:
    everybody = sorted(scene.company.people)
    log: list[tuple[str, str]] = []
    for place, (who, _) in enumerate(scene.truth):
        log += [("invited", everybody[place % len(everybody)]), ("answered", f"{who} has sent the form")]
    scene.sabotage("CREATE TABLE log (event TEXT, line TEXT)", "INSERT INTO log VALUES (?, ?)", log)
    contents = [(json.dumps(answers),) for _, answers in scene.truth]
    assert leak(scene, "content TEXT", contents)["matched"] == len(scene.truth)


def test_all_but_one_of_each_persons_answers_beside_their_names_are_found(scene: Scene) -> None:
    rows = [(who, json.dumps(dict(list(answers.items())[1:]))) for who, answers in shuffled(scene)]
    murmur = leak(scene, "name TEXT, content TEXT", rows)
    given = sum(len(answers) for _, answers in scene.truth)
    assert (murmur["matched"], murmur["traced"]) == (len(scene.truth), True)
    assert f"{given - len(scene.truth)} of {given} single answers stand beside the right name" in murmur["how"]
    assert "A set counts here when at least half of its answers do." in murmur["how"]


def test_one_answer_of_each_person_beside_their_names_is_told(scene: Scene) -> None:
    rows = [
        (who, question, number) for who, answers in shuffled(scene) for question, number in list(answers.items())[:1]
    ]
    murmur = leak(scene, "name TEXT, question TEXT, number INTEGER", rows)
    assert murmur["traced"]
    assert re.search(r"\d\d of \d+ single answers stand beside the right name", murmur["how"])


def test_one_answer_a_row_in_no_order_is_found_by_the_name_in_it(scene: Scene) -> None:
    rows = [(who, question, number) for who, answers in scene.truth for question, number in answers.items()]
    random.Random(1).shuffle(rows)
    assert leak(scene, "name TEXT, question TEXT, number INTEGER", rows)["matched"] > len(scene.truth) * 0.9


def test_a_pseudonym_that_one_table_explains_gives_every_round_away(scene: Scene) -> None:
    pseudonyms = {who: f"pseudonym {number}" for number, who in enumerate(sorted(scene.company.people))}
    scene.sabotage("CREATE TABLE known (who TEXT, token TEXT)", "INSERT INTO known VALUES (?, ?)", pseudonyms.items())
    rows = [(pseudonyms[who], json.dumps(answers)) for who, answers in shuffled(scene)]
    assert leak(scene, "token TEXT, content TEXT", rows)["matched"] == len(scene.truth)


def test_figures_of_groups_are_linked_like_everything_else_and_tell_as_much_as_chance(scene: Scene) -> None:
    rng = random.Random(4)
    groups = [
        (week, unit, rng.choice(list(scene.truth[0][1])), rng.randint(1, 5)) for week in range(30) for unit in "ab"
    ]
    murmur = leak(scene, "round_id INTEGER, unit TEXT, subject TEXT, value INTEGER", groups)
    assert (murmur["matched"], murmur["traced"], murmur["found"]) == (0, False, [])
    assert re.search(r"rows of leak.* laid it beside people in [\d,]+ ways", murmur["how"])
    assert re.search(r"the best traces no set of answers\. .* to trace up to \d+ by luck\.", murmur["how"])


def sealed_with_the_secret(scene: Scene) -> list[tuple[str, bytes]]:
    """Names, and answers under a key that a thief has."""
    cipher = AESGCM(sha256(SECRET.encode()).digest())
    rows = []
    for number, (who, answers) in enumerate(scene.truth):
        nonce = sha256(str(number).encode()).digest()[:12]
        rows.append((scene.company.people[who], nonce + cipher.encrypt(nonce, json.dumps(answers).encode(), None)))
    return rows


def test_a_key_made_of_the_secret_alone_would_give_murmur_away(scene: Scene) -> None:
    rows = sealed_with_the_secret(scene)
    assert leak(scene, "who TEXT, sealed BLOB", rows)["matched"] == len(scene.truth)


def test_rows_that_were_sealed_and_deleted_but_not_wiped_are_opened_in_the_bytes(scene: Scene) -> None:
    schema, insert = "CREATE TABLE leak (name TEXT, sealed BLOB)", "INSERT INTO leak VALUES (?, ?)"
    scene.sabotage(schema, insert, sealed_with_the_secret(scene))
    with closing(sqlite3.connect(scene.folder / "database" / "murmur.db")) as connection, connection:
        connection.execute("PRAGMA secure_delete=OFF")
        connection.execute("DELETE FROM leak")
    assert scene.steal()["murmur"]["matched"] > len(scene.truth) * 0.9


def test_answers_that_were_deleted_but_not_wiped_are_found_in_the_bytes(scene: Scene) -> None:
    with closing(sqlite3.connect(scene.folder / "naive.db")) as connection, connection:
        connection.execute("PRAGMA secure_delete=OFF")
        connection.execute("DELETE FROM responses")
    assert scene.steal()["naive"]["matched"] > len(scene.truth) * 0.9
