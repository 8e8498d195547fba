"""The bot that exists to be robbed: what it keeps is what such bots keep, neither more nor less."""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from bot.demo.naive import NaiveBot, read_form
from bot.views.questionnaire import FORM, questionnaire, thanks
from bot.views.wording import Wording
from surveys.questions import bank, scales
from tests.support.running_murmur import MONDAY, TUESDAY, Stage

NOW = datetime(2026, 6, 23, 8, 10, tzinfo=UTC)
ANSWERS = {"burnout.drained": 2, "autonomy.act": 4}


def rows(path: Path, table: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"SELECT * FROM {table}").fetchall()


def test_it_keeps_answers_apart_from_who_has_taken_part(tmp_path: Path) -> None:
    bot = NaiveBot(tmp_path / "naive.db")
    bot.record("U0PRIYA", "Priya Raman", "23 June", ANSWERS, "Tired.", NOW)
    assert rows(bot.path, "responses") == [(1, "23 June", json.dumps(ANSWERS), "Tired.")]
    assert rows(bot.path, "completions") == [(1, "U0PRIYA", "23 June", "2026-06-23 08:10:00")]
    assert rows(bot.path, "members") == [("U0PRIYA", "Priya Raman")]


def test_no_row_of_answers_says_whose_it_is(tmp_path: Path) -> None:
    bot = NaiveBot(tmp_path / "naive.db")
    bot.record("U0PRIYA", "Priya Raman", "23 June", ANSWERS, "", NOW)
    (kept,) = rows(bot.path, "responses")
    assert "PRIYA" not in repr(kept).upper()
    assert f"{NOW:%H:%M}" not in repr(kept)


def test_what_is_sent_again_is_kept_as_well(tmp_path: Path) -> None:
    bot = NaiveBot(tmp_path / "naive.db")
    for number in (1, 5):
        bot.record("U0PRIYA", "Priya Raman", "23 June", {"burnout.drained": number}, "", NOW)
    assert [len(rows(bot.path, table)) for table in ("members", "completions", "responses")] == [1, 2, 2]


def test_it_goes_on_where_it_was(tmp_path: Path) -> None:
    for _ in range(2):
        NaiveBot(tmp_path / "naive.db").record("U0PRIYA", "Priya Raman", "23 June", ANSWERS, "", NOW)
    assert [row[0] for row in rows(tmp_path / "naive.db", "responses")] == [1, 2]


def test_several_threads_may_tell_it_at_once(tmp_path: Path) -> None:
    bot = NaiveBot(tmp_path / "naive.db")

    def tell() -> None:
        for _ in range(20):
            bot.record("U0PRIYA", "Priya Raman", "23 June", ANSWERS, "", NOW)

    threads = [Thread(target=tell) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(rows(bot.path, "responses")) == len(rows(bot.path, "completions")) == 80


def sent(values: Mapping[str, Mapping[str, Any]], form: str = FORM) -> dict[str, Any]:
    """A view as Slack sends it along."""
    return {"callback_id": form, "private_metadata": "17", "state": {"values": values}}


def choice(value: str) -> dict[str, Any]:
    return {"answer": {"type": "radio_buttons", "selected_option": {"value": value}}}


def test_a_form_is_read_as_it_was_filled_in() -> None:
    form = read_form(
        sent(
            {
                "question:burnout.drained": choice("2"),
                "question:autonomy.act": choice("skip"),
                "question:growth.mentor": {"answer": {"type": "radio_buttons", "selected_option": None}},
                "comment": {"comment": {"type": "plain_text_input", "value": "  On call again.\n"}},
            }
        )
    )
    assert form is not None
    assert form.round_id == 17
    assert form.ballot.answers == {"burnout.drained": 2}
    assert form.ballot.comment == "On call again."


def test_a_blank_form_is_a_form_too() -> None:
    form = read_form(sent({"comment": {"comment": {"type": "plain_text_input", "value": None}}}))
    assert form is not None
    assert (form.ballot.answers, form.ballot.comment) == ({}, "")


@pytest.mark.parametrize("form", ["questionnaire.thanks", "setup", ""])
def test_other_forms_are_none_of_its_business(form: str) -> None:
    assert read_form(sent({}, form)) is None


def test_a_whole_payload_is_read_like_its_view() -> None:
    assert read_form({"type": "view_submission", "view": sent({})}) == read_form(sent({}))


def test_murmurs_own_form_is_the_one_that_is_read() -> None:
    items = list(bank().values())[:2]
    w = Wording()
    form = questionnaire(w, round_id=17, items=items, scales=scales(), closes_at=NOW, readers=["Dana Ito"], threshold=5)
    values = {block["block_id"]: choice("3") for block in form["blocks"] if block.get("type") == "input"} | {
        "comment": {"comment": {"value": "Yes."}}
    }
    read = read_form({**form, "state": {"values": values}})
    assert read is not None
    assert (read.round_id, read.ballot.answers) == (17, {item.id: 3 for item in items})
    assert read_form(thanks(w, closes_at=NOW)) is None


def test_a_form_sent_through_the_stand_in_slack_is_read(stage: Stage) -> None:
    heard: list[tuple[str, Mapping[str, Any]]] = []
    stage.sandbox.submissions(lambda person, payload, _: heard.append((person, payload)))
    stage.sandbox.clock.move_to(MONDAY)
    stage.set_up_team()
    stage.at(TUESDAY)
    stage.answer("Priya", "Agree", "Too many pages.")
    forms = [(person, form) for person, payload in heard if (form := read_form(payload)) is not None]
    ((person, form),) = forms
    assert person == "U0PRIYA"
    assert set(form.ballot.answers.values()) == {4}
    assert len(form.ballot.answers) == 4
    assert form.ballot.comment == "Too many pages."
