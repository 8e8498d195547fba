"""What is told about a round that did not go as planned."""

import pytest

from bot.views.rounds import called_off, kept_back, not_opened
from bot.views.wording import Wording
from surveys.audit_plans import Cause
from tests.bot.views.samples import HOSTILE, LONG, mrkdwn, read_aloud, refused

w = Wording(timezone="Europe/Berlin")
EVERY = [[str(cause), "Vision", "Search"] for cause in Cause]


@pytest.mark.parametrize("name", ["Vision", HOSTILE, LONG, "\u200e"])
def test_slack_takes_them_whatever_pulses_and_teams_are_called(name: str) -> None:
    reasons = [[str(cause), name, name] for cause in Cause] * 5
    for post in (
        called_off(w, pulse=name),
        not_opened(w, pulse=name, refused=reasons),
        kept_back(w, pulse=name, refused=reasons),
    ):
        assert refused(post) == []
        assert not [text for text in mrkdwn(post) if "<" in text or "://" in text]


def test_whoever_was_asked_reads_that_nobody_has_read_it_and_not_why_or_whether_they_answered() -> None:
    said = read_aloud(called_off(w, pulse="Vision pulse"))
    assert "This round of Vision pulse was called off." in said
    assert "nobody has read it" in said
    assert "Everybody who was asked gets this." in said
    assert "key" not in said
    assert "answered" not in said


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_words_of_its_own_for_admins(cause: Cause) -> None:
    said = read_aloud(not_opened(w, pulse="Acme", refused=[[str(cause), "Vision", "Search"]]))
    assert "The round of Acme was not opened." in said
    assert said.count("•") == 1
    assert ("Vision, Search" in said) is (cause not in {Cause.RULES, Cause.PARENT, Cause.QUESTION})
    assert "Nobody was asked anything." in said
    assert "/pulse setup" in said


def test_many_reasons_are_cut_short_and_counted() -> None:
    said = read_aloud(not_opened(w, pulse="Acme", refused=EVERY * 2))
    assert said.count("•") == 10
    assert f"and {len(EVERY) * 2 - 10} more." in said


def test_results_that_are_kept_back_name_the_unit_and_no_figure() -> None:
    said = read_aloud(kept_back(w, pulse="Acme", refused=[["unforeseen", "Vision"]]))
    assert "Results of the last round of Acme are kept back." in said
    assert "• Vision: other results than were checked." in said
    assert "Please tell whoever runs Murmur" in said
    assert "!" not in said
