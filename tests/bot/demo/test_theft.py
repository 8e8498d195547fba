"""The theft of the demonstration: it bites where it can, and its figure for Murmur is the outcome of a real attempt."""

import hmac
import json
import random
import re
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlmodel import select

import bot.sandbox
from bot.demo.naive import NaiveBot
from bot.demo.theft import steal
from storage.database import Database
from storage.keys import KeyDirectory
from storage.questions import known_items
from storage.tables import Member
from surveys.questions import scales
from surveys.sealing import Ballot
from tests.support.organisation import FRIDAY, SECRET, TUESDAY, WEEK, Organisation

PEOPLE = 24
ROUNDS = 3
WORDS = "Third weekend in a row of pages. Ask Jonas."


class Company:
    """Two survey bots that hear the same answers, and who gives which."""

    def __init__(self, sqlite_url: str, folder: Path) -> None:
        self.acme = Organisation(Database(sqlite_url), KeyDirectory(folder / "keys"), question_set="ai-team-weekly")
        self.naive = NaiveBot(folder / "naive.db")
        self.members = self.acme.team("Vision", PEOPLE).members
        with self.acme.database.reading() as session:
            known = session.exec(select(Member)).all()
            self.questions = known_items(session, self.acme.pulse_id)
        self.people = {member.slack_id: member.name for member in known}
        self.slack_id = {member.id: member.slack_id for member in known}
        self.victim = self.slack_id[self.members[0]]
        self.truth: list[tuple[str, dict[str, int]]] = []
        self._rng = random.Random(2026)

    def weeks(self) -> int:
        """Some rounds, the last of which stays open."""
        for week in range(ROUNDS):
            round_id = self._everybody_answers(week)
            if week < ROUNDS - 1:
                self.acme.close(round_id)
        return round_id

    def _everybody_answers(self, week: int) -> int:
        """Open the round of a week and let most answer it, in random order, and the victim with a comment."""
        round_id = self.acme.open(TUESDAY + week * WEEK)
        arriving = self._rng.sample(self.members[1:], PEOPLE - 4)
        arriving.insert(self._rng.randrange(len(arriving)), self.members[0])
        for minute, member in enumerate(arriving):
            answers = {item: self._rng.randint(1, 5) for item in self.acme.round(round_id).item_ids}
            who = self.slack_id[member]
            comment = WORDS if who == self.victim else ""
            at = TUESDAY + week * WEEK + timedelta(minutes=minute)
            self.acme.cast(round_id, member, Ballot(answers=answers, comment=comment), at)
            self.naive.record(who, self.people[who], f"week {week + 1}", answers, comment, at)
            self.truth.append((who, answers))
        return round_id


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Where the thief comes: copies of what a company's two bots keep."""

    folder: Path
    company: Company

    @property
    def truth(self) -> list[tuple[str, dict[str, int]]]:
        """Who answered what."""
        return self.company.truth

    def steal(self, person: str = "") -> dict[str, Any]:
        """The attack of the demonstration."""
        return steal(
            self.folder / "naive.db",
            self.folder / "database" / "murmur.db",
            people=self.company.people,
            person=person or self.company.victim,
            truth=self.truth,
            questions=self.company.questions,
            secret=SECRET,
            now=FRIDAY,
        )

    def sabotage(self, schema: str, statement: str = "", rows: Iterable[Sequence[object]] = ()) -> None:
        """Give Murmur a table that it should not have."""
        with closing(sqlite3.connect(self.folder / "database" / "murmur.db")) as connection, connection:
            connection.execute(schema)
            connection.executemany(statement, rows)

    def members(self) -> list[tuple[int]]:
        """Who has taken part, in order, by number."""
        numbers = {slack_id: member for member, slack_id in self.company.slack_id.items()}
        return [(numbers[who],) for who, _ in self.truth]


def database_in(folder: Path, template: Path) -> str:
    (folder / "database").mkdir()
    shutil.copy(template, folder / "database" / "murmur.db")
    return f"sqlite:///{folder}/database/murmur.db"


@pytest.fixture(scope="module")
def three_weeks(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Scene:
    """Three rounds, the last of which is open. Only to be copied."""
    folder = tmp_path_factory.mktemp("company")
    company = Company(database_in(folder, sqlite_template), folder)
    company.weeks()
    company.acme.database.dispose()
    return Scene(folder=folder, company=company)


@pytest.fixture
def scene(three_weeks: Scene, tmp_path: Path) -> Scene:
    """A copy of three rounds, the last of which is open."""
    shutil.copytree(three_weeks.folder, tmp_path / "copy")
    return Scene(folder=tmp_path / "copy", company=three_weeks.company)


@pytest.fixture
def beginning(tmp_path: Path, sqlite_template: Path) -> Iterator[Scene]:
    """A company before its first round."""
    company = Company(database_in(tmp_path, sqlite_template), tmp_path)
    yield Scene(folder=tmp_path, company=company)
    company.acme.database.dispose()


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
    assert re.match(r"None of the 24 sealed ballots opens with any of [\d,]{3,} keys, and none tells", murmur["how"])


def test_murmur_after_the_close_holds_no_ballot_at_all(beginning: Scene) -> None:
    beginning.company.acme.close(beginning.company.weeks())
    murmur = beginning.steal()["murmur"]
    assert (murmur["matched"], murmur["found"], murmur["comment"], murmur["keys"]) == (0, [], "", 0)
    assert (murmur["tables"][0]["name"], murmur["tables"][0]["total"]) == ("slot", 0)
    assert "nothing sealed is left" in murmur["how"]


def test_a_key_that_lies_beside_the_database_opens_the_round(scene: Scene) -> None:
    for nonce in (scene.folder / "keys").iterdir():
        shutil.copy(nonce, scene.folder / "database")
    murmur = scene.steal()["murmur"]
    assert (murmur["keys"], murmur["matched"]) == (1, PEOPLE - 3)
    assert murmur["comment"] == WORDS


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


def test_a_key_made_of_the_secret_alone_would_give_murmur_away(scene: Scene) -> None:
    cipher = AESGCM(sha256(SECRET.encode()).digest())
    rows = []
    for number, (who, answers) in enumerate(scene.truth):
        nonce = number.to_bytes(12, "big")
        sealed = nonce + cipher.encrypt(nonce, json.dumps(answers).encode(), None)
        rows.append((scene.company.people[who], sealed))
    scene.sabotage("CREATE TABLE answer (who TEXT, sealed BLOB)", "INSERT INTO answer VALUES (?, ?)", rows)
    assert scene.steal()["murmur"]["matched"] == len(scene.truth)


def test_answers_that_were_deleted_but_not_wiped_are_found_in_the_bytes(scene: Scene) -> None:
    with closing(sqlite3.connect(scene.folder / "naive.db")) as connection, connection:
        connection.execute("PRAGMA secure_delete=OFF")
        connection.execute("DELETE FROM responses")
    assert scene.steal()["naive"]["matched"] > len(scene.truth) * 0.9


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


def test_the_theft_changes_nothing(scene: Scene) -> None:
    files = [scene.folder / "database" / "murmur.db", scene.folder / "naive.db"]
    before = [file.read_bytes() for file in files]
    scene.steal()
    assert [file.read_bytes() for file in files] == before


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
