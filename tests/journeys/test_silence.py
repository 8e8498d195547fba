"""Whatever Slack keeps of a round does not say who answered, or what: two runs are compared, call by call."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.journeys.steps import answer_all, close, invite
from tests.support.running_murmur import NEXT_MONDAY, THURSDAY, VISION, Stage, running_murmur

KEPT = ("chat.postMessage", "chat.update", "chat.postEphemeral", "views.publish", "response_url")
"""Calls whose contents stay with Slack, or that a person could compare with a colleague's."""


def a_round(database_url: str, folder: Path, answering: Callable[[Stage], None]) -> list[tuple[str, Any]]:
    """Everything that Slack was made to keep in a week with these answers, Homes included."""
    folder.mkdir()
    with running_murmur(database_url, folder) as stage:
        stage.set_up_team()
        invite(stage)
        answering(stage)
        for who in ("Priya", "Amara", "Dana", "Ruth"):
            stage.person(who).open_home()
        stage.at(THURSDAY)
        close(stage)
        stage.at(NEXT_MONDAY + timedelta(days=2))
        for who in ("Priya", "Will", "Dana", "Ruth"):
            stage.person(who).open_home()
        invite(stage, 1)
        close(stage, 1)
        for who in VISION:
            assert not any(message.edited for message in stage.person(who).dms())
        return [(c["method"], c["payload"]) for c in stage.client.calls() if c["method"] in KEPT]


def sorted_by_receiver(calls: list[tuple[str, Any]]) -> list[str]:
    """Calls as text, in an order that does not depend on which thread was first."""
    return sorted(json.dumps([method, payload], sort_keys=True, ensure_ascii=False) for method, payload in calls)


def without_words(calls: list[tuple[str, Any]]) -> list[str]:
    """The same with every word of a result taken out: what is left must not depend on the answers."""
    words = "very high|high|some|very low|low|hardly any|poor|weak|mixed|good|very strong|strong"
    plain = re.compile(rf": ({words})(?=[ ,.·\\\"])|“[^”]*”|: [a-z ,]+\.\*|\*Comments:\* [a-z ]+ in tone")
    return sorted(plain.sub("~", call) for call in sorted_by_receiver(calls))


def test_who_answered_leaves_no_trace_and_what_they_said_only_in_the_words_of_the_digest(
    fresh_database: Callable[[], str], tmp_path: Path
) -> None:
    answering: list[Callable[[Stage], None]] = [
        lambda stage: answer_all(stage, VISION[:6], "Agree", comment="a good week"),
        lambda stage: answer_all(stage, [*VISION[3:], "Kofi"], "Agree", comment="a good week"),
        lambda stage: answer_all(stage, VISION[:6], "Disagree", comment="nothing works here"),
    ]
    runs = [a_round(fresh_database(), tmp_path / str(n), work) for n, work in enumerate(answering)]
    first, others, otherwise = runs
    assert sorted_by_receiver(first) == sorted_by_receiver(others)
    assert sorted_by_receiver(first) != sorted_by_receiver(otherwise)
    assert without_words(first) == without_words(otherwise)
    kept = json.dumps(otherwise)
    assert "nothing works here" not in kept
    assert "all taken together. Nobody reads them." in kept
    assert "Disagree" not in kept
