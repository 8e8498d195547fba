"""Logs: one line each, and never what anybody wrote, pressed or sent."""

import json
import logging
import threading
import warnings
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from bot import answering, directory
from bot.logs import class_and_place
from bot.views import questionnaire
from storage import ballots
from storage.database import Database
from storage.tables import Workspace
from tests.support.running_murmur import FRIDAY, NEXT_MONDAY, THURSDAY, TUESDAY, Stage

Logged = Callable[..., StringIO]

SECRET = "zhrq7secretwords"
"""What must not be in a log."""

log = logging.getLogger("bot.test")


def only_line(stream: StringIO) -> str:
    """The one line that was logged."""
    lines = stream.getvalue().splitlines()
    assert len(lines) == 1, lines
    return lines[0]


def test_a_line_of_text_says_when_how_bad_where_and_what(logged: Logged) -> None:
    stream = logged("INFO", "text")
    log.info("a step was taken", extra={"round": 3, "step": "open"})
    when, line = only_line(stream).split(" ", 1)
    assert when.endswith("+00:00")
    assert line == "info bot.test a step was taken round=3 step=open"


def test_a_line_of_json_holds_the_same(logged: Logged) -> None:
    stream = logged("INFO", "json")
    log.warning("a message was not posted", extra={"kind": "digest", "error": "is_archived"})
    entry = json.loads(only_line(stream))
    assert entry.pop("at").endswith("+00:00")
    assert entry == {
        "level": "warning",
        "from": "bot.test",
        "message": "a message was not posted",
        "kind": "digest",
        "error": "is_archived",
    }


@pytest.mark.parametrize("style", ["text", "json"])
def test_only_fields_on_the_list_are_kept(logged: Logged, style: str) -> None:
    stream = logged("INFO", style)
    log.info("hello", extra={"person": SECRET, "body": {"text": SECRET}, "count": 4})
    assert SECRET not in only_line(stream)
    assert "4" in stream.getvalue()


@pytest.mark.parametrize("style", ["text", "json"])
def test_a_line_stays_one_line(logged: Logged, style: str) -> None:
    stream = logged("INFO", style)
    log.info("first\nsecond")
    assert "first" in only_line(stream)


def test_what_lies_below_the_level_is_left_out(logged: Logged) -> None:
    stream = logged("WARNING")
    log.info("hello")
    assert stream.getvalue() == ""


@pytest.mark.parametrize("name", ["slack_sdk.web.base_client", "slack_bolt.App", "sqlalchemy.engine", "some.package"])
def test_of_other_packages_only_the_place_is_kept(logged: Logged, name: str) -> None:
    stream = logged("DEBUG")
    logging.getLogger(name).error("body: %s", SECRET, extra={"error": SECRET, "kind": SECRET})
    assert only_line(stream).endswith(f"error {name} test_logs:{other_line()}")


def other_line() -> int:
    """The line on which another package logs, above."""
    source = Path(__file__).read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(source, start=1) if '"body: %s"' in line)


def test_a_package_that_only_begins_like_ours_is_not_ours(logged: Logged) -> None:
    stream = logged("DEBUG")
    logging.getLogger("botocore").error(SECRET)
    assert SECRET not in only_line(stream)


def test_a_warning_of_python_is_reduced_to_its_place(logged: Logged) -> None:
    stream = logged("DEBUG")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn(SECRET, stacklevel=1)
    assert SECRET not in only_line(stream)


@pytest.mark.parametrize("style", ["text", "json"])
def test_an_exception_is_reduced_to_class_and_place_with_all_it_is_chained_to(logged: Logged, style: str) -> None:
    stream = logged("INFO", style)
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as inner:
            inner.add_note(SECRET)
            raise ValueError(f"cannot: {SECRET}") from inner
    except ValueError:
        log.exception("a listener failed", stack_info=True)
    line = only_line(stream)
    assert SECRET not in line
    assert "ValueError at bot/test_logs.py:" in line


def test_an_exception_group_is_reduced_too(logged: Logged) -> None:
    stream = logged("INFO")
    try:
        raise ExceptionGroup(SECRET, [ValueError(SECRET)])
    except ExceptionGroup:
        log.exception("several things failed")
    assert SECRET not in only_line(stream)


def test_the_place_of_an_exception_is_the_last_of_our_own() -> None:
    def deep_inside_another_package(session: Session) -> None:
        session.execute(text("SELECT nothing FROM nowhere"))

    database = Database("sqlite:////tmp/never-made-murmur.db")
    try:
        with pytest.raises(Exception, match="nowhere") as caught, Session(database.engine) as session:
            deep_inside_another_package(session)
    finally:
        database.dispose()
        Path("/tmp/never-made-murmur.db").unlink(missing_ok=True)
    assert class_and_place(caught.value).startswith("OperationalError at bot/test_logs.py:")


def test_an_exception_that_was_never_raised_has_no_place() -> None:
    assert class_and_place(ValueError(SECRET)) == "ValueError at an unknown place"


def test_a_database_that_refuses_a_row_does_not_name_what_is_in_it(logged: Logged, database: Database) -> None:
    stream = logged("DEBUG")
    with pytest.raises(IntegrityError) as refused, database.transaction() as session:
        session.add_all(Workspace(slack_id="T1", name=SECRET) for _ in range(2))
    log.error("a row was refused", exc_info=refused.value)
    assert SECRET not in stream.getvalue()
    assert "IntegrityError" in stream.getvalue()


def test_slacks_own_client_logs_no_message_even_at_debug(logged: Logged, stage: Stage) -> None:
    stream = logged("DEBUG")
    for name in ("slack_sdk", "slack_sdk.web.base_client"):
        logging.getLogger(name).setLevel(logging.DEBUG)  # as somebody might, to look for a fault
    client = WebClient(token=stage.sandbox.bot_token, base_url=stage.sandbox.api_url)
    client.chat_postMessage(channel="U0PRIYA", text=SECRET)
    assert "base_client:" in stream.getvalue()
    assert SECRET not in stream.getvalue()
    assert stage.sandbox.bot_token not in stream.getvalue()


def test_a_thread_that_dies_says_so_in_one_line_and_nothing_on_standard_error(
    logged: Logged, capsys: pytest.CaptureFixture[str]
) -> None:
    stream = logged("INFO")

    def dies() -> None:
        raise ValueError(SECRET)

    thread = threading.Thread(target=dies)
    thread.start()
    thread.join()
    assert "a thread ended error=ValueError at" in only_line(stream)
    assert SECRET not in stream.getvalue()
    assert capsys.readouterr().err == ""


def test_a_record_that_cannot_be_written_is_not_printed_instead(
    logged: Logged, capsys: pytest.CaptureFixture[str]
) -> None:
    stream = logged("INFO")
    log.info("%d answers", SECRET)
    assert stream.getvalue() == ""
    assert SECRET not in capsys.readouterr().err


class _Trouble(Exception):
    """Holds what it was given, as a careless exception does."""


def fail_with_everything(*arguments: Any, **named: Any) -> None:
    """Raise with everything that was passed in the message."""
    raise _Trouble(f"{SECRET} {arguments} {named}") from ValueError(repr(arguments))


def broken(*_arguments: Any, **_named: Any) -> None:
    """Fail as a database does, with the row in its message."""
    raise IntegrityError(f"INSERT {SECRET}", {"comment": SECRET}, ValueError(SECRET))


@pytest.mark.parametrize(
    ("where", "name", "with_"),
    [
        (None, "", None),
        (answering, "find_actor", fail_with_everything),
        (answering, "answers_in", fail_with_everything),
        (answering, "cast", broken),
        (answering, "cast", fail_with_everything),
        (ballots, "seal", fail_with_everything),
        (questionnaire, "thanks", fail_with_everything),
    ],
)
def test_logs_at_debug_of_a_whole_round_hold_no_answer_comment_token_or_submitter(
    stage: Stage,
    logged: Logged,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    where: Any,
    name: str,
    with_: Any,
) -> None:
    stream = logged("DEBUG", "json")
    stage.set_up_team()
    stage.at(TUESDAY)
    priya = stage.open_form("Priya")
    before = len(stream.getvalue())
    questions = [field for field in priya.view.fields if field.type == "radio_buttons"]
    for field in questions:
        priya.choose(field.block_id, "Strongly disagree")
    priya.fill("A comment, if you like", SECRET)
    with monkeypatch.context() as patch:
        if where is not None:
            patch.setattr(where, name, with_)
        priya.submit()
    of_submission = stream.getvalue()[before:]
    for instant in (THURSDAY, FRIDAY, NEXT_MONDAY):
        stage.at(instant)
    logged_, printed = stream.getvalue(), "".join(capfd.readouterr())
    for output in (logged_, printed):
        for kept in (SECRET, stage.sandbox.bot_token, stage.sandbox.app_token, "Strongly", "U0PRIYA", "Priya"):
            assert kept not in output
        assert not any(field.block_id in output for field in questions)
    if with_ is None:
        assert of_submission == ""  # no line moves when one person sends
    else:
        assert "_Trouble at" in of_submission or "IntegrityError at" in of_submission
    assert "a step was taken" in logged_


def test_the_directory_in_trouble_names_nobody(stage: Stage, logged: Logged, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = logged("DEBUG")
    monkeypatch.setattr(directory, "_profile", fail_with_everything)
    stage.person("Kofi").command("/pulse")
    assert "_Trouble at" in stream.getvalue()
    assert "U0KOFI" not in stream.getvalue()
    assert SECRET not in stream.getvalue()
