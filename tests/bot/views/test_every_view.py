"""What holds for everything that Murmur shows, whatever people and teams are called."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.views.vocabulary import Post
from tests.bot.views.samples import HOSTILE, LONG, elements, mrkdwn, read_aloud, refused
from tests.bot.views.surfaces import SURFACES

NAMES = {"usual": "Vision", "hostile": HOSTILE, "long": LONG, "long hostile": HOSTILE * 60, "invisible": "\u200e"}


@pytest.mark.parametrize("units", [1, 40])
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("surface", SURFACES)
def test_slack_takes_it_as_it_is(surface: str, name: str, units: int) -> None:
    assert refused(SURFACES[surface](name, units)) == []


@pytest.mark.parametrize("surface", SURFACES)
def test_no_name_can_mention_link_or_address_a_channel(surface: str) -> None:
    shown = mrkdwn(SURFACES[surface](HOSTILE, 2))
    for text in shown:
        assert not re.search(r"<|>|://", text), text
        assert all(entity in {"&amp;", "&lt;", "&gt;"} for entity in re.findall("&[a-z]*;?", text))


@pytest.mark.parametrize("surface", SURFACES)
@settings(max_examples=10)
@given(name=st.text(max_size=40))
def test_any_name_is_fine(surface: str, name: str) -> None:
    view = SURFACES[surface](name, 2)
    assert refused(view) == []
    assert not [text for text in mrkdwn(view) if "<" in text]


@pytest.mark.parametrize("surface", SURFACES)
def test_the_voice_is_calm_and_claims_nothing_it_does_not_do(surface: str) -> None:
    said = read_aloud(SURFACES[surface]("Vision", 2))
    assert "!" not in said
    assert not re.search(r"everyone who answered|truly anonymous|\busers?\b(?!:read)", said, re.IGNORECASE)
    assert not re.search(r"[{}]|None|\bnull\b", said)


@pytest.mark.parametrize("surface", SURFACES)
def test_every_message_has_words_for_the_notification_and_no_markup_for_screen_readers(surface: str) -> None:
    view = SURFACES[surface]("Vision", 1)
    if isinstance(view, Post):
        assert view.text.strip()
    for element in elements(view):
        assert element["action_id"]
