"""A8: read all logs at DEBUG while handlers and the database are forced to fail under real submissions."""

import logging
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from io import StringIO
from itertools import cycle
from typing import Any
from unittest.mock import patch

from slack_bolt import Ack, App, BoltRequest, BoltResponse
from slack_sdk import WebClient
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot import answering
from bot.logs import configure
from bot.views import questionnaire
from storage import ballots
from storage.database import Database
from surveys.questions import scales
from tests.attacks.attack import Attack, Figure, Figures
from tests.attacks.crowd import unlike_any_other
from tests.attacks.ground import Ground
from tests.journeys.steps import invite, replay
from tests.support.running_murmur import FRIDAY, NEXT_MONDAY, THURSDAY, VISION, Stage, running_murmur

Fault = Callable[[Stage], AbstractContextManager[object]]
"""Something that goes wrong for as long as it lasts."""


class Careless(Exception):
    """Holds whatever it was given, as careless exceptions do."""


def _careless(*arguments: Any, **named: Any) -> None:
    raise Careless(f"{arguments} {named}") from ValueError(repr(arguments))


def _careless_database(*arguments: Any, **named: Any) -> None:
    raise IntegrityError(f"INSERT {arguments}", {"row": named}, Careless(repr((arguments, named))))


def failing(owner: Any, name: str, how: Callable[..., None] = _careless) -> Fault:
    """A function that fails with everything it was given in its message."""
    return lambda _stage: patch.object(owner, name, how)


@contextmanager
def without_a_table(stage: Stage) -> Iterator[None]:
    """The database has lost the table of slots."""
    _run(stage.murmur.database, "ALTER TABLE slot RENAME TO lost")
    yield
    _run(stage.murmur.database, "ALTER TABLE lost RENAME TO slot")


@contextmanager
def complaining(stage: Stage) -> Iterator[None]:
    """The database refuses every change of a slot, and its complaint quotes the row."""
    if stage.murmur.database.is_sqlite:
        make = ["CREATE TRIGGER complain BEFORE UPDATE ON slot BEGIN SELECT RAISE(ABORT, 'no'); END"]
        drop = ["DROP TRIGGER complain"]
    else:
        body = "BEGIN RAISE EXCEPTION 'no %', encode(NEW.id, 'hex'); END"
        make = [
            f"CREATE FUNCTION complain() RETURNS trigger LANGUAGE plpgsql AS $${body}$$",
            "CREATE TRIGGER complain BEFORE UPDATE ON slot FOR EACH ROW EXECUTE FUNCTION complain()",
        ]
        drop = ["DROP TRIGGER complain ON slot", "DROP FUNCTION complain()"]
    for statement in make:
        _run(stage.murmur.database, statement)
    yield
    for statement in drop:
        _run(stage.murmur.database, statement)


@contextmanager
def without_the_key(stage: Stage) -> Iterator[None]:
    """The key directory cannot be found."""
    path = stage.murmur.keys.path
    elsewhere = path.rename(path.with_name("elsewhere"))
    yield
    elsewhere.rename(path)


@contextmanager
def nothing(_stage: Stage) -> Iterator[None]:
    """All is well."""
    yield


FAULTS: Sequence[Fault] = (
    nothing,
    failing(answering, "find_actor"),
    failing(answering, "answers_in"),
    failing(answering, "cast", _careless_database),
    failing(ballots, "seal"),
    failing(questionnaire, "thanks"),
    without_a_table,
    complaining,
    without_the_key,
)
"""What goes wrong, one with each submission."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What somebody sent, and everything that would give it away."""

    marks: tuple[str, ...]  # ids and names of the person, the comment, what was pressed, in every form
    payload: dict[str, Any]  # as Slack sent it


def given_away(logged: str, sent: Sequence[Sent]) -> int:
    """A8: of how many submissions anything stands in the logs."""
    return sum(any(mark in logged for mark in one.marks) for one in sent)


def submissions(stage: Stage, faults: Sequence[Fault]) -> list[Sent]:
    """Let one person after the other answer and comment, and begin anew, each time with something else going wrong."""
    return [submit(stage, who, fault) for who, fault in zip(cycle(VISION), faults, strict=False)]


def submit(stage: Stage, who: str, fault: Fault) -> Sent:
    """Let somebody answer and comment while something goes wrong."""
    person = stage.open_form(who)
    questions = [field.block_id for field in person.view.fields if field.type == "radio_buttons"]
    for block in questions:
        person.choose(block, "Strongly disagree")
    comment = unlike_any_other("zhrq")
    person.fill("A comment, if you like", comment)
    with fault(stage):
        person.submit()
    person.close_view(everything=True)
    payload = stage.client.envelopes("interactive")
    submitted = [one["payload"] for one in payload if one["payload"]["type"] == "view_submission"][-1]
    labels = {label for scale in scales().values() for label in scale.labels}
    return Sent(
        marks=(person.id, person.name, who, comment, *questions, *(label for label in labels if " " in label)),
        payload=submitted,
    )


def forged(stage: Stage, sent: Sequence[Sent]) -> None:
    """Send forms again whose contents are of the wrong kind, so that parsing them fails."""
    envelope = next(one for one in stage.client.envelopes("interactive") if one["payload"]["type"] == "view_submission")
    for one in sent[:2]:
        view = {**one.payload["view"], "state": {"values": {"comment": {"comment": {"value": [one.marks[3]]}}}}}
        replay(stage, {**envelope, "payload": one.payload}, view=view)


@contextmanager
def everything_logged() -> Iterator[Callable[[], str]]:
    """Configure logging as `murmur run` does, at DEBUG, let no logger be quieter than that, and hand out all that is
    logged or printed.
    """
    root, hook, noisy = logging.getLogger(), threading.excepthook, logging.raiseExceptions
    handlers, level = root.handlers[:], root.level
    stream = StringIO()
    with ExitStack() as stack:
        printed = stack.enter_context(_printed())
        configure("DEBUG", "text", stream)
        loggers = [one for one in root.manager.loggerDict.values() if isinstance(one, logging.Logger)]
        levels = {one: one.level for one in loggers}
        for one in loggers:
            one.setLevel(logging.DEBUG)
        try:
            yield lambda: stream.getvalue() + printed()
        finally:
            for one, before in levels.items():
                one.setLevel(before)
            root.handlers[:], logging.raiseExceptions, threading.excepthook = handlers, noisy, hook
            root.setLevel(level)
            logging.captureWarnings(False)


@contextmanager
def _printed() -> Iterator[Callable[[], str]]:
    """Whatever this process writes to standard output and error, by whatever means."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept = os.dup(1), os.dup(2)
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)

        def read() -> str:
            sys.stdout.flush()
            sys.stderr.flush()
            return os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0).decode(errors="replace")

        try:
            yield read
        finally:
            for number, before in zip((1, 2), kept, strict=True):
                os.dup2(before, number)
                os.close(before)


def naive_bot(client: WebClient, log: logging.Logger) -> App:
    """A bot whose listener fails, and whose error handler logs the body, as the documentation of Bolt shows it."""
    app = App(client=client, logger=log, token_verification_enabled=False)

    def send(ack: Ack) -> None:
        ack()
        raise Careless

    def failed(error: Exception, body: dict[str, Any], logger: logging.Logger) -> BoltResponse:
        logger.error("Error: %s", error)
        logger.info("Request body: %s", body)
        return BoltResponse(status=200)

    app.view(questionnaire.FORM)(send)
    app.error(failed)
    return app


def body_logged(ground: Ground) -> Figures:
    """Submissions that stand in the logs of a bot whose error handler logs the body."""
    stream = StringIO()
    log, handler = logging.getLogger("naive"), logging.StreamHandler(stream)
    log.setLevel(logging.DEBUG)
    log.propagate = False
    log.addHandler(handler)
    with running_murmur(ground.url(), ground.folder()) as stage:
        stage.put_team()
        invite(stage)
        sent = submissions(stage, [nothing] * 2 * len(VISION))
        app = naive_bot(stage.murmur.client, log)
        for one in sent:
            app.dispatch(BoltRequest(body=one.payload, mode="socket_mode"))
    log.removeHandler(handler)
    return [Figure(hits=given_away(stream.getvalue(), sent), of=len(sent), what="submissions")]


def murmurs_logs(ground: Ground) -> Figures:
    """Submissions of which anything stands in Murmur's logs of a whole round."""
    with everything_logged() as logged, running_murmur(ground.url(), ground.folder()) as stage:
        stage.put_team()
        invite(stage)
        sent = submissions(stage, [*FAULTS, *FAULTS])
        forged(stage, sent)
        for instant in (THURSDAY, FRIDAY, NEXT_MONDAY):
            stage.at(instant)
        found = given_away(logged(), sent)
    return [Figure(hits=found, of=len(sent), what="submissions")]


def _run(database: Database, statement: str) -> None:
    with database.transaction() as session:
        session.execute(text(statement))


A8 = Attack(
    number=8,
    what="all logs at DEBUG, handlers and database failing",
    passes_when="no answer, no id",
    naive=body_logged,
    murmur=murmurs_logs,
)
