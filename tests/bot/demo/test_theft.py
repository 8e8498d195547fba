"""The theft of the demonstration: it bites where it can, and its figure for Murmur is the outcome of a real attempt."""

import json
import random
import re
import shutil
import sqlite3
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

import bot.sandbox
from bot.demo.theft import Shared
from surveys.questions import scales
from surveys.sealing import Ballot
from tests.support.heist import PEOPLE, ROUNDS, WORDS, Scene
from tests.support.organisation import FRIDAY


def test_every_answer_in_the_naive_file_is_traced_to_the_person_who_gave_it(scene: Scene) -> None:
    naive = scene.steal()["naive"]
    assert naive["matched"] == naive["of"] == len(scene.truth) == ROUNDS * (PEOPLE - 3)


def test_the_thief_reads_what_somebody_answered_last_and_wrote(scene: Scene) -> None:
    naive = scene.steal()["naive"]
    company = scene.company
    latest = [answers for who, answers in scene.truth if who == company.victim][-1]
    assert {(one["question"], one["answer"]) for one in naive["found"]} == {
        (item.text, scales()[item.scale].labels[number - 1])
        for item_id, number in latest.items()
        for item in [company.questions[item_id]]
    }
    assert naive["comment"] == WORDS
    assert naive["person"] == company.people[company.victim]


def test_rows_that_the_attack_put_together_are_shown_side_by_side(scene: Scene) -> None:
    naive = scene.steal()["naive"]
    people, answers = naive["tables"][:2]
    assert (people["name"], answers["name"]) == ("completions", "responses")
    assert [people["rows"][there][2] for there, _ in naive["pairs"]] == ["week 3"] * len(naive["pairs"])
    there, here = naive["pairs"][naive["own"]]
    assert scene.company.victim in people["rows"][there]
    assert WORDS in answers["rows"][here]


def test_murmur_in_mid_round_gives_nobody_away(scene: Scene) -> None:
    murmur = scene.steal()["murmur"]
    assert (murmur["matched"], murmur["found"], murmur["comment"], murmur["keys"]) == (0, [], "", 0)
    assert murmur["of"] == len(scene.truth)
    slots = murmur["tables"][0]
    assert (slots["name"], slots["total"]) == ("slot", PEOPLE)
    assert murmur["how"].startswith(
        "42 of 63 sets of answers were deleted when their round closed. 24 sealed places lie there now, one for"
        " everybody asked, and 21 of them hold a set of answers; the file does not tell that. None opens with any of "
    )
    assert re.search(r"any of [\d,]{3,} keys, and none tells whose it is\.", murmur["how"])
    assert "single answers" not in murmur["how"]


def test_murmur_after_the_close_holds_no_ballot_at_all(beginning: Scene) -> None:
    beginning.company.acme.close(beginning.company.weeks())
    murmur = beginning.steal()["murmur"]
    assert (murmur["matched"], murmur["found"], murmur["comment"], murmur["keys"]) == (0, [], "", 0)
    assert (murmur["tables"][0]["name"], murmur["tables"][0]["total"]) == ("slot", 0)
    assert murmur["how"].startswith(
        "All 63 sets of answers were deleted when their round closed. Nothing sealed lies in the file."
    )


def test_a_key_that_lies_beside_the_database_opens_the_round(scene: Scene) -> None:
    for nonce in (scene.folder / "keys").iterdir():
        shutil.copy(nonce, scene.folder / "database")
    murmur = scene.steal()["murmur"]
    assert (murmur["keys"], murmur["matched"]) == (1, PEOPLE - 3)
    assert murmur["comment"] == WORDS


def test_who_takes_the_key_folder_as_well_reads_the_open_round_and_no_other(scene: Scene) -> None:
    before = sorted(file.name for file in (scene.folder / "keys").iterdir())
    murmur = scene.steal(keys=True)["murmur"]
    assert (murmur["keys"], murmur["matched"], murmur["of"]) == (None, PEOPLE - 3, len(scene.truth))
    assert (murmur["comment"], murmur["traced"]) == (WORDS, True)
    assert murmur["how"].startswith("The key folder was taken as well,")
    assert scene.steal()["murmur"]["matched"] == 0
    assert sorted(file.name for file in (scene.folder / "keys").iterdir()) == before


def test_a_form_sent_again_and_left_blank_is_told_so_where_the_open_round_is_read(beginning: Scene) -> None:
    send_again_left_blank(beginning)
    theft = beginning.steal(keys=True)
    naive, murmur = theft["naive"], theft["murmur"]
    first = beginning.company.people[beginning.company.victim].split()[0]
    given = len(beginning.truth) - 1  # a blank form is no set of answers
    assert (naive["matched"], naive["of"], naive["comment"]) == (given, given, WORDS)
    assert naive["remark"] == (
        f"{first} sent the form again, left blank; these answers, which that took back, are still in the file."
    )
    assert (murmur["matched"], murmur["found"], murmur["comment"]) == (PEOPLE - 4, [], "")
    assert murmur["remark"] == f"{first} sent the form again, left blank; what that took back is gone."
    assert beginning.steal()["murmur"]["remark"] == ""


def test_where_nothing_is_read_of_somebody_it_says_that_others_were_traced(scene: Scene) -> None:
    assert [scene.steal(keys=True)[key]["remark"] for key in ("naive", "murmur")] == ["", ""]
    admin = scene.company.acme.admin_id
    naive = scene.steal(scene.company.slack_id[admin])["naive"]
    first = scene.company.people[scene.company.slack_id[admin]].split()[0]
    assert naive["remark"] == f"None of the sets that were traced is {first}'s."


def send_again_left_blank(beginning: Scene) -> None:
    """Everybody answers some rounds, and the victim takes back what was said in the last, which is open."""
    company = beginning.company
    round_id = company.weeks()
    who, at = company.victim, FRIDAY - timedelta(hours=3)
    company.acme.cast(round_id, company.members[0], Ballot(answers={}, comment=""), at)
    company.naive.record(who, company.people[who], f"week {ROUNDS}", {}, "", at)
    place = max(place for place, (person, _) in enumerate(company.truth) if person == who)
    company.truth[place] = (who, {})


def test_once_the_round_has_closed_the_key_folder_opens_nothing(beginning: Scene) -> None:
    beginning.company.acme.close(beginning.company.weeks())
    murmur = beginning.steal(keys=True)["murmur"]
    assert (murmur["matched"], murmur["found"], murmur["comment"]) == (0, [], "")


def test_a_single_sealed_ballot_is_spoken_of_as_one(scene: Scene) -> None:
    with closing(sqlite3.connect(scene.folder / "database" / "murmur.db")) as connection, connection:
        connection.execute("DELETE FROM slot WHERE id NOT IN (SELECT max(id) FROM slot)")
    assert "1 sealed place lies there now" in scene.steal()["murmur"]["how"]


def test_answers_without_order_or_names_are_traced_by_chance_alone(scene: Scene) -> None:
    with closing(sqlite3.connect(scene.folder / "naive.db", isolation_level=None)) as connection:
        rows = connection.execute("SELECT round, answers, comment FROM responses").fetchall()
        connection.execute("DELETE FROM responses")
        random.Random(7).shuffle(rows)
        connection.executemany("INSERT INTO responses (round, answers, comment) VALUES (?, ?, ?)", rows)
        connection.execute("VACUUM")
    assert scene.steal()["naive"]["matched"] < len(scene.truth) * 0.2


def test_both_files_can_be_taken_while_they_are_written_to(beginning: Scene) -> None:
    writing = Thread(target=beginning.company.weeks)
    writing.start()
    while writing.is_alive():
        assert beginning.steal()["murmur"]["matched"] == 0
        writing.join(timeout=0.1)
    assert beginning.steal()["naive"]["matched"] == len(beginning.truth)


def test_the_files_can_be_looked_at_where_they_lie(scene: Scene) -> None:
    theft = scene.steal()
    for key, path in (("naive", scene.folder / "naive.db"), ("murmur", scene.folder / "database" / "murmur.db")):
        assert re.fullmatch(rf"{re.escape(str(path))}, \d+ kB", theft[key]["file"])


def test_the_theft_changes_nothing(scene: Scene) -> None:
    files = [scene.folder / "database" / "murmur.db", scene.folder / "naive.db"]
    before = [file.read_bytes() for file in files]
    scene.steal()
    assert [file.read_bytes() for file in files] == before


class Looked:
    """The key of a theft that knows how often it was looked up."""

    def __init__(self) -> None:
        self.times = 0

    def __hash__(self) -> int:
        self.times += 1
        return 1


def test_those_who_ask_at_once_share_one_theft() -> None:
    shared, key, begun, go_on = Shared(), Looked(), Event(), Event()
    thefts: list[int] = []
    answers: list[dict[str, Any]] = []

    def theft() -> dict[str, Any]:
        thefts.append(1)
        begun.set()
        go_on.wait(10)
        return {"matched": len(thefts)}

    askers = [Thread(target=lambda: answers.append(shared.ask(key, theft))) for _ in range(5)]
    askers[0].start()
    assert begun.wait(10)
    before = key.times
    for asker in askers[1:]:
        asker.start()
    while key.times < before + 4:
        time.sleep(0.01)
    go_on.set()
    for asker in askers:
        asker.join()
    assert answers == [{"matched": 1}] * 5
    assert shared.ask(key, theft) == {"matched": 2}


def test_a_theft_that_fails_fails_for_all_who_share_it_and_not_for_the_next() -> None:
    shared = Shared()

    def stumble() -> dict[str, Any]:
        raise OSError("the file is gone")

    with pytest.raises(OSError, match="gone"):
        shared.ask("a file", stumble)
    assert shared.ask("a file", lambda: {"matched": 0}) == {"matched": 0}


def test_before_anybody_has_answered_there_is_nothing_to_steal(beginning: Scene) -> None:
    theft = beginning.steal()
    for loot in (theft["naive"], theft["murmur"]):
        assert (loot["matched"], loot["of"], loot["found"], loot["comment"]) == (0, 0, [], "")


def test_somebody_who_has_not_answered_is_not_found(scene: Scene) -> None:
    naive = scene.steal(scene.company.slack_id[scene.company.acme.admin_id])["naive"]
    assert (naive["found"], naive["comment"], "own" in naive) == ([], "", False)


def test_the_theft_has_the_shape_that_the_page_expects(scene: Scene) -> None:
    theft = scene.steal()
    assert fields_of("Theft") == set(theft)
    for loot in (theft["naive"], theft["murmur"]):
        assert fields_of("Loot") - {"pairs", "own"} <= set(loot) <= fields_of("Loot")
        assert all(fields_of("LootTable") == set(table) for table in loot["tables"])
    assert json.loads(json.dumps(theft)) == theft


def fields_of(interface: str) -> set[str]:
    """The fields of an interface of the page."""
    types = Path(bot.sandbox.__file__).parent / "page" / "src" / "types.ts"
    body = re.search(rf"interface {interface} {{\n(.*?)\n}}", types.read_text(encoding="utf-8"), re.DOTALL)
    assert body is not None
    return set(re.findall(r"^  (\w+)\??:", body[1], re.MULTILINE))
