"""Questionnaires that people send by hand count when Murmur has thanked for them, and only then."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.demo.forms import taken, to_each
from bot.demo.naive import Sent
from bot.views.questionnaire import FORM, THANKS, round_closed
from bot.views.wording import Wording

VIEW = {
    "callback_id": FORM,
    "private_metadata": "17",
    "state": {"values": {"question:burnout.drained": {"answer": {"selected_option": {"value": "2"}}}}},
}
THANKED = {"response_action": "update", "view": {"callback_id": THANKS}}


def test_a_form_that_was_answered_with_thanks_is_taken() -> None:
    sent = taken(VIEW, THANKED)
    assert sent is not None
    assert (sent.round_id, sent.ballot.answers) == (17, {"burnout.drained": 2})


@pytest.mark.parametrize(
    "ack",
    [
        None,
        {},
        {"response_action": "update", "view": round_closed(Wording())},
        {"response_action": "errors", "errors": {"comment": "Too long."}},
        {"response_action": "clear"},
    ],
    ids=["nothing", "empty", "closed", "errors", "clear"],
)
def test_a_form_that_was_answered_otherwise_was_refused(ack: Mapping[str, Any] | None) -> None:
    assert taken(VIEW, ack) is None


@pytest.mark.parametrize(
    "view",
    [
        {},
        {"callback_id": "setup"},
        {**VIEW, "private_metadata": "a round"},
        {**VIEW, "private_metadata": "²"},
        {**VIEW, "private_metadata": None},
        {"callback_id": FORM},
        {**VIEW, "state": "none"},
        {**VIEW, "state": {"values": [1]}},
        {**VIEW, "state": {"values": {"question:x": {"answer": {"selected_option": {"value": 2}}}}}},
        {**VIEW, "state": {"values": {"comment": {"comment": {"value": 5}}}}},
    ],
)
def test_an_odd_payload_is_no_form(view: dict[str, Any]) -> None:
    assert taken(view, THANKED) is None


@pytest.mark.parametrize("ack", [{"view": "thanks"}, {"view": [THANKS]}, {"view": {"callback_id": [THANKS]}}])
def test_an_odd_answer_is_no_thanks(ack: dict[str, Any]) -> None:
    assert taken(VIEW, ack) is None


def test_everybody_who_listens_is_told_the_same() -> None:
    told: list[tuple[str, Sent]] = []
    listen = to_each(lambda *heard: told.append(heard), lambda *heard: told.append(heard))
    listen("U0PRIYA", VIEW, THANKED)
    listen("U0PRIYA", VIEW, None)
    assert len(told) == 2
    assert told[0] == told[1]
    assert told[0][0] == "U0PRIYA"
